/** A program that ends while a run goes on, and the next one on what it left. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recoverRun } from '../../../src/core/runs/recoverRun.ts';
import { RunHistory } from '../../../src/core/runs/runHistory.ts';
import { RunJournal } from '../../../src/core/runs/runJournal.ts';
import type { Run } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { acrossWorld } from './acrossWorld.ts';
import { answer, estateOf, failure, runWorld, targetStates } from './world.ts';
import type { FakeStore } from './world.ts';
import { VirtualClock } from './virtualClock.ts';

const REQUEST = { query: 'T | count', scope: EVERYTHING, timeRange: { kind: 'last', minutes: 60 } } as const;

/** Files in memory that the next program finds. */
class Disk {
  readonly notes = new Map<string, string>();
  history = '';
  archive(clock: VirtualClock = new VirtualClock()) {
    return {
      journal: new RunJournal(
        {
          all: async () => [...this.notes].map(([name, text]) => ({ name, text })),
          write: async (name, text) => {
            this.notes.set(name, text);
          },
          remove: async (name) => {
            this.notes.delete(name);
          },
        },
        clock,
      ),
      history: new RunHistory({
        read: async () => this.history,
        write: async (text) => {
          this.history = text;
        },
      }),
    };
  }
}

/** What the next program makes of it. */
async function after(disk: Disk, store: FakeStore): Promise<readonly Run[]> {
  const next = runWorld(() => answer(['n'], [[1]]), estateOf(3), { ...disk.archive(), store });
  await next.service.restore();
  return next.service.list();
}
const hangs =
  (guid: string) =>
  ({ workspaceGuid }: { workspaceGuid: string }) =>
    workspaceGuid === guid ? ('hang' as const) : answer(['n'], [[1], [2]]);

test('what had arrived is there, and who was still asked is lost by name', async () => {
  const disk = new Disk();
  const world = runWorld(hangs('guid-2'), estateOf(3), disk.archive());
  const { id } = await world.service.start({ ...REQUEST, query: 'T' });
  await world.clock.run(world.clock.sleep(500));

  const [run] = await after(disk, world.store);
  assert.deepEqual([run!.id, run!.state, run!.rowCount], [id, 'cancelled', 4]);
  assert.deepEqual(targetStates(run!), ['ws1 answered', 'ws2 failed', 'ws3 answered']);
  assert.equal(run!.completeness.sentence, '2 of 3 workspaces answered, 1 lost in a crash');
  assert.equal(disk.notes.size, 0);
  assert.deepEqual(
    (await after(disk, world.store)).map((one) => one.rowCount),
    [4],
    'and a run of the history from then on',
  );
});

test('rows that came after the last note are not part of the run: nobody knows that they are whole', async () => {
  const disk = new Disk();
  const world = runWorld(hangs('guid-2'), estateOf(3), disk.archive());
  const { id } = await world.service.start({ ...REQUEST, query: 'T' });
  await world.clock.run(world.clock.sleep(500));
  const whose = { customer: 'c', tenant: 't', workspace: 'ws2' };
  await world.service.rows(id).append('/ws/2', whose, [{ name: 'n', type: 'long' }], [[7]]);
  await world.service.rows(id).append('/ws/3', whose, [{ name: 'n', type: 'long' }], [[8], [9]]);

  const [run] = await after(disk, world.store);
  assert.deepEqual(targetStates(run!), ['ws1 answered', 'ws2 failed', 'ws3 failed']);
  assert.deepEqual([...world.store.rows.get(id)!.keys()], ['/ws/1']);
});

test('a total counts for those alone whose numbers are in it', async () => {
  const disk = new Disk();
  const late = ({ workspaceGuid }: { workspaceGuid: string }) =>
    workspaceGuid === 'guid-3' ? ('hang' as const) : answer(['n'], [[5]]);
  const world = acrossWorld(late, 3, {}, disk.archive());
  await world.service.start(REQUEST);
  await world.clock.run(world.clock.sleep(3_000));

  const [run] = await after(disk, world.store);
  assert.deepEqual([run!.rowCount, run!.unfinished], [1, true]);
  assert.deepEqual(targetStates(run!), ['ws1 answered', 'ws2 answered', 'ws3 failed']);
  assert.equal(run!.completeness.sentence, 'The total lacks 1 of 3 workspaces: 1 lost in a crash');
  assert.deepEqual(run!.columns, [{ name: 'n', type: 'long', presentIn: 2 }]);
});

