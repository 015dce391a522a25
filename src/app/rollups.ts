import { createHash, randomUUID } from 'node:crypto';
import { QuotaScheduler } from '../core/fanOut/quotaScheduler.ts';
import { DrySink, DryState } from '../core/rollup/dryRun.ts';
import { RollupService } from '../core/rollup/rollupService.ts';
import { loadRollupPlanner } from '../core/rollup/rollupWorld.ts';
import type { RollupWorld } from '../core/rollup/rollupWorld.ts';
import { TableCatalog } from '../core/schema/tableCatalog.ts';
import { LakeSink } from '../engine/lake/lakeSink.ts';
import { LakeState } from '../engine/lake/lakeState.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import type { Services } from './services.ts';

/** What roll-ups ask of the services. */
type RollupServices = Pick<Services, 'logs' | 'schemas' | 'catalog' | 'estate' | 'scheduler'>;

/** Roll-ups with their sinks; close them, for they hold a database. */
export interface OpenedRollups {
  readonly rollups: RollupService;
  close(): Promise<void>;
}

/** Roll-ups into a lake, with their state in it. A further sink is one more in the list of `sinks`. */
export function openRollups(services: RollupServices | undefined, lake: string): OpenedRollups {
  const sink = new LakeSink(lake);
  return {
    rollups: new RollupService({ ...worldOf(services), state: new LakeState(lake), sinks: [sink] }),
    close: () => sink.close(),
  };
}

/** Roll-ups that are read and stored nowhere: what they would bring. `sinks` are the names that definitions use. */
export function openDryRollups(services: RollupServices, sinks: readonly string[]): RollupService {
  return new RollupService({
    ...worldOf(services),
    state: new DryState(),
    sinks: sinks.map((name) => new DrySink(name)),
  });
}

function worldOf(services: RollupServices | undefined): Omit<RollupWorld, 'state' | 'sinks'> {
  const unasked = (): never => {
    throw new Error('Nobody is asked by what only looks at the state.');
  };
  return {
    logs: services?.logs ?? { query: unasked },
    schemas: services?.schemas ?? { ofWorkspaces: unasked },
    catalog: services?.catalog ?? new TableCatalog({ tables: unasked }, SYSTEM_CLOCK),
    estate: () => services?.estate.load() ?? unasked(),
    quota: services?.scheduler ?? new QuotaScheduler(SYSTEM_CLOCK),
    clock: SYSTEM_CLOCK,
    owner: randomUUID(),
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    planner: loadRollupPlanner,
  };
}
