/** What the fixes for names that some workspaces lack do to an answer: nothing where the name is there. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { EngineTable, LocalEngine } from '../../../src/engine/face.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { LocalLanguageService } from '../../../src/kql/language/service.ts';
import { KQL_TYPES } from '../../../src/model/kqlType.ts';
import type { Cell, Column, KqlType } from '../../../src/model/kqlType.ts';

const VALUES: Readonly<Record<KqlType, readonly Cell[]>> = {
  bool: [true, null],
  int: [1, null],
  long: [9007199254740993n, null],
  real: [1.5, null],
  decimal: ['1.5', null],
  string: ['x', ''],
  datetime: ['2024-01-01T00:00:00.0000001Z', null],
  timespan: ['1.00:00:00', null],
  guid: ['74be27de-1e4e-49d9-b579-fe0b331d3642', null],
  dynamic: ['{"a":1}', null],
};
const service = new LocalLanguageService();
let engine: LocalEngine;
before(async () => {
  engine = await openEngine();
});
after(() => engine.close());

/** A table `T` of two rows in a database of its own. */
async function tableOf(
  name: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Promise<EngineTable> {
  const table = await engine.createTable(`of ${name}`, 'T', columns);
  await engine.append(table, rows);
  return { ...table, name: 'T' };
}

async function answerOf(text: string, table: EngineTable) {
  const { tables } = await engine.query(text, { database: { name: 'db', tables: [table] } });
  return { columns: tables[0]!.columns, rows: await tables[0]!.rows() };
}

for (const type of KQL_TYPES)
  test(`column_ifexists for a ${type}: the same answer where it is, no value where it is not`, async () => {
    const schemaId = type;
    await service.setSchema({
      schemaId,
      workspaces: 2,
      functions: [],
      tables: [
        {
          name: 'T',
          have: 2,
          of: 2,
          columns: [
            { name: 'n', type: 'long' },
            { name: 'X', type, have: 1 },
          ],
        },
      ],
    });
    const text = 'T | extend Y = X | project n, Y | sort by n asc';
    const at = text.indexOf('X');
    const [action] = (await service.codeActions({ text, schemaId, range: { start: at, end: at } })).filter(
      ({ title }) => title.includes('without X'),
    );
    const [change] = action!.changes;
    const fixed = text.slice(0, change!.start) + change!.newText + text.slice(change!.end);
    assert.deepEqual(await service.diagnostics({ text: fixed, schemaId }), []);

    const n: Column = { name: 'n', type: 'long' };
    const rows = VALUES[type].map((value, i) => [i, value]);
    const having = await tableOf(`having ${type}`, [n, { name: 'X', type }], rows);
    assert.deepEqual(await answerOf(fixed, having), await answerOf(text, having));
    const lacking = await tableOf(`lacking ${type}`, [n], [[0], [1]]);
    await assert.rejects(answerOf(text, lacking), { code: 'query.semantic' });
    const nothing = type === 'string' ? '' : null;
    assert.deepEqual(await answerOf(fixed, lacking), {
      columns: [n, { name: 'Y', type }],
      rows: [
        [0, nothing],
        [1, nothing],
      ],
    });
  });

test('a fuzzy union: the same answer where all tables are, the others’ rows where one is not', async () => {
  const one = await tableOf('one', [{ name: 'n', type: 'long' }], [[1]]);
  const other = { ...(await tableOf('other', [{ name: 'n', type: 'long' }], [[2]])), name: 'U' };
  const ask = async (text: string, tables: readonly EngineTable[]) =>
    (await engine.query(text, { database: { name: 'db', tables } })).tables[0]!.rows();
  const [plain, fuzzy] = ['union T, U | sort by n asc', 'union isfuzzy=true T, U | sort by n asc'];
  assert.deepEqual(await ask(fuzzy, [one, other]), await ask(plain, [one, other]));
  await assert.rejects(ask(plain, [one]), { code: 'query.semantic' });
  assert.deepEqual(await ask(fuzzy, [one]), [[1]]);
});
