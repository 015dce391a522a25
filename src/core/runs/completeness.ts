import type { AppErrorData } from '../../base/errors.ts';
import { familyOf } from '../../base/errors.ts';
import type { Completeness, Target } from '../../model/run.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import { isTenantTarget } from './planRun.ts';

/**
 * How much of the scope the answer covers. `answered` counts workspaces whose whole answer is here, an empty one too;
 * a truncated answer is not among them. Targets still at work count as missing until they answer.
 */
export function completenessOf(targets: readonly Target[]): Completeness {
  const workspaces = targets.filter((target) => !isTenantTarget(target.workspace));
  const answered = workspaces.filter(isComplete).length;
  const groups = new Map<string, WorkspaceKey[]>();
  for (const target of targets) {
    if (isComplete(target)) continue;
    const reason = reasonOf(target);
    groups.set(reason, [...(groups.get(reason) ?? []), target.workspace]);
  }
  const missing = [...groups]
    .map(([reason, keys]) => ({ reason, count: keys.length, workspaces: keys }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
  const head = `${answered} of ${workspaces.length} ${workspaces.length === 1 ? 'workspace' : 'workspaces'} answered`;
  const lacking = workspaces.filter((target) => target.error?.code === 'query.tableMissing').length;
  const told = lacking > 0 ? `${head} (${lacking} ${lacking === 1 ? 'has' : 'have'} no such table)` : head;
  return {
    asked: workspaces.length,
    answered,
    complete: missing.length === 0,
    missing,
    sentence: [
      told,
      ...missing.map(({ count, reason }) => `${count} ${count > 1 ? reason.replace(/^tenant /, 'tenants ') : reason}`),
    ].join(', '),
  };
}

function isComplete(target: Target): boolean {
  return target.state === 'answered' || target.state === 'empty';
}

/** A few words, the same for every target with the same trouble; the target's own error says the rest. */
function reasonOf(target: Target): string {
  switch (target.state) {
    case 'waiting':
    case 'running':
      return 'still asked';
    case 'cancelled':
      return 'cancelled';
    case 'partial':
      return partialReason(target);
    default:
      return isTenantTarget(target.workspace)
        ? `tenant not entered (${failureReason(target.error)})`
        : failureReason(target.error);
  }
}

function partialReason(target: Target): string {
  return target.error?.code === 'query.truncated'
    ? `truncated at ${target.rows.toLocaleString('en-US')} rows`
    : 'partial';
}

const BY_CODE: Readonly<Record<string, string>> = {
  'auth.signInRequired': 'sign-in required',
  'auth.mfaRequired': 'sign-in required',
  'service.throttled': 'throttled',
  'service.deadline': 'timed out',
  'service.timeout': 'timed out',
  'access.noPath': 'no access',
  'access.workspaceNotFound': 'workspace gone',
  'access.notFound': 'workspace gone',
  'engine.crashed': 'lost in a crash',
};
const BY_FAMILY: Readonly<Record<ReturnType<typeof familyOf>, string>> = {
  cancelled: 'cancelled',
  auth: 'sign-in failed',
  access: 'no access',
  query: 'refused the query',
  service: 'service failed',
  network: 'not reached',
  engine: 'could not be stored',
  input: 'not valid',
  bug: 'failed unexpectedly',
};
function failureReason(error: AppErrorData | undefined): string {
  if (error === undefined) return 'failed';
  if (error.code === 'engine.disk') return error.data?.['reason'] === 'full' ? 'disk full' : 'disk not writable';
  return BY_CODE[error.code] ?? BY_FAMILY[familyOf(error.code)];
}
