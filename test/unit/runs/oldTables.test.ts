import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toWorkspaceKey } from '../../../src/model/ids.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { COUNT, acrossWorld, schemaOf } from './acrossWorld.ts';
import { answer, failure, targetStates } from './world.ts';

// Runs by tables that workspaces told long ago: what they are now comes behind them.
const QUERY = 'T | count';
const wider = {
  tables: [
    {
      name: 'T',
      columns: [
        { name: 'n', type: 'long' as const },
        { name: 'm', type: 'long' as const },
      ],
    },
  ],
};

test('a workspace that turns out to have other tables is a part of the answer, by name, until it is asked anew', async () => {
  const { clock, service, play, retold, logs, total } = acrossWorld(() => answer(['n'], [[1]]), 3, { old: true });
  const run = await play(QUERY);
  assert.deepEqual([run.completeness.complete, total(run.id)], [true, 3]);
  const heard: string[] = [];
  service.changed(({ completeness }) => heard.push(completeness.sentence));
  retold.fire({ workspace: toWorkspaceKey('/ws/2'), schema: wider });
  const after = service.get(run.id);
  assert.deepEqual(targetStates(after), ['ws1 answered', 'ws2 partial', 'ws3 answered']);
  assert.equal(after.targets[1]?.error?.code, 'query.tablesChanged');
  assert.deepEqual(heard, ['The total lacks 1 of 3 workspaces: 1 made of older tables']);
  const asked = logs.asked.length;
  service.retry(run.id);
  const again = await clock.run(service.ended(run.id));
  assert.deepEqual([again.completeness.complete, logs.asked.length - asked], [true, 1]);
});

test('tables that the query does not look at, and tables told as they were, change nothing', async () => {
  const { service, play, retold } = acrossWorld(() => answer(['n'], [[1]]), 2, { old: true });
  const run = await play(QUERY);
  const others = { tables: [...schemaOf().tables, { name: 'Unread', columns: [] }] };
  for (const schema of [others, schemaOf()]) retold.fire({ workspace: toWorkspaceKey('/ws/1'), schema });
  assert.deepEqual(targetStates(service.get(run.id)), ['ws1 answered', 'ws2 answered']);
});

test('what is told while a run goes on is said at its end', async () => {
  const { clock, service, retold } = acrossWorld(() => answer(['n'], [[1]]), 2, { old: true });
  const run = await service.start({ query: QUERY, scope: EVERYTHING, timeRange: { kind: 'inQuery' } });
  await clock.run(clock.sleep(50));
  assert.equal(service.get(run.id).state, 'running');
  retold.fire({ workspace: toWorkspaceKey('/ws/1'), schema: wider });
  assert.deepEqual(targetStates(await clock.run(service.ended(run.id))), ['ws1 partial', 'ws2 answered']);
});

test('what everybody refuses that was made of old tables is made once more of those they have now', async () => {
  const { play, learnt, forgotten, total } = acrossWorld(
    (_request, attempt) => (attempt === 1 ? failure('query.semantic', 'No column.') : answer(['n'], [[2]])),
    2,
    { old: true, plan: () => COUNT },
  );
  const run = await play(QUERY);
  assert.deepEqual([run.answer, run.completeness.complete, total(run.id)], ['across', true, 4]);
  assert.deepEqual([learnt.length, forgotten.length], [2, 2]);
});
