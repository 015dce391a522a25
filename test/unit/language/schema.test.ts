import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeSchemas } from '../../../src/kql/scopeSchema.ts';
import type { Column } from '../../../src/model/kqlType.ts';

const time: Column = { name: 'TimeGenerated', type: 'datetime' };

test('tables and columns with in how many workspaces they are', () => {
  const merged = mergeSchemas([
    {
      tables: [
        { name: 'B', columns: [time] },
        { name: 'A', columns: [time], description: 'First.' },
      ],
    },
    { tables: [{ name: 'A', columns: [time, { name: 'Extra', type: 'string' }] }] },
    { tables: [] },
  ]);
  assert.equal(merged.workspaces, 3);
  assert.deepEqual(merged.tables, [
    { name: 'A', columns: [time, { name: 'Extra', type: 'string', have: 1 }], have: 2, of: 3, description: 'First.' },
    { name: 'B', columns: [time], have: 1, of: 3 },
  ]);
});

test('where types differ there is one column per type, most frequent first, and a note', () => {
  const as = (type: Column['type']): { tables: { name: string; columns: Column[] }[] } => ({
    tables: [{ name: 'T_CL', columns: [{ name: 'Level', type }] }],
  });
  const [table] = mergeSchemas([as('string'), as('long'), as('long')]).tables;
  assert.deepEqual(table?.columns, [
    { name: 'Level_long', type: 'long', splitFrom: 'Level', have: 2 },
    { name: 'Level_string', type: 'string', splitFrom: 'Level', have: 1 },
  ]);
  assert.deepEqual(table?.notes, ['Level is long in 2, string in 1 of the 3 workspaces that have T_CL.']);
});

test('a column that already has the united name keeps it', () => {
  const [table] = mergeSchemas([
    {
      tables: [
        {
          name: 'T',
          columns: [
            { name: 'x', type: 'long' },
            { name: 'x_long', type: 'string' },
          ],
        },
      ],
    },
    { tables: [{ name: 'T', columns: [{ name: 'x', type: 'string' }] }] },
  ]).tables;
  assert.deepEqual(
    table?.columns.map((c) => c.name),
    ['x_long1', 'x_string', 'x_long'],
  );
});

test('functions: the most frequent body', () => {
  const fn = (body: string): { tables: []; functions: { name: string; parameters: string; body: string }[] } => ({
    tables: [],
    functions: [{ name: 'F', parameters: '', body }],
  });
  assert.deepEqual(mergeSchemas([fn('A'), fn('B'), fn('B')]).functions, [
    { name: 'F', parameters: '', body: 'B', have: 3, of: 3 },
  ]);
  assert.deepEqual(mergeSchemas([]), { workspaces: 0, tables: [], functions: [] });
});

test('1,000 workspaces of 1,000 tables: a column list that is one object is read once, not once a workspace', () => {
  let looks = 0;
  const shapes = Array.from({ length: 1_000 }, (_, i) =>
    Array.from({ length: 40 }, (_name, j): Column => ({
      get name() {
        looks++;
        return `c${i}_${j}`;
      },
      type: 'string',
    })),
  );
  const tables = shapes.map((columns, i) => ({ name: `Table${i}`, columns }));
  const merged = mergeSchemas(Array.from({ length: 1_000 }, () => ({ tables })));
  assert.equal(merged.tables.length, 1_000);
  assert.ok(looks <= 1_000 * 40 * 10, `${looks} looks at 40,000 columns`);
});
