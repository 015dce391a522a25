import type { TimeWindow } from '../../model/rollup.ts';

const MINUTE_MS = 60_000;

/** The window of the grid that an instant lies in: windows of a day begin at its midnight (UTC). */
export function windowAt(ms: number, minutes: number): TimeWindow {
  const width = minutes * MINUTE_MS;
  const from = Math.floor(ms / width) * width;
  return { from, to: from + width };
}

/** The whole windows that a range touches. */
export function wholeWindows({ from, to }: TimeWindow, minutes: number): TimeWindow {
  return { from: windowAt(from, minutes).from, to: windowAt(to - 1, minutes).to };
}

/** Ranges with one more, sorted and grown together where they touch. */
export function withRange(ranges: readonly TimeWindow[], added: TimeWindow): TimeWindow[] {
  const made: TimeWindow[] = [];
  for (const range of [...ranges, added].sort((a, b) => a.from - b.from)) {
    const last = made.at(-1);
    if (last && range.from <= last.to) made[made.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else made.push({ from: range.from, to: range.to });
  }
  return made;
}

/** Ranges without a part of them; whatever else they carry goes with each rest. */
export function withoutRange<T extends TimeWindow>(ranges: readonly T[], gone: TimeWindow): T[] {
  return ranges.flatMap((range) => {
    if (range.to <= gone.from || range.from >= gone.to) return [range];
    const rests: T[] = [];
    if (range.from < gone.from) rests.push({ ...range, to: gone.from });
    if (range.to > gone.to) rests.push({ ...range, from: gone.to });
    return rests;
  });
}
