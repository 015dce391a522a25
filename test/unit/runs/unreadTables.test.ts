import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readQuery } from '../../../src/core/runs/readQuery.ts';
import type { LogsQuery } from '../../../src/ports/logs.ts';
import { answer, estateOf, failure, listedTable, runWorld, targetStates } from './world.ts';

const some = answer(['n'], [[1]]);
const none = answer(['n'], []);
const zero = answer(['n'], [[0]]);
const unresolved = (name: string) =>
  failure('query.semantic', `Failed to resolve table or column expression named '${name}'`, false, {
    unresolved: { kind: 'table', name },
  });
const isProbe = ({ query }: LogsQuery): boolean => query.endsWith('| take 1') && query.startsWith('["');

test('an answer that names the tables it was denied is none, or a part', async () => {
  const denied = { deniedTables: ['SecurityEvent', 'Tables.Custom'] };
  const { play, store, listed } = runWorld(
    ({ workspaceGuid }) =>
      answer(['n'], workspaceGuid === 'guid-1' ? [[0]] : [[1]], workspaceGuid === 'guid-3' ? {} : denied),
    estateOf(3),
    { readQuery },
    () => [listedTable('SecurityEvent'), listedTable('Heartbeat')],
  );
  const one = await play('SecurityEvent | count');
  assert.deepEqual(targetStates(one), ['ws1 failed', 'ws2 failed', 'ws3 answered']);
  assert.equal(one.completeness.sentence, '1 of 3 workspaces answered, 2 not readable');
  assert.equal(
    one.targets[0]!.error?.message,
    "ws1 keeps the rows of SecurityEvent from this account. Azure Lighthouse cannot carry read access to the table: ask the customer's administrator to give it to a guest or an application of their tenant.",
  );
  assert.deepEqual([...store.rows.get(one.id)!.keys()], ['/ws/3'], 'a count of what may not be read is no answer');
  assert.deepEqual(listed, [], 'the answer says it all');
  const two = await play('union SecurityEvent, Heartbeat');
  assert.deepEqual(targetStates(two), ['ws1 partial', 'ws2 partial', 'ws3 answered']);
  assert.equal(two.completeness.sentence, '1 of 3 workspaces answered, 2 readable in part');
  assert.deepEqual(targetStates(await play('Heartbeat')), ['ws1 answered', 'ws2 answered', 'ws3 answered']);
  assert.deepEqual(targetStates(await play('My_CL')), ['ws1 failed', 'ws2 failed', 'ws3 answered']);
  assert.deepEqual(targetStates(await play('search "x"')), ['ws1 partial', 'ws2 partial', 'ws3 answered']);
  assert.deepEqual(targetStates(await play('_Im_Logon')), ['ws1 partial', 'ws2 partial', 'ws3 answered'], 'a function');
  assert.deepEqual(targetStates(await play('print 1')), ['ws1 answered', 'ws2 answered', 'ws3 answered']);
});

test('a name that is not resolved is a missing table only where the list lacks it', async () => {
  const { play, listed } = runWorld(
    ({ workspaceGuid }) => (workspaceGuid === 'guid-4' ? some : unresolved('App_CL')),
    estateOf(4),
    { readQuery },
    (armId) =>
      ({
        '/ws/1': [listedTable('App_CL')],
        '/ws/2': [listedTable('app_cl'), listedTable('Heartbeat')],
      })[armId] ?? failure('access.insufficient', 'This account may not list them.'),
  );
  const run = await play('App_CL');
  assert.deepEqual(targetStates(run), ['ws1 failed', 'ws2 empty', 'ws3 failed', 'ws4 answered']);
  assert.deepEqual(
    run.targets.map((target) => target.error?.code),
    ['access.tableDenied', 'query.tableMissing', 'access.tableUnknown', undefined],
  );
  assert.equal(
    run.completeness.sentence,
    '2 of 4 workspaces answered (1 has no such table), 1 not readable, 1 table missing or not readable',
  );
  await play('App_CL');
  assert.deepEqual(listed.filter((armId) => armId !== '/ws/3').length, 2, 'each list is asked for once');
});

