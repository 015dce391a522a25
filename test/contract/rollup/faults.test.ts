/**
 * Nothing lost, nothing doubled: histories by a seed, over which runners are killed at every step, throttled, cut off
 * after their request was accepted, answered in part, set to wrong clocks, run by twos and fives; sinks that are down for
 * hours; schemas that change and change back. What is stored in the end is what the customers' tables have.
 * `TENANTSCOPE_ROLLUP_SEEDS=1000` is the nightly size, `TENANTSCOPE_ROLLUP_FIRST=17 TENANTSCOPE_ROLLUP_SEEDS=1` one seed
 * again.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { rollupId } from '../../../src/core/rollup/versions.ts';
import type { RollupProgress } from '../../../src/core/rollup/progress.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import type { CustomerKey } from '../../../src/model/ids.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import type { SinkPort } from '../../../src/ports/rollups.ts';
import { BEGIN, History, cellsOf, groups } from './history.ts';
import { MemorySink, MemoryState } from './memory.ts';
import { Runner } from './runners.ts';
import type { Fault } from './runners.ts';
import { appendOnly, DEFINITIONS, inLake, inMemory } from './stores.ts';
import type { OpenStore, Store } from './stores.ts';
import { sha256 } from '../../harness/sha256.ts';

const SEEDS = Number(process.env['TENANTSCOPE_ROLLUP_SEEDS'] ?? 50);
const FIRST = Number(process.env['TENANTSCOPE_ROLLUP_FIRST'] ?? 1);
/** Of the seeds that CI runs: a lake takes a hundred times as long as memory. */
const [MEMORY_EVERY, LAKE_EVERY] = SEEDS === 50 ? [2, 9] : [1, 1];
const MINUTE = 60_000;

/** Steps that fail while a sink is down. */
const OF_THE_SINK = new Set(['write', 'verify', 'append', 'look']);
const FAULTS: readonly Fault[] = ['kill', 'before', 'after', 'twice', 'throttled', 'partial'];

/** Lives through a history with everything that can go wrong, then lets the runners finish. */
async function live(history: History, { sink, state }: Store): Promise<void> {
  const { random } = history;
  let downUntil = 0;
  while (history.now < history.end) {
    history.now += random.int(10, 100) * MINUTE;
    if (random.chance(0.1)) downUntil = history.now + random.int(60, 240) * MINUTE;
    if (random.chance(0.1)) {
      const { guid } = random.pick(history.estate.workspaces);
      if (!history.changed.delete(guid)) history.changed.set(guid, 'string');
    }
    const rate = random.pick([0, 0.02, 0.1]);
    const down = history.now < downUntil;
    const faults = (step: string): Fault => {
      if (down && OF_THE_SINK.has(step)) return 'before';
      return random.chance(rate) ? random.pick(FAULTS) : 'none';
    };
    const many = random.pick([1, 1, 2, 5]);
    const skew = random.pick([0, 0, 0, -90, 45, 600]) * MINUTE;
    const runners = Array.from({ length: many }, () => new Runner(history, state, sink, skew, faults));
    const from = BEGIN + random.int(0, 300) * MINUTE;
    const backfill = random.chance(0.15) ? { backfill: { from, to: from + random.int(1, 200) * MINUTE } } : {};
    await Promise.all(
      runners.flatMap(({ service }) => DEFINITIONS.map((each) => service.run(each, backfill).catch(() => undefined))),
    );
  }
  history.changed.clear();
  for (let round = 0; round < 4; round++) {
    history.now += 60 * MINUTE;
    const { service } = new Runner(history, state, sink, 0, () => 'none');
    for (const each of DEFINITIONS) {
      const report = await service.run(each);
      assert.equal(report.error, undefined);
      // The first may find leases of those that were killed.
      if (round > 0)
        for (const { state: is, error, gaps } of report.workspaces)
          assert.ok(
            (is === 'current' || is === 'stored') && gaps.length === 0,
            `${is} ${JSON.stringify(error ?? gaps)}`,
          );
    }
  }
}

