/** What ECharts tells a tooltip of one mark. */
export interface Pointed {
  readonly seriesName?: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly axisValue?: number | string;
  readonly marker?: unknown;
  readonly percent?: number;
}

/** Lines of a tooltip at most: more would not fit, and the table has all. */
const SHOWN = 12;

/**
 * The text of a tooltip: where the pointer is, then each series with its value, the largest first. ECharts reads
 * `{style|text}` in it, which names of others may hold by chance or on purpose.
 *
 * @param at Which of a mark's two values is its height.
 */
export function tooltipText(
  pointed: Pointed | readonly Pointed[],
  at: (value: number | string) => string,
  height: 0 | 1,
): string {
  const marks = (Array.isArray(pointed) ? pointed : [pointed]) as readonly Pointed[];
  const [first] = marks;
  if (!first) return '';
  if (first.percent !== undefined)
    return `${markerOf(first)}${plain(first.name ?? '')}  ${numberText(first.value)} (${first.percent} %)`;
  const lines = marks
    .map((mark) => ({ mark, value: Array.isArray(mark.value) ? (mark.value as unknown[])[height] : mark.value }))
    .filter(({ value }) => typeof value === 'number' && Number.isFinite(value))
    .sort((a, b) => (b.value as number) - (a.value as number));
  const x =
    first.axisValue ??
    (Array.isArray(first.value) ? (first.value as (number | string)[])[1 - height]! : (first.name ?? ''));
  return [
    plain(at(x)),
    ...lines
      .slice(0, SHOWN)
      .map(({ mark, value }) => `${markerOf(mark)}${plain(mark.seriesName ?? '')}  ${numberText(value)}`),
    ...(lines.length > SHOWN ? [`${lines.length - SHOWN} more`] : []),
  ].join('\n');
}

/** A number for people: grouped, and with as many digits as say something. */
export function numberText(value: unknown): string {
  return typeof value === 'number' ? value.toLocaleString('en', { maximumSignificantDigits: 12 }) : '';
}

/** 2026-11-22 10:20:30: the grid's way to write a time, which is UTC as everything here. */
export function timeText(ms: number): string {
  const text = new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
  return text.replace(/\.000$/, '').replace(/(\d\d:\d\d):00$/, '$1');
}

function markerOf({ marker }: Pointed): string {
  return typeof marker === 'string' ? marker : '';
}
/** A hair between a brace and a style's name, and it is a text again. */
function plain(text: string): string {
  return text.replaceAll(/\{(?=\w+\|)/g, '{\u200a');
}
