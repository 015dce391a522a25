import { AppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { LONGEST, shortened } from './writeAnswer.ts';

/** Reasons told, and names told of each. */
const TOLD = { reasons: 20, names: 5 } as const;

/** Who is missing, and why. */
export interface Missing {
  readonly who: string;
  readonly why: string;
}

/** One reason, how many it holds for, and some of them by name. */
interface GroupedReason {
  readonly reason: string;
  readonly count: number;
  readonly who: readonly string[];
}

/** Who is missing and why, those of one reason together: forty failures of one kind are one line. */
export function groupedReasons(missing: readonly Missing[]): readonly GroupedReason[] {
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

/** The failure of a call that nobody answered: the code of the `first` of them, and the reasons of all. */
export function nobodyAnswered(first: AppErrorData | undefined, missing: readonly Missing[]): AppError {
  const reasons = groupedReasons(missing)
    .slice(0, 5)
    .map(({ reason, count }) => `${reason} (${count} of ${missing.length})`);
  return new AppError(first?.code ?? 'service.noAnswer', `Nobody answered. ${reasons.join(' ')}`, {
    data: { reasons },
  });
}

/** What a workspace is called where others may be called the same: `Customer/workspace`. */
export function fullName({ customer, name }: Workspace, estate: Estate): string {
  return `${EstateIndex.of(estate).customerName(customer)}/${name}`;
}
