import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppError } from '../../../src/base/errors.ts';
import { analyzeQuery } from '../../../src/kql/analyze.ts';
import type { EarlierResult, Run } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { answer, estateOf, failure, runWorld, targetStates } from './world.ts';

const HELLO = answer(['n'], [[1], [2]]);

/** Two ended runs, of which one lacks a workspace, and what is asked over them by name. */
async function notebook() {
  const world = runWorld(
    ({ workspaceGuid, query }) =>
      workspaceGuid === 'guid-2' && query.startsWith('Audit') ? failure('access.denied') : HELLO,
    estateOf(2),
    { readQuery: analyzeQuery },
  );
  const asked: (readonly string[])[] = [];
  world.store.combined = (_text, tables) => {
    asked.push(Object.keys(tables));
    return { columns: [{ name: 'n', type: 'long' }], rows: [[Object.values(tables).flat().length]] };
  };
  const [signIns, audit] = [await world.play('SigninLogs'), await world.play('AuditLogs')];
  const results: EarlierResult[] = [
    { name: 'signIns', run: signIns.id },
    { name: 'audit', run: audit.id },
    { name: 'later' },
  ];
  const sent = world.logs.asked.length;
  const start = (query: string): Promise<Run> =>
    world.service.startWith({ query, scope: EVERYTHING, timeRange: { kind: 'inQuery' } }, results);
  return { world, asked, start, sentSince: () => world.logs.asked.length - sent, signIns };
}

test('a query that names an earlier result asks its rows, and nobody is sent anything', async () => {
  const { asked, start, sentSince, signIns } = await notebook();
  const run = await start('// of all\nsignIns | count');
  assert.deepEqual([run.of, run.state, run.completeness.complete], [signIns.id, 'finished', true]);
  assert.deepEqual([asked, sentSince()], [[['signIns']], 0]);
});

test('two earlier results can be joined, and the answer lacks what either of them lacks', async () => {
  const { asked, start, sentSince } = await notebook();
  const run = await start('signIns | join kind=inner audit on n');
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 failed']);
  assert.match(run.completeness.sentence, /^1 of 2 workspaces answered, 1 no access/);
  await start('signIns | where n in (audit)');
  assert.deepEqual(
    [asked, sentSince()],
    [
      [
        ['signIns', 'audit'],
        ['signIns', 'audit'],
      ],
      0,
    ],
  );
});

test('a query that names none of them goes to the workspaces, as any other', async () => {
  const { world, asked, start, sentSince } = await notebook();
  for (const query of ['Heartbeat', 'let signIns = Heartbeat; signIns', 'Heartbeat | extend audit = 1']) {
    const { id } = await start(query);
    assert.equal((await world.clock.run(world.service.ended(id))).of, undefined, query);
  }
  assert.deepEqual([asked, sentSince()], [[], 6]);
});

test('a result beside a table of the workspaces is refused by name and place', async () => {
  const { start, sentSince } = await notebook();
  const query = 'signIns\n| join Heartbeat on n';
  await assert.rejects(start(query), ({ code, message, data }: AppError) => {
    assert.equal(code, 'query.mixedTables');
    assert.match(message, /^"Heartbeat" is a table of the workspaces, and "signIns" the rows of an earlier cell/);
    assert.equal(query.slice(Number(data?.['start']), Number(data?.['start']) + Number(data?.['length'])), 'Heartbeat');
    return true;
  });
  await assert.rejects(start('union signIns, *'), { code: 'query.mixedTables' });
  assert.equal(sentSince(), 0);
});

test('a result that nobody has asked for yet is refused by name', async () => {
  const { start, sentSince } = await notebook();
  await assert.rejects(start('later | count'), {
    code: 'input.notRun',
    message: /^"later" is an earlier cell that has no rows/,
  });
  await assert.rejects(start('signIns | union later'), { code: 'input.notRun' });
  assert.equal(sentSince(), 0);
});
