/** @jsxRuntime automatic @jsxImportSource preact */
import type { Assessment, AssessmentDifference, CustomerAssessment } from '../model/assessment/assessment.ts';
import type { ReportActions } from './actions.ts';
import { CostsView } from './costsView.tsx';
import { CustomerLink } from './customerLink.tsx';
import { DifferenceView } from './differenceView.tsx';
import type { ComponentChildren } from './draw.ts';
import { byNeed, isFiltering, passes } from './estateFilter.ts';
import type { EstateFilter } from './estateFilter.ts';
import { FitMatrix } from './fitMatrix.tsx';
import { FlowPicture } from './flowPicture.tsx';
import { FitBars, SeverityCounts, TodayMark } from './marks.tsx';
import { confidenceText, count, customersText, spanText, timeText } from './words.ts';

/** What the page of an estate shows. `head` holds a live page's buttons, `search` its field. */
export interface EstateViewProps {
  readonly assessment: Assessment;
  readonly filter?: EstateFilter;
  readonly difference?: AssessmentDifference | undefined;
  readonly actions?: ReportActions | undefined;
  readonly head?: ComponentChildren;
  readonly search?: ComponentChildren;
  /** So many rows at most: a live page draws the first ones first. */
  readonly most?: number | undefined;
}

/** All customers in one picture and one table: one glance says today, fits and why. */
export function EstateView({ assessment, filter = {}, difference, actions, head, search, most }: EstateViewProps) {
  const customers = assessment.customers.filter(({ provider }) => !provider);
  const shut = customers.filter(({ assessed }) => !assessed);
  const shown = assessment.customers.filter((one) => passes(filter, one)).sort(byNeed);
  return (
    <div class="report">
      <div class="top">
        <div>
          <h1>Architecture fit</h1>
          <p class="dim">{measured(assessment, difference)}</p>
        </div>
        {head}
      </div>
      {assessment.cancelled && (
        <p class="warn" role="note">
          <b>Cancelled.</b> What had been measured by then is shown; everything else is unknown.
        </p>
      )}
      {shut.length > 0 && <NotAssessed all={customers} shut={shut} actions={actions} />}
      {difference && <DifferenceView difference={difference} customers={assessment.customers} actions={actions} />}
      <h2>Where the logs live, and where they would fit</h2>
      <div class="pictures">
        <FlowPicture customers={customers} filter={filter} actions={actions} />
        <div class="numbers">
          <Headline customers={customers} />
          <FitMatrix customers={customers} filter={filter} actions={actions} />
        </div>
      </div>
      <div class="tablehead">
        <h2>Customers, those who need you first</h2>
        {search}
      </div>
      {isFiltering(filter) && (
        <p class="dim" role="status">
          {count(shown.length, 'customer')} of {assessment.customers.length} shown.{' '}
          {actions && (
            <button
              type="button"
              class="link"
              onClick={() => {
                actions.filter({});
              }}
            >
              Show all
            </button>
          )}
        </p>
      )}
      <table class="customers">
        <thead>
          <tr>
            <th scope="col">Customer</th>
            <th scope="col">Today, and what fits</th>
            <th scope="col" class="fit">
              Fit, of 100
            </th>
            <th scope="col">Why</th>
            <th scope="col">Findings</th>
            <th scope="col">Confidence</th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, most).map((one) => (
            <CustomerRow key={one.key} customer={one} actions={actions} />
          ))}
        </tbody>
      </table>
      <CostsView costs={assessment.costs} />
    </div>
  );
}

function measured({ numbers, customers, at, ms }: Assessment, difference: AssessmentDifference | undefined): string {
  const appeared = difference?.appeared.length ?? 0;
  return [
    `${count(numbers.workspaces, 'workspace')}, ${customersText(customers)}, ${count(numbers.tenants, 'tenant')}`,
    `measured ${timeText(at)} in ${spanText(ms)}`,
    ...(difference ? [`${count(appeared, 'new finding')} since ${timeText(difference.before)}`] : []),
  ].join(' · ');
}

/** Unknown is not good: it stands above everything, with the way to mend it. */
function NotAssessed(props: {
  readonly all: readonly CustomerAssessment[];
  readonly shut: readonly CustomerAssessment[];
  readonly actions?: ReportActions | undefined;
}) {
  const { all, shut, actions } = props;
  // So many reasons make a wall: then names alone.
  const many = shut.length > 3;
  const listed = shut.slice(0, 8);
  return (
    <div class="warn" role="note">
      <b>
        {all.length - shut.length} of {count(all.length, 'customer')} assessed.
      </b>{' '}
      {listed.map(({ key, name, notAssessed }, index) => (
        <span key={key}>
          <CustomerLink of={key} name={name} actions={actions} />
          {many
            ? index < listed.length - 1
              ? ', '
              : ''
            : `: ${notAssessed?.message ?? 'nobody could look into it.'} `}
        </span>
      ))}
      {many &&
        `${shut.length > listed.length ? ` and ${shut.length - listed.length} more` : ''}: each says why on its page. `}
      {shut.length === 1 ? 'Its verdict is unknown, not good.' : 'Their verdicts are unknown, not good.'}
    </div>
  );
}

function Headline({ customers }: { readonly customers: readonly CustomerAssessment[] }) {
  const judged = customers.filter(({ fit }) => fit.best !== undefined);
  const better = judged.filter(({ fit, today }) => fit.best !== today.state);
  const critical = customers.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'critical'));
  const hit = customers.filter(({ findings }) => findings.some(({ severity }) => severity === 'critical')).length;
  return (
    <div class="headline">
      <p>
        <b>
          {better.length} of {judged.length}
        </b>{' '}
        would fit better elsewhere
      </p>
      <p>
        <b>{critical.length} critical</b>{' '}
        {critical.length === 0
          ? 'findings'
          : `${critical.length === 1 ? 'finding' : 'findings'} at ${count(hit, 'customer')}, ${critical.length === 1 ? '' : 'among them '}“${critical[0]!.title}”`}
      </p>
    </div>
  );
}

function CustomerRow(props: { readonly customer: CustomerAssessment; readonly actions?: ReportActions | undefined }) {
  const { customer, actions } = props;
  const { key, name, provider, assessed, today, fit, why, findings } = customer;
  return (
    <tr>
      <th scope="row" class="who">
        <CustomerLink of={key} name={name} actions={actions} />
        {provider && <span class="dim"> (provider)</span>}
      </th>
      <td>
        <TodayMark state={today.state} />
        {fit.best !== undefined &&
          (fit.best === today.state ? (
            <div class="dim">and that fits</div>
          ) : (
            <div class="next">
              <span aria-hidden="true">→</span> <span class="unseen">fits: </span>
              <TodayMark state={fit.best} />
            </div>
          ))}
      </td>
      <td class="fit">{assessed ? <FitBars fit={fit} /> : <span class="dim">not assessed</span>}</td>
      <td class="why">{why}</td>
      <td>
        <SeverityCounts findings={findings} />
      </td>
      <td class="dim">{assessed ? confidenceText(fit) : '-'}</td>
    </tr>
  );
}
