import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { EngineTable, LocalEngine, QueryOptions } from '../../../src/engine/face.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';

const COUNT = 120,
  OWN = 40;
/**
 * Tables of a workspace: three columns all have, forty of their own, and `Kind`, which two tables in three have as
 * string and the others as long.
 */
const columnsOf = (t: number): Column[] => [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Type', type: 'string' },
  { name: 'Kind', type: t % 3 === 2 ? 'long' : 'string' },
  ...Array.from({ length: OWN }, (_, i): Column => ({ name: `C${t}_${i}`, type: i % 2 === 0 ? 'string' : 'long' })),
];
const rowOf = (t: number): Cell[] =>
  columnsOf(t).map(({ name, type }, i) =>
    type === 'datetime'
      ? `2024-01-01T00:00:00.${String(t).padStart(7, '0')}Z`
      : name === 'Type'
        ? `T${t}`
        : type === 'string'
          ? `text ${t}`
          : t + i,
  );

describe('unions over more tables than anybody names', () => {
  let engine: LocalEngine;
  const full: EngineTable[] = [],
    sparse: EngineTable[] = [];
  before(async () => {
    engine = await openEngine({ threads: 1, memoryLimitMb: 512 });
    for (let t = 0; t < COUNT; t++) {
      sparse.push(await engine.createTable('sparse', `T${t}`, columnsOf(t)));
      full.push(await engine.createTable('full', `T${t}`, columnsOf(t)));
      await engine.append(full[t]!, [rowOf(t)]);
      if (t === 4 || t === 5) await engine.append(sparse[t]!, [rowOf(t)]);
    }
  });
  after(async () => {
    await engine.close();
  });
  const ask = async (
    text: string,
    tables: readonly EngineTable[] = sparse,
    more: Partial<QueryOptions> = {},
  ): Promise<{ columns: Column[]; rows: Cell[][]; source: Cell[][] }> => {
    const {
      tables: [table],
    } = await engine.query(text, { database: { name: 'd', tables }, ...more });
    try {
      return {
        columns: [...table!.columns],
        rows: await table!.rows(),
        source: [...(await engine.sql(`SELECT count(*), count(columns(*)) FROM ${table!.source}`)).rows].map((r) => [
          ...r,
        ]),
      };
    } finally {
      await table!.dispose();
    }
  };

  it('columns nobody fills are there, without a value, in their places', async () => {
    const { columns, rows, source } = await ask('union * | sort by TimeGenerated asc');
    assert.equal(columns.length, 4 + COUNT * OWN);
    const of = (...names: string[]): Cell[][] =>
      rows.map((row) => names.map((name) => row[columns.findIndex((c) => c.name === name)]!));
    assert.deepEqual(of('Type', 'Kind_string', 'Kind_long', 'C0_0', 'C0_1'), [
      ['T4', 'text 4', null, '', null],
      ['T5', '', 7, '', null],
    ]);
    assert.deepEqual(of('C5_0', 'C5_1'), [
      ['', null],
      ['text 5', 9],
    ]);
    assert.equal(source[0]![0], 2);
  });
  it('operators above see such columns as empty', async () => {
    assert.deepEqual(
      (
        await ask(
          'union * | where isempty(C0_0) and isnull(C0_1) | extend z = strcat(C0_0, "!", tostring(C7_1)), C9_0 = "set" | summarize n = count(), a = make_set(C9_0), c = countif(isempty(C8_0)) by z',
        )
      ).rows,
      [['!', 2, '["set"]', 2]],
    );
    assert.deepEqual(
      (await ask('union withsource=S * | sort by C0_1 asc, TimeGenerated desc | project S, C0_0, C5_0 | take 1')).rows,
      [['T5', '', 'text 5']],
    );
    assert.deepEqual(
      (
        await ask(
          'let all_ = union *; all_ | join kind=leftouter (all_ | project C0_0, Type) on Type | where C0_0 == C0_01 | count',
        )
      ).rows,
      [[2]],
    );
    assert.deepEqual((await ask('union * | distinct C0_0, C5_0 | sort by C5_0 asc')).rows, [
      ['', ''],
      ['', 'text 5'],
    ]);
    assert.deepEqual(
      (await ask('union * | where Type in ((union * | where C5_0 has "text" | project Type)) | project Type')).rows,
      [['T5']],
    );
    assert.deepEqual(
      (
        await ask(
          'union * | make-series n = count() on TimeGenerated from datetime(2024-01-01) to datetime(2024-01-02) step 1d by C0_0',
        )
      ).rows.map((r) => r[1]),
      ['[2]'],
    );
  });
  it('search and find over all tables, and none that has rows', async () => {
    const { columns, rows } = await ask('search "text" | sort by TimeGenerated asc');
    assert.deepEqual(
      [columns[0]!.name, columns.length, rows.map((r) => r[0])],
      ['$table', 5 + COUNT * OWN, ['T4', 'T5']],
    );
    assert.deepEqual((await ask('search "9" | project $table, Type')).rows, [['T5', 'T5']]);
    assert.deepEqual((await ask('search *', sparse.slice(20))).rows, []);
    assert.deepEqual((await ask('search * | count', sparse.slice(20))).rows, [[0]]);
  });
  it('where all have rows, only the legs that come through are joined into one', async () => {
    assert.equal((await ask('union * | take 7', full)).rows.length, 7);
    assert.deepEqual(
      (await ask('search "text 77"', full)).rows.map((r) => r[0]),
      ['T77'],
    );
    assert.deepEqual(
      (
        await ask(
          'union * | extend x = 1 | top 3 by TimeGenerated desc | project-away C0_0 | project-reorder Type, x',
          full,
        )
      ).rows.map((r) => [r[0], r[1]]),
      [
        ['T119', 1],
        ['T118', 1],
        ['T117', 1],
      ],
    );
    assert.deepEqual(
      (
        await ask(
          'union * | where TimeGenerated >= datetime(2024-01-01 00:00:00.0000118) | serialize n = row_number() | count',
          full,
        )
      ).rows,
      [[2]],
    );
  });
  it('a name split by type is what the rows have of it where Microsoft lets it pass', async () => {
    assert.deepEqual(
      (await ask('union * | extend K = coalesce(Kind, "none") | project Type, K | sort by Type asc')).rows,
      [
        ['T4', 'text 4'],
        ['T5', '7'],
      ],
    );
    assert.deepEqual((await ask('union * | summarize n = count() by Kind | sort by Kind asc')).rows, [
      ['7', 1],
      ['text 4', 1],
    ]);
    await assert.rejects(ask('union T0, T2 | project Kind'), { code: 'query.semantic' });
    await assert.rejects(ask('union * | project-away Kind'), { code: 'query.semantic' });
  });
  it('a column with the name of withsource is numbered', async () => {
    assert.deepEqual(
      (await ask('union withsource=T (print T=1), (print T=2) | extend x = T | project T, T1, x | sort by T1 asc'))
        .rows,
      [
        ['union_arg0', 1, 'union_arg0'],
        ['union_arg1', 2, 'union_arg1'],
      ],
    );
  });
  it('in the condition of a search a name is the column of the type Microsoft means, in every table that has it so', async () => {
    const tables: EngineTable[] = [];
    for (const [name, type] of [
      ['A', 'datetime'],
      ['B', 'datetime'],
      ['C', 'string'],
    ] as const) {
      const table = await engine.createTable('seen', name, [
        { name: 'Seen', type },
        { name: 'S', type: 'string' },
      ]);
      await engine.append(table, [[name === 'B' ? '2001-01-01T00:00:00Z' : '2026-01-01T00:00:00Z', `row ${name}`]]);
      tables.push(table);
    }
    const after = 'search Seen > datetime(2020-01-01) and "row"';
    const { columns, rows } = await ask(`${after} | project-reorder $table, S`, tables);
    assert.deepEqual(
      [columns.map((c) => c.name), rows],
      [['$table', 'S', 'Seen_datetime', 'Seen_string'], [['A', 'row A', '2026-01-01T00:00:00.0000000Z', '']]],
    );
    assert.deepEqual((await ask(`${after} | summarize n = count() by $table`, tables)).rows, [['A', 1]]);
    for (const tail of ['extend x = 1', 'project-away S', 'where isnotnull(Seen)'])
      await assert.rejects(ask(`${after} | ${tail}`, tables), { code: 'query.unsupported' });
    assert.deepEqual(
      (
        await ask(
          'union A, C | join kind=leftouter (union A, C | project S, n = 1) on S | sort by S asc | project S, Seen_string, n',
          tables,
        )
      ).rows,
      [
        ['row A', '', 1],
        ['row C', '2026-01-01T00:00:00Z', 1],
      ],
    );
  });
  it('times and numbers are left out of a search for what they cannot hold', async () => {
    const table = await engine.createTable('one', 'One', [
      { name: 't', type: 'datetime' },
      { name: 'n', type: 'long' },
      { name: 'r', type: 'real' },
      { name: 'b', type: 'bool' },
      { name: 'd', type: 'timespan' },
    ]);
    await engine.append(table, [
      ['2024-02-29T12:34:56Z', 4711, 'NaN', true, '01:02:03'],
      [null, null, null, null, null],
    ]);
    for (const [term, found] of [
      ['4711', 1],
      ['2024', 1],
      ['34', 1],
      ['nan', 1],
      ['true', 1],
      ['02', 1],
      ['words', 0],
      ['47 11', 0],
      ['tru', 0],
    ] as const) {
      assert.equal((await ask(`search "${term}"`, [table])).rows.length, found, term);
      assert.equal((await ask(`One | where * has "${term}"`, [table])).rows.length, found, term);
    }
  });
});
