import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { RunId } from '../../../src/model/ids.ts';
import { openRunWorld, refused, targetOf } from '../badInput/runWorld.ts';
import type { RunWorld } from '../badInput/runWorld.ts';

/** The real clients over three workspaces that each have ten heartbeats of the same ten computers. */
let world: RunWorld;
before(async () => {
  world = await openRunWorld({ across: true });
  // The newest heartbeat is of the moment that somebody first asks: from now on it is in the past.
  await world.play('Heartbeat');
});
afterEach(() => {
  world.emulator.faults.clear();
});
after(() => world.close());

async function rowsOf(run: RunId): Promise<unknown[][]> {
  return (await world.runs.rows(run).window({ first: 0, count: 1000 })).rows.map((row) => [...row]);
}

test('summarize over all workspaces has one row a group, and equals the sum of what each has', async () => {
  const across = await world.play(
    'Heartbeat | summarize n = count(), latest = max(TimeGenerated) by Computer | sort by Computer asc',
  );
  assert.deepEqual([across.state, across.answer, across.plan?.promise], ['finished', 'across', { kind: 'exact' }]);
  assert.deepEqual(
    across.columns.map(({ name }) => name),
    ['Computer', 'n', 'latest'],
  );
  const rows = await rowsOf(across.id);
  assert.deepEqual(
    rows.map(([computer, n]) => [computer, n]),
    Array.from({ length: 10 }, (_, i) => [`computer-${i}`, '3']).map(([name, n]) => [name, Number(n)]),
  );
  // What travels are groups, not rows.
  assert.deepEqual(
    across.targets.map((target) => target.rows),
    [10, 10, 10],
  );
});

test('columns that depend on the data are those of everybody’s rows, found here', async () => {
  const run = await world.play(
    'Heartbeat | summarize n = count() by Computer | project d = bag_pack(Computer, n) | evaluate bag_unpack(d)',
  );
  assert.deepEqual(
    [run.state, run.answer, run.plan?.promise, run.rowCount],
    ['finished', 'across', { kind: 'exact' }, 10],
  );
  assert.deepEqual(
    run.columns.map(({ name }) => name),
    Array.from({ length: 10 }, (_, i) => `computer-${i}`),
  );
  assert.deepEqual(
    (await rowsOf(run.id)).flat().filter((value) => value !== null),
    Array<number>(10).fill(3),
  );
});

test('whose a row is can be asked inside the query', async () => {
  const run = await world.play('Heartbeat | summarize n = count() by _Customer | sort by _Customer asc');
  assert.deepEqual(await rowsOf(run.id), [
    ['Contoso', 10],
    ['Fabrikam', 10],
    ['Provider', 10],
  ]);
});

test('top is of all rows together, each with whose it is', async () => {
  const run = await world.play('Heartbeat | top 4 by Computer desc | project Computer');
  assert.equal(run.answer, 'across');
  assert.deepEqual(
    (await rowsOf(run.id)).map((row) => row.at(-1)),
    ['computer-9', 'computer-9', 'computer-9', 'computer-8'],
  );
});

test('a failing workspace makes the total a part, by name; retry repairs it and asks nobody else', async () => {
  world.emulator.faults.add({
    match: { service: 'logs', workspace: 'law-contoso', path: '/query' },
    fault: refused(403, 'InsufficientAccessError', 'No access.'),
  });
  const run = await world.play('Heartbeat | count');
  assert.deepEqual([await rowsOf(run.id), run.unfinished], [[[20]], true]);
  assert.equal(run.completeness.sentence, 'The total lacks 1 of 3 workspaces: 1 no access');
  assert.equal(targetOf(run, 'law-contoso').state, 'failed');
  world.emulator.faults.clear();
  const before = world.sent.length;
  world.runs.retry(run.id);
  const again = await world.runs.ended(run.id);
  assert.deepEqual([await rowsOf(run.id), again.unfinished, world.sent.length - before], [[[30]], undefined, 1]);
});

test('no request has a comment, or a name of another customer, wherever the query has it', async () => {
  const from = world.sent.length;
  const run = await world.play(
    '// for Fabrikam\nlet who = "Contoso"; // and Contoso\nHeartbeat | where Computer !has who and Computer != "fabrikam.example" | summarize n = count() by Kind = iff(Computer has "Fabrikam", "ours", "theirs")',
  );
  assert.deepEqual([run.answer, await rowsOf(run.id)], ['across', [['theirs', 30]]]);
  const sent = world.sent.slice(from);
  assert.equal(sent.length, 3);
  for (const { query } of sent) assert.doesNotMatch(query, /contoso|fabrikam|\/\//i);
});

test('a table that no workspace has is the service’s to say', async () => {
  const run = await world.play('Heartbeats | count');
  assert.deepEqual([run.state, run.error?.code], ['failed', 'query.semantic']);
  assert.match(run.error!.message, /Did you mean/);
});

test('what reads no table is answered once, and nobody is asked', async () => {
  const from = world.sent.length;
  const run = await world.play('print x = 1');
  assert.deepEqual([run.answer, await rowsOf(run.id), world.sent.length - from], ['across', [[1]], 0]);
});

test('what has no plan is each workspace’s own answer, with the reason', async () => {
  const run = await world.play(
    'let bags = Heartbeat | project d = bag_pack("c", Computer) | evaluate bag_unpack(d); bags | count',
  );
  assert.deepEqual([run.answer, run.rowCount], ['perWorkspace', 3]);
  assert.match(run.perWorkspaceNote!.sentence, /^Each workspace's own answer: /);
});
