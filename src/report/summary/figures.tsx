/** @jsxRuntime automatic @jsxImportSource preact */
import type { CustomerReport } from '../../model/report.ts';
import { costText, expectedText, gbText, told } from './summaryWords.ts';

/** How many there are of something, whether that is known of everybody, and a word on it. */
export interface Counted {
  readonly count: number;
  readonly known: boolean;
  readonly note?: string;
}

/** The numbers of the headline, of one customer or of all. */
export function Figures({
  sums: { gb, billedGb, cost, compared },
  outOfLine,
  silent,
  capHits,
}: {
  readonly sums: Pick<CustomerReport, 'gb' | 'billedGb' | 'cost' | 'compared'>;
  readonly outOfLine: Counted;
  readonly silent: Counted;
  readonly capHits: Counted;
}) {
  return (
    <dl class="figures">
      <Figure term="Volume" value={gbText(gb)} note={compared ? expectedText(compared) : undefined} />
      <Figure term="Cost, at list price" value={costText(cost)} note={`${gbText(billedGb)} billed`} />
      <CountFigure term="Tables out of line" {...outOfLine} />
      <CountFigure term="Silent sources" {...silent} />
      <CountFigure term="Daily cap reached" {...capHits} />
    </dl>
  );
}

function CountFigure({ term, count, known, note }: Counted & { readonly term: string }) {
  return <Figure term={term} value={told(count, known)} note={note} bad={count > 0} />;
}

/** One number of the headline, with a word below it. */
function Figure(props: {
  readonly term: string;
  readonly value: string;
  readonly note?: string | undefined;
  readonly bad?: boolean;
}) {
  return (
    <div class={props.bad === true ? 'figure bad' : 'figure'}>
      <dt>{props.term}</dt>
      <dd>
        <b>{props.value}</b>
        {props.note === undefined ? null : <span class="dim">{props.note}</span>}
      </dd>
    </div>
  );
}
