import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import JSZip from 'jszip';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { Database } from '../../../src/engine/database/database.ts';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import { columnLetters } from '../../../src/engine/store/excel/cells.ts';
import { writeWorkbook } from '../../../src/engine/store/excel/workbook.ts';
import { toExportError } from '../../../src/engine/store/export.ts';
import type { PhysicalValue } from '../../../src/engine/functions/contract.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';
import type { RowStoreRun } from '../../../src/ports/rows.ts';

const WHO = { customer: 'Contoso', tenant: 'Contoso AD', workspace: 'law-one' };
const COLUMNS: readonly Column[] = [
  { name: 's', type: 'string' },
  { name: 'S', type: 'string' },
  { name: 'n', type: 'long' },
  { name: 't', type: 'datetime' },
  { name: 'p', type: 'timespan' },
  { name: 'd', type: 'decimal' },
  { name: 'y', type: 'dynamic' },
  { name: 'r', type: 'real' },
  { name: 'b', type: 'bool' },
];
const ROWS: readonly Cell[][] = [
  [
    '=cmd()',
    'x',
    9007199254740993n,
    '2024-02-29T23:59:59.1234567Z',
    '-1.02:03:04.0000005',
    '123.45',
    '{"a":1}',
    1.5,
    true,
  ],
  ['+1', '', -5, '2024-01-01T00:00:00.5Z', null, '12345678901234567890.123', null, 'NaN', false],
  ['@x', '-2', null, null, null, null, '[1]', null, null],
];

let directory: string;
let store: DuckRowStore;
let n = 0;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exports-'));
  store = new DuckRowStore({ memoryLimitMb: 300 });
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

async function runOf(columns: readonly Column[], rows: readonly Cell[][]): Promise<RowStoreRun> {
  const run = await store.open(`run${n++}`);
  await run.append('a', WHO, columns, structuredClone(rows));
  return run;
}
const place = (ending: string): string => join(directory, `out${n}.${ending}`);

/** What stands in the cells of a sheet, row by row: `{value}` of a number or boolean, else text, with its style. */
async function sheetOf(path: string, part: string): Promise<(readonly [string, string, string])[]> {
  const zip = await JSZip.loadAsync(await readFile(path));
  const xml = await zip.file(`xl/worksheets/${part}.xml`)!.async('string');
  return [...xml.matchAll(/<c r="(\w+)"([^>]*)>(?:<v>([^<]*)<\/v>|<is><t[^>]*>([^<]*)<\/t><\/is>)<\/c>/g)].map(
    ([, cell, kind, value, text]) => [cell!, kind!.trim(), value ?? text!],
  );
}

