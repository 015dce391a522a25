/** @jsxRuntime automatic @jsxImportSource preact */
import type { Report, ReportDay } from '../../model/report.ts';
import { dayText, gbText } from './summaryWords.ts';
import { Wide } from './wide.tsx';

const WIDTH = 1080;
const HEIGHT = 190;
const LEFT = 58;
const TOP = 10;
const FLOOR = 164;

/** Volume day by day: the days before muted, those of the period full, one that is not over in outline. */
export function DaysPicture({
  report: { period, baselineDays },
  days,
  expectedGb,
}: {
  readonly report: Report;
  readonly days: readonly ReportDay[];
  /** What the whole days of the period together were to have; absent where that is not known. */
  readonly expectedGb?: number | undefined;
}) {
  const before = baselineDays.length;
  const whole = before + period.wholeDays;
  const expected = expectedGb === undefined ? undefined : expectedGb / period.wholeDays;
  const top = ceiling(Math.max(expected ?? 0, ...days.map(({ gb }) => gb)));
  const step = (WIDTH - LEFT) / days.length;
  const bar = Math.max(2, step - Math.max(2, step * 0.22));
  const y = (gb: number): number => FLOOR - (gb / top) * (FLOOR - TOP);
  const x = (at: number): number => LEFT + at * step;
  return (
    <figure class="days">
      <Wide label="Volume by day">
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          role="img"
          aria-label={`Volume of ${days.length} days, the table below has its numbers`}
        >
          {[0, 0.5, 1].map((part) => (
            <g key={part}>
              <line class="grid" x1={LEFT} x2={WIDTH} y1={y(top * part)} y2={y(top * part)} />
              <text class="dim small end" x={LEFT - 6} y={y(top * part) + 4}>
                {part === 0 ? '0' : shortGb(top * part)}
              </text>
            </g>
          ))}
          {days.map(({ day, gb }, at) => (
            <rect
              key={day}
              class={at < before ? 'col before' : at < whole ? 'col now' : 'col open'}
              x={x(at) + (step - bar) / 2}
              y={y(gb)}
              width={bar}
              height={Math.max(gb > 0 ? 1 : 0, FLOOR - y(gb))}
              rx="1.5"
            >
              <title>{`${dayText(day)}: ${gbText(gb)}`}</title>
            </rect>
          ))}
          {expected === undefined ? null : (
            <line class="expected" x1={x(before) - 2} x2={x(whole) + 2} y1={y(expected)} y2={y(expected)} />
          )}
          {days.map(({ day }, at) =>
            (days.length - 1 - at) % 7 === 0 ? (
              <text
                key={day}
                class={at === days.length - 1 ? 'small end' : 'dim small middle'}
                x={at === days.length - 1 ? WIDTH : x(at) + step / 2}
                y={FLOOR + 17}
              >
                {dayText(day)}
              </text>
            ) : null,
          )}
        </svg>
      </Wide>
      <figcaption class="legend dim">
        <span>
          <i class="key before" aria-hidden="true" />
          days before
        </span>
        <span>
          <i class="key now" aria-hidden="true" />
          this {period.kind === 'daily' ? 'day' : 'month'}
        </span>
        {whole < days.length ? (
          <span>
            <i class="key open" aria-hidden="true" />
            not whole yet
          </span>
        ) : null}
        {expected === undefined ? null : (
          <span>
            <i class="key expected" aria-hidden="true" />
            expected of a day
          </span>
        )}
      </figcaption>
      <details class="numbers">
        <summary>The numbers of this picture</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col" class="number">
                Volume
              </th>
              <th scope="col" class="number">
                Billed
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, gb, billedGb }) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                <td class="number">{gbText(gb)}</td>
                <td class="number">{gbText(billedGb)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** Days of one table or customer as a small picture; the row it stands in has the numbers. */
export function Spark({ values, before }: { readonly values: readonly number[]; readonly before: number }) {
  const top = Math.max(...values, 1e-9);
  const step = 100 / values.length;
  return (
    <svg class="spark" viewBox="0 0 100 18" preserveAspectRatio="none" aria-hidden="true">
      {values.map((value, at) => (
        <rect
          key={at}
          class={at < before ? 'col before' : 'col now'}
          x={at * step}
          y={18 - (value / top) * 17}
          width={step * 0.75}
          height={(value / top) * 17}
        />
      ))}
    </svg>
  );
}

/** The next round number: 1, 2 or 5 and zeros. */
function ceiling(value: number): number {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((of) => of * unit).find((one) => one >= value) ?? 10 * unit;
}

function shortGb(gb: number): string {
  return `${gb.toLocaleString('en-US', { maximumSignificantDigits: 3 })} GB`;
}
