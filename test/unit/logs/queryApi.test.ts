import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { WorkspaceIndex } from '../../../src/emulator/lookup.ts';
import { addSubscription, addTenant, addWorkspace } from '../../../src/emulator/populate.ts';
import { IngestedRows } from '../../../src/emulator/ingestion/ingestedRows.ts';
import { TableStore } from '../../../src/emulator/logs/tableStore.ts';
import { answerBody } from '../../../src/emulator/logs/answerBody.ts';
import { parsePrefer } from '../../../src/emulator/logs/prefer.ts';
import { QueryQuota } from '../../../src/emulator/logs/quota.ts';
import { emptyTable, ofResource, unioned } from '../../../src/emulator/logs/relations.ts';
import { crossReferences, Scopes } from '../../../src/emulator/logs/scopes.ts';
import { mayNameAll, namesIn } from '../../../src/emulator/logs/tableColumns.ts';
import { intersect, parseDuration, parseTimespan } from '../../../src/emulator/logs/timespan.ts';
import type { QueryResult } from '../../../src/engine/face.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');

test('durations of ISO 8601', () => {
  assert.equal(parseDuration('PT1H30M'), 5_400_000);
  assert.equal(parseDuration('P1DT0.5S'), 86_400_500);
  assert.equal(parseDuration('P2W'), 14 * 86_400_000);
  for (const wrong of ['', 'P', 'PT', '1h', 'PT1', 'P1H']) assert.equal(parseDuration(wrong), undefined, wrong);
});

test('timespans: until now, between, from a start on, up to an end', () => {
  const iso = (text: string): string[] | undefined => {
    const range = parseTimespan(text, NOW);
    return range && [range.from!, range.to!].map((time) => new Date(time).toISOString());
  };
  assert.deepEqual(iso('PT1H'), ['2026-03-02T09:00:00.000Z', '2026-03-02T10:00:00.000Z']);
  assert.deepEqual(iso('2026-03-01/2026-03-02T01:00:00+01:00'), [
    '2026-03-01T00:00:00.000Z',
    '2026-03-02T00:00:00.000Z',
  ]);
  assert.deepEqual(iso('2026-03-01T12:00/PT2H'), ['2026-03-01T12:00:00.000Z', '2026-03-01T14:00:00.000Z']);
  assert.deepEqual(iso('PT2H/2026-03-01T12:00:00Z'), ['2026-03-01T10:00:00.000Z', '2026-03-01T12:00:00.000Z']);
  for (const wrong of ['x', 'PT1H/PT2H', '2026-03-01', '2026-03-01/x', 'a/b/c'])
    assert.equal(parseTimespan(wrong, NOW), undefined, wrong);
  assert.deepEqual(
    intersect([
      { from: 1, to: 5 },
      { from: 3, to: 9 },
    ]),
    { from: 3, to: 5 },
  );
  assert.deepEqual(
    intersect([
      { from: 1, to: 2 },
      { from: 3, to: 9 },
    ]),
    { from: 3, to: 3 },
  );
});

test('a Prefer header in any order and spacing; the wait is at most ten minutes', () => {
  assert.deepEqual(parsePrefer('include-render=true, wait=900'), {
    wait: 600,
    waitAsked: true,
    statistics: false,
    render: true,
    permissions: false,
    dataSources: false,
  });
  assert.equal(parsePrefer(undefined).wait, 180);
  assert.equal(parsePrefer('wait=soon').waitAsked, false);
});

test('references to other workspaces are read from the code, not from comments', () => {
  assert.deepEqual(
    crossReferences(
      'union workspace("a//b").T, app(\'x\').requests // workspace("no")\n| join resource ( @"/subscriptions/s" ).T on A',
    ),
    [
      { kind: 'workspace', name: 'a//b' },
      { kind: 'app', name: 'x' },
      { kind: 'resource', name: '/subscriptions/s' },
    ],
  );
});

test('names that may be tables, and wildcards that may be any', () => {
  assert.ok(namesIn('Heartbeat | join kind=inner Custom_CL on A').has('Custom_CL'));
  assert.ok(mayNameAll('search "x"') && mayNameAll('union withsource=T App*') && mayNameAll('find where A == 1'));
  assert.ok(!mayNameAll('union A, B | extend x = 2 * 3'));
});

test('five queries of a user run, the sixth waits its turn, another user does not', async () => {
  const quota = new QueryQuota(new EmulatedClock(NOW, true));
  const signal = new AbortController().signal;
  const leaves = await Promise.all(Array.from({ length: 5 }, () => quota.enter('a', false, signal)));
  const order: string[] = [];
  const sixth = quota.enter('a', false, signal).then((leave) => {
    order.push('sixth');
    return leave;
  });
  const seventh = quota.enter('a', false, signal).then((leave) => {
    order.push('seventh');
    return leave;
  });
  (await quota.enter('b', false, signal))();
  (await quota.enter('a', true, signal))();
  await Promise.resolve();
  assert.deepEqual(order, []);
  leaves[0]!();
  leaves[0]!();
  (await sixth)();
  await seventh;
  assert.deepEqual(order, ['sixth', 'seventh']);
});