describe('rows as Parquet', () => {
  test('come back from DuckDB with their types, every tick and every long', async () => {
    const path = place('parquet');
    const run = await runOf(COLUMNS, ROWS);
    assert.deepEqual(await run.export(path, 'parquet'), {
      rows: 3,
      notes: ['Column S is called S_1: many readers of Parquet take no notice of case.'],
    });
    const database = await Database.open({ writesFiles: true });
    const file = `read_parquet('${path}')`;
    const types = await database.run(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${file})`);
    assert.deepEqual(
      types.rows.slice(3).map((row) => row.map(String)),
      [
        ['s', 'VARCHAR'],
        ['S_1', 'VARCHAR'],
        ['n', 'BIGINT'],
        ['t', 'TIMESTAMP_NS'],
        ['p', 'VARCHAR'],
        ['d', 'VARCHAR'],
        ['y', 'VARCHAR'],
        ['r', 'DOUBLE'],
        ['b', 'BOOLEAN'],
      ],
    );
    const { rows } = await database.run(`SELECT _Customer, s, n, epoch_ns(t), p, d, y, b FROM ${file}`);
    assert.deepEqual(
      rows.map((row) => row.map(String)),
      [
        [
          'Contoso',
          '=cmd()',
          '9007199254740993',
          '1709251199123456700',
          '-1.02:03:04.0000005',
          '123.45',
          '{"a":1}',
          'true',
        ],
        ['Contoso', '+1', '-5', '1704067200500000000', 'null', '12345678901234567890.123', 'null', 'false'],
        ['Contoso', '@x', 'null', 'null', 'null', 'null', '[1]', 'null'],
      ],
    );
    await database.close();
  });

  test('say where a time outside the years of nanoseconds costs the others their last digit', async () => {
    const run = await runOf(
      [{ name: 'at', type: 'datetime' }],
      [['0001-01-01T00:00:00Z'], ['2024-02-29T23:59:59.1234567Z']],
    );
    const { notes } = await run.export(place('parquet'), 'parquet');
    assert.deepEqual(notes, [
      'Times of at are kept to the microsecond, because one lies outside 1678 to 2262: 1 time lost a digit.',
    ]);
  });
});

describe('rows as a workbook', () => {
  test('no text is a formula, whole numbers beyond 15 digits are text, times are dates in UTC', async () => {
    const path = place('xlsx');
    const run = await runOf(COLUMNS, ROWS);
    const { rows, notes } = await run.export(path, 'xlsx', { about: ['1 of 1 workspace answered.'] });
    assert.equal(rows, 3);
    assert.deepEqual(notes, [
      'Excel shows times to the millisecond. With finer digits than that: 1 time.',
      'Excel keeps 15 digits of a number. As text instead, in full: 2 numbers.',
    ]);
    const cells = new Map((await sheetOf(path, 'sheet1')).map(([cell, kind, value]) => [cell, [kind, value]]));
    assert.deepEqual(cells.get('D1'), ['t="inlineStr" s="1"', 's']);
    for (const [cell, text] of [
      ['D2', '=cmd()'],
      ['D3', '+1'],
      ['D4', '@x'],
      ['E4', '-2'],
      ['H2', '-1.02:03:04.0000005'],
    ] as const)
      assert.deepEqual(cells.get(cell), ['t="inlineStr" s="3"', text], 'quoted, so that it stays text when edited');
    assert.deepEqual(cells.get('F2'), ['t="inlineStr"', '9007199254740993']);
    assert.deepEqual(cells.get('F3'), ['', '-5']);
    // 2024-01-01 is day 45,292 of Excel; half a second after its midnight.
    assert.deepEqual(cells.get('G3'), ['s="2"', String(45_292 + 0.5 / 86_400)]);
    assert.deepEqual(
      [cells.get('I2'), cells.get('I3')],
      [
        ['', '123.45'],
        ['t="inlineStr"', '12345678901234567890.123'],
      ],
    );
    assert.deepEqual(
      [cells.get('K2'), cells.get('K3'), cells.get('L2')],
      [
        ['', '1.5'],
        ['t="inlineStr"', 'NaN'],
        ['t="b"', '1'],
      ],
    );
    const zip = await JSZip.loadAsync(await readFile(path));
    for (const part of Object.keys(zip.files)) assert.doesNotMatch(await zip.file(part)!.async('string'), /<f[ >]/);
    assert.deepEqual(
      (await sheetOf(path, 'sheet2')).map(([, , text]) => text),
      ['Times are in UTC.', '1 of 1 workspace answered.', ...notes],
    );
  });

  test('what XML or Excel cannot hold is written so that Excel reads it, or cut and told', async () => {
    const path = place('xlsx');
    const run = await runOf(
      [
        { name: 's', type: 'string' },
        { name: 't', type: 'datetime' },
      ],
      [
        ['a\u0007_x0041_\r<&"\ud800>', '1899-12-31T00:00:00Z'],
        [`${'x'.repeat(32_766)}yz`, null],
      ],
    );
    const { notes } = await run.export(path, 'xlsx');
    assert.deepEqual(notes, [
      'Excel has no dates before March 1900. As text instead: 1 time.',
      'A cell of Excel holds 32,767 characters. Cut there: 1 text.',
    ]);
    const texts = (await sheetOf(path, 'sheet1')).slice(5).map(([, , text]) => text);
    assert.equal(texts[3], 'a_x0007__x005F_x0041__x000D_&lt;&amp;&quot;\ufffd&gt;');
    assert.equal(texts.at(-1), `${'x'.repeat(32_766)}y`);
  });

  test('rows go on in a further sheet when one is full, and not before', async () => {
    const column = [{ name: 'n', type: 'long' }] as const;
    async function* chunks(rows: number): AsyncGenerator<PhysicalValue[][]> {
      for (let i = 0; i < rows; i += 4) yield Array.from({ length: Math.min(4, rows - i) }, (_, k) => [BigInt(i + k)]);
    }
    const path = place('xlsx');
    assert.deepEqual(await writeWorkbook(path, column, chunks(6), [], 7), [], 'a head and six rows are just full');
    assert.deepEqual(await writeWorkbook(path, column, chunks(13), [], 7), [
      'Excel: the rows go on over 3 sheets, because one holds 7.',
    ]);
    const values = async (part: string): Promise<string[]> =>
      (await sheetOf(path, part)).slice(1).map(([, , value]) => value);
    assert.deepEqual(
      [await values('sheet1'), await values('sheet2'), await values('sheet3')],
      [['0', '1', '2', '3', '4', '5'], ['6', '7', '8', '9', '10', '11'], ['12']],
    );
    const zip = await JSZip.loadAsync(await readFile(path));
    const book = await zip.file('xl/workbook.xml')!.async('string');
    assert.deepEqual(
      [...book.matchAll(/sheet name="([^"]+)"/g)].map(([, name]) => name),
      ['Rows', 'Rows 2', 'Rows 3', 'About'],
    );
  });

  test('more columns than a sheet has are refused', async () => {
    const columns = Array.from({ length: 16_385 }, (_, i) => ({ name: `c${i}`, type: 'long' as const }));
    async function* none(): AsyncGenerator<PhysicalValue[][]> {
      yield [];
    }
    await assert.rejects(writeWorkbook(place('xlsx'), columns, none(), []), {
      code: 'input.exportColumns',
      message: /16,384 columns, the answer 16,385/,
    });
    assert.deepEqual([0, 25, 26, 701, 702, 16_383].map(columnLetters), ['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']);
  });
});

describe('rows as Markdown', () => {
  test('a cell ends nowhere but at its end, and nothing in it takes effect', async () => {
    const path = place('md');
    const run = await runOf(
      [
        { name: 'a|b', type: 'string' },
        { name: 'n', type: 'int' },
      ],
      [
        ['x | y\r\nz', 1],
        ['[in](https://x.example) ![p](u) <b> **bold** `c` \\', null],
      ],
    );
    await run.export(path, 'md', { about: ['2 of 3 workspaces answered.'] });
    assert.deepEqual((await readFile(path, 'utf8')).split('\n'), [
      '| \\_Customer | \\_Tenant | \\_Workspace | a\\|b | n |',
      '| --- | --- | --- | --- | ---: |',
      '| Contoso | Contoso AD | law-one | x \\| y<br>z | 1 |',
      '| Contoso | Contoso AD | law-one | \\[in\\](https\\://x.example) !\\[p\\](u) \\<b\\> \\*\\*bold\\*\\* \\`c\\` \\\\ |  |',
      '',
      '2 of 3 workspaces answered.',
      '',
    ]);
  });

  test('is cut at 1,000 rows and says so, to the person and in the file', async () => {
    const path = place('md');
    const run = await runOf(
      [{ name: 'n', type: 'int' }],
      Array.from({ length: 1_001 }, (_, i) => [i]),
    );
    const said = 'These are the first 1,000 of 1,001 rows; the other formats hold all of them.';
    assert.deepEqual(await run.export(path, 'md'), { rows: 1_000, notes: [said] });
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    assert.equal(lines.filter((line) => line.startsWith('| Contoso')).length, 1_000);
    assert.equal(lines.at(-1), said);
  });
});

describe('every form', () => {
  for (const format of ['csv', 'json', 'parquet', 'xlsx', 'md'] as const) {
    test(`${format}: what is searched, filtered and sorted is what is written, and how far it is`, async () => {
      const path = place(format);
      const run = await runOf(
        [
          { name: 'host', type: 'string' },
          { name: 'n', type: 'int' },
        ],
        [
          ['srv-1', 1],
          ['web-2', 2],
          ['srv-3', 3],
          ['srv-4', 4],
        ],
      );
      const told: [number, number][] = [];
      const { rows } = await run.export(path, format, {
        search: 'SRV',
        filters: [{ column: 'n', op: 'greater', value: '1' }],
        sort: [{ column: 'n', descending: true }],
        written: (count, total) => told.push([count, total]),
      });
      assert.equal(rows, 2);
      assert.deepEqual(told.at(-1), [2, 2]);
      if (format === 'csv') {
        const lines = (await readFile(path, 'utf8')).trimEnd().split('\r\n').slice(1);
        assert.deepEqual(lines, ['Contoso,Contoso AD,law-one,srv-4,4', 'Contoso,Contoso AD,law-one,srv-3,3']);
      }
    });

    test(`${format}: cancelled it leaves what was there, and nothing beside it`, async () => {
      const folder = await mkdtemp(join(directory, 'cancelled-'));
      const path = join(folder, `rows.${format}`);
      await writeFile(path, 'yesterday');
      const run = await runOf(
        [{ name: 'n', type: 'int' }],
        Array.from({ length: 900 }, (_, i) => [i]),
      );
      const signal = new LocalSignal();
      const asked = run.export(path, format, {
        signal,
        written: () => {
          signal.abort();
        },
      });
      await assert.rejects(asked, { code: 'cancelled.byUser' });
      assert.deepEqual([await readdir(folder), await readFile(path, 'utf8')], [[`rows.${format}`], 'yesterday']);
    });

    test(`${format}: a folder that is not there is told plainly`, async () => {
      const run = await runOf([{ name: 'n', type: 'int' }], [[1]]);
      await assert.rejects(run.export(join(directory, 'no', `rows.${format}`), format), { code: 'input.exportPath' });
    });
  }
});

test('a file that Excel has open on Windows is told so', () => {
  for (const code of ['EBUSY', 'EPERM'])
    assert.match(
      toExportError(Object.assign(new Error('rename'), { code }), 'win32').message,
      /another program may have it open\. Close it there, or choose another place\.$/,
    );
});
