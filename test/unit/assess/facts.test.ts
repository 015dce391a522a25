import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../../../src/core/assess/facts/answerRows.ts';
import { agents } from '../../../src/core/assess/facts/agents.ts';
import { attribution, attributionQuery } from '../../../src/core/assess/facts/attribution.ts';
import { audit } from '../../../src/core/assess/facts/audit.ts';
import { readList } from '../../../src/core/assess/facts/listFact.ts';
import { operations } from '../../../src/core/assess/facts/operations.ts';
import { resources } from '../../../src/core/assess/facts/resources.ts';
import { sources } from '../../../src/core/assess/facts/sources.ts';
import { usage } from '../../../src/core/assess/facts/usage.ts';
import { toSubscriptionId } from '../../../src/model/ids.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { answer } from '../runs/world.ts';
import { AGENTS, ATTRIBUTION, AUDIT, OPERATIONS, SOURCES, USAGE } from './fakeWorld.ts';

/** The rows of an answer with these columns, as a fact reads them. */
const rows = (columns: readonly string[], ...cells: readonly (readonly Cell[])[]) => rowsOf(answer(columns, cells));

test('usage: a volume a table, day and kind of bill; the newest time a table was counted', () => {
  const read = usage.read(
    rows(
      USAGE,
      ['Perf', '2026-03-01T00:00:00.0000000Z', true, 2.5, '2026-03-01T23:00:00.0000000Z'],
      ['Perf', '2026-03-02T00:00:00Z', true, '1', '2026-03-02T09:00:00Z'],
      ['Heartbeat', '2026-03-02T00:00:00Z', false, 0.125, '2026-03-02T08:00:00Z'],
    ),
  );
  assert.deepEqual(read, {
    days: 30,
    volumes: [
      { table: 'Perf', day: '2026-03-01', gb: 2.5, billable: true },
      { table: 'Perf', day: '2026-03-02', gb: 1, billable: true },
      { table: 'Heartbeat', day: '2026-03-02', gb: 0.125, billable: false },
    ],
    last: { Perf: '2026-03-02T09:00:00.000Z', Heartbeat: '2026-03-02T08:00:00.000Z' },
  });
});

test('a table that bears the name of something JavaScript has is a table', () => {
  const read = usage.read(rows(USAGE, ['__proto__', '2026-03-01T00:00:00Z', true, 1, '2026-03-01T23:00:00Z']));
  assert.deepEqual(Object.keys(read.last), ['__proto__']);
});

const beat = (computer: string, resource: string, last: string, legacy: boolean, first = '2026-02-20T00:00:00Z') => [
  computer,
  resource,
  '',
  'Windows',
  first,
  last,
  legacy,
];
const VM = '/subscriptions/s1/resourcegroups/rg/providers/microsoft.compute/virtualmachines/pc';
const ARC = '/subscriptions/s1/resourcegroups/rg/providers/microsoft.hybridcompute/machines/pc';

test('agents: one a computer; the subscription is in its resource id', () => {
  assert.deepEqual(agents.read(rows(AGENTS, beat('pc.a.test', VM, '2026-03-01T10:00:00Z', false))), [
    {
      computer: 'pc.a.test',
      legacy: false,
      os: 'Windows',
      resourceId: VM,
      subscription: 's1',
      first: '2026-02-20T00:00:00.000Z',
      last: '2026-03-01T10:00:00.000Z',
    },
  ]);
});

test('a computer that moved to Arc is one computer, and neither silent nor legacy', () => {
  const moved = agents.read(
    rows(
      AGENTS,
      beat('pc.a.test', '', '2026-02-25T10:00:00Z', true),
      beat('pc.a.test', ARC, '2026-03-01T10:00:00Z', false, '2026-02-25T10:00:00Z'),
    ),
  );
  assert.deepEqual(
    moved.map(({ resourceId, legacy, first, last }) => ({ resourceId, legacy, first, last })),
    [{ resourceId: ARC, legacy: false, first: '2026-02-20T00:00:00.000Z', last: '2026-03-01T10:00:00.000Z' }],
  );
  const both = agents.read(
    rows(AGENTS, beat('pc', '', '2026-03-01T09:59:00Z', true), beat('pc', ARC, '2026-03-01T10:00:00Z', false)),
  );
  assert.deepEqual(
    both.map(({ legacy }) => legacy),
    [true],
    'it runs both',
  );
  const same = [beat('dc01', '', '2026-02-25T10:00:00Z', true), beat('dc01', ARC, '2026-03-01T10:00:00Z', false)];
  assert.equal(
    agents.read(rows(AGENTS, ...same, beat('dc01', VM, '2026-03-01T10:00:00Z', false))).length,
    3,
    'two resources bear the name: whose the old heartbeats are is not known',
  );
});

