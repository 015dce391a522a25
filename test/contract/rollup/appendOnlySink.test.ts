import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NEVER } from '../../../src/base/cancel.ts';
import { AppError, cancelled } from '../../../src/base/errors.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { AppendOnlySink } from '../../../src/core/rollup/appendOnly/appendOnlySink.ts';
import { RowKeys } from '../../../src/core/rollup/rowKeys.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import type { RollupTable, WindowKey } from '../../../src/model/rollup.ts';
import type { RollupBatch } from '../../../src/ports/rollups.ts';
import { SeededRandom } from '../../harness/seededRandom.ts';
import { sha256 } from '../../harness/sha256.ts';
import { BEGIN } from './history.ts';
import { MemoryTarget, seededFaults } from './memoryTarget.ts';
import type { AppendFault, MemoryTargetOptions } from './memoryTarget.ts';
import { sinkContract } from './sinkContract.ts';

const MINUTE = 60_000;

/** A clock on which waiting takes no time but its own. */
class OwnClock implements Clock {
  time = BEGIN;
  waited = 0;
  now(): number {
    return this.time;
  }
  async sleep(ms: number, signal = NEVER): Promise<void> {
    await Promise.resolve();
    if (signal.aborted) throw cancelled();
    this.time += ms;
    this.waited += ms;
  }
}

const TABLE: RollupTable = {
  id: 'Beats-0a1b2c3d',
  name: 'Beats',
  kind: 'portion',
  columns: [{ name: 'N', type: 'long' }],
  viewColumns: [],
  windowMinutes: 60,
};
const KEY: WindowKey = { rollup: TABLE.id, workspace: 'w1', from: BEGIN, to: BEGIN + 60 * MINUTE };
const CUSTOMER = toCustomerKey('contoso');

function batchOf(numbers: readonly number[]): RollupBatch {
  const keys = new RowKeys(sha256, KEY, TABLE.columns);
  async function* pages(): RollupBatch['pages'] {
    for (const n of numbers) yield [['Contoso', 'tenant', 'law', TABLE.id, '', '', keys.next([n]), n]];
    await Promise.resolve();
  }
  return { table: TABLE, key: KEY, customer: CUSTOMER, pages: pages(), mayCommit: () => Promise.resolve() };
}

const own = (row: readonly Cell[]): readonly Cell[] => row.slice(ROLLUP_COLUMNS.length);
const numbers = (target: MemoryTarget): number[] =>
  target
    .rowsOf(TABLE)
    .map((row) => Number(own(row)[0]))
    .sort((a, b) => a - b);

let ids = 0;

function opened(options: Partial<MemoryTargetOptions> = {}, random = new SeededRandom(1)) {
  const clock = new OwnClock();
  const target = new MemoryTarget({ now: () => clock.now(), ...options });
  const sink = new AppendOnlySink(target, { clock, newId: () => `write${++ids}`, random: () => random.next() });
  return { clock, target, sink };
}

sinkContract('A service that only appends', async () => {
  const { target, sink } = opened();
  return Promise.resolve({
    sink,
    rowsOf: (table, customer) => Promise.resolve(target.rowsOf(table, customer).map(own)),
    close: () => Promise.resolve(),
  });
});

sinkContract('One that doubles, refuses and delays what it is sent', () => {
  const random = new SeededRandom(7);
  const faults = seededFaults(random, 0.2);
  const { target, sink, clock } = opened(
    {
      pieceBytes: 200,
      delayMs: () => random.int(0, 5 * MINUTE),
      // What is lost in silence fails the attempt, of which the contract knows nothing: see below.
      faults: () => {
        const fault = faults();
        return fault === 'lostInSilence' ? 'none' : fault;
      },
    },
    random,
  );
  return Promise.resolve({
    sink,
    rowsOf: (table, customer) => {
      clock.time += 10 * MINUTE;
      return Promise.resolve(target.rowsOf(table, customer).map(own));
    },
    close: () => Promise.resolve(),
  });
});

