import type { Clock } from '../../base/clock.ts';
import type { planRollup, RollupPlan } from '../../kql/rollup/planRollup.ts';
import type { windowQuery } from '../../kql/rollup/planRollup.ts';
import type { seenQuery } from '../../kql/rollup/seenQuery.ts';
import type { isAsked } from '../../kql/across/isAsked.ts';
import type { Column } from '../../model/kqlType.ts';
import type { Estate } from '../../model/estate.ts';
import type { LogsPort } from '../../ports/logs.ts';
import type { RollupStatePort, SinkPort } from '../../ports/rollups.ts';
import type { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import type { RetryRules } from '../fanOut/retry.ts';
import type { SchemaService } from '../schema/schemaService.ts';
import type { TableCatalog } from '../schema/tableCatalog.ts';
import type { Digest } from './rowKeys.ts';

/** The planner over Microsoft's binder, which is large: it is loaded with the first roll-up. */
export interface RollupPlanner {
  readonly plan: typeof planRollup;
  readonly columnsRead: (plan: RollupPlan) => ReadonlyMap<string, readonly Column[]>;
  readonly windowQuery: typeof windowQuery;
  readonly seenQuery: typeof seenQuery;
  readonly isAsked: typeof isAsked;
}

/** What roll-ups are run with. */
export interface RollupWorld {
  readonly logs: Pick<LogsPort, 'query'>;
  readonly schemas: Pick<SchemaService, 'ofWorkspaces'>;
  /** What tells a table without rows from one that is kept from the caller. */
  readonly catalog: TableCatalog;
  readonly estate: () => Promise<Estate>;
  /** The query API's. */
  readonly quota: QuotaScheduler;
  /** Whether what a person started goes before it. */
  readonly background?: boolean;
  readonly retry?: RetryRules;
  readonly random?: () => number;
  readonly clock: Clock;
  /** An id of this runner, unlike any other's. */
  readonly owner: string;
  readonly digest: Digest;
  readonly planner: () => Promise<RollupPlanner>;
  readonly state: RollupStatePort;
  readonly sinks: readonly SinkPort[];
  /** Where the centre of this name is, where names can come to mean another one: see `addressOf`. */
  readonly placeOf?: (sink: string) => string | undefined;
}

/** Loads the planner. */
export async function loadRollupPlanner(): Promise<RollupPlanner> {
  const [plans, seen, asked] = await Promise.all([
    import('../../kql/rollup/planRollup.ts'),
    import('../../kql/rollup/seenQuery.ts'),
    import('../../kql/across/isAsked.ts'),
  ]);
  return {
    plan: plans.planRollup,
    columnsRead: plans.columnsRead,
    windowQuery: plans.windowQuery,
    seenQuery: seen.seenQuery,
    isAsked: asked.isAsked,
  };
}
