import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { RunProgress } from '../../../src/cli/output/progress.ts';
import type { Terminal } from '../../../src/cli/output/terminal.ts';
import type { AcrossPlan } from '../../../src/kql/across/acrossPlan.ts';
import type { Run } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { LogsAnswer, LogsQuery } from '../../../src/ports/logs.ts';
import { acrossWorld, partOf } from './acrossWorld.ts';
import type { AcrossParts } from './acrossWorld.ts';
import { answer, targetStates } from './world.ts';

const CUT = { code: 'query.truncated' as const, message: 'The service cut the answer.', retryable: false };
const ROWS: AcrossPlan = { parts: [partOf('part1', 'T')], columns: [], promise: { kind: 'exact' }, apart: [] };

/** A workspace with a row in each of 32 ticks, and a service that gives `most` of them at once. */
function service(most: number, more: Partial<LogsAnswer> = {}) {
  return ({ query }: Pick<LogsQuery, 'query'>): LogsAnswer => {
    if (query === 'times') return answer(['Rows', 'First', 'Last', 'Cuts:dynamic'], [[32, 0, 31, 'null']]);
    const [, from = '', to = ''] = /^slice (\d*)\.\.(\d*)$/.exec(query) ?? [];
    const rows = Array.from({ length: 32 }, (_, i) => [i]).filter(
      ([tick]) => (from === '' || tick! >= Number(from)) && (to === '' || tick! < Number(to)),
    );
    const told = rows.length > most ? { rows: rows.slice(0, most), partial: { partial: CUT } } : { rows, partial: {} };
    return answer(['n'], told.rows, { ...(query.startsWith('slice') ? {} : more), ...told.partial });
  };
}
const SLICED: AcrossParts = {
  plan: () => ROWS,
  sliced: () => ({ times: 'times', text: ({ from = '', to = '' }) => `slice ${from}..${to}` }),
};
const asked = ({ asked: all }: { readonly asked: readonly LogsQuery[] }): string[] => all.map(({ query }) => query);

test('a cut answer is asked again in slices, the newest first, beside the same time range', async () => {
  const { play, logs, store, snapshots } = acrossWorld(service(16), 1, SLICED);
  const run = await play('T | where n > 1');
  assert.deepEqual(asked(logs), ['T | where n > 1', 'times', 'slice 16..', 'slice ..16']);
  assert.equal(new Set(logs.asked.map(({ timespan }) => timespan)).size, 1);
  assert.deepEqual(targetStates(run), ['ws1 answered']);
  const [target] = run.targets;
  assert.deepEqual([target!.rows, target!.slices, target!.bytes], [32, { number: 2, count: 2 }, 300]);
  assert.deepEqual(
    [...store.rows.get(run.id)!.values()].flatMap(({ rows }) => rows.map(([n]) => n)),
    [...Array.from({ length: 16 }, (_, i) => 16 + i), ...Array.from({ length: 16 }, (_, i) => i)],
  );
  const told = snapshots.flatMap(({ targets: [one] }) =>
    one!.state === 'running' && one!.slices ? [`${one!.slices.number} of ${one!.slices.count}, ${one!.rows} rows`] : [],
  );
  assert.deepEqual([...new Set(told)], ['1 of 2, 16 rows', '2 of 2, 16 rows']);
});

test('a slice that is cut, too, is halved, and what it brought is in no answer', async () => {
  const { play, logs } = acrossWorld(service(10), 1, SLICED);
  const run = await play('T');
  assert.deepEqual(asked(logs).slice(2), [
    'slice 16..',
    'slice 24..',
    'slice 16..24',
    'slice ..16',
    'slice 8..16',
    'slice ..8',
  ]);
  assert.deepEqual([run.rowCount, run.targets[0]!.slices], [32, { number: 4, count: 4 }]);
});

test('a higher limit never gives fewer rows than none: the slice that reaches it is kept whole', async () => {
  const rowsOf = async (maxRows: number, query = 'T'): Promise<readonly (number | string | undefined)[]> => {
    const { service: runs, clock } = acrossWorld(service(20), 1, SLICED);
    const { id } = await runs.start({ query, scope: EVERYTHING, timeRange: { kind: 'inQuery' }, maxRows });
    const [target] = (await clock.run(runs.ended(id))).targets;
    return [target!.rows, target!.state];
  };
  assert.deepEqual(await rowsOf(0), [20, 'partial']);
  // The newer half of 32 has 16 rows, fewer than the cut answer; the older one goes past 21 and makes it whole.
  assert.deepEqual(await rowsOf(21), [32, 'answered']);
  assert.deepEqual(await rowsOf(1), [20, 'partial'], 'nothing is continued, and nothing is cut');
});

