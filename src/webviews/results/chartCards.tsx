import { visibleText } from '../../base/visibleText.ts';
import type { ChartCard } from '../../model/rows.ts';
import type { MergedColumn } from '../../model/run.ts';
import { cellText } from '../grid/cellText.ts';

/** What `render card` shows: the values of each workspace's first row, large, each with its column's name. */
export function ChartCards({
  title,
  cards,
}: {
  readonly title: string | undefined;
  readonly cards: readonly ChartCard[];
}) {
  return (
    <div class="cards" tabIndex={0} role="region" aria-label="Cards">
      {title && <h2>{visibleText(title)}</h2>}
      {cards.map(({ name, values }) => (
        <section class="card">
          {name && <h3>{visibleText(name)}</h3>}
          <dl>
            {values.map(({ column, type, value }) => (
              <div>
                <dt>{visibleText(column)}</dt>
                <dd>{shown(value, type as MergedColumn['type'])}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function shown(value: ChartCard['values'][number]['value'], type: MergedColumn['type']): string {
  return typeof value === 'number'
    ? value.toLocaleString('en', { maximumSignificantDigits: 12 })
    : cellText(value, type);
}
