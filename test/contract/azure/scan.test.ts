import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import type { Run } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { openRunWorld, targetOf } from '../badInput/runWorld.ts';
import type { RunWorld } from '../badInput/runWorld.ts';

let world: RunWorld;
before(async () => {
  world = await openRunWorld();
  world.small.workspaces.contoso.tables.get('heartbeat')!.plan = 'Basic';
  world.emulator.world.touch();
});
afterEach(() => {
  world.emulator.faults.clear();
  world.emulator.calls.clear();
});
after(() => world.close());

const scan = async (query: string): Promise<Run> => {
  const { id } = await world.runs.start({
    query,
    scope: EVERYTHING,
    timeRange: { kind: 'last', minutes: 60 },
    scan: true,
  });
  return world.runs.ended(id);
};
const searches = (): string[] =>
  world.emulator.calls.list().flatMap(({ path, status }) => (/\/search$/.test(path) ? [`${status}`] : []));

test('a table in the plan Basic is not queried: the target says so, with the next step', async () => {
  const run = await world.play('Heartbeat | take 3');
  const { state, error } = targetOf(run, 'law-contoso');
  assert.deepEqual([state, error?.code], ['failed', 'query.needsScan']);
  assert.match(error!.message, /^law-contoso keeps Heartbeat \(plan Basic\)\. .*charged/);
  assert.equal(run.completeness.sentence, '2 of 3 workspaces answered, 1 needs a scan');
  assert.deepEqual(searches(), []);
});

test('agreed to, it is searched where it must be, and nowhere else', async () => {
  const run = await scan('Heartbeat | take 3');
  assert.deepEqual([run.rowCount, run.completeness.sentence], [9, '3 of 3 workspaces answered']);
  assert.deepEqual(searches(), ['200']);
});

test('what a search cannot do is that target’s failure', async () => {
  const run = await scan('Heartbeat | join kind=inner Heartbeat on Computer | take 1');
  const { state, error } = targetOf(run, 'law-contoso');
  assert.deepEqual([state, error?.code], ['failed', 'query.refused']);
  assert.match(error!.message, /'join'/);
});

test('a search goes through Resource Manager where the sign-in has no token for Log Analytics', async () => {
  world.small.provider.policy.consentMissing.push('logs');
  const other = await world.with(world.person);
  try {
    const { id } = await other.runs.start({
      query: 'Heartbeat | take 2',
      scope: EVERYTHING,
      timeRange: { kind: 'last', minutes: 60 },
      scan: true,
    });
    assert.equal(targetOf(await other.runs.ended(id), 'law-contoso').rows, 2);
    const ways = world.emulator.calls.list().flatMap(({ path, service }) => (/\/search$/.test(path) ? [service] : []));
    assert.deepEqual(ways, ['arm']);
  } finally {
    world.small.provider.policy.consentMissing.length = 0;
    await other.close();
  }
});