test('who answered after a total was made is not in it, and is not said to be', async () => {
  const { play, service } = acrossWorld(() => answer(['n'], [[5]]), 2);
  const run = await play('T | count');
  const rows = service.rows(run.id);
  const recovered = await recoverRun({ run, stamps: rows.stamps(), total: ['/ws/1'] }, rows, 0);
  assert.deepEqual(targetStates(recovered), ['ws1 answered', 'ws2 failed']);
  assert.equal(recovered.unfinished, true);
});

test('a total that was replaced and not noted is gone: it may hold what its run does not say', async () => {
  const disk = new Disk();
  const late = ({ workspaceGuid }: { workspaceGuid: string }) =>
    workspaceGuid === 'guid-3' ? ('hang' as const) : answer(['n'], [[5]]);
  const world = acrossWorld(late, 3, {}, disk.archive());
  const { id } = await world.service.start(REQUEST);
  await world.clock.run(world.clock.sleep(3_000));
  await world.service.rows(id).combine('part1 | summarize n = sum(n)', [], { now: 0n });

  const [run] = await after(disk, world.store);
  assert.deepEqual([run!.rowCount, run!.completeness.answered], [0, 0]);
});

test('a run that ended leaves no note; one that is retried is what it came to, not what it was', async () => {
  const disk = new Disk();
  let fails = true;
  const script = ({ workspaceGuid }: { workspaceGuid: string }) =>
    workspaceGuid === 'guid-2' ? (fails ? failure('access.denied') : ('hang' as const)) : answer(['n'], [[1]]);
  const world = runWorld(script, estateOf(2), disk.archive());
  const first = await world.play('T');
  assert.deepEqual([first.completeness.answered, disk.notes.size], [1, 0]);
  fails = false;
  world.service.retry(first.id);
  await world.clock.run(world.clock.sleep(500));

  const [run, ...others] = await after(disk, world.store);
  assert.deepEqual(targetStates(run!), ['ws1 answered', 'ws2 failed']);
  assert.equal(run!.targets[1]!.error?.code, 'engine.crashed');
  assert.deepEqual(others, []);
});

test('a run that begins before the earlier ones are known keeps its note', async () => {
  const disk = new Disk();
  const world = runWorld(hangs('guid-2'), estateOf(2), disk.archive());
  const { id } = await world.service.start({ ...REQUEST, query: 'T' });
  await world.clock.run(world.clock.sleep(500));
  await world.service.restore();
  assert.deepEqual([[...disk.notes.keys()], world.service.get(id).state], [[id], 'running']);
});

test('of a run that is not to be kept nothing is noted, and nothing is in the history', async () => {
  const disk = new Disk();
  const world = runWorld(hangs('guid-2'), estateOf(2), disk.archive());
  const { id } = await world.service.start({ ...REQUEST, query: 'T', passing: true });
  await world.clock.run(world.clock.sleep(500));
  assert.equal(disk.notes.size, 0);
  world.service.cancel(id);
  const run = await world.clock.run(world.service.ended(id));
  assert.deepEqual([run.passing, disk.history], [true, '']);
  await world.service.close();
  assert.equal(world.store.rows.has(id), false, 'its rows go with the program');
});

test('a note that cannot be read, or is of a later version, is passed over and cleared away', async () => {
  const disk = new Disk();
  disk.notes.set('a', 'not json').set('b', '{"v":1,"run":{}}').set('c', '{"v":2}');
  const world = runWorld(() => answer(['n'], [[1]]), estateOf(1), disk.archive());
  await world.service.restore();
  assert.deepEqual([world.service.list(), disk.notes.size], [[], 0]);
});
