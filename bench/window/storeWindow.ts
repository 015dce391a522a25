/** Stores one window of so many rows in a lake, and says what memory that took: `storeWindow.ts ROWS`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NEVER } from '../../src/base/cancel.ts';
import { storeWindow } from '../../src/core/rollup/storeWindow.ts';
import { LakeSink } from '../../src/engine/lake/lakeSink.ts';
import { toCustomerKey } from '../../src/model/ids.ts';
import type { Cell } from '../../src/model/kqlType.ts';
import type { RollupTable } from '../../src/model/rollup.ts';
import { sha256 } from '../../test/harness/sha256.ts';

const PAGE = 2_000;
const TABLE: RollupTable = {
  id: 'Rows-00000000',
  name: 'Rows',
  kind: 'portion',
  columns: [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'Computer', type: 'string' },
    { name: 'N', type: 'long' },
    { name: 'Message', type: 'string' },
  ],
  viewColumns: [],
  windowMinutes: 60,
};

const count = Number(process.argv[2]);
const folder = await mkdtemp(join(tmpdir(), 'tenantscope-bench-'));
const sink = new LakeSink(folder);
let peak = 0;
const look = (): void => {
  peak = Math.max(peak, process.memoryUsage.rss());
};

/** Rows as a paged answer gives them, a page at a time in memory. */
async function* pages(): AsyncGenerator<readonly (readonly Cell[])[]> {
  for (let from = 0; from < count; from += PAGE) {
    yield Array.from({ length: PAGE }, (_, i): Cell[] => [
      `2026-01-31T23:00:00.${String(from + i).padStart(7, '0')}Z`,
      `machine-${(from + i) % 50}`,
      from + i,
      `an event of some length, number ${(from + i) * 7919}`,
    ]);
    look();
    await Promise.resolve();
  }
}

await sink.prepare(TABLE);
const timer = setInterval(look, 20);
const began = Date.now();
const { rows } = await storeWindow({
  sink,
  table: TABLE,
  key: { rollup: TABLE.id, workspace: 'law', from: Date.UTC(2026, 0, 31, 23), to: Date.UTC(2026, 1, 1) },
  customer: toCustomerKey('contoso'),
  whose: ['Contoso', 'Contoso', 'law'],
  digest: sha256,
  pages: pages(),
  fence: 1,
  keepAway: () => Promise.resolve(),
  mayCommit: () => Promise.resolve(),
  signal: NEVER,
});
clearInterval(timer);
if (rows !== count) throw new Error(`${rows} rows of ${count} were stored.`);
console.log(`peak ${Math.round(peak / 1e6)} MB in ${Date.now() - began} ms`);
await sink.close();
await rm(folder, { recursive: true });