test('all places may be taken by answers that are cut: none waits for another', async () => {
  const { play } = acrossWorld(service(16, { bytes: 60_000_000 }), 9, SLICED);
  const run = await play('T');
  assert.deepEqual([run.rowCount, run.completeness.sentence], [9 * 32, '9 of 9 workspaces answered']);
});

test('how an answer is drawn is what the whole of it said', async () => {
  const { play } = acrossWorld(service(16, { render: { visualization: 'timechart' } }), 1, SLICED);
  assert.deepEqual((await play('T | render timechart')).render, { visualization: 'timechart' });
});

test('the terminal tells which slice is asked, of several how many workspaces have some', async () => {
  for (const [workspaces, told] of [
    [1, '0 of 1 workspace done, 16 rows; slice 2 of 2 of ws1'],
    [2, '0 of 2 workspaces done, 32 rows; 2 workspaces in slices of time'],
  ] as const) {
    const { service: runs, clock } = acrossWorld(
      (request) => (request.query === 'slice ..16' ? 'hang' : service(16)(request)),
      workspaces,
      SLICED,
    );
    const { id } = await runs.start({ query: 'T', scope: EVERYTHING, timeRange: { kind: 'inQuery' } });
    await clock.run(clock.sleep(1_000));
    const said: string[] = [];
    new RunProgress({ say: (line: string) => said.push(line) } as unknown as Terminal, true).show(runs.get(id));
    assert.deepEqual(said, [told]);
    runs.cancel(id);
    await clock.run(runs.ended(id));
  }
});

test('a cancellation keeps the slices that came', async () => {
  const { service: runs, clock } = acrossWorld(
    (request) => (request.query === 'slice ..16' ? 'hang' : service(16)(request)),
    1,
    SLICED,
  );
  const { id } = await runs.start({ query: 'T', scope: EVERYTHING, timeRange: { kind: 'inQuery' } });
  await clock.run(clock.sleep(1_000));
  runs.cancel(id);
  const run: Run = await clock.run(runs.ended(id));
  assert.deepEqual([targetStates(run), run.rowCount], [['ws1 cancelled'], 16]);
});

test('what cannot be cut by time stays as the service cut it, and says what it always said', async () => {
  const refused = (request: LogsQuery) =>
    request.query === 'times' ? new AppError('query.semantic', 'No.') : service(16)(request);
  const unplanned = (): never => {
    throw new AppError('query.unsupported', 'Not planned.');
  };
  for (const parts of [
    { ...SLICED, sliced: () => undefined },
    { ...SLICED, plan: unplanned },
    // Its rows are not the answer: something is made of them here.
    { ...SLICED, plan: () => ({ ...ROWS, local: 'part1 | count' }) },
    { ...SLICED, schema: () => new AppError('access.denied', 'No tables.') },
  ] satisfies AcrossParts[]) {
    const { play, logs } = acrossWorld(service(16), 1, parts);
    const run = await play('T');
    assert.deepEqual([targetStates(run), run.rowCount, asked(logs)], [['ws1 partial'], 16, ['T']]);
    assert.deepEqual(run.targets[0]!.error, CUT);
  }
  // Not even where the service does not know what is asked of it.
  const run = await acrossWorld(refused, 1, SLICED).play('T');
  assert.deepEqual([targetStates(run), run.targets[0]!.error], [['ws1 partial'], CUT]);
});

test('a search is charged by its time range, so it is not asked again in slices', async () => {
  const {
    service: runs,
    clock,
    logs,
  } = acrossWorld(
    (request) => (request.scan === true ? service(16)(request) : new AppError('query.needsScan', 'Basic.')),
    1,
    SLICED,
  );
  const timeRange = { kind: 'last', minutes: 60 } as const;
  const { id } = await runs.start({ query: 'T', scope: EVERYTHING, timeRange, scan: true });
  const run = await clock.run(runs.ended(id));
  assert.deepEqual([targetStates(run), asked(logs)], [['ws1 partial'], ['T', 'T']]);
});
