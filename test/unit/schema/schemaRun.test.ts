import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../../src/base/outcome.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { schemaRun } from '../../../src/core/runs/schemaRun.ts';
import type { SchemaQuestion } from '../../../src/core/runs/schemaRun.ts';
import { TableCatalog } from '../../../src/core/schema/tableCatalog.ts';
import type { SourceSchema, SourceTable } from '../../../src/kql/scopeSchema.ts';
import type { WorkspaceKey } from '../../../src/model/ids.ts';
import type { KqlType } from '../../../src/model/kqlType.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { ACCOUNT, answer, estateOf, failure, listedTable, runWorld, targetStates } from '../runs/world.ts';

/** A table of a workspace; columns as `name:type`. */
function table(name: string, columns = 'n:long', more: Partial<SourceTable> = {}): SourceTable {
  return {
    name,
    columns: columns.split(' ').map((spec) => {
      const [column, type] = spec.split(':');
      return { name: column!, type: type as KqlType };
    }),
    ...more,
  };
}

/** What the run of a question holds; tables by workspace, or why one does not tell. `used`: what received data. */
async function ask(
  question: Omit<SchemaQuestion, 'scope'>,
  tables: readonly (readonly SourceTable[] | Error)[],
  used: (workspace: string) => readonly string[] | Error = () => [],
) {
  const estate = estateOf(tables.length);
  const world = runWorld(({ workspaceGuid }) => {
    const told = used(workspaceGuid.replace('guid-', 'ws'));
    return told instanceof Error
      ? failure('access.denied', 'Not allowed.')
      : answer(
          ['DataType:string', 'LastData:datetime'],
          told.map((name) => [name, '2026-01-01T00:00:00Z']),
        );
  }, estate);
  const catalog = new TableCatalog(
    { tables: async () => [listedTable('A', { retentionDays: 30 }), listedTable('B', { retentionDays: 730 })] },
    world.clock,
  );
  const told = new Map(
    estate.workspaces.map(({ key }, i): [WorkspaceKey, Outcome<SourceSchema>] => {
      const own = tables[i]!;
      return own instanceof Error
        ? [key, { ok: false, error: failure('access.denied', 'Not allowed.').toData() }]
        : [key, { ok: true, value: { tables: own } }];
    }),
  );
  for (const { armId, paths } of estate.workspaces)
    await catalog.tablesOf({ account: ACCOUNT, tenant: paths[0]!.issuer }, armId);
  const quota = new QuotaScheduler(world.clock);
  const { service, store, logs, clock } = world;
  const schemas = { ofWorkspaces: async () => told };
  const run = await clock.run(
    service.present(
      [],
      { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined },
      (made) => schemaRun(made, { scope: EVERYTHING, ...question }, { estate, schemas, catalog, logs, quota, clock }),
    ),
  );
  const held = [...store.rows.get(run.id)!.values()];
  return { run, columns: held[0]?.columns.map(({ name }) => name), rows: held.flatMap(({ rows }) => rows), service };
}

test('tables: who has each, whether it is filled, on which plans and for how long; what nobody fills comes last', async () => {
  const { columns, rows, run } = await ask(
    { view: 'tables' },
    [
      [table('A', 'n:long', { plan: 'Basic' }), table('B'), table('C', 'n:long', { hasData: true })],
      [table('B', 'n:string m:long', { plan: 'Analytics' })],
    ],
    (workspace) => (workspace === 'ws1' ? ['B'] : []),
  );
  assert.deepEqual(columns, [
    'Table',
    'Workspaces',
    'Filled',
    'Plans',
    'RetentionDays',
    'DifferingColumns',
    'ws1',
    'ws2',
  ]);
  assert.deepEqual(rows, [
    ['B', 2, 1, 'Analytics', '730', 2, 'filled', 'known'],
    ['A', 1, 0, 'Basic', '30', 0, 'known (Basic)', ''],
    ['C', 1, 0, '', '', 0, 'older', ''],
  ]);
  assert.deepEqual([run.made?.kind, run.completeness.sentence], ['schema', '2 of 2 workspaces answered']);
});

test('filled: only what received data lately, in any workspace, and in a list in that one', async () => {
  const tables = [
    [table('A'), table('B'), table('C', 'n:long', { hasData: true })],
    [table('A'), table('B')],
  ];
  const used = (workspace: string): readonly string[] => (workspace === 'ws1' ? ['B'] : []);
  const matrix = await ask({ view: 'tables', filled: true }, tables, used);
  assert.deepEqual(
    matrix.rows.map((row) => [row[0], ...row.slice(-2)]),
    [['B', 'filled', 'known']],
  );
  const list = await ask({ view: 'list', filled: true }, tables, used);
  assert.deepEqual(
    list.rows.map(([name]) => name),
    ['B'],
  );
});

test('who does not tell its tables is a target that failed; whose usage is not told says so of what it cannot know', async () => {
  const { rows, run } = await ask(
    { view: 'tables' },
    [[table('A'), table('B', 'n:long', { hasData: false })], new Error('closed')],
    () => new Error('closed'),
  );
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 failed']);
  assert.equal(run.completeness.sentence, '1 of 2 workspaces answered, 1 no access');
  assert.deepEqual(
    rows.map((row) => row.at(-1)),
    ['not told', 'known'],
  );
  assert.match(run.made!.notes.join(' '), /Of 1 workspace it is not told what received data: Not allowed\./);
});

test('differences: columns that not all have, or have in other types, with the fewer by name', async () => {
  const same = table('A', 'k:string');
  const { rows } = await ask({ view: 'differences' }, [
    [same, table('B', 'k:string n:long')],
    [same, table('B', 'k:string n:long')],
    [same, table('B', 'k:string n:string o:dynamic')],
  ]);
  assert.deepEqual(rows, [
    ['B', 'n', 'long', 2, 3, 'not ws3'],
    ['B', 'n', 'string', 1, 3, 'only ws3'],
    ['B', 'o', 'dynamic', 1, 3, 'only ws3'],
  ]);
});

test('columns of one table, for those who have it; one that nobody has is refused and leaves no run', async () => {
  const tables = [[table('A', 'k:string n:long')], [table('B')], [table('A', 'n:int')]];
  const { columns, rows } = await ask({ view: 'columns', table: 'A' }, tables);
  assert.deepEqual(columns, ['Column', 'Types', 'Workspaces', 'ws1', 'ws3']);
  assert.deepEqual(rows, [
    ['k', 'string', 1, 'string', ''],
    ['n', 'int, long', 2, 'long', 'int'],
  ]);
  await assert.rejects(ask({ view: 'columns', table: 'Z' }, tables), { code: 'input.unknownTable' });
});

test('list: a row for each table of a workspace, stored as that workspace’s own', async () => {
  const { columns, rows, service, run } = await ask({ view: 'list' }, [[table('B'), table('A')], []], () => ['A']);
  assert.deepEqual(columns, ['Table', 'Plan', 'RetentionDays', 'Columns', 'Data', 'LastData']);
  assert.deepEqual(rows, [
    ['A', '', 30, 1, 'filled', '2026-01-01T00:00:00Z'],
    ['B', '', 730, 1, 'known', null],
  ]);
  assert.deepEqual(targetStates(run), ['ws1 answered', 'ws2 empty']);
  assert.throws(() => service.retry(run.id), { code: 'input.ofResult' });
});
