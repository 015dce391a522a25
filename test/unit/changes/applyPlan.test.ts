import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import type { Intent } from '../../../src/core/changes/changeHandler.ts';
import { makePlan } from '../../../src/core/changes/makePlan.ts';
import type { PreparedPlan } from '../../../src/core/changes/makePlan.ts';
import { toPlanId } from '../../../src/model/ids.ts';
import type { ChangeProgress, PlanResult } from '../../../src/model/plan.ts';
import { hastyClock } from '../provision/fakePort.ts';
import { Lamps, draftLamps, wantLamp } from './toy.ts';

const plan = (lamps: Lamps, ...intents: Intent[]): Promise<PreparedPlan> =>
  makePlan(toPlanId('p'), draftLamps(...intents), [lamps]);

async function apply(
  lamps: Lamps,
  prepared: PreparedPlan,
  options: { readonly signal?: LocalSignal; readonly hear?: (progress: ChangeProgress) => void } = {},
): Promise<PlanResult> {
  const { signal, hear = () => undefined } = options;
  const world = { handlers: [lamps], clock: hastyClock(), report: hear, ...(signal ? { signal } : {}) };
  return (await applyPlan(prepared, world)).result;
}

const states = (result: PlanResult): string[] => result.changes.map(({ id, state }) => `${id} ${state}`);

test('a kind of change that nobody knew before: planned, done, waited for and read back', async () => {
  const lamps = new Lamps(),
    progress: ChangeProgress[] = [];
  lamps.lamps.set('hall', { watts: 40, warming: 0 });
  lamps.lamps.set('attic', { watts: 25, warming: 0 });
  lamps.warming = 2;
  const prepared = await plan(lamps, wantLamp('hall', 60), wantLamp('attic', 25), wantLamp('porch', 10, 'hall'));
  assert.deepEqual(
    prepared.plan.changes.map(({ id, action, title, differences, after }) => [id, action, title, differences, after]),
    [
      ['hall', 'update', 'Change hall', [{ name: 'Watts', before: '40', after: '60' }], []],
      ['attic', 'none', 'attic burns', [], []],
      ['porch', 'create', 'Light porch', [{ name: 'Watts', after: '10' }], ['hall']],
    ],
  );
  assert.deepEqual(prepared.plan.warnings, ['porch gets hot.']);
  assert.deepEqual(prepared.plan.commands.slice(1), [
    'az account set --subscription s',
    'az lamp set --name hall --watts 60',
    'az lamp set --name porch --watts 10',
  ]);
  assert.equal(prepared.plan.template, '', 'a kind that has no template leaves it empty');
  assert.deepEqual(lamps.calls, [], 'a plan only reads');

  const result = await apply(lamps, prepared, { hear: (step) => progress.push(step) });
  assert.deepEqual(
    [result.ok, states(result), result.done, result.exists],
    [true, ['hall done', 'attic unchanged', 'porch done'], ['updateLamp', 'createLamp'], ['lamp hall', 'lamp porch']],
  );
  assert.deepEqual(lamps.calls, ['update hall', 'create porch']);
  const messages = progress.map(({ message }) => message);
  assert.ok(messages.includes('Change hall: switching') && messages.includes('Light porch: warming up'));
  assert.ok(
    progress.every(({ fraction }, at) => at === 0 || fraction >= progress[at - 1]!.fraction),
    'progress never goes back',
  );
});

test('a change that fails stops what depends on it, and nothing else', async () => {
  const lamps = new Lamps();
  lamps.fail.set('hall', { error: new AppError('service.unavailable', 'No current.') });
  const intents = [wantLamp('hall', 60), wantLamp('porch', 10, 'hall'), wantLamp('gate', 10, 'porch')];
  const result = await apply(lamps, await plan(lamps, ...intents, wantLamp('attic', 25)));
  assert.deepEqual(states(result), ['hall failed', 'porch skipped', 'gate skipped', 'attic done']);
  assert.equal(result.changes[1]?.reason?.message, 'Not tried, because this did not succeed: Light hall.');
  assert.deepEqual(lamps.calls, ['create hall', 'create attic']);
  assert.deepEqual([result.ok, result.error?.code], [false, 'service.unavailable']);
  assert.equal(
    result.error?.message,
    'No current. There is now: lamp attic. Run the plan again: it goes on in the lamp that is there, or delete attic if you change your mind.',
  );
});

