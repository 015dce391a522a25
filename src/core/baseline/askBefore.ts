import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import type { Outcome } from '../../base/outcome.ts';
import type { Baseline } from '../../model/baseline.ts';
import type { TenantId } from '../../model/ids.ts';
import type { Asked, AssessPort, ByTenant } from '../../ports/assess.ts';
import type { BaselinePort } from '../../ports/baseline.ts';
import { issuerKey } from '../../ports/issuer.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { fanOut } from '../fanOut/fanOut.ts';
import { GRAPH_LIMITS } from '../fanOut/quotaLimits.ts';
import { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import type { AskedBefore } from './customerWorlds.ts';

/** What there is to ask, and of whom: the tenants that each token sees subscriptions of. */
export interface Sight {
  readonly issuer: Issuer;
  readonly tenants: readonly TenantId[];
}

/** Types of resources that a baseline has diagnostic settings on, in lower case. */
export function typesOf({ diagnosticSettings = {} }: Baseline): readonly string[] {
  return Object.values(diagnosticSettings)
    .map(({ on }) => on.toLowerCase())
    .filter((on) => on.includes('/'));
}

/** Whether a baseline speaks of machines. */
export function needsMachines({ collectionRules = {} }: Baseline): boolean {
  return Object.values(collectionRules).some(({ machines }) => machines !== undefined);
}

/**
 * Machines and resources, which settings are made for one by one: a question to Resource Graph for each token. Never
 * rejects.
 */
export async function askBefore(
  sights: readonly Sight[],
  { machines, types }: { readonly machines: boolean; readonly types: readonly string[] },
  ports: { readonly assess: Pick<AssessPort, 'graph'>; readonly baseline: Pick<BaselinePort, 'resourcesOf'> },
  clock: Clock,
  signal: CancelSignal,
): Promise<AskedBefore & { readonly calls: number }> {
  const quota = new QuotaScheduler(clock, GRAPH_LIMITS);
  let calls = 0;
  const ask = async <V>(
    wanted: boolean,
    question: (issuer: Issuer, until: CancelSignal) => Promise<Asked<ByTenant<V>>>,
  ): Promise<ReadonlyMap<TenantId, Outcome<readonly V[]>>> => {
    const answers = await fanOut<Sight, Asked<ByTenant<V>>>({
      targets: wanted ? sights : [],
      name: 'baseline',
      quota,
      credentialOf: ({ issuer }) => issuerKey(issuer),
      signal,
      work: ({ issuer }, { signal: until }) => question(issuer, until),
    });
    const found = new Map<TenantId, Outcome<readonly V[]>>();
    for (const { target, outcome } of answers) {
      calls += outcome.ok ? outcome.value.calls : 1;
      for (const tenant of target.tenants) {
        const part = toPart(outcome, tenant);
        // What one token is refused another may be told.
        const known = found.get(tenant);
        if (!known || (!known.ok && part.ok)) found.set(tenant, part);
      }
    }
    return found;
  };
  return {
    machines: await ask(machines, (issuer, until) => ports.assess.graph('machines', issuer, until)),
    resources: await ask(types.length > 0, (issuer, until) => ports.baseline.resourcesOf(issuer, types, until)),
    get calls() {
      return calls;
    },
  };
}

function toPart<V>(outcome: Outcome<Asked<ByTenant<V>>>, tenant: TenantId): Outcome<readonly V[]> {
  if (!outcome.ok) return outcome;
  const error = outcome.value.unknown?.get(tenant);
  return error
    ? { ok: false, error: AppError.fromData(error).toData() }
    : { ok: true, value: outcome.value.value.get(tenant) ?? [] };
}
