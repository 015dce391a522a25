/** @jsxRuntime automatic @jsxImportSource preact */
import type { AssessmentDifference, CustomerAssessment } from '../model/assessment/assessment.ts';
import type { CustomerKey } from '../model/ids.ts';
import type { ReportActions } from './actions.ts';
import { CustomerLink } from './customerLink.tsx';
import { TODAY_WORD, count, timeText } from './words.ts';

/** What became different since an earlier assessment; closed at first, for its heading says how much. */
export function DifferenceView(props: {
  readonly difference: AssessmentDifference;
  readonly customers: readonly CustomerAssessment[];
  readonly actions?: ReportActions | undefined;
}) {
  const { difference, customers, actions } = props;
  const { appeared, gone, moved, newCustomers, goneCustomers } = difference;
  const names = new Map(customers.map(({ key, name }) => [key, name]));
  const Name = ({ of }: { readonly of: CustomerKey }) => {
    const name = names.get(of);
    return name === undefined ? <b>{of}</b> : <CustomerLink of={of} name={name} actions={actions} />;
  };
  return (
    <details class="difference">
      <summary>
        Since {timeText(difference.before)}: {count(appeared.length, 'new finding')}, {gone.length} gone,{' '}
        {count(moved.length, 'verdict')} changed
        {newCustomers.length > 0 && `, ${count(newCustomers.length, 'new customer')}`}
        {goneCustomers.length > 0 && `, ${count(goneCustomers.length, 'customer')} gone`}
      </summary>
      <ul>
        {moved.map(({ customer, today, best }) => (
          <li key={customer}>
            <Name of={customer} />
            {today && `: ${TODAY_WORD[today.before]} became ${TODAY_WORD[today.after]}`}
            {best && `: ${best.before ?? 'unknown'} fitted, now ${best.after ?? 'unknown'}`}
          </li>
        ))}
        {appeared.map(({ customer, finding }, index) => (
          <li key={index}>
            <Name of={customer} />: new, {finding.severity}: {finding.title}
          </li>
        ))}
        {gone.map(({ customer, finding }, index) => (
          <li key={index}>
            <Name of={customer} />: gone, {finding.severity}: {finding.title}
          </li>
        ))}
      </ul>
    </details>
  );
}
