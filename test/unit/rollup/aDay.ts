import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { DryState } from '../../../src/core/rollup/dryRun.ts';
import { RollupService } from '../../../src/core/rollup/rollupService.ts';
import { loadRollupPlanner } from '../../../src/core/rollup/rollupWorld.ts';
import { TableCatalog } from '../../../src/core/schema/tableCatalog.ts';
import type { Column } from '../../../src/model/kqlType.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { SinkPort } from '../../../src/ports/rollups.ts';
import { sha256 } from '../../harness/sha256.ts';
import { VirtualClock } from '../runs/virtualClock.ts';
import { FakeLogs, answer, estateOf } from '../runs/world.ts';

const HOUR = 3_600_000;
const COLUMNS: Column[] = [{ name: 'TimeGenerated', type: 'datetime' }];

/** How a day was pulled: questions, virtual milliseconds, and `STATE WINDOWS` of the workspaces, each once. */
export interface PulledDay {
  readonly asked: number;
  readonly tookMs: number;
  readonly states: readonly string[];
}

/**
 * Pulls the last `windows` hours of hourly summaries of so many workspaces into a sink, on a virtual clock and within
 * the quota of the query API: 200 starts in 30 seconds.
 */
export async function pullDay(
  workspaces: number,
  windows: number,
  sinkOf: (clock: VirtualClock) => SinkPort,
): Promise<PulledDay> {
  const clock = new VirtualClock();
  await clock.run(clock.sleep((windows + 2.25) * HOUR));
  const logs = new FakeLogs(clock, () =>
    answer(
      ['Hour:datetime', 'n:long', '_ReadAt:datetime'],
      [
        ['1970-01-01T00:00:00Z', 7, null],
        [null, null, new Date(clock.now()).toISOString()],
      ],
    ),
  );
  // Loaded from the disk, which takes no virtual time.
  const planner = await loadRollupPlanner();
  const sink = sinkOf(clock);
  const service = new RollupService({
    logs,
    schemas: {
      ofWorkspaces: (keys) =>
        Promise.resolve(
          new Map(keys.map((key) => [key, { ok: true, value: { tables: [{ name: 'T', columns: COLUMNS }] } }])),
        ),
    },
    catalog: new TableCatalog({ tables: () => Promise.resolve([]) }, clock),
    estate: () => Promise.resolve(estateOf(workspaces)),
    quota: new QuotaScheduler(clock),
    clock,
    owner: 'test',
    digest: sha256,
    planner: () => Promise.resolve(planner),
    state: new DryState(),
    sinks: [sink],
  });
  const begun = clock.now();
  const report = await clock.run(
    service.run({
      name: 'Hours',
      query: 'T | summarize n = count() by Hour = bin(TimeGenerated, 1h)',
      scope: EVERYTHING,
      windowMinutes: 60,
      latenessMinutes: 10,
      everyMinutes: 60,
      sinks: [sink.name],
      limits: { rows: 1_000 },
      since: 2 * HOUR,
    }),
  );
  return {
    asked: logs.asked.length,
    tookMs: clock.now() - begun,
    states: [...new Set(report.workspaces.map(({ state, windows: stored }) => `${state} ${stored}`))],
  };
}
