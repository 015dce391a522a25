import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readQuery } from '../../../src/core/runs/readQuery.ts';
import { retryRun } from '../../../src/extension/session/retryRun.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { Run } from '../../../src/model/run.ts';
import type { LogsQuery } from '../../../src/ports/logs.ts';
import { answer, estateOf, failure, listedTable, runWorld, targetStates } from './world.ts';

const some = answer(['n'], [[1]]);
const needsScan = failure('query.needsScan', 'It is searched, not queried.');
const LAST_HOUR = { kind: 'last', minutes: 60 } as const;
/** Workspaces 1 to `cheap` keep the table in the plan Basic. */
const world = (count: number, cheap: number) =>
  runWorld(
    ({ workspaceGuid, scan }: LogsQuery) =>
      Number(workspaceGuid.slice(5)) <= cheap && scan !== true ? needsScan : some,
    estateOf(count),
    { readQuery },
    () => [listedTable('Trace', { plan: 'Basic' })],
  );

test('a table that is only searched says its plan, what it costs and how to go on; the others answer', async () => {
  const { play, logs } = world(3, 1);
  const run = await play('Trace');
  assert.deepEqual(targetStates(run), ['ws1 failed', 'ws2 answered', 'ws3 answered']);
  assert.equal(run.completeness.sentence, '2 of 3 workspaces answered, 1 needs a scan');
  assert.match(run.targets[0]!.error!.message, /^ws1 keeps Trace \(plan Basic\)\. .*charged.*--scan\.$/);
  assert.ok(
    logs.asked.every(({ scan }) => scan === undefined),
    'nothing is charged that nobody agreed to',
  );
});

test('with the person’s word they are searched, two at once, with the time range beside the query', async () => {
  const { service, clock, logs } = world(7, 6);
  const { id } = await service.start({ query: 'Trace', scope: EVERYTHING, timeRange: LAST_HOUR, scan: true });
  const run = await clock.run(service.ended(id));
  assert.deepEqual([run.state, run.completeness.sentence], ['finished', '7 of 7 workspaces answered']);
  const scans = logs.asked.flatMap((request, i) => (request.scan ? [{ request, at: logs.at[i]! }] : []));
  assert.deepEqual(
    [
      scans.length,
      scans.every(({ request }) => request.timespan === '1969-12-31T23:00:00.000Z/1970-01-01T00:00:00.000Z'),
    ],
    [6, true],
  );
  const starts = scans.map(({ at }) => at - scans[0]!.at);
  assert.deepEqual(starts, [0, 0, 100, 100, 200, 200], 'each takes 100 ms');
});

test('without a time range beside the query nothing is sent', async () => {
  const { service, logs } = world(1, 1);
  const start = service.start({ query: 'Trace', scope: EVERYTHING, timeRange: { kind: 'inQuery' }, scan: true });
  await assert.rejects(start, { code: 'input.scanTimeRange' });
  assert.deepEqual(logs.asked, []);
});

test('a retry searches only after the person agreed', async () => {
  const { service, clock, play, logs } = world(2, 1);
  const first = await play('Trace');
  const asked: string[] = [];
  const retry = (agrees: boolean, run: Run = first): Promise<void> =>
    retryRun(
      {
        runs: { find: () => run, retry: async (id, scan) => service.retry(id, scan) },
        notify: {
          confirm: async (question) => {
            asked.push(question);
            return agrees;
          },
        },
      },
      run.id,
    );
  await retry(false);
  assert.equal(service.get(first.id).state, 'finished', 'nobody else was to be asked again');
  await retry(true);
  const run = await clock.run(service.ended(first.id));
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 answered']);
  assert.equal(logs.asked.filter(({ scan }) => scan).length, 1);
  assert.deepEqual(new Set(asked), new Set(['Search Basic and Auxiliary tables in 1 workspace?']));
});
