import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { RowStore, RowStoreRun } from '../../../src/ports/rows.ts';
import type { Cell, Column, KqlType } from '../../../src/model/kqlType.ts';
import type { RowFilter } from '../../../src/model/rows.ts';

const who = (workspace: string, customer = 'Contoso') => ({
  customer,
  tenant: `${customer} AD`,
  workspace,
});
const columns = (...specs: string[]): Column[] =>
  specs.map((spec) => {
    const [name, type] = spec.split(':');
    return { name: name!, type: type as KqlType };
  });
const names = (run: RowStoreRun): string[] =>
  run
    .columns()
    .map((column) => `${column.name}:${column.type}`)
    .slice(3);
const all = async (run: RowStoreRun, question: Partial<Parameters<RowStoreRun['window']>[0]> = {}) =>
  (await run.window({ first: 0, count: 100, ...question })).rows;

describe('rows of a run', () => {
  // The assignment proves that the adapter fits the port.
  const store: RowStore & { close(): Promise<void> } = new DuckRowStore({ memoryLimitMb: 200 });
  let n = 0;
  const open = (): Promise<RowStoreRun> => store.open(`run${n++}`);
  after(() => store.close());

  test('every type comes back as it was sent, longs and ticks exact', async () => {
    const run = await open();
    const specs = columns(
      'b:bool',
      'i:int',
      'l:long',
      'r:real',
      'd:decimal',
      's:string',
      't:datetime',
      'p:timespan',
      'g:guid',
      'y:dynamic',
    );
    const rows: Cell[][] = [
      [
        true,
        -5,
        9223372036854775807n,
        1.5,
        '12345678901234567890.123',
        'short',
        '2024-02-29T23:59:59.1234567Z',
        '-1.02:03:04.0000005',
        '6f9619ff-8b86-d011-b42d-00c04fc964ff',
        '{"a":[1,null]}',
      ],
      [
        false,
        2147483647,
        -9007199254740993n,
        'NaN',
        '0',
        'a text that does not fit in place',
        '0001-01-01T00:00:00Z',
        '00:00:00',
        '',
        '[]',
      ],
      [null, null, null, null, null, '', null, null, null, null],
      [
        true,
        0,
        0,
        '-Infinity',
        '-1.5',
        'caf\u00e9 \u{1f600} nul\0',
        '9999-12-31T23:59:59.9999999Z',
        '10675199.02:48:05.4775807',
        'x',
        '"text"',
      ],
    ];
    await run.append('w1', who('w1'), specs, rows);
    const { table } = await run.table(10);
    assert.deepEqual(
      table.rows.map((row) => row.slice(3)),
      rows,
    );
    assert.deepEqual(table.rows[0]!.slice(0, 3), ['Contoso', 'Contoso AD', 'w1']);
    assert.equal((await all(run))[0]![5], '9223372036854775807', 'past 2^53 a page gets text');
  });

  test('a value that does not fit its type is no value', async () => {
    const run = await open();
    await run.append('w', who('w'), columns('i:int', 'l:long', 't:datetime'), [
      [2 ** 31, 1.5, 'yesterday'],
      ['x', 2n ** 64n, '2024-13-01T00:00:00Z'],
    ]);
    assert.deepEqual(
      (await run.table(9)).table.rows.map((row) => row.slice(3)),
      [
        [null, null, null],
        [null, null, null],
      ],
    );
  });

  test('columns are united by name and type, whoever answers first', async () => {
    const answers: [string, Column[], Cell[]][] = [
      ['a', columns('Time:datetime', 'Level:string'), ['2024-01-01T00:00:00Z', 'Error']],
      ['b', columns('Time:datetime', 'Level:long', 'level:string'), ['2024-01-02T00:00:00Z', 2, 'low']],
      ['c', columns('Extra:string', 'Time:datetime', 'Level:long'), ['x', '2024-01-03T00:00:00Z', 3]],
    ];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
    ]) {
      const run = await open();
      for (const i of order) await run.append(answers[i]![0], who(answers[i]![0]), answers[i]![1], [answers[i]![2]]);
      assert.deepEqual(names(run), [
        'Time:datetime',
        'Level_long:long',
        'Level_string:string',
        'level:string',
        'Extra:string',
      ]);
      assert.deepEqual(
        run.columns().map((column) => column.presentIn),
        [3, 3, 3, 3, 2, 1, 1, 1],
      );
      assert.deepEqual(
        await all(run, {
          columns: ['_Workspace', 'Level_long', 'Level_string', 'Extra'],
          sort: [{ column: 'Time', descending: false }],
        }),
        [
          ['a', null, 'Error', ''],
          ['b', 2, '', ''],
          ['c', 3, '', 'x'],
        ],
      );
    }
  });

  test('a split name gives way to a column that really has it', async () => {
    const run = await open();
    await run.append('a', who('a'), columns('Level:long', 'Level_long:string'), [[1, 'x']]);
    await run.append('b', who('b'), columns('Level:string'), [['y']]);
    assert.deepEqual(names(run), ['Level_long1:long', 'Level_string:string', 'Level_long:string']);
  });

  test('a retried target replaces its rows; its columns may go', async () => {
    const run = await open();
    await run.append('a', who('a'), columns('x:long'), [[1], [2]]);
    await run.append('b', who('b'), columns('x:long', 'gone:string'), [[3, 'old']]);
    await run.append('b', who('b'), columns('x:long'), [[4], [5]]);
    assert.equal(run.rowCount(), 4);
    assert.deepEqual(names(run), ['x:long']);
    assert.deepEqual(
      (await all(run)).map((row) => row[3]),
      [1, 2, 4, 5],
    );
    assert.deepEqual(
      (await run.window({ first: 1, count: 2 })).rows.map((row) => row[3]),
      [2, 4],
    );
  });

  test('windows: numbers sort as numbers, times as times, empty last, ties by arrival', async () => {
    const run = await open();
    await run.append('a', who('a'), columns('n:long', 'd:decimal', 't:datetime', 's:string'), [
      [10, '10', '2024-01-02T00:00:00.0000002Z', 'b'],
      [9, '9.5', '2024-01-02T00:00:00.0000001Z', ''],
      [null, null, null, 'a'],
      [9, '-100', '2023-12-31T00:00:00Z', 'B'],
    ]);
    const sorted = async (column: string, descending = false) =>
      (await all(run, { columns: ['n', 's'], sort: [{ column, descending }] })).map((row) => row.join('/'));
    assert.deepEqual(await sorted('n'), ['9/', '9/B', '10/b', '/a']);
    assert.deepEqual(await sorted('n', true), ['10/b', '9/', '9/B', '/a']);
    assert.deepEqual(await sorted('d'), ['9/B', '9/', '10/b', '/a']);
    assert.deepEqual(await sorted('t', true), ['10/b', '9/', '9/B', '/a']);
    assert.deepEqual(await sorted('s'), ['9/B', '/a', '10/b', '9/']);
    const window = await run.window({ first: 2, count: 1, columns: ['n'], sort: [{ column: 'n', descending: false }] });
    assert.deepEqual(window, { first: 2, total: 4, columns: ['n'], rows: [[10]] });
  });

  test('once arranged, rows go target by target, whoever answered first; so do ties, pages and files', async () => {
    const answers: Record<string, Cell[][]> = {
      a: [
        [1, 'x'],
        [2, 'x'],
      ],
      b: [],
      c: [[3, 'x']],
      d: [
        [4, 'y'],
        [5, 'x'],
      ],
    };
    for (const arrival of ['abcd', 'dcba', 'cadb']) {
      const run = await open();
      for (const key of arrival) await run.append(key, who(key), columns('n:long', 's:string'), [...answers[key]!]);
      assert.deepEqual(
        (await all(run, { columns: ['n'] })).flat(),
        [...arrival].flatMap((key) => answers[key]!.map(([n]) => n)),
        'until then as they came',
      );
      await run.arrange(['a', 'b', 'c', 'd', 'nobody']);
      assert.deepEqual((await all(run, { columns: ['n'] })).flat(), [1, 2, 3, 4, 5]);
      for (const [first, count] of [
        [0, 1],
        [1, 2],
        [1, 3],
        [2, 9],
        [4, 1],
        [5, 1],
      ] as const) {
        assert.deepEqual(
          (await run.window({ first, count, columns: ['n'] })).rows.flat(),
          [1, 2, 3, 4, 5].slice(first, first + count),
          `${count} from ${first} on`,
        );
      }
      assert.deepEqual(
        (await all(run, { columns: ['n'], sort: [{ column: 's', descending: false }] })).flat(),
        [1, 2, 3, 5, 4],
      );
      assert.deepEqual(
        (await run.table(9)).table.rows.map((row) => row[3]),
        [1, 2, 3, 4, 5],
      );
      assert.deepEqual(
        (await run.chart({ kind: 'columnchart', x: 's', y: ['n'], series: ['_Tenant'], maxPoints: 9 })).series.flatMap(
          (series) => series.x,
        ),
        ['x', 'y'],
      );
      await run.append('a', who('a'), columns('n:long', 's:string'), [[9, 'z']]);
      assert.deepEqual(
        (await all(run, { columns: ['n'] })).flat(),
        [3, 4, 5, 9],
        'what is asked again comes last until it is arranged',
      );
      await run.arrange(['a', 'b', 'c', 'd']);
      assert.deepEqual((await all(run, { columns: ['n'] })).flat(), [9, 3, 4, 5]);
    }
  });

  test('filters and search', async () => {
    const run = await open();
    await run.append('a', who('a', 'Fabrikam'), columns('n:long', 't:datetime', 's:string', 'b:bool'), [
      [1, '2024-01-01T10:00:00Z', 'Error in 50%', true],
      [2, '2024-01-02T10:00:00Z', "it's error_2", false],
      [null, null, '', null],
    ]);
    const pick = async (
      ...filters: {
        column: string;
        op: 'equals' | 'notEquals' | 'contains' | 'notContains' | 'greater' | 'less' | 'empty' | 'notEmpty';
        value?: string;
      }[]
    ) => (await all(run, { columns: ['n'], filters })).flat();
    assert.deepEqual(await pick({ column: 's', op: 'contains', value: 'ERROR' }), [1, 2]);
    assert.deepEqual(await pick({ column: 's', op: 'contains', value: '%' }), [1]);
    assert.deepEqual(await pick({ column: 's', op: 'notContains', value: '_' }), [1, null]);
    assert.deepEqual(await pick({ column: 's', op: 'equals', value: "it's error_2" }), [2]);
    assert.deepEqual(await pick({ column: 's', op: 'empty' }), [null]);
    assert.deepEqual(await pick({ column: 'n', op: 'notEquals', value: '1' }), [2, null]);
    assert.deepEqual(await pick({ column: 'n', op: 'equals', value: 'one' }), []);
    assert.deepEqual(await pick({ column: 'n', op: 'equals', value: '' }), [null]);
    assert.deepEqual(await pick({ column: 't', op: 'greater', value: '2024-01-01T12:00:00Z' }), [2]);
    assert.deepEqual(await pick({ column: 't', op: 'contains', value: '01-02T10' }), [2]);
    assert.deepEqual(await pick({ column: 'b', op: 'equals', value: 'true' }), [1]);
    assert.deepEqual(
      await pick({ column: '_Customer', op: 'equals', value: 'Fabrikam' }, { column: 'n', op: 'less', value: '2' }),
      [1],
    );
    assert.deepEqual((await all(run, { columns: ['n'], search: 'FABRI' })).length, 3);
    assert.deepEqual(await all(run, { columns: ['n'], search: '2024-01-02t10:00:00z' }), [[2]]);
    await assert.rejects(pick({ column: 'n', op: 'greater', value: 'one' }), { code: 'input.filterValue' });
    await assert.rejects(pick({ column: 'nope', op: 'empty' }), { code: 'input.unknownColumn' });
  });

  test('filters and search see what the cell shows', async () => {
    const run = await open();
    const guid = '0a1b2c3d-0000-4000-8000-00000000abcd';
    await run.append(
      'a',
      who('a'),
      columns('n:long', 't:datetime', 's:string', 'g:guid', 'd:decimal', 'r:real', 'l:long'),
      [
        [1, '2026-11-22T10:20:30.1230000Z', 'ΟΔΟΣ', guid, '18446744073709551615', 1e16, 9007199254740993n],
        [
          2,
          '2026-11-22T10:20:31Z',
          'οδος ÄÖ',
          guid.replace('0a', '0b'),
          '18446744073709551614',
          0.00001,
          9223372036854775807n,
        ],
        [3, null, 'straße İzmir', null, '-0.50', 12345678901234567890, -9223372036854775808n],
      ],
    );
    const pick = async (column: string, op: RowFilter['op'], value: string): Promise<unknown[]> =>
      (await all(run, { columns: ['n'], filters: [{ column, op, value }] })).flat();
    const search = async (text: string): Promise<unknown[]> =>
      (await all(run, { columns: ['n'], search: text })).flat();
    // The cell of a time shows 2026-11-22 10:20:30.123, what is copied of it is ISO text.
    assert.deepEqual(await search('2026-11-22 10:20'), [1, 2]);
    assert.deepEqual(await search('22T10:20:30.123Z'), [1]);
    assert.deepEqual(await pick('t', 'contains', '22 10:20:30.123'), [1]);
    assert.deepEqual(await pick('t', 'notContains', '22 10:20:30'), [2, 3]);
    assert.deepEqual(await pick('t', 'equals', '2026-11-22 10:20:30.123'), [1]);
    for (const text of ['οδοσ', 'οδος', 'ΟΔΟΣ']) assert.deepEqual(await search(text), [1, 2], text);
    assert.deepEqual(await search('äö'), [2]);
    for (const text of ['STRAß', 'izmir', 'İZMİR']) assert.deepEqual(await search(text), [3], text);
    assert.deepEqual(await pick('g', 'equals', guid.toUpperCase()), [1]);
    assert.deepEqual(await pick('g', 'equals', `{${guid.toUpperCase()}}`), [1]);
    assert.deepEqual(await search(guid.toUpperCase()), [1]);
    // Beyond 2^63, and beyond what a double tells apart.
    assert.deepEqual(await pick('d', 'equals', '18446744073709551615'), [1]);
    assert.deepEqual(await pick('d', 'greater', '18446744073709551614'), [1]);
    assert.deepEqual(await pick('d', 'less', '18446744073709551614.5'), [2, 3]);
    assert.deepEqual(await pick('d', 'equals', '-0.5'), [3]);
    assert.deepEqual(await pick('d', 'less', '-0.4'), [3]);
    assert.deepEqual(await pick('l', 'equals', '9223372036854775808'), []);
    assert.deepEqual(await pick('l', 'equals', '9223372036854775807'), [2]);
    assert.deepEqual(await pick('l', 'less', '9223372036854775808'), [1, 2, 3]);
    assert.deepEqual(await pick('l', 'greater', '-9223372036854775809'), [1, 2, 3]);
    assert.deepEqual(await pick('l', 'greater', '9007199254740992'), [1, 2]);
    assert.deepEqual(await pick('l', 'less', '1.5'), [3]);
    assert.deepEqual(await pick('l', 'greater', 'nan'), []);
    // Reals as JavaScript writes them, which is what the cell shows.
    assert.deepEqual(await search('10000000000000000'), [1]);
    assert.deepEqual(await search('0.00001'), [2]);
    assert.deepEqual(await pick('r', 'contains', '12345678901234567000'), [3]);
    assert.deepEqual(await pick('r', 'less', '1e20'), [1, 2, 3]);
    assert.deepEqual(await pick('r', 'equals', '1e16'), [1]);
    assert.deepEqual((await all(run, { columns: ['n'], sort: [{ column: 'd', descending: true }] })).flat(), [1, 2, 3]);
  });

  test('a sorted window sees the rows that came after it was first asked', async () => {
    const run = await open();
    const sort = [{ column: 'n', descending: true }];
    await run.append('a', who('a'), columns('n:long'), [[1]]);
    assert.deepEqual((await all(run, { sort, columns: ['n'] })).flat(), [1]);
    await run.append('b', who('b'), columns('n:long'), [[2]]);
    assert.deepEqual((await all(run, { sort, columns: ['n'] })).flat(), [2, 1]);
  });

  test('statistics of a column', async () => {
    const run = await open();
    await run.append('a', who('a'), columns('t:datetime', 'd:decimal', 's:string'), [
      ['2024-01-01T00:00:00.5Z', '10', 'x'],
      ['2024-01-03T00:00:00Z', '9', 'x'],
      [null, null, ''],
      ['2024-01-02T00:00:00Z', '9', 'y'],
    ]);
    assert.deepEqual(await run.statistics('s'), {
      column: 's',
      rows: 4,
      empty: 1,
      distinct: 2,
      min: 'x',
      max: 'y',
      top: [
        { value: 'x', count: 2 },
        { value: 'y', count: 1 },
      ],
    });
    const decimal = await run.statistics('d');
    assert.deepEqual([decimal.min, decimal.max, decimal.top[0]], ['9', '10', { value: '9', count: 2 }]);
    const times = await run.statistics('t', [{ column: 's', op: 'notEmpty' }]);
    assert.deepEqual(
      [times.rows, times.empty, times.min, times.max],
      [3, 0, '2024-01-01T00:00:00.5Z', '2024-01-03T00:00:00Z'],
    );
  });

  test('before anything came there is nothing, and no error', async () => {
    const run = await open();
    assert.deepEqual(
      [run.rowCount(), await all(run), (await run.table(5)).table.rows, (await run.statistics('_Customer')).rows],
      [0, [], [], 0],
    );
    assert.match((await run.chart({ kind: 'timechart', maxPoints: 10 })).problem!, /nothing to draw/);
    await run.discard();
    await run.append("it's", who("it's"), columns("a 'name'; DROP:string"), [["x';"]]);
    assert.deepEqual(await all(run, { columns: ['_Workspace', "a 'name'; DROP"] }), [["it's", "x';"]]);
  });

  test('an answer without rows still counts its columns; discarding leaves nothing', async () => {
    const run = await open();
    await run.append('a', who('a'), columns('n:long'), []);
    assert.deepEqual([names(run), run.rowCount(), await all(run)], [['n:long'], 0, []]);
    await run.discard();
    assert.equal(run.rowCount(), 0);
  });

  test('a large answer is stored in steps, told as it goes, and let go', async () => {
    const run = (await store.open('large')) as RowStoreRun;
    const rows = Array.from({ length: 300_000 }, (_, i): Cell[] => [i, `row ${i}`]);
    const told: number[] = [];
    let first: unknown;
    const append = (run as unknown as { append(...args: unknown[]): Promise<void> }).append(
      'a',
      who('a'),
      columns('n:long', 's:string'),
      rows,
      (count: number) => {
        told.push(count);
        first ??= run.window({ first: 0, count: 2, columns: ['n'] });
      },
    );
    await append;
    assert.deepEqual((await (first as ReturnType<RowStoreRun['window']>)).rows, [[0], [1]]);
    assert.ok(told.length >= 3 && told[0]! <= 2048 && told.at(-1) === 300_000, String(told));
    assert.equal(rows.length, 0);
    assert.deepEqual(
      (await run.window({ first: 299_999, count: 5 })).rows.map((row) => row[4]),
      ['row 299999'],
    );
  });
});

