import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { BatchAnswer } from '../../../src/engine/batch.ts';
import { runBatch } from '../../../src/engine/batch.ts';
import type { EngineDatabase, EngineTable, LocalEngine } from '../../../src/engine/face.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { Cell, KqlType } from '../../../src/model/kqlType.ts';
import { LEFT, RIGHT, someTable, somePipeline } from '../../harness/pipelines.ts';
import type { Operator } from '../../harness/pipelines.ts';
import { literalText, stepText, toCell } from '../../harness/referenceEvaluator.ts';
import type { Step, Table, Value } from '../../harness/referenceEvaluator.ts';
import { judge } from '../../harness/score.ts';
import { SeededRandom } from '../../harness/seededRandom.ts';
import { EPOCH_TICKS, MAX_DATETIME_TICKS } from '../../../src/model/values/ticks.ts';

const ROUNDS = Number(process.env.TENANTSCOPE_PROPERTY_ROUNDS ?? 30);
const random = new SeededRandom(20_240_515);
const wide = someTable(random, LEFT, 40);
const narrow = someTable(random, RIGHT, 15);
let engine: LocalEngine;
let database: EngineDatabase;

async function load(name: string, table: Table): Promise<EngineTable> {
  const made = await engine.createTable('logs', name, table.columns);
  await engine.append(
    made,
    table.rows.map((row) => row.map((value, i) => toCell(value, table.columns[i]!.type))),
  );
  return made;
}
before(async () => {
  engine = await openEngine({ memoryLimitMb: 512, threads: 1 });
  database = { name: 'logs', tables: [await load('L', wide), await load('R', narrow)] };
});
after(async () => {
  await engine.close();
});

async function answer(query: string): Promise<BatchAnswer> {
  for await (const found of runBatch(engine, [{ id: '', query }], { database })) return found;
  throw new Error('no answer');
}
async function cells(query: string): Promise<readonly Cell[]> {
  const got = await answer(query);
  assert.ok(got.ok, `${query}\n${got.ok ? '' : got.message}`);
  return got.rows[0] ?? [];
}
function textOf(steps: readonly Step[]): string {
  return ['L', ...steps.map(stepText)].join('\n| ');
}
async function holds(query: string, result: Table, ordered: boolean): Promise<void> {
  const rows = result.rows.map((row) => row.map((value, i) => toCell(value, result.columns[i]!.type)));
  const { verdict, why } = judge({ columns: result.columns, rows, ordered }, await answer(query));
  assert.equal(verdict, 'right', `${why}\n${query}`);
}

describe('each operator does what the plainest evaluator does', () => {
  const kinds: readonly (readonly Operator[])[] = [
    ['where'],
    ['extend'],
    ['project'],
    ['summarize'],
    ['distinct'],
    ['sort'],
    ['top'],
    ['take'],
    ['count'],
    ['union'],
    ['join'],
    ['mv-expand'],
  ];
  for (const ops of kinds) {
    it(ops.join(' | '), async () => {
      for (let i = 0; i < ROUNDS; i++) {
        const { steps, result, ordered } = somePipeline(random, wide, ops, narrow);
        await holds(textOf(steps), result, ordered);
      }
    });
  }
  it('pipelines of several', async () => {
    const middle: readonly Operator[] = [
      'where',
      'extend',
      'project',
      'union',
      'join',
      'mv-expand',
      'sort',
      'top',
      'summarize',
      'distinct',
    ];
    for (let i = 0; i < 2 * ROUNDS; i++) {
      const ops = Array.from({ length: random.int(2, 4) }, () => random.pick(middle));
      const { steps, result, ordered } = somePipeline(random, wide, ops, narrow);
      await holds(textOf(steps), result, ordered);
    }
  });
});

