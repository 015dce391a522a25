import { LONGEST, shortened } from './writeAnswer.ts';

/** Reasons told, and names told of each. */
const TOLD = { reasons: 20, names: 5 } as const;

/** One reason, how many it holds for, and some of them by name. */
export interface GroupedReason {
  readonly reason: string;
  readonly count: number;
  readonly who: readonly string[];
}

/** Who is missing and why, those of one reason together: forty failures of one kind are one line. */
export function groupedReasons(
  missing: readonly { readonly who: string; readonly why: string }[],
): readonly GroupedReason[] {
  const groups = new Map<string, string[]>();
  for (const { who, why } of missing) groups.set(why, [...(groups.get(why) ?? []), who]);
  return [...groups]
    .sort((a, b) => b[1].length - a[1].length)
    .slice(0, TOLD.reasons)
    .map(([why, names]) => ({
      reason: shortened(why, LONGEST.cell),
      count: names.length,
      who: names.slice(0, TOLD.names).map((name) => shortened(name, LONGEST.name)),
    }));
}
