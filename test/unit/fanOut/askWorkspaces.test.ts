import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { askWorkspaces } from '../../../src/core/fanOut/askWorkspaces.ts';
import { completenessOfOutcomes } from '../../../src/core/fanOut/completeness.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { lastDataOf } from '../../../src/core/runs/lastData.ts';
import { toWorkspaceKey } from '../../../src/model/ids.ts';
import { FakeLogs, answer, estateOf, failure } from '../runs/world.ts';
import { VirtualClock } from '../runs/virtualClock.ts';

const estate = estateOf(4, (workspace, i) => (i === 1 ? { ...workspace, paths: [] } : workspace));
const everybody = [...estate.workspaces.map((workspace) => workspace.key), toWorkspaceKey('/ws/gone')];

test('a question to workspaces needs them, the work and the quota: who is gone, unreachable or refuses is an outcome', async () => {
  const clock = new VirtualClock();
  const outcomes = await clock.run(
    askWorkspaces({
      name: 'assessment',
      workspaces: everybody,
      estate,
      quota: new QuotaScheduler(clock),
      ask: async (workspace, issuer) => {
        await clock.sleep(10);
        if (workspace.name === 'ws3') throw failure('access.denied', 'Not for you.');
        return `${workspace.name} by ${issuer.account}`;
      },
    }),
  );
  assert.deepEqual(
    [...outcomes].map(([key, outcome]) => [key, outcome.ok ? outcome.value : outcome.error.code]),
    [
      ['/ws/1', 'ws1 by sp:app'],
      ['/ws/2', 'access.noPath'],
      ['/ws/3', 'access.denied'],
      ['/ws/4', 'ws4 by sp:app'],
      ['/ws/gone', 'input.unknownWorkspace'],
    ],
  );
  assert.equal(completenessOfOutcomes(outcomes).sentence, '2 of 5 workspaces answered, 2 no access, 1 workspace gone');
});

test('last data: the time, none, or who did not say and why', async () => {
  const clock = new VirtualClock();
  const logs = new FakeLogs(clock, ({ workspaceGuid }) =>
    workspaceGuid === 'guid-1'
      ? answer(['LastData:datetime'], [['2026-11-29T03:00:00.0000000Z']])
      : workspaceGuid === 'guid-3'
        ? failure('service.unavailable', 'ws3 is busy.', true)
        : answer(['LastData:datetime'], [[null]]),
  );
  const told = await clock.run(lastDataOf({ workspaces: everybody, estate, logs, quota: new QuotaScheduler(clock) }));
  assert.deepEqual(
    [...told.values()].map((outcome) => (outcome.ok ? outcome.value : outcome.error.message)),
    [
      '2026-11-29T03:00:00.0000000Z',
      'No signed-in account reaches ws2. Sign in, or ask for access.',
      'ws3 is busy.',
      null,
      'This workspace is no longer in your estate.',
    ],
  );
  assert.equal(logs.asked.length, 5, 'the busy one was asked three times');
});

test('a question that is cancelled rejects, and sends nothing more', async () => {
  const clock = new VirtualClock();
  const logs = new FakeLogs(clock, () => 'hang');
  const signal = new LocalSignal();
  const asked = lastDataOf({
    workspaces: estateOf(9).workspaces.map((workspace) => workspace.key),
    estate: estateOf(9),
    logs,
    quota: new QuotaScheduler(clock),
    signal,
  });
  asked.catch(() => undefined);
  await clock.run(clock.sleep(50));
  signal.abort();
  await assert.rejects(clock.run(asked), { code: 'cancelled.byUser' });
  assert.equal(logs.asked.length, 4, 'a place is left to the person who runs a query');
});
