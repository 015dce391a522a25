import type { AppErrorData } from '../../base/errors.ts';
import { familyOf } from '../../base/errors.ts';
import type { Outcome } from '../../base/outcome.ts';
import type { TenantId, WorkspaceKey } from '../../model/ids.ts';
import type { Completeness } from '../../model/run.ts';

/**
 * How one target of a question stands: `missing` is a few words of why it has not answered fully, absent where it has.
 */
export type Standing = { readonly missing?: string } & (
  | { readonly workspace: WorkspaceKey }
  /** The key of a target that is subscriptions of a tenant. */
  | { readonly subscriptions: string }
  | { readonly tenant: TenantId }
);

/** How it is said: `remark` stands behind the head, in brackets; what is missing of a `total` changes all of it. */
export interface CompletenessWords {
  readonly remark?: string;
  readonly total?: boolean;
}

/**
 * How much of the scope the answer covers. `answered` and `asked` count workspaces, or where Resource Graph was asked
 * the tenants it was asked about; a tenant that could not be entered stands for nobody knows how many workspaces, and
 * is counted among the missing.
 */
export function toCompleteness(standings: readonly Standing[], words: CompletenessWords = {}): Completeness {
  const asked = standings.filter((one) => !('tenant' in one));
  const answered = asked.filter((one) => one.missing === undefined).length;
  const noun = asked.some((one) => 'subscriptions' in one) ? 'tenant' : 'workspace';
  const groups = new Map<string, Standing[]>();
  for (const one of standings)
    if (one.missing !== undefined) groups.set(one.missing, [...(groups.get(one.missing) ?? []), one]);
  const missing = [...groups]
    .map(([reason, ones]) => {
      const tenants = ones.flatMap((one) => ('tenant' in one ? [one.tenant] : []));
      const subscriptions = ones.flatMap((one) => ('subscriptions' in one ? [one.subscriptions] : []));
      return {
        reason,
        count: ones.length,
        workspaces: ones.flatMap((one) => ('workspace' in one ? [one.workspace] : [])),
        ...(subscriptions.length > 0 ? { subscriptions } : {}),
        ...(tenants.length > 0 ? { tenants } : {}),
      };
    })
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
  const of = `${asked.length} ${noun}${asked.length === 1 ? '' : 's'}`;
  const lacking = asked.length - answered;
  const isPart = words.total === true && missing.length > 0;
  const head =
    isPart && lacking > 0 && answered > 0 ? `The total lacks ${lacking} of ${of}` : `${answered} of ${of} answered`;
  const reasons = missing.map(
    ({ count, reason }) => `${count} ${count > 1 ? reason.replace(/^tenant /, 'tenants ') : reason}`,
  );
  const begin = words.remark === undefined ? head : `${head} (${words.remark})`;
  return {
    asked: asked.length,
    answered,
    complete: missing.length === 0,
    missing,
    // Of tenants that nobody could enter it is not known how many workspaces they are.
    sentence: isPart
      ? `${begin}${lacking > 0 ? ': ' : '; the total lacks '}${reasons.join(', ')}`
      : [begin, ...reasons].join(', '),
  };
}

/** How much of what was asked of workspaces came. */
export function completenessOfOutcomes(outcomes: ReadonlyMap<WorkspaceKey, Outcome<unknown>>): Completeness {
  return toCompleteness(
    [...outcomes].map(([workspace, outcome]) => ({
      workspace,
      ...(outcome.ok ? {} : { missing: reasonOf(outcome.error) }),
    })),
  );
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
  'access.tableDenied': 'not readable',
  'access.tableUnknown': 'table missing or not readable',
  'input.unknownWorkspace': 'workspace gone',
  'input.notInBoth': 'not in both runs',
  'query.needsScan': 'needs a scan',
  'query.planChanged': 'tables told late',
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

/** A few words, the same for everybody with the same trouble; the error itself says the rest. */
export function reasonOf(error: AppErrorData | undefined): string {
  if (error === undefined) return 'failed';
  if (error.code === 'engine.disk') return error.data?.['reason'] === 'full' ? 'disk full' : 'disk not writable';
  return BY_CODE[error.code] ?? BY_FAMILY[familyOf(error.code)];
}
