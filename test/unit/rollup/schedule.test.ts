import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { DrySink, DryState } from '../../../src/core/rollup/dryRun.ts';
import { RollupService } from '../../../src/core/rollup/rollupService.ts';
import { loadRollupPlanner } from '../../../src/core/rollup/rollupWorld.ts';
import { TableCatalog } from '../../../src/core/schema/tableCatalog.ts';
import type { Column } from '../../../src/model/kqlType.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { sha256 } from '../../harness/sha256.ts';
import { VirtualClock } from '../runs/virtualClock.ts';
import { FakeLogs, answer, estateOf } from '../runs/world.ts';

const WORKSPACES = 200;
const WINDOWS = 24;
const COLUMNS: Column[] = [{ name: 'TimeGenerated', type: 'datetime' }];

test('a day of hourly summaries of 200 workspaces takes as long as the quota makes it, and a question a window', async () => {
  const clock = new VirtualClock();
  const [hour, day] = [3_600_000, 86_400_000];
  await clock.run(clock.sleep(day + 2.25 * hour));
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
  const service = new RollupService({
    logs,
    schemas: {
      ofWorkspaces: (keys) =>
        Promise.resolve(
          new Map(keys.map((key) => [key, { ok: true, value: { tables: [{ name: 'T', columns: COLUMNS }] } }])),
        ),
    },
    catalog: new TableCatalog({ tables: () => Promise.resolve([]) }, clock),
    estate: () => Promise.resolve(estateOf(WORKSPACES)),
    quota: new QuotaScheduler(clock),
    clock,
    owner: 'test',
    digest: sha256,
    planner: () => Promise.resolve(planner),
    state: new DryState(),
    sinks: [new DrySink('lake')],
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
      sinks: ['lake'],
      limits: { rows: 1_000 },
      since: 2 * hour,
    }),
  );
  assert.deepEqual(
    [...new Set(report.workspaces.map(({ state, windows }) => `${state} ${windows}`))],
    [`stored ${WINDOWS}`],
  );
  assert.equal(logs.asked.length, WORKSPACES * WINDOWS, 'a question for each window, and no other');
  // 200 starts in 30 seconds are what the service allows.
  const ideal = (logs.asked.length / 200) * 30_000;
  const took = clock.now() - begun;
  assert.ok(took <= 1.2 * ideal, `${took / 1000} s of ideally ${ideal / 1000} s`);
});
