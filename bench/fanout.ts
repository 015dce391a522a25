import { DuckRowStore } from '../src/engine/store/duckRowStore.ts';
import { SYSTEM_CLOCK } from '../src/engine/runtime/systemClock.ts';
import type { Clock } from '../src/base/clock.ts';
import type { CancelSignal } from '../src/base/cancel.ts';
import type { LogsAnswer, LogsPort } from '../src/ports/logs.ts';
import type { RowStore } from '../src/ports/rows.ts';
import { QUERY_LIMITS } from '../src/core/fanOut/quotaLimits.ts';
import { readQuery } from '../src/core/runs/readQuery.ts';
import { TableCatalog } from '../src/core/schema/tableCatalog.ts';
import { RunService } from '../src/core/runs/runService.ts';
import type { RunRequest } from '../src/model/run.ts';
import { EVERYTHING } from '../src/model/scope.ts';
import { estateOf } from '../test/unit/runs/world.ts';
import { VirtualClock } from '../test/unit/runs/virtualClock.ts';
import type { Measurement } from './main.ts';

const LATENCY_MS = 100;
const REQUEST: RunRequest = { query: 'Heartbeat | take 1', scope: EVERYTHING, timeRange: { kind: 'inQuery' } };

/**
 * Whole runs over N workspaces that take 100 ms each, against the shortest schedule the quotas allow. Up to 100 in real
 * time, 1,000 in virtual time.
 */
export async function benchFanout(): Promise<Measurement[]> {
  const store = new DuckRowStore({ memoryLimitMb: 200 });
  const measured: Measurement[] = [];
  await realTime(5, store);
  for (const n of [1, 10, 100]) measured.push(told(n, await realTime(n, store), 'ms of real time'));
  measured.push(told(1_000, await virtualTime(1_000, store), 'ms of virtual time'));
  await store.close();
  return measured;
}

function told(n: number, took: number, unit: string): Measurement {
  const ideal = idealMs(n, LATENCY_MS);
  return {
    name: `fan-out over ${n} workspaces against the ideal schedule`,
    ratio: took / ideal,
    bar: 1.15,
    detail: `${Math.round(took)} of ${ideal} ${unit}`,
  };
}

/** Five at once, 200 starts in any 30 s: each start as early as both allow. Milliseconds until the last has answered. */
export function idealMs(n: number, latencyMs: number): number {
  const starts: number[] = [];
  for (let i = 0; i < n; i++)
    starts.push(
      Math.max(
        0,
        i >= QUERY_LIMITS.atOnce ? starts[i - QUERY_LIMITS.atOnce]! + latencyMs : 0,
        i >= QUERY_LIMITS.startsPerWindow ? starts[i - QUERY_LIMITS.startsPerWindow]! + QUERY_LIMITS.windowMs : 0,
      ),
    );
  return starts.at(-1)! + latencyMs;
}

async function realTime(n: number, store: RowStore): Promise<number> {
  const service = serviceOf(n, SYSTEM_CLOCK, store);
  const started = performance.now();
  const { id } = await service.start(REQUEST);
  const run = await service.ended(id);
  if (run.completeness.answered !== n) throw new Error(run.completeness.sentence);
  return performance.now() - started;
}

async function virtualTime(n: number, store: RowStore): Promise<number> {
  const clock = new VirtualClock();
  const service = serviceOf(n, clock, store);
  const { id } = await service.start(REQUEST);
  // Rows are stored in real time, meanwhile virtual time must go on: the end is taken from the targets, not from the
  // clock.
  const ended = service.ended(id);
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const keepAlive = (async () => {
    while (!over) await clock.sleep(100);
  })();
  const run = await clock.run(ended);
  await clock.run(keepAlive);
  if (run.completeness.answered !== n) throw new Error(run.completeness.sentence);
  return Math.max(...run.targets.map((target) => target.waitedMs! + target.tookMs!));
}

function serviceOf(n: number, clock: Clock, store: RowStore): RunService {
  const answer: LogsAnswer = {
    tables: [{ name: 'PrimaryResult', columns: [{ name: 'Computer', type: 'string' }], rows: [['host']] }],
    bytes: 100,
  };
  const logs: LogsPort = {
    query: async (_request, signal: CancelSignal) => {
      await clock.sleep(LATENCY_MS, signal);
      return answer;
    },
    schema: () => Promise.reject(new Error('not asked')),
  };
  const estate = estateOf(n);
  let id = 0;
  return new RunService({
    logs,
    catalog: new TableCatalog({ tables: async () => [] }, clock),
    store,
    clock,
    random: Math.random,
    newId: () => `${n}-${id++}-${performance.now()}`,
    estate: async () => estate,
    readQuery,
  });
}