describe('the shape of a query does not change its answer', () => {
  it('the order of sort lasts through where, extend and project', async () => {
    for (let i = 0; i < ROUNDS; i++) {
      const { steps, result, ordered } = somePipeline(
        random,
        wide,
        ['sort', ...random.some<Operator>(['where', 'extend', 'project'], random.int(1, 3))],
        narrow,
      );
      assert.ok(ordered);
      await holds(textOf(steps), result, true);
    }
  });
  it('a pipe in one piece is the same as each step evaluated by itself', async () => {
    for (let i = 0; i < ROUNDS; i++) {
      const ops = Array.from({ length: 4 }, () =>
        random.pick<Operator>(['where', 'extend', 'summarize', 'join', 'union', 'distinct', 'mv-expand']),
      );
      const { steps, result } = somePipeline(random, wide, ops, narrow);
      const lets = steps.map(
        (step, n) => `let s${n} = materialize(${n === 0 ? 'L' : `s${n - 1}`} | ${stepText(step)});`,
      );
      await holds(`${lets.join('\n')}\n${lets.length === 0 ? 'L' : `s${lets.length - 1}`}`, result, false);
    }
  });
  it('a filter before a union or a join on the key is the same as after it', async () => {
    for (let key = -2; key <= 5; key++) {
      const count = async (query: string): Promise<Cell | undefined> => (await cells(`${query} | count`))[0];
      assert.equal(
        await count(`L | union R | where k == ${key}`),
        await count(`L | where k == ${key} | union (R | where k == ${key})`),
      );
      assert.equal(
        await count(`L | join kind=inner R on k | where k == ${key}`),
        await count(`L | where k == ${key} | join kind=inner R on k`),
      );
    }
  });
});

describe('values come back as they went in', () => {
  const text = (): string =>
    Array.from({ length: random.int(0, 12) }, () =>
      random.pick(['a', 'Z', '0', ' ', '"', "'", '\\', '\n', '\t', 'ä', '漢', '😀', '%', '_', '$', '{', '`', '\u0001']),
    ).join('');
  const ticks = (): bigint => BigInt.asUintN(64, random.long()) % (MAX_DATETIME_TICKS + 1n);
  const values: Readonly<Record<KqlType, () => Value>> = {
    int: () => random.pick([0, -1, 2_147_483_647, -2_147_483_647, random.int(-1000, 1000)]),
    decimal: () =>
      random.pick([
        '0',
        '-0.5',
        '12345678901234567890.123456789',
        '1.1',
        `${random.int(1, 999)}.${random.int(0, 99)}1`,
      ]),
    bool: () => random.chance(0.5),
    string: text,
    datetime: () => random.pick([0n, MAX_DATETIME_TICKS, EPOCH_TICKS, ticks()]),
    long: () =>
      random.pick([
        0n,
        -1n,
        9_223_372_036_854_775_807n,
        -9_223_372_036_854_775_807n,
        9_007_199_254_740_993n,
        random.long(),
      ]),
    real: () =>
      random.pick([
        0,
        -0.5,
        1e308,
        5e-324,
        -1.7976931348623157e308,
        Number.NaN,
        Infinity,
        -Infinity,
        (random.next() - 0.5) * 10 ** random.int(-20, 20),
      ]),
    timespan: () => random.pick([0n, 1n, -1n, 864_000_000_000n, random.long() / 4n]),
    guid: () =>
      `${random.long().toString(16).replace('-', '').padStart(16, '0')}${random.long().toString(16).replace('-', '').padStart(16, '0')}`.replace(
        /^(.{8})(.{4})(.{4})(.{4})(.{12})$/,
        '$1-$2-$3-$4-$5',
      ),
    dynamic: () =>
      Array.from({ length: random.int(0, 4) }, () => (random.chance(0.2) ? null : BigInt(random.int(-1000, 1000)))),
  };
  for (const [type, make] of Object.entries(values) as [KqlType, () => Value][]) {
    it(`${type}: a literal is read, and written, and read again`, async () => {
      for (let i = 0; i < ROUNDS; i++) {
        const value = i === 0 ? null : make();
        const cell = toCell(value, type);
        const [got] = await cells(`print x = ${literalText(type, value)}`);
        assert.deepEqual(comparable(got, type), comparable(cell, type), literalText(type, value));
      }
    });
    it(`${type}: rows that are loaded are the rows that come out`, async () => {
      const rows = Array.from({ length: 50 }, (_, i): Cell[] => [i, toCell(random.chance(0.1) ? null : make(), type)]);
      const table = await engine.createTable('trip', `of_${type}`, [
        { name: 'i', type: 'long' },
        { name: 'x', type },
      ]);
      await engine.append(table, rows);
      const result = await engine.query(`of_${type} | sort by i asc`, { database: { name: 'trip', tables: [table] } });
      const got = await result.tables[0]!.rows();
      assert.deepEqual(
        got.map(([, x]) => comparable(x, type)),
        rows.map(([, x]) => comparable(x, type)),
      );
      await engine.dropTable(table);
    });
  }
  const parsers: readonly (readonly [KqlType, string])[] = [
    ['int', 'toint'],
    ['real', 'toreal'],
    ['decimal', 'todecimal'],
    ['long', 'tolong'],
    ['bool', 'tobool'],
    ['datetime', 'todatetime'],
    ['timespan', 'totimespan'],
    ['guid', 'toguid'],
  ];
  for (const [type, parser] of parsers) {
    it(`${type}: what tostring() prints, ${parser}() reads`, async () => {
      for (let i = 0; i < ROUNDS; i++) {
        const value = literalText(type, values[type as 'long']());
        // NaN equals nothing, not even itself.
        const same = value === 'real(nan)' ? `isnan(${parser}(tostring(x)))` : `${parser}(tostring(x)) == x`;
        assert.deepEqual(await cells(`print x = ${value} | project same = ${same}`), [true], value);
      }
    });
  }
  it('dynamic: what tostring() prints, parse_json() reads', async () => {
    for (let i = 0; i < ROUNDS; i++) {
      const [cell, again] = await cells(
        `print x = ${literalText('dynamic', values.dynamic())} | project x, again = parse_json(tostring(x))`,
      );
      assert.deepEqual(again, cell);
    }
  });
});
function comparable(cell: Cell | undefined, type: KqlType): unknown {
  if (type === 'dynamic' && typeof cell === 'string') return JSON.parse(cell);
  return typeof cell === 'bigint' || (type === 'long' && cell !== null) ? String(cell) : cell;
}

