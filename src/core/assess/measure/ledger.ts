import type { Clock } from '../../../base/clock.ts';
import { cancelled } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import type { Outcome } from '../../../base/outcome.ts';
import type { FactCost } from '../../../model/assessment/assessment.ts';
import type { Fact, FactName, FactSource, FactsOf, Measurement } from '../../../model/assessment/facts.ts';

/** How a fact was had, as far as who asked knows: the time of it is the ledger's. */
export interface Had {
  readonly source: FactSource;
  readonly beganAt: number;
  readonly calls: number;
  readonly leftOut?: readonly string[];
}

/** Facts while they come in, and what they cost. Whatever has not come is unknown as cancelled. */
export class Ledger {
  private readonly clock: Clock;
  private readonly costs = new Map<FactName, { known: number; unknown: number; calls: number; ms: number }>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** A fact out of what became of the question. */
  fact<V>(outcome: Outcome<V>, { source, beganAt, calls, leftOut }: Had): Fact<V> {
    const measured: Measurement = {
      source,
      at: new Date(beganAt).toISOString(),
      ms: Math.max(0, this.clock.now() - beganAt),
      calls,
      ...(leftOut && leftOut.length > 0 ? { leftOut } : {}),
    };
    return outcome.ok
      ? { ...measured, state: 'known', value: outcome.value }
      : { ...measured, state: 'unknown', error: outcome.error };
  }

  /** A fact that nobody came to measure. */
  unmeasured<V>(source: FactSource, error: AppErrorData = cancelled().toData()): Fact<V> {
    return this.fact<V>({ ok: false, error }, { source, beganAt: this.clock.now(), calls: 0 });
  }

  /** Calls and time that belong to no single fact, e.g. those of a question that many facts come from. */
  spent(name: FactName, calls: number, ms: number): void {
    const cost = this.costOf(name);
    cost.calls += calls;
    cost.ms += ms;
  }

  /** Every fact of these counted, beside what was spent. */
  total(all: readonly Partial<FactsOf<Record<FactName, unknown>>>[], names: readonly FactName[]): FactCost[] {
    for (const facts of all)
      for (const name of names) {
        const fact = facts[name];
        if (!fact) continue;
        const cost = this.costOf(name);
        // What nobody needed is neither.
        if (fact.state === 'known' || fact.error.code !== 'input.notNeeded') cost[fact.state]++;
        cost.calls += fact.calls;
        // What came along with something else took no time of its own.
        if (fact.calls > 0) cost.ms += fact.ms;
      }
    return names.map((fact) => ({ fact, ...this.costOf(fact), kind: KINDS[fact] }));
  }

  private costOf(name: FactName): { known: number; unknown: number; calls: number; ms: number } {
    let cost = this.costs.get(name);
    if (!cost) this.costs.set(name, (cost = { known: 0, unknown: 0, calls: 0, ms: 0 }));
    return cost;
  }
}

const KINDS: Readonly<Record<FactName, FactCost['kind']>> = {
  baseline: 'arm',
  configuration: 'graph',
  resources: 'graph',
  machines: 'graph',
  rules: 'graph',
  delegations: 'graph',
  tables: 'arm',
  diagnostics: 'arm',
  exports: 'arm',
  roles: 'arm',
  locks: 'arm',
  usage: 'query',
  agents: 'query',
  operations: 'query',
  audit: 'query',
  attribution: 'query',
  sources: 'query',
};

/** All facts that are measured here, those that cost least first: a baseline is checked beside them. */
export const FACT_NAMES = (Object.keys(KINDS) as readonly FactName[]).filter((name) => name !== 'baseline');
