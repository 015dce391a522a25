import { useMemo } from '../shell/view.ts';
import type { ChartData } from '../../model/rows.ts';

/** Rows of the table at most; an export has all. */
const SHOWN = 500;

/** The numbers of a chart as a table, for whoever cannot see the chart or wants them exactly. */
export function ChartTwin({ data }: { readonly data: ChartData }) {
  const rows = useMemo(() => rowsOf(data), [data]);
  const table = useMemo(
    () => (
      <table class="list">
        <thead>
          <tr>
            {['Series', data.xName, 'Value'].map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map((row) => (
            <tr>
              {row.map((cell) => (
                <td>{cell}</td>
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
      {table}
      {rows.length > SHOWN && <p class="muted">{`${rows.length - SHOWN} more points; export the rows to see all.`}</p>}
    </details>
  );
}

function rowsOf(data: ChartData): string[][] {
  return data.series.flatMap((series) =>
    series.x.map((x, index) => [
      series.name,
      data.xType === 'time' ? new Date(Number(x)).toISOString() : String(x),
      String(series.y[index] ?? ''),
    ]),
  );
}
