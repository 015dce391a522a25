import { formatDatetime } from '../model/values/datetime.ts';
import type { Edit } from './textEdits.ts';

/** A call of `now` or `ago` in a query's text; offsets in UTF-16 units. */
export interface InstantCall {
  readonly name: 'now' | 'ago';
  readonly start: number;
  readonly end: number;
  /** Where its argument stands, if it has one. */
  readonly argument?: { readonly start: number; readonly end: number };
}

/** What puts one instant (ticks) in the place of these calls: the same text then means the same wherever it is run. */
export function atOneMoment(text: string, calls: readonly InstantCall[], moment: bigint): Edit[] {
  const instant = `datetime(${formatDatetime(moment)})`;
  return calls.flatMap(({ name, start, end, argument }): Edit[] => {
    // Line breaks stay, so that lines keep their numbers.
    const breaks = (from: number, to: number): string => text.slice(from, to).replaceAll(/[^\r\n]/g, '');
    if (!argument) return [{ start, end, text: `${instant}${breaks(start, end)}` }];
    const sign = name === 'now' ? '+' : '-';
    return [
      { start, end: argument.start, text: `(${instant} ${sign} (${breaks(start, argument.start)}` },
      { start: argument.end, end, text: `${breaks(argument.end, end)}))` },
    ];
  });
}
