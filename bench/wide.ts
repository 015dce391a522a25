// A thousand workspaces that one token reaches: asked one by one within the service's quotas, and a hundred at a time.
import type { CancelSignal } from '../src/base/cancel.ts';
import { loadPlanner } from '../src/core/runs/across/planner.ts';
import { readQuery } from '../src/core/runs/readQuery.ts';
import { RunService } from '../src/core/runs/runService.ts';
import { TableCatalog } from '../src/core/schema/tableCatalog.ts';
import { SYSTEM_CLOCK } from '../src/engine/runtime/systemClock.ts';
import { DuckRowStore } from '../src/engine/store/duckRowStore.ts';
import type { SourceSchema } from '../src/kql/scopeSchema.ts';
import type { Cell, Column } from '../src/model/kqlType.ts';
import { EVERYTHING } from '../src/model/scope.ts';
import type { LogsPort } from '../src/ports/logs.ts';
import type { RowStore } from '../src/ports/rows.ts';
import { estateOf } from '../test/unit/runs/world.ts';
import { idealMs } from './fanout.ts';
import type { Measurement } from './main.ts';

const WORKSPACES = 1_000;
const COMPUTERS = 20;
const LATENCY_MS = 100;
/** What a question costs the service for each further workspace of it, by guess: the wire is what we measure. */
const LATENCY_EACH_MS = 5;
const COLUMNS: readonly Column[] = [
  { name: 'Computer', type: 'string' },
  { name: 'TenantId', type: 'string' },
  { name: 'n', type: 'long' },
];
const QUERY = 'Heartbeat | summarize n = count() by Computer';
const SCHEMA: SourceSchema = {
  tables: [
    {
      name: 'Heartbeat',
      columns: [
        { name: 'TenantId', type: 'string' },
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'Computer', type: 'string' },
      ],
    },
  ],
};

/**
 * Measures the requests and the time of a total over a thousand workspaces whose tables are known: in real time, against
 * the shortest schedule that the quotas allow one by one.
 */
export async function benchWide(): Promise<readonly Measurement[]> {
  const store = new DuckRowStore({ memoryLimitMb: 500 });
  try {
    // The parser and the database are there, as they are in a window that has a query open.
    await asked(store, 10);
    const { requests, total, ms } = await asked(store, WORKSPACES);
    if (total !== WORKSPACES * COMPUTERS) throw new Error(`${total} instead of ${WORKSPACES * COMPUTERS}`);
    const alone = idealMs(WORKSPACES, LATENCY_MS);
    return [
      {
        name: `wide: requests to ${WORKSPACES} workspaces of one token`,
        ratio: requests / 10,
        bar: 1,
        detail: `${requests} instead of ${WORKSPACES}`,
      },
      {
        name: 'wide: time, of asking them one by one',
        ratio: ms / (alone / 20),
        bar: 1,
        detail: `${seconds(ms)} instead of ${seconds(alone)} at least`,
      },
    ];
  } finally {
    await store.close();
  }
}

/** A whole run, planning, storing and combining included. */
async function asked(
  store: RowStore,
  workspaces: number,
): Promise<{ readonly requests: number; readonly total: number; readonly ms: number }> {
  let requests = 0;
  const logs: LogsPort = {
    query: async ({ workspaceGuid, others = [] }, signal: CancelSignal) => {
      requests++;
      await SYSTEM_CLOCK.sleep(LATENCY_MS + LATENCY_EACH_MS * others.length, signal);
      const rows = [workspaceGuid, ...others].flatMap(groups);
      return { tables: [{ name: 'PrimaryResult', columns: COLUMNS, rows }], bytes: 100 * rows.length };
    },
    schema: () => Promise.reject(new Error('not asked')),
  };
  const estate = estateOf(workspaces);
  const service = new RunService({
    logs,
    catalog: new TableCatalog({ tables: async () => [] }, SYSTEM_CLOCK),
    store,
    clock: SYSTEM_CLOCK,
    random: () => 0,
    newId: () => `wide-${workspaces}`,
    estate: async () => estate,
    readQuery,
    across: {
      schemas: {
        forget: () => undefined,
        ofWorkspaces: async (keys) => new Map(keys.map((key) => [key, { ok: true, value: SCHEMA }] as const)),
      },
      planner: loadPlanner,
    },
  });
  const began = performance.now();
  const timeRange = { kind: 'inQuery' } as const;
  const { id } = await service.start({ query: QUERY, scope: EVERYTHING, timeRange, shared: 'everyone' });
  const run = await service.ended(id);
  const ms = performance.now() - began;
  if (!run.completeness.complete) throw new Error(run.completeness.sentence);
  const { table } = await service.rows(id).table(COMPUTERS);
  return { requests, total: table.rows.reduce((sum, row) => sum + Number(row.at(-1)), 0), ms };
}

function groups(id: string): Cell[][] {
  return Array.from({ length: COMPUTERS }, (_, i) => [`host-${i}`, id, 1]);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
