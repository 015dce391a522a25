import { visibleText } from '../../base/visibleText.ts';
import { useMemo } from '../shell/view.ts';
import type { ChartData } from '../../model/rows.ts';

/** Rows of the table at most; an export has all. */
const SHOWN = 500;

/**
 * The numbers of a chart as a table, for whoever cannot see the chart or wants them exactly. Without data (another view
 * is on its way) it has none, rather than those of before.
 */
export function ChartTwin({ data }: { readonly data: ChartData | undefined }) {
  const rows = useMemo(() => (data ? rowsOf(data) : []), [data]);
  const table = useMemo(
    () =>
      data && (
        <table class="list">
          <thead>
            <tr>
              {[...(isPanelled(data) ? ['Customer'] : []), 'Series', visibleText(data.xName), 'Value'].map((name) => (
                <th scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map((row) => (
              <tr>
                {row.map((cell, index) => (
                  <td class={index === row.length - 1 ? 'number' : undefined}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ),
    [rows],
  );
  return (
    <details class="twin">
      <summary>Chart as a table</summary>
      {table ?? <p class="muted">Drawing …</p>}
      {rows.length > SHOWN && <p class="muted">{`${rows.length - SHOWN} more points; export the rows to see all.`}</p>}
    </details>
  );
}

function isPanelled({ series }: ChartData): boolean {
  return series.some(({ panel }) => panel !== undefined);
}

function rowsOf(data: ChartData): string[][] {
  const panelled = isPanelled(data);
  return data.series.flatMap((series) =>
    series.x.map((x, index) => [
      ...(panelled ? [visibleText(series.panel ?? '')] : []),
      visibleText(series.name),
      data.xType === 'time' ? new Date(Number(x)).toISOString() : visibleText(String(x)),
      String(series.y[index] ?? ''),
    ]),
  );
}