test('operations, audit, attribution and sources: longs as numbers, bigints or text', () => {
  assert.deepEqual(
    operations.read(
      rows(
        OPERATIONS,
        ['2026-03-01T00:00:00Z', 2n, 1],
        ['2026-03-02T00:00:00Z', 0, '3'],
        ['2026-03-03T00:00:00Z', 1, 0],
      ),
    ),
    { capDays: ['2026-03-01', '2026-03-03'], rateLimited: 4 },
  );
  assert.deepEqual(audit.read(rows(AUDIT, ['t1', 2n, '9', 3])), {
    askers: [{ tenant: 't1', people: 2, queries: 9, across: 3 }],
  });
  assert.deepEqual(attribution.read(rows(ATTRIBUTION, ['Perf', 's1', true, 'a.test', 7n, 0.5])), [
    { table: 'Perf', subscription: 's1', resource: true, domain: 'a.test', rows: 7, gb: 0.5 },
  ]);
  assert.deepEqual(sources.read(rows(SOURCES, [VM, 'Perf', 7, 0.5])), [
    { source: VM, table: 'Perf', rows: 7, gb: 0.5 },
  ]);
});

test('rows that come in pages are read like any other', () => {
  const { tables } = answer(SOURCES, []);
  const pages = [[['a', 'Perf', 1, 0]], [['b', 'Perf', 2, 0]]] as const;
  const paged = { bytes: 9, tables: [{ ...tables[0]!, rows: { length: 2, pages: () => pages } }] };
  assert.deepEqual(
    sources.read(rowsOf(paged)).map(({ source }) => source),
    ['a', 'b'],
  );
});

for (const [what, cells] of [
  ['a number that is none', ['Perf', '2026-03-01T00:00:00Z', true, 'NaN', '2026-03-01T00:00:00Z']],
  ['a number that is empty', ['Perf', '2026-03-01T00:00:00Z', true, '', '2026-03-01T00:00:00Z']],
  ['a day that is none', ['Perf', 'yesterday', true, 1, '2026-03-01T00:00:00Z']],
  ['no day', ['Perf', null, true, 1, '2026-03-01T00:00:00Z']],
  ['a truth that is none', ['Perf', '2026-03-01T00:00:00Z', 'maybe', 1, '2026-03-01T00:00:00Z']],
  ['a text that is none', [7, '2026-03-01T00:00:00Z', true, 1, '2026-03-01T00:00:00Z']],
  ['too few cells', ['Perf']],
] as [string, Cell[]][])
  test(`an answer with ${what} is no fact`, () => {
    assert.throws(() => usage.read(rows(USAGE, cells)), { code: 'service.unreadable' });
  });

test('an answer without the columns of its query is no fact; an empty body is no rows', () => {
  assert.throws(() => audit.read(rows(['Nothing:string'], ['x'])), { code: 'service.unreadable' });
  assert.deepEqual(rowsOf({ tables: [], bytes: 0 }), []);
});

test("a table's name stands in a query as a name, whatever is in it", () => {
  const query = attributionQuery(['Perf', 'Odd-"Name"_CL']);
  assert.match(query, /\(Perf \| where/);
  assert.ok(query.includes(String.raw`(["Odd-\"Name\"_CL"] | where`));
});

test('a list that two accounts see is one list; what is no list is no fact', () => {
  const one = { subscription: toSubscriptionId('s'), type: 'a/b', region: 'westeurope', count: 2 };
  assert.deepEqual(readList(resources, [{ ...one, region: 'x' }, one, one]), [one, { ...one, region: 'x' }]);
  assert.throws(() => readList(resources, { value: [] } as never), { code: 'service.unreadable' });
});