describe('what a service that only appends shows one by one', () => {
  it('a piece that was stored though it failed, and one that came twice, are there once', async () => {
    for (const fault of ['storedButFailed', 'half', 'twice', 'refused'] as const) {
      const faults: AppendFault[] = [fault];
      const { target, sink } = opened({ faults: () => faults.shift() ?? 'none' });
      await sink.prepare(TABLE);
      const stored = await sink.write(batchOf([1, 1, 2]), NEVER);
      assert.equal(stored.rows, 3, fault);
      assert.deepEqual(numbers(target), [1, 1, 2], fault);
    }
  });
  it('rows that are lost without a word never count, and the window of before stays', async () => {
    const faults: AppendFault[] = [];
    const { target, sink, clock } = opened({ pieceBytes: 1, faults: () => faults.shift() ?? 'none' });
    await sink.prepare(TABLE);
    await sink.write(batchOf([1]), NEVER);
    faults.push('none', 'lostInSilence');
    await assert.rejects(sink.write(batchOf([7, 8]), NEVER), { code: 'service.notVisible', retryable: true });
    assert.equal(clock.waited, target.visibleWithinMs);
    assert.deepEqual(numbers(target), [1]);
    assert.deepEqual((await sink.verify(TABLE, KEY))!.rows, 1);
  });
  it('a runner that was overtaken just before its record does not come before the one that took over', async () => {
    for (const random of [0, 0.999]) {
      const { target, sink, clock } = opened();
      await sink.prepare(TABLE);
      const tools = { clock, newId: () => `late${++ids}`, random: () => random };
      const late = new AppendOnlySink(target, tools);
      const overtaken = async (): Promise<void> => {
        await sink.write({ ...batchOf([2]), fence: 5 }, NEVER);
      };
      await late.write({ ...batchOf([1]), fence: 4, mayCommit: overtaken }, NEVER);
      assert.deepEqual(numbers(target), [2], 'both believe to be the first, and the later lease counts');
    }
  });
  it('a record that comes into view after a newer one stays behind it', async () => {
    let late = 60 * MINUTE;
    const { target, sink, clock } = opened({ delayMs: (what) => (what === 'records' ? late : 0) });
    await sink.prepare(TABLE);
    await assert.rejects(sink.write({ ...batchOf([1]), fence: 3 }, NEVER), { code: 'service.notVisible' });
    late = 0;
    await sink.write({ ...batchOf([2]), fence: 4 }, NEVER);
    assert.deepEqual(numbers(target), [2]);
    clock.time += 120 * MINUTE;
    assert.deepEqual(numbers(target), [2]);
  });
  it('stops at once where somebody says so, also while it waits, and counts nothing', async () => {
    const stop = new AbortController();
    const { target, sink } = opened({
      delayMs: () => {
        stop.abort();
        return MINUTE;
      },
    });
    await sink.prepare(TABLE);
    await assert.rejects(sink.write(batchOf([1]), stop.signal), { code: 'cancelled.byUser' });
    assert.deepEqual([target.records, numbers(target)], [[], []]);
  });
  it('keeps other runners away while it waits, and waits no longer where one has taken over', async () => {
    const { sink, clock, target } = opened({ delayMs: (what) => (what === 'rows' ? 10 * MINUTE : 0) });
    await sink.prepare(TABLE);
    const kept: number[] = [];
    const keepAway = async (): Promise<void> => {
      await Promise.resolve();
      kept.push(clock.waited);
      if (kept.length > 12) throw new AppError('service.leaseLost', 'Taken over.');
    };
    await sink.write({ ...batchOf([1]), keepAway }, NEVER);
    assert.ok(kept.length >= 8, `${kept.length} times in ten minutes`);
    assert.ok(kept.every((at, i) => at - (kept[i - 1] ?? 0) < 2 * MINUTE));
    assert.deepEqual(numbers(target), [1]);
    kept.length = 12;
    await assert.rejects(sink.write({ ...batchOf([2]), keepAway }, NEVER), { code: 'service.leaseLost' });
    assert.deepEqual(numbers(target), [1]);
  });
  it('sends a large window in pieces, of which one is in memory', async () => {
    const { target, sink } = opened({ pieceBytes: 20_000 });
    const sizes: number[] = [];
    target.appendRows = (_table, _stamp, rows) => Promise.resolve(void sizes.push(rows.length));
    const many = Array.from({ length: 50_000 }, (_, n) => n);
    target.arrived = () => Promise.reject(cancelled());
    await assert.rejects(sink.write(batchOf(many), NEVER), { code: 'cancelled.byUser' });
    assert.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      50_000,
    );
    assert.ok(Math.max(...sizes) < 400);
  });
  it('erases from the view at once, whatever was on its way under an older lease', async () => {
    const { target, sink } = opened();
    await sink.prepare(TABLE);
    await sink.write(batchOf([1]), NEVER);
    target.remove = () => Promise.resolve(['Deleted within 30 days.']);
    const erasing = async (): Promise<void> => {
      const receipt = await sink.erase(CUSTOMER);
      assert.deepEqual(receipt.tables, [{ rollup: TABLE.id, windows: 1, rows: 1 }]);
      assert.match(receipt.remains.join(' '), /Deleted within 30 days\. .*Erase again after that time\./);
    };
    await sink.write({ ...batchOf([2]), fence: 9, mayCommit: erasing }, NEVER);
    assert.deepEqual(numbers(target), []);
    await sink.write({ ...batchOf([3]), fence: 10 }, NEVER);
    assert.deepEqual(numbers(target), [3], 'what is stored afterwards counts');
  });
});