test('a call that failed after it had done its work is seen through', async () => {
  const lamps = new Lamps();
  lamps.fail.set('hall', { error: new AppError('network.reset', 'The connection was cut.'), late: true });
  const result = await apply(lamps, await plan(lamps, wantLamp('hall', 60)));
  assert.deepEqual([result.ok, result.changes[0]?.exists], [false, 'lamp hall']);
  assert.match(result.error!.message, /There is now: lamp hall\. Refresh the Estate view and check its settings/);
});

test('what came out otherwise is not called a success', async () => {
  const lamps = new Lamps();
  lamps.burns = 15;
  const result = await apply(lamps, await plan(lamps, wantLamp('hall', 60)));
  assert.deepEqual([result.changes[0]?.state, result.error?.code], ['failed', 'service.notVerified']);
  assert.match(result.error!.message, /hall burns with 15 watts/);
});

test('a service that never gets ready is given up, in the end', async () => {
  const lamps = new Lamps();
  lamps.warming = Infinity;
  const result = await apply(lamps, await plan(lamps, wantLamp('hall', 60)));
  assert.deepEqual([result.error?.code, result.error?.retryable], ['service.notVerified', true]);
  assert.match(result.error!.message, /still says: warming up/);
});

test('cancelled in the middle: what was begun is looked at, the rest is not tried', async () => {
  const lamps = new Lamps(),
    signal = new LocalSignal();
  lamps.onWrite = (name) => {
    if (name === 'porch') signal.abort();
  };
  const intents = [wantLamp('hall', 60), wantLamp('porch', 10), wantLamp('attic', 25)];
  const result = await apply(lamps, await plan(lamps, ...intents), { signal });
  assert.deepEqual(states(result), ['hall done', 'porch failed', 'attic skipped']);
  assert.equal(result.error?.code, 'cancelled.byUser');
  assert.match(result.error.message, /^Cancelled\. There is now: lamp hall, lamp porch\. Refresh/);
  assert.deepEqual(lamps.calls, ['create hall', 'create porch']);
});

test('cancelled while it is waited for: the waiting ends at once', async () => {
  const lamps = new Lamps(),
    signal = new LocalSignal();
  lamps.warming = Infinity;
  const hear = ({ message }: ChangeProgress): void => {
    if (message.endsWith('warming up')) signal.abort();
  };
  const result = await apply(lamps, await plan(lamps, wantLamp('hall', 60)), { signal, hear });
  assert.equal(result.error?.code, 'cancelled.byUser');
});

test('a look at what a failure left that takes too long is not waited for', async () => {
  const lamps = new Lamps();
  lamps.fail.set('hall', { error: new AppError('network.reset', 'The connection was cut.') });
  const prepared = await plan(lamps, wantLamp('hall', 60));
  lamps.onWrite = () => {
    lamps.read = () => new Promise(() => undefined);
  };
  const result = await apply(lamps, prepared);
  assert.match(result.error!.message, /^The connection was cut\. What became of hall could not be seen\./);
});

test('what is not as the plan saw it any more is left as it is', async () => {
  const lamps = new Lamps();
  lamps.lamps.set('hall', { watts: 40, warming: 0 });
  const prepared = await plan(lamps, wantLamp('hall', 60), wantLamp('attic', 25));
  lamps.lamps.set('hall', { watts: 5, warming: 0 });
  lamps.lamps.set('attic', { watts: 25, warming: 0 });
  const result = await apply(lamps, prepared);
  assert.deepEqual(states(result), ['hall failed', 'attic unchanged']);
  assert.equal(result.error?.code, 'input.planOutdated');
  assert.deepEqual(lamps.calls, []);
});

test('what the service would refuse is refused when it is planned; an order that cannot be is a bug', async () => {
  const lamps = new Lamps();
  await assert.rejects(plan(lamps, wantLamp('hall', 101)), { code: 'input.lamp' });
  await assert.rejects(plan(lamps, wantLamp('porch', 1, 'hall'), wantLamp('hall', 1)), { code: 'bug.planOrder' });
  await assert.rejects(plan(lamps, wantLamp('hall', 1), wantLamp('hall', 2)), { code: 'bug.planOrder' });
  await assert.rejects(plan(lamps, { ...wantLamp('hall', 1), resource: 'moon' }), { code: 'bug.noHandler' });
});
