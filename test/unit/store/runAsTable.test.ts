import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { LocalEngine } from '../../../src/engine/face.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';

const COLUMNS: readonly Column[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Id', type: 'long' },
  { name: 'Text', type: 'string' },
  { name: 'Bag', type: 'dynamic' },
  { name: 'Took', type: 'timespan' },
  { name: 'Key', type: 'guid' },
];
const KEY = '0f8fad5b-d9cb-469f-a165-70867728950e';
const EAST: readonly (readonly Cell[])[] = [
  ['2024-05-01T10:00:00.1234567Z', 9007199254740993n, 'one', '{ "a": 1, "b": [ "x" ] }', '00:00:01.5', KEY],
  ['2024-05-01T11:30:00Z', 2, '', '', null, KEY.toUpperCase()],
  [null, null, null, 'plain', '1.00:00:00', null],
];
const WEST: readonly (readonly Cell[])[] = [['2024-05-01T11:59:59.9999999Z', 2, 7]];

let directory: string, store: DuckRowStore, engine: LocalEngine;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'runs-'));
  store = new DuckRowStore({ directory, memoryLimitMb: 200 });
  engine = await store.engine();
  const run = await store.open('run');
  const whose = (customer: string) => ({ customer, tenant: 't', workspace: `${customer}-ws` });
  await run.append('east', whose('Contoso'), COLUMNS, EAST);
  // A target that has neither text nor bag, and an Extra of its own.
  await run.append('west', whose('Fabrikam'), [...COLUMNS.slice(0, 2), { name: 'Extra', type: 'long' }], WEST);
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

async function ask(query: string): Promise<Cell[][]> {
  const run = await store.open('run');
  const answer = await engine.query(query, { database: { name: 'run', tables: [run.asTable('Rows')] } });
  const rows = await answer.tables[0]!.rows();
  await answer.tables[0]!.dispose();
  return rows;
}

test('the engine summarizes the rows of a stored run by whose they are, longs exact', async () => {
  assert.deepEqual(
    await ask(
      'Rows | summarize Rows=count(), Most=max(Id), Last=max(TimeGenerated), Extra=sum(Extra) by _Customer | order by _Customer asc',
    ),
    [
      ['Contoso', 3, 9007199254740993n, '2024-05-01T11:30:00.0000000Z', 0],
      ['Fabrikam', 1, 2, '2024-05-01T11:59:59.9999999Z', 7],
    ],
  );
});

test('times, timespans, guids and bags of a stored run are what KQL says they are', async () => {
  assert.deepEqual(
    await ask(
      `Rows | where TimeGenerated < datetime(2024-05-01T10:00:00.1234568Z) and Took > 1s and Key == guid(${KEY}) and Bag.b[0] == "x"
       | project TimeGenerated, Id, A=tolong(Bag.a) + 1, Took, Bag`,
    ),
    [['2024-05-01T10:00:00.1234567Z', 9007199254740993n, 2, '00:00:01.5000000', '{"a":1,"b":["x"]}']],
  );
  assert.deepEqual(await ask('Rows | where tostring(Bag) == "plain" | project T=gettype(Bag), Took, isnull(Key)'), [
    ['string', '1.00:00:00', true],
  ]);
  assert.deepEqual(await ask(`Rows | where Key == guid(${KEY}) | count`), [[2]]);
});

test('a string is never null, whoever left it out: the row, the service or the workspace that has no such column', async () => {
  assert.deepEqual(await ask('Rows | summarize count() by Text, N=isnull(Text) | order by Text asc'), [
    ['', false, 3],
    ['one', false, 1],
  ]);
  assert.deepEqual(await ask('Rows | where Text != "one" | count'), [[3]]);
  assert.deepEqual(
    await ask('Rows | summarize countif(isnull(Bag)), countif(isnull(Id)), countif(isnull(TimeGenerated))'),
    [[2, 1, 1]],
  );
});

test('nothing is copied: the plan reads the table of the run, and there is no other', async () => {
  const run = await store.open('run');
  const table = run.asTable('Rows');
  assert.match(
    await engine.explain('Rows | where Id == 2', { database: { name: 'run', tables: [table] } }),
    /FROM rows_1 r JOIN targets a/,
  );
  // The store of runs that are not kept is a database of its own.
  const tables =
    "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal AND database_name <> 'passing' ORDER BY ALL";
  const names = async (): Promise<string[]> => (await engine.sql(tables)).rows.map((row) => row.join('.'));
  const kept = ['main.rows_1', 'main.runs', 'main.stored_columns', 'main.targets'];
  assert.deepEqual(await names(), kept);
  const answer = await engine.query('Rows | summarize count()', { database: { name: 'run', tables: [table] } });
  // The answer itself, of one row, is all there is besides.
  assert.deepEqual(
    (await names()).filter((name) => !name.startsWith('#results.')),
    kept,
  );
  await answer.tables[0]!.dispose();
  assert.deepEqual(await names(), kept);
});

test('a run without rows is a table without rows, and one of an earlier question is there beside tables of the engine', async () => {
  const empty = await store.open('nothing yet');
  const own = await engine.createTable('local', 'Names', [{ name: '_Customer', type: 'string' }]);
  await engine.append(own, [['Fabrikam']]);
  const run = await store.open('run');
  const answer = await engine.query('union Rows, Empty | join kind=inner Names on _Customer | project Id, _Workspace', {
    database: { name: 'run', tables: [run.asTable('Rows'), empty.asTable('Empty'), own] },
  });
  assert.deepEqual(await answer.tables[0]!.rows(), [[2, 'Fabrikam-ws']]);
  await answer.tables[0]!.dispose();
  await engine.dropTable(own);
});
