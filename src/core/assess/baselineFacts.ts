import { toAppError } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import type { BaselineFact, Fact, Measurement } from '../../model/assessment/facts.ts';
import type { FactCost } from '../../model/assessment/assessment.ts';
import type { BaselineFile } from '../../model/baseline.ts';
import type { DriftReport } from '../../model/drift.ts';
import type { Estate } from '../../model/estate.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { Scope } from '../../model/scope.ts';

/** Who compares customers with a baseline (`BaselineService`). */
export interface BaselineChecker {
  check(
    request: { readonly file: BaselineFile; readonly scope: Scope },
    signal?: CancelSignal,
  ): Promise<{ readonly report: DriftReport }>;
}

/** How these customers stand to a baseline, and what that cost. */
export interface BaselineFacts {
  readonly facts: ReadonlyMap<CustomerKey, Fact<BaselineFact>>;
  readonly cost: FactCost;
}

/**
 * One check of a baseline over these customers, cut by customer. Never rejects: a check that failed as a whole is
 * unknown for each of them. Who has neither a workspace nor a tenant that could not be entered has nothing to compare.
 */
export async function baselineFacts(
  file: BaselineFile,
  estate: Estate,
  customers: readonly CustomerKey[],
  world: { readonly checker: BaselineChecker; readonly clock: Clock },
  signal: CancelSignal,
): Promise<BaselineFacts> {
  const began = world.clock.now();
  const asked = customers.filter((key) => isThere(estate, key));
  const measured = (calls: number): Measurement => ({
    source: { kind: 'baseline' },
    at: new Date(began).toISOString(),
    ms: Math.max(0, world.clock.now() - began),
    calls,
  });
  const cost = (known: number, calls: number): FactCost => {
    return { fact: 'baseline', kind: 'arm', known, unknown: asked.length - known, calls, ms: measured(calls).ms };
  };
  if (asked.length === 0) return { facts: new Map(), cost: cost(0, 0) };
  try {
    const include = asked.map((value) => ({ kind: 'customer' as const, value }));
    const { report } = await world.checker.check({ file, scope: { include, except: [] } }, signal);
    const facts = report.customers.map(({ key, settings }): [CustomerKey, Fact<BaselineFact>] => {
      const own = <T extends { readonly customer: CustomerKey }>(all: readonly T[]): readonly T[] =>
        all.filter(({ customer }) => customer === key);
      const value = { settings, drift: own(report.drift), unknown: own(report.unknown) };
      return [key, { ...measured(0), state: 'known', value }];
    });
    return { facts: new Map(facts), cost: cost(facts.length, report.calls) };
  } catch (thrown) {
    const error = toAppError(thrown).toData();
    return { facts: new Map(asked.map((key) => [key, { ...measured(0), state: 'unknown', error }])), cost: cost(0, 0) };
  }
}

function isThere({ workspaces, tenants }: Estate, key: CustomerKey): boolean {
  return (
    workspaces.some(({ customer }) => customer === key) ||
    tenants.some(({ customer, state }) => customer === key && state !== 'entered')
  );
}
