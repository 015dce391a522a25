import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { NEVER } from '../../../src/base/cancel.ts';
import { AppError } from '../../../src/base/errors.ts';
import { RowKeys } from '../../../src/core/rollup/rowKeys.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import { KeyChecksum } from '../../../src/model/keyChecksum.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import type { RollupTable, WindowKey } from '../../../src/model/rollup.ts';
import type { RollupBatch, SinkPort } from '../../../src/ports/rollups.ts';
import { sha256 } from '../../harness/sha256.ts';

/** A sink under test, and how its rows are read: the stored ones of a table, each once, without `ROLLUP_COLUMNS`. */
export interface OpenedSink {
  readonly sink: SinkPort;
  readonly rowsOf: (table: RollupTable, customer?: string) => Promise<readonly (readonly Cell[])[]>;
  readonly close: () => Promise<void>;
}

const TABLE: RollupTable = {
  id: 'Beats-0a1b2c3d',
  name: 'Beats',
  kind: 'portion',
  columns: [
    { name: 'At', type: 'datetime' },
    { name: 'Computer', type: 'string' },
    { name: 'N', type: 'long' },
    { name: 'Took', type: 'timespan' },
    { name: 'More', type: 'dynamic' },
  ],
  viewColumns: [],
  windowMinutes: 60,
};
const START = Date.UTC(2026, 0, 31, 23);
const row = (n: number, computer = 'web'): Cell[] => [
  '2026-01-31T23:00:00.1234567Z',
  computer,
  n,
  '01:00:00',
  '{"a":1}',
];

function keyOf(workspace: string, hour = 0): WindowKey {
  return { rollup: TABLE.id, workspace, from: START + hour * 3_600_000, to: START + (hour + 1) * 3_600_000 };
}

/** A batch as the core makes it. `fails` throws in place of the page of that number. */
function batchOf(
  customer: string,
  key: WindowKey,
  rows: readonly (readonly Cell[])[],
  more: Partial<RollupBatch> & { readonly fails?: number } = {},
): RollupBatch & { readonly checksum: string } {
  const { fails, ...rest } = more;
  const keys = new RowKeys(sha256, key, TABLE.columns);
  const checksum = new KeyChecksum();
  const [from, to] = [key.from, key.to].map((ms) => new Date(ms).toISOString());
  const whole = rows.map((own) => {
    const rowKey = keys.next(own);
    checksum.add(rowKey);
    return [customer, 'tenant', 'law', TABLE.id, from!, to!, rowKey, ...own];
  });
  async function* pages(): RollupBatch['pages'] {
    for (const [i, one] of whole.entries()) {
      if (i === fails) throw new AppError('network.lost', 'The line broke.', { retryable: true });
      yield [one];
      await Promise.resolve();
    }
    if (fails === whole.length) throw new AppError('network.lost', 'The line broke.', { retryable: true });
  }
  return {
    table: TABLE,
    key,
    customer: toCustomerKey(customer),
    pages: pages(),
    mayCommit: () => Promise.resolve(),
    checksum: checksum.text,
    ...rest,
  };
}