describe('a store in a folder', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rows-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  test('kept runs are there in the next session, and go when discarded', async () => {
    const first = new DuckRowStore({ directory, persist: true, memoryLimitMb: 200 });
    const run = await first.open('r');
    await run.append('z', who('z'), columns('n:long'), [[0]]);
    await run.append('a', who('a'), columns('n:long', 't:datetime'), [
      [1, '2024-01-01T00:00:00Z'],
      [2, null],
    ]);
    await run.append('z', who('z'), columns('n:long'), [[7]]);
    await run.arrange(['a', 'z']);
    await first.close();
    const second = new DuckRowStore({ directory, persist: true, memoryLimitMb: 200 });
    const again = await second.open('r');
    assert.deepEqual(
      [again.rowCount(), (await all(again))[0]],
      [3, ['Contoso', 'Contoso AD', 'a', 1, '2024-01-01T00:00:00Z']],
    );
    await again.append('b', who('b'), columns('n:long'), [[3]]);
    assert.deepEqual((await all(again, { columns: ['n'] })).flat(), [1, 2, 7, 3]);
    await second.keepOnly([]);
    assert.equal((await second.open('r')).rowCount(), 0);
    await second.close();
  });

  test('nothing stays of a session that keeps nothing', async () => {
    const folder = join(directory, 'passing');
    const store = new DuckRowStore({ directory: folder, memoryLimitMb: 200 });
    await (await store.open('r')).append('a', who('a'), columns('n:long'), [[1]]);
    await store.close();
    const { readdir } = await import('node:fs/promises');
    assert.deepEqual(await readdir(folder), []);
  });

  test('CSV is safe in a spreadsheet and whole again when read; JSON keeps longs', async () => {
    const store = new DuckRowStore({ memoryLimitMb: 200 });
    const run = await store.open('r');
    await run.append('a', who('=w'), columns('s:string', 'n:long', 'd:dynamic', 'r:real'), [
      ['=cmd()', -5, '{"a":1}', 'NaN'],
      ['say "hi",\r\nthere', 9007199254740993n, null, 0.5],
      ['-1', null, '-2', null],
    ]);
    const csv = join(directory, 'out.csv');
    assert.deepEqual(await run.export(csv, 'csv'), { rows: 3, notes: [] });
    assert.equal(
      await readFile(csv, 'utf8'),
      [
        '_Customer,_Tenant,_Workspace,s,n,d,r',
        `Contoso,Contoso AD,'=w,'=cmd(),-5,"{""a"":1}",NaN`,
        `Contoso,Contoso AD,'=w,"say ""hi"",\r\nthere",9007199254740993,,0.5`,
        `Contoso,Contoso AD,'=w,'-1,,'-2,`,
        '',
      ].join('\r\n'),
    );
    const json = join(directory, 'out.json');
    await run.export(json, 'json', {
      filters: [{ column: 'n', op: 'notEmpty' }],
      sort: [{ column: 'n', descending: true }],
    });
    const text = await readFile(json, 'utf8');
    assert.match(text, /"n":9007199254740993,/);
    assert.deepEqual(
      (JSON.parse(text) as { s: string; d: unknown }[]).map((row) => [row.s, row.d]),
      [
        ['say "hi",\r\nthere', null],
        ['=cmd()', { a: 1 }],
      ],
    );
    await assert.rejects(run.export(join(directory, 'no', 'out.csv'), 'csv'), { code: 'input.exportPath' });
    await store.close();
  });
});