test('a waiting query whose client goes away leaves the queue; two hundred may wait', async () => {
  const quota = new QueryQuota(new EmulatedClock(NOW, true));
  const stop = new AbortController();
  const signal = new AbortController().signal;
  const leaves = await Promise.all(Array.from({ length: 5 }, () => quota.enter('a', false, signal)));
  const left = quota.enter('a', false, stop.signal);
  stop.abort();
  await assert.rejects(left, /went away/);
  const waiting = Array.from({ length: 200 }, () => quota.enter('a', false, signal));
  await assert.rejects(
    quota.enter('a', false, signal),
    (error: { answer?: { status: number; headers?: Record<string, string> } }) =>
      error.answer?.status === 429 && error.answer.headers?.['retry-after'] === '60',
  );
  for (const leave of leaves) leave();
  for (const next of waiting) (await next)();
});

test('the rate is counted over a moving window of thirty seconds', () => {
  const clock = new EmulatedClock(NOW, true);
  const quota = new QueryQuota(clock);
  for (let n = 0; n < 200; n++) quota.count('a');
  assert.throws(
    () => {
      quota.count('a');
    },
    (error: { answer?: { status: number; headers?: Record<string, string> } }) =>
      error.answer?.status === 429 && error.answer.headers?.['retry-after'] === '30',
  );
  clock.advance(30_001);
  quota.count('a');
});

test('workspaces in nineteen regions may be asked at once, in twenty not; a hundred of them, one more not', () => {
  const world = emptyWorld();
  const subscription = addSubscription(world, {
    tenant: addTenant(world, { displayName: 'T', domain: 't.example' }),
    displayName: 'S',
  });
  const noEngine = (): Promise<never> => Promise.reject(new Error('no engine here'));
  const scopes = new Scopes(
    world,
    new WorkspaceIndex(world),
    new TableStore(world, undefined, noEngine, new IngestedRows(world.clock, noEngine, 0)),
  );
  const workspaces = Array.from({ length: 20 }, (_, n) =>
    addWorkspace(world, { subscription, resourceGroup: 'rg', name: `w${n}`, location: `region${n}` }),
  );
  scopes.check(workspaces.slice(0, 19), 'c');
  assert.throws(
    () => {
      scopes.check(workspaces, 'c');
    },
    (error: { answer?: { body?: { error?: { innererror?: { code?: string } } } } }) =>
      error.answer?.body?.error?.innererror?.code === 'TooManyRegions',
  );
  const many = Array.from({ length: 101 }, (_, n) =>
    addWorkspace(world, { subscription, resourceGroup: 'rg', name: `m${n}`, location: 'region0' }),
  );
  scopes.check(many.slice(1), 'c');
  assert.throws(
    () => {
      scopes.check(many, 'c');
    },
    (error: { answer?: { body?: { error?: { innererror?: { code?: string } } } } }) =>
      error.answer?.body?.error?.innererror?.code === 'TooManyResources',
  );
});

const column = (name: string, type: Column['type']): Column => ({ name, type });

test('tables of several workspaces are united by name and type', () => {
  const one = { name: 'T', columns: [column('A', 'string'), column('S', 'long')], source: '"w1"."T"' };
  const two = { name: 'T', columns: [column('S', 'string'), column('B', 'bool')], source: '"w2"."T"' };
  const united = unioned('T', [one, two]);
  assert.deepEqual(
    united.columns.map(({ name, type }) => `${name}:${type}`),
    ['A:string', 'S_long:long', 'S_string:string', 'B:bool'],
  );
  assert.match(
    united.source,
    /^\(SELECT "A" AS "A", "S" AS "S_long", '' AS "S_string", NULL::BOOLEAN AS "B" FROM "w1"\."T" UNION ALL SELECT /,
  );
  assert.equal(unioned('T', [one]), one);
});

test('a resource sees nothing of a table that does not say whose its rows are', () => {
  assert.match(ofResource(emptyTable('T', [column('A', 'long')]), '/subscriptions/s').source, /WHERE false\)$/);
  assert.match(
    ofResource({ name: 'T', columns: [column('_ResourceId', 'string')], source: '"w"."T"' }, "/Subscriptions/O'S/")
      .source,
    /= '\/subscriptions\/o''s' OR starts_with\(.*'\/subscriptions\/o''s\/'\)/,
  );
});

function result(columns: Column[], rows: Cell[][]): QueryResult {
  return {
    name: 'PrimaryResult',
    columns,
    rowCount: rows.length,
    truncated: false,
    source: '',
    rows: (first = 0, count = rows.length) => Promise.resolve(rows.slice(first, first + count)),
    dispose: () => Promise.resolve(),
  };
}

test('a body is JSON whatever is in the cells, in pieces of bounded size', async () => {
  const hostile = ['</script>', '"quoted"', '\u2028', '\ud83d\ude00', 'line\nbreak', '\u0000'];
  const rows = Array.from({ length: 12_000 }, (_, n): Cell[] => [
    hostile[n % hostile.length]!,
    2n ** 60n + BigInt(n),
    null,
    '2026-03-02T10:00:00.1000000Z',
  ]);
  const pieces: string[] = [];
  for await (const piece of answerBody(
    [result([column('T', 'string'), column('N', 'long'), column('Z', 'real'), column('D', 'datetime')], rows)],
    ({ rows: count }) => ({ count, left: undefined }),
  ))
    pieces.push(piece);
  assert.ok(pieces.length > 1 && pieces.every((piece) => piece.length < 400_000));
  const body = JSON.parse(pieces.join('')) as { tables: { rows: unknown[][] }[]; count: number };
  assert.equal(body.count, 12_000);
  assert.deepEqual(
    body.tables[0]!.rows.slice(0, 6).map(([text]) => text),
    hostile,
  );
  assert.ok(!('left' in body));
  assert.match(pieces[0]!, /1152921504606846977,null,"2026-03-02T10:00:00\.1Z"/);
});