test('a table that exists for others is no typing error: the run does not fail', async () => {
  const { play } = runWorld(
    () => unresolved('App_CL'),
    estateOf(2),
    { readQuery },
    (armId) => (armId === '/ws/1' ? [listedTable('App_CL')] : []),
  );
  const run = await play('App_CL');
  assert.deepEqual([run.state, run.error], ['finished', undefined]);
  assert.deepEqual(targetStates(run), ['ws1 failed', 'ws2 empty']);
});

test('no rows of a protected table: one probe tells whether it can be read at all', async () => {
  const { play, logs, listed } = runWorld(
    (request) => {
      const { workspaceGuid } = request;
      if (isProbe(request)) return workspaceGuid === 'guid-2' ? some : none;
      return workspaceGuid === 'guid-4' ? some : workspaceGuid === 'guid-1' ? zero : none;
    },
    estateOf(4),
    { readQuery },
    (armId) => [listedTable('SecurityEvent', armId === '/ws/3' ? {} : { protected: true })],
  );
  const run = await play('SecurityEvent | where EventID == 1 | count');
  assert.deepEqual(targetStates(run), ['ws1 failed', 'ws2 empty', 'ws3 empty', 'ws4 answered']);
  assert.match(run.targets[0]!.error!.message, /protected.*Privileged Monitoring Data Reader.*guest/s);
  assert.deepEqual(listed, ['/ws/1', '/ws/2', '/ws/3'], 'who has rows is not looked into');
  assert.deepEqual(
    logs.asked.filter(isProbe).map(({ workspaceGuid, query }) => [workspaceGuid, query]),
    [
      ['guid-1', '["SecurityEvent"] | take 1'],
      ['guid-2', '["SecurityEvent"] | take 1'],
    ],
  );
});

test('rows of one table do not speak for a protected one beside it, once the list is known', async () => {
  const { play, listed } = runWorld(
    (request) => (request.query.includes('union') ? some : none),
    estateOf(1),
    { readQuery },
    () => [listedTable('SecurityEvent', { protected: true }), listedTable('Heartbeat')],
  );
  const both = 'union SecurityEvent, Heartbeat';
  assert.deepEqual(targetStates(await play(both)), ['ws1 answered'], 'no list is asked for where rows came');
  assert.deepEqual(listed, []);
  await play('SecurityEvent');
  const run = await play(both);
  assert.deepEqual(targetStates(run), ['ws1 partial']);
  assert.equal(run.completeness.sentence, '0 of 1 workspace answered, 1 readable in part');
});

test('no rows of a workspace that only data actions open: probed without a list', async () => {
  const { play, listed } = runWorld(
    (request) => (request.workspaceGuid === 'guid-1' && request.query.includes('Heartbeat') ? some : none),
    estateOf(2, (workspace) => ({ ...workspace, dataActionsOnly: true })),
    { readQuery },
  );
  assert.deepEqual(targetStates(await play('Heartbeat')), ['ws1 answered', 'ws2 failed']);
  const all = await play('search "x"');
  assert.deepEqual(targetStates(all), ['ws1 failed', 'ws2 failed'], 'Usage stands for all tables');
  assert.match(all.targets[0]!.error!.message, /only data roles open it.*Log Analytics Data Reader/);
  assert.deepEqual(listed, []);
});

test('a probe that fails is the reason of its target; a list that may not be read accuses nobody', async () => {
  const { play } = runWorld(
    (request) => (isProbe(request) ? failure('service.unavailable', 'Busy.', true) : none),
    estateOf(2),
    { readQuery },
    (armId) =>
      armId === '/ws/1'
        ? [listedTable('SecurityEvent', { protected: true })]
        : failure('access.insufficient', 'This account may not list them.'),
  );
  const run = await play('SecurityEvent');
  assert.deepEqual(targetStates(run), ['ws1 failed', 'ws2 empty']);
  assert.equal(run.targets[0]!.error?.code, 'service.unavailable');
});