describe('null', () => {
  const samples: readonly (readonly [KqlType, string])[] = [
    ['long', '5'],
    ['int', 'int(5)'],
    ['real', '5.5'],
    ['decimal', 'decimal(5.5)'],
    ['datetime', 'datetime(2024-01-01)'],
    ['timespan', '1h'],
  ];
  for (const [type, some] of samples) {
    it(`of ${type} is nothing in comparisons`, async () => {
      const none = `${type}(null)`;
      assert.deepEqual(
        await cells(`print ${none} < ${some}, ${none} > ${some}, ${some} <= ${none}, ${none} >= ${none}`),
        [null, null, null, null],
      );
      assert.deepEqual(
        await cells(`print ${none} == ${some}, ${some} == ${none}, ${none} != ${some}, ${some} != ${none}`),
        [false, false, true, true],
      );
      assert.deepEqual(
        await cells(
          `print isnull(${none}), isnotnull(${none}), isnull(${some}), coalesce(${none}, ${some}) == ${some}`,
        ),
        [true, false, false, true],
      );
      assert.deepEqual(await cells(`print iff(${none} == ${none}, 1, 0), iff(${none} != ${none}, 1, 0)`), [0, 0]);
    });
  }
  for (const [type, some] of samples.slice(0, 4)) {
    it(`of ${type} makes sums, products and quotients null`, async () => {
      const none = `${type}(null)`;
      assert.deepEqual(
        await cells(
          `print ${none} + ${some}, ${some} - ${none}, ${none} * ${none}, ${some} / ${none}, -${none}, ${none} * 0`,
        ),
        [null, null, null, null, null, null],
      );
    });
  }
  it('of every type is told by isnull() and skipped by what folds rows', async () => {
    for (const [type, some] of [
      ...samples,
      ['guid', 'guid(74be27de-1e4e-49d9-b579-fe0b331d3642)'],
      ['bool', 'true'],
      ['dynamic', 'dynamic([1])'],
    ] as const) {
      const table = `datatable(x: ${type})[${some}, ${type}(null)]`;
      assert.deepEqual(
        await cells(
          `${table} | summarize n = countif(isnull(x)), m = countif(isnotnull(x)), l = array_length(make_list(x)), c = count()`,
        ),
        // A list keeps the nulls of a dynamic.
        [1, 1, type === 'dynamic' ? 2 : 1, 2],
        type,
      );
      assert.deepEqual(await cells(`${table} | where isnull(x) | count`), [1], type);
    }
  });
  it('of bool is true nowhere a condition is asked', async () => {
    const table =
      'datatable(p:bool, q:bool)[true,true, true,false, true,bool(null), false,true, false,false, false,bool(null), bool(null),true, bool(null),false, bool(null),bool(null)]';
    const kept = async (condition: string): Promise<Cell | undefined> =>
      (await cells(`${table} | where ${condition} | count`))[0];
    assert.deepEqual(
      [await kept('p'), await kept('not(p)'), await kept('p and q'), await kept('p or q'), await kept('isnull(p)')],
      [3, 3, 1, 5, 3],
    );
  });
});