/** What every sink of roll-ups promises, whatever it is. */
export function sinkContract(name: string, open: () => Promise<OpenedSink>): void {
  describe(`${name}, as every sink`, () => {
    let opened: OpenedSink;
    const numbers = async (customer?: string): Promise<number[]> =>
      (await opened.rowsOf(TABLE, customer)).map((own) => Number(own[2])).sort((a, b) => a - b);
    before(async () => {
      opened = await open();
      assert.equal((await opened.sink.prepare(TABLE)).isNew, true);
    });
    after(() => opened.close());

    it('has no room to make twice', async () => {
      assert.deepEqual(await opened.sink.prepare(TABLE), { isNew: false, added: [], changed: [] });
    });
    it('stores a window, and reads back what it stored', async () => {
      const batch = batchOf('contoso', keyOf('w1'), [row(1), row(1), row(2)]);
      const stored = await opened.sink.write(batch, NEVER);
      assert.deepEqual([stored.rows, stored.checksum], [3, batch.checksum]);
      assert.deepEqual(await opened.sink.verify(TABLE, batch.key), stored);
      assert.deepEqual(await numbers(), [1, 1, 2]);
      assert.deepEqual((await opened.rowsOf(TABLE))[0], row(1), 'every type as it came');
    });
    it('puts a repeated window in the place of the first, with whatever it has now', async () => {
      await opened.sink.write(batchOf('contoso', keyOf('w1'), [row(1), row(1), row(2)]), NEVER);
      assert.deepEqual(await numbers(), [1, 1, 2]);
      await opened.sink.write(batchOf('contoso', keyOf('w1'), [row(1), row(2)]), NEVER);
      assert.deepEqual(await numbers(), [1, 2]);
    });
    it('keeps what was there where a window breaks off, at its begin, within it and at its very end', async () => {
      for (const fails of [0, 1, 2]) {
        const broken = batchOf('contoso', keyOf('w1'), [row(7), row(8)], { fails });
        await assert.rejects(opened.sink.write(broken, NEVER), { code: 'network.lost' });
      }
      assert.deepEqual(await numbers(), [1, 2]);
    });
    it('stores nothing for a runner that may not any more', async () => {
      const mayCommit = (): Promise<void> => Promise.reject(new AppError('service.leaseLost', 'Taken over.'));
      const late = batchOf('contoso', keyOf('w1'), [row(9)], { mayCommit });
      await assert.rejects(opened.sink.write(late, NEVER), { code: 'service.leaseLost' });
      assert.deepEqual(await numbers(), [1, 2]);
    });
    it('takes windows of several workspaces and days at once', async () => {
      await Promise.all(
        [0, 1, 2, 3].map((i) => opened.sink.write(batchOf('contoso', keyOf(`x${i}`, i), [row(10 + i)]), NEVER)),
      );
      assert.deepEqual(await numbers(), [1, 2, 10, 11, 12, 13]);
    });
    it('keeps every time there is, beside usual ones of other windows', async () => {
      const [, ...rest] = row(50);
      const times = [
        '0001-01-01T00:00:00.0000000Z',
        '1969-12-31T23:59:59.9999999Z',
        '9999-12-31T23:59:59.9999999Z',
        null,
      ];
      const batch = batchOf(
        'contoso',
        keyOf('times'),
        times.map((at) => [at, ...rest]),
      );
      await opened.sink.write(batch, NEVER);
      const read = (await opened.rowsOf(TABLE)).filter((own) => own[2] === 50).map(([at]) => String(at));
      assert.deepEqual(read.sort(), times.map(String).sort());
      await opened.sink.write(batchOf('contoso', keyOf('times'), []), NEVER);
    });
    it('has nothing of a window without rows, also where it had some', async () => {
      const empty = await opened.sink.write(batchOf('contoso', keyOf('x3', 3), []), NEVER);
      assert.equal(empty.rows, 0);
      assert.equal((await opened.sink.verify(TABLE, keyOf('x3', 3)))?.rows ?? 0, 0);
      assert.equal(await opened.sink.verify(TABLE, keyOf('never')), undefined);
      assert.deepEqual(await numbers(), [1, 2, 10, 11, 12]);
    });
    it('has the rows of a workspace at one customer alone, the one it has now', async () => {
      await opened.sink.write(batchOf('fabrikam', keyOf('x2', 2), [row(12)]), NEVER);
      assert.deepEqual([await numbers('contoso'), await numbers('fabrikam')], [[1, 2, 10, 11], [12]]);
    });
    it('refuses a column of another type, and stays as it was', async () => {
      const [first, ...rest] = TABLE.columns;
      const other: RollupTable = { ...TABLE, columns: [{ ...first!, type: 'string' }, ...rest] };
      await assert.rejects(opened.sink.prepare(other), { code: 'input.rollupSchema' });
      assert.deepEqual(await numbers('fabrikam'), [12]);
    });
    it('keeps customers apart whatever they are called, and erases one of them with a receipt', async () => {
      const hostile = ['../../etc', 'CON', 'a/b\\c:*?"<>|', 'Fabrikam', 'fabrikam.', 'é\u0000\n', 'x'.repeat(300), ' '];
      for (const [i, customer] of hostile.entries())
        await opened.sink.write(batchOf(customer, keyOf(`h${i}`), [row(100 + i)]), NEVER);
      for (const [i, customer] of hostile.entries()) assert.deepEqual(await numbers(customer), [100 + i], customer);
      const before = (await numbers()).length;
      for (const [i, customer] of hostile.entries()) {
        const receipt = await opened.sink.erase(toCustomerKey(customer));
        assert.deepEqual(receipt.tables, [{ rollup: TABLE.id, windows: 1, rows: 1 }], customer);
        assert.equal((await numbers()).length, before - i - 1);
        assert.deepEqual((await opened.sink.erase(toCustomerKey(customer))).tables, [], 'nothing is left to erase');
      }
      assert.deepEqual(await numbers(), [1, 2, 10, 11, 12]);
    });
  });
}
