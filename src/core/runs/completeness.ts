import type { Completeness, Target } from '../../model/run.ts';
import { reasonOf, toCompleteness } from '../fanOut/completeness.ts';
import type { Standing } from '../fanOut/completeness.ts';

/**
 * How much of the scope a run's answer covers; of a `total`, what it lacks. A workspace whose whole answer is here has
 * answered, an empty one too; a truncated answer is missing. Targets still at work count as missing until they answer.
 */
export function completenessOf(targets: readonly Target[], total = false): Completeness {
  const lacking = workspacesOnce(targets).filter((target) => target.error?.code === 'query.tableMissing').length;
  const nobodys = targets.flatMap((target) => target.nobodys ?? []);
  const found = toCompleteness(
    workspacesOnce(targets).map((target) => ({
      ...placeOf(target),
      ...(isComplete(target) ? {} : { missing: missingReason(target) }),
    })),
    {
      total,
      ...(lacking > 0 ? { remark: `${lacking} ${lacking === 1 ? 'has' : 'have'} no such table` } : {}),
    },
  );
  return nobodys.length === 0 ? found : { ...found, sentence: [found.sentence, ...nobodys].join('; ') };
}

/** A workspace that several customers send to is one, and has answered when all that was asked of it has come. */
function workspacesOnce(targets: readonly Target[]): readonly Target[] {
  const shared = new Map<string, Target>();
  for (const target of targets)
    if (target.kind === 'workspace' && target.portion) {
      const before = shared.get(target.workspace);
      if (!before || isComplete(before)) shared.set(target.workspace, target);
    }
  return targets.filter((target) => !(target.kind === 'workspace' && target.portion)).concat(...shared.values());
}

function placeOf(target: Target): Standing {
  if (target.kind === 'subscriptions') return { subscriptions: target.key };
  return target.kind === 'workspace' ? { workspace: target.workspace } : { tenant: target.tenant };
}

function isComplete(target: Target): boolean {
  return target.state === 'answered' || target.state === 'empty';
}

/** A few words, the same for every target with the same trouble; the target's own error says the rest. */
function missingReason(target: Target): string {
  switch (target.state) {
    case 'waiting':
    case 'running':
      return 'still asked';
    case 'cancelled':
      return 'cancelled';
    case 'partial':
      if (target.error?.code === 'access.tableDenied') return 'readable in part';
      if (target.error?.code === 'query.tablesChanged') return 'made of older tables';
      return target.error?.code === 'query.truncated'
        ? `truncated at ${target.rows.toLocaleString('en-US')} rows`
        : 'partial';
    default:
      return target.kind === 'tenant' ? `tenant not entered (${reasonOf(target.error)})` : reasonOf(target.error);
  }
}