const sorted = (rows: readonly (readonly Cell[])[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

/** What the tables of all customers have, in the windows that are over. */
function oracle(history: History, progresses: readonly RollupProgress[]): { rows: string[]; hours: string[] } {
  const rows = history.estate.workspaces.flatMap(({ guid }) => {
    const own = progresses.filter(({ workspace }) => workspace === guid);
    for (const { until } of own) assert.ok(until! > history.end, 'everything is over');
    return history.rows.get(guid)!;
  });
  return { rows: sorted(rows.map(cellsOf)), hours: sorted(groups(rows)) };
}

/** Lives through the history of a seed in a store of its own, and compares what is there with what happened. */
async function check(seed: number, open: OpenStore): Promise<void> {
  const history = new History(seed, seed % 3 === 0);
  const store = await open(history);
  try {
    await live(history, store);
    const { service } = new Runner(history, store.state, store.sink, 0, () => 'none');
    const expected = oracle(history, await service.status());
    const there = await store.answers();
    assert.deepEqual(sorted(there.rows), expected.rows, 'the portion: nothing lost, nothing doubled');
    assert.deepEqual(sorted(there.hours), expected.hours, 'the summary, put together of its parts');
  } catch (cause) {
    throw new Error(`Seed ${seed}`, { cause });
  } finally {
    await store.close();
  }
}

describe('nothing lost, nothing doubled', () => {
  const seeds = (every: number): number[] =>
    Array.from({ length: Math.ceil(SEEDS / every) }, (_, i) => FIRST + i * every);
  let engine: LocalEngine;
  before(async () => {
    engine = await openEngine({ memoryLimitMb: 512, threads: 2 });
  });
  after(() => engine.close());

  for (const [what, open, every] of [
    ['in a store that replaces windows', inMemory, MEMORY_EVERY],
    ['in a service that only appends, at least once, and shows later', appendOnly, 1],
    ['in a lake', (history) => inLake(engine)(history), LAKE_EVERY],
  ] as const satisfies readonly (readonly [string, OpenStore, number])[])
    it(`${what}, ${seeds(every).length} histories`, async () => {
      for (const seed of seeds(every)) await check(seed, open);
    });
});

describe('what a history shows one by one', () => {
  it('a clock that is hours ahead reads no window before it is over', async () => {
    const history = new History(3);
    const store = { sink: new MemorySink(), state: new MemoryState() };
    history.now = BEGIN + 30 * MINUTE;
    const ahead = new Runner(history, store.state, store.sink, 600 * MINUTE, () => 'none');
    const [one] = (await ahead.service.run(DEFINITIONS[0])).workspaces;
    assert.deepEqual([one!.state, one!.windows, one!.error?.code], ['current', 0, 'service.windowOpen']);
    assert.equal(store.sink.windows.size, 0);
  });
  it('of two runners one works on a workspace, and the other says so and leaves it alone', async () => {
    const history = new History(5);
    const store = { sink: new MemorySink(), state: new MemoryState() };
    history.now = BEGIN + 195 * MINUTE;
    const { customer } = history.estate.workspaces[0]!;
    const one = {
      ...DEFINITIONS[0],
      scope: { include: [{ kind: 'customer', value: customer } as const], except: [] },
    };
    const second = new Runner(history, store.state, store.sink, 0, () => 'none');
    const meanwhile: string[] = [];
    const first = new Runner(history, store.state, store.sink, 0, async (step): Promise<Fault> => {
      if (step === 'commit') for (const { state } of (await second.service.run(one)).workspaces) meanwhile.push(state);
      return 'none';
    });
    const { workspaces } = await first.service.run(one);
    assert.deepEqual([workspaces[0]!.state, workspaces[0]!.windows], ['stored', 3]);
    assert.deepEqual(meanwhile, ['busy', 'busy', 'busy']);
  });
  it('a sink that loses a row without a word is found out, and the line stays where it is', async () => {
    const history = new History(5);
    const [state, sink] = [new MemoryState(), new MemorySink()];
    const losing: SinkPort = {
      name: sink.name,
      prepare: (table) => sink.prepare(table),
      verify: (table, key) => sink.verify(table, key),
      erase: (customer) => sink.erase(customer),
      rowsOnce: (table) => sink.rowsOnce(table),
      write: (batch) => {
        async function* pages(): typeof batch.pages {
          let first = true;
          for await (const page of batch.pages) {
            yield first ? page.slice(1) : page;
            first &&= page.length === 0;
          }
        }
        return sink.write({ ...batch, pages: pages() });
      },
    };
    history.now = BEGIN + 75 * MINUTE;
    const lost = await new Runner(history, state, losing, 0, () => 'none').service.run(DEFINITIONS[0]);
    assert.deepEqual(
      lost.workspaces.map((one) => [one.state, one.error?.code, one.until]),
      lost.workspaces.map(() => ['failed', 'service.notStored', BEGIN]),
    );
    const mended = await new Runner(history, state, sink, 0, () => 'none').service.run(DEFINITIONS[0]);
    assert.deepEqual([...new Set(mended.workspaces.map((one) => one.state))], ['stored']);
  });
  it('a gap is filled also while the window at the end of the line is not over', async () => {
    const history = new History(5);
    const store = { sink: new MemorySink(), state: new MemoryState() };
    history.now = BEGIN + 75 * MINUTE;
    const first = new Runner(history, store.state, store.sink, 0, () => 'none');
    await first.service.run({ ...DEFINITIONS[0], limits: { rows: 1 } });
    const ahead = new Runner(history, store.state, store.sink, 120 * MINUTE, () => 'none');
    const [one] = (await ahead.service.run(DEFINITIONS[0])).workspaces;
    assert.deepEqual([one!.windows, one!.gaps, one!.error?.code], [1, [], 'service.windowOpen']);
  });
  it('rows that come to be seen after their window was stored are found by the next run, and stored with it', async () => {
    const history = new History(6, true);
    const { sink, state } = { sink: new MemorySink(), state: new MemoryState() };
    const { service } = new Runner(history, state, sink, 0, () => 'none');
    const { recheckMinutes: _none, ...once } = DEFINITIONS[0];
    const count = (): number => sink.rowsOf({ id: rollupId(once, sha256) }).length;
    history.now = BEGIN + 375 * MINUTE;
    await service.run(once);
    const first = count();
    history.now += 300 * MINUTE;
    const due = [...history.rows.values()].flat().filter(({ ingested }) => ingested < BEGIN + 360 * MINUTE).length;
    assert.ok(first < due, 'some could not be seen yet');
    await service.run(once);
    assert.ok(count() < [...history.rows.values()].flat().length, 'and are lost to who does not look again');
    const { workspaces } = await service.run(DEFINITIONS[0]);
    assert.equal(count(), [...history.rows.values()].flat().length);
    assert.ok(workspaces.every(({ state: is, gaps }) => is === 'stored' && gaps.length === 0));
    const [again] = (await service.run(DEFINITIONS[0])).workspaces;
    assert.deepEqual([again!.state, again!.windows], ['current', 0], 'what has not changed is left alone');
  });
  it('a workspace whose schema changes stops alone, and says why', async () => {
    const history = new History(5);
    const { sink, state } = { sink: new MemorySink(), state: new MemoryState() };
    const { service } = new Runner(history, state, sink, 0, () => 'none');
    history.now = BEGIN + 75 * MINUTE;
    await service.run(DEFINITIONS[0]);
    const [first] = history.estate.workspaces;
    history.changed.set(first!.guid, 'string');
    history.now += 60 * MINUTE;
    const { workspaces } = await service.run(DEFINITIONS[0]);
    assert.deepEqual(
      workspaces.map(({ state: is }) => is),
      workspaces.map((_, i) => (i === 0 ? 'stopped' : 'stored')),
    );
    assert.match(workspaces[0]!.error!.message, /^The column N of Event is string in this workspace, and the roll-up/);
    assert.equal(
      (await service.status()).find(({ workspace }) => workspace === first!.guid)!.stopped?.code,
      'query.schemaChanged',
    );
  });
  it('a customer that is switched off is not read any more, and one that is erased leaves nothing', async () => {
    const history = new History(5);
    const { sink, state } = { sink: new MemorySink(), state: new MemoryState() };
    const { service } = new Runner(history, state, sink, 0, () => 'none');
    const { customer, guid } = history.estate.workspaces[0]!;
    history.now = BEGIN + 75 * MINUTE;
    await service.run(DEFINITIONS[0]);
    await service.switchOff(customer);
    history.now += 60 * MINUTE;
    const { workspaces } = await service.run(DEFINITIONS[0]);
    assert.deepEqual([workspaces[0]!.state, workspaces[0]!.windows], ['off', 0]);
    const [receipt] = await service.erase(customer);
    assert.deepEqual(
      receipt!.tables.map(({ windows }) => windows),
      [1],
    );
    assert.deepEqual(sink.rowsOf({ id: rollupId(DEFINITIONS[0], sha256) }, customer), []);
    assert.deepEqual((await service.status()).find(({ workspace }) => workspace === guid)!.stored, []);
    await service.switchOn(customer);
    await service.run(DEFINITIONS[0]);
    assert.ok(sink.rowsOf({ id: rollupId(DEFINITIONS[0], sha256) }, customer).length > 0, 'begins anew');
  });
  it('a customer that is called otherwise by now stays switched off, and is erased under every key it had', async () => {
    const history = new History(5);
    const { sink, state } = { sink: new MemorySink(), state: new MemoryState() };
    const { service } = new Runner(history, state, sink, 0, () => 'none');
    const table = { id: rollupId(DEFINITIONS[0], sha256) };
    const [first] = history.estate.workspaces;
    const before = first!.customer;
    const renamed = toCustomerKey('renamed');
    const rename = (customer: CustomerKey): void => {
      const { workspaces, customers } = history.estate;
      Object.assign(history.estate, {
        customers: [...customers, { ...customers.find(({ key }) => key === before)!, key: customer }],
        workspaces: workspaces.map((one) => (one.guid === first!.guid ? { ...one, customer } : one)),
      });
    };
    const storeHour = async () => {
      history.now += 60 * MINUTE;
      return (await service.run(DEFINITIONS[0])).workspaces.find(({ workspace }) => workspace === first!.name)!;
    };
    history.now = BEGIN + 15 * MINUTE;
    await storeHour();
    await service.switchOff(before);
    rename(renamed);
    assert.equal((await storeHour()).state, 'off');
    await service.switchOn(before);
    assert.equal((await storeHour()).state, 'stored');
    for (const key of [before, renamed]) assert.ok(sink.rowsOf(table, key).length > 0);
    const [receipt] = await service.erase(renamed);
    assert.equal(receipt!.tables[0]!.windows, 3, 'those of before, too');
    for (const key of [before, renamed]) assert.deepEqual(sink.rowsOf(table, key), []);
  });
  it('a first run whose workspaces do not tell their tables says why, and the next begins', async () => {
    const history = new History(5);
    history.now = BEGIN + 75 * MINUTE;
    const { service } = new Runner(history, new MemoryState(), new MemorySink(), 0, () => 'none');
    history.untold = new AppError('network.refused', 'Nobody listens there.');
    assert.equal((await service.run(DEFINITIONS[0])).error?.code, 'network.refused');
    history.untold = undefined;
    assert.equal((await service.run(DEFINITIONS[0])).workspaces[0]!.state, 'stored');
  });
  it('a centre whose name stands for another one by now gets everything, and nothing is passed over', async () => {
    const history = new History(5);
    const state = new MemoryState();
    const rowsAt = async (sink: MemorySink, place: string): Promise<number> => {
      const { service } = new Runner(history, state, sink, 0, () => 'none', undefined, place);
      const { workspaces } = await service.run(DEFINITIONS[0]);
      assert.deepEqual([...new Set(workspaces.map(({ gaps }) => gaps.length))], [0]);
      return sink.rowsOf({ id: rollupId(DEFINITIONS[0], sha256) }).length;
    };
    history.now = BEGIN + 75 * MINUTE;
    const first = await rowsAt(new MemorySink(), 'here');
    const other = new MemorySink();
    assert.ok(first > 0);
    assert.equal(await rowsAt(other, 'elsewhere'), first, 'what was stored before the centre was another one');
    assert.equal(await rowsAt(other, 'elsewhere'), first);
  });
  it('a centre that nobody names any more is told in the receipt: what it has was not reached', async () => {
    const history = new History(5);
    const state = new MemoryState();
    history.now = BEGIN + 75 * MINUTE;
    await new Runner(history, state, new MemorySink(), 0, () => 'none').service.run(DEFINITIONS[0]);
    const other = Object.assign(new MemorySink(), { name: 'other' });
    const { service } = new Runner(history, state, other, 0, () => 'none');
    const [receipt] = await service.erase(history.estate.workspaces[0]!.customer);
    assert.match(receipt!.remains.join(), /^What is stored in lake was not reached/);
  });
  it('no rows that mean "not allowed" are no window: the line stays where it is until they can be read', async () => {
    const history = new History(5);
    const { sink, state } = { sink: new MemorySink(), state: new MemoryState() };
    const { service } = new Runner(history, state, sink, 0, () => 'none');
    history.now = BEGIN + 75 * MINUTE;
    history.listed = { ...history.listed, protected: true };
    history.silent = true;
    const [kept] = (await service.run(DEFINITIONS[0])).workspaces;
    assert.deepEqual([kept!.state, kept!.error?.code, kept!.until], ['failed', 'access.tableDenied', BEGIN]);
    history.silent = false;
    const [read] = (await service.run(DEFINITIONS[0])).workspaces;
    assert.deepEqual([read!.state, read!.windows, read!.until], ['stored', 1, BEGIN + 60 * MINUTE]);
  });
  for (const [what, state] of [
    ['switchOff', 'off'],
    ['erase', 'off'],
  ] as const)
    it(`${what}: a window that is on its way does not count any more`, async () => {
      const history = new History(5);
      const store = { sink: new MemorySink(), state: new MemoryState() };
      const other = new Runner(history, store.state, store.sink, 0, () => 'none');
      const { customer } = history.estate.workspaces[0]!;
      let pages = 0;
      const runner = new Runner(history, store.state, store.sink, 0, async (step): Promise<Fault> => {
        if (step === 'page' && ++pages === 1) await other.service[what](customer);
        return 'none';
      });
      history.now = BEGIN + 75 * MINUTE;
      const one = { include: [{ kind: 'customer', value: customer } as const], except: [] };
      const { workspaces } = await runner.service.run({ ...DEFINITIONS[0], scope: one });
      assert.deepEqual(
        workspaces.map((report) => [report.state, report.windows]),
        [[state, 0]],
      );
      assert.ok(pages > 0);
      assert.equal(store.sink.windows.size, 0);
    });
  it('a window with more rows than the limit is a gap with its reason, and is filled once the limit is raised', async () => {
    const history = new History(5);
    const { sink, state } = { sink: new MemorySink(), state: new MemoryState() };
    const { service } = new Runner(history, state, sink, 0, () => 'none');
    const [portion] = DEFINITIONS;
    history.now = BEGIN + 75 * MINUTE;
    const tight = await service.run({ ...portion, limits: { rows: 1 } });
    const [gap] = tight.workspaces[0]!.gaps;
    assert.deepEqual(
      [gap!.from, gap!.to, tight.workspaces[0]!.until],
      [BEGIN, BEGIN + 60 * MINUTE, BEGIN + 60 * MINUTE],
    );
    assert.match(gap!.reason, /^A window has more than 1 rows, the limit of the roll-up/);
    const { workspaces } = await service.run(portion);
    assert.deepEqual([workspaces[0]!.windows, workspaces[0]!.gaps], [1, []]);
    assert.equal(
      workspaces[0]!.rows,
      history.rows.get(history.estate.workspaces[0]!.guid)!.filter(({ ingested }) => ingested < BEGIN + 60 * MINUTE)
        .length,
    );
  });
});
