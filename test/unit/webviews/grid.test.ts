import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cellText, holdsShown } from '../../../src/webviews/grid/cellText.ts';
import { toClipboard } from '../../../src/webviews/grid/copyFormats.ts';
import { clampPlace, findValue } from '../../../src/webviews/grid/gridData.ts';
import { toGridCommand } from '../../../src/webviews/grid/keys.ts';
import { BLOCK_ROWS, RowCache } from '../../../src/webviews/grid/rowCache.ts';
import { contains, moveActive, toRectangle } from '../../../src/webviews/grid/selection.ts';
import { kqlName } from '../../../src/model/kqlNames.ts';
import { analyze, diagnosticsOf } from '../../../src/kql/kustoAnalysis.ts';
import { kusto } from '../../../src/kql/kustoApi.ts';
import type { RowWindow } from '../../../src/model/rows.ts';
import type { MergedColumn } from '../../../src/model/run.ts';

/** What the parser says of its own words. */
interface SyntaxFacts {
  readonly SyntaxFacts: { readonly Keywords: unknown };
}

const column = (name: string, type: MergedColumn['type']): MergedColumn => ({ name, type, presentIn: 1 });

describe('cellText', () => {
  it('shows times without what is zero', () => {
    assert.equal(cellText('2026-11-22T10:20:30.1230000Z', 'datetime'), '2026-11-22 10:20:30.123');
  });
  it('tells null from the empty string', () => {
    assert.deepEqual([cellText(null, 'long'), cellText('', 'string')], ['∅', '']);
  });
  it('makes escape sequences and bidirectional overrides visible', () => {
    assert.equal(cellText('\u001b[31mred', 'string'), '␛[31mred');
    assert.equal(cellText('abc\u202etxt.exe', 'string'), 'abc\\u202etxt.exe');
  });
  it('cuts what no screen can show', () => {
    assert.equal(cellText('x'.repeat(65_536), 'string').length, 301);
  });
});

describe('what a cell shows', () => {
  it('is found in any case, a time also as it is copied', () => {
    const time = '2026-11-22T10:20:30.1230000Z';
    for (const text of ['22 10:20:30.123', '22T10:20', '0z']) assert.equal(holdsShown(time, 'datetime', text), true);
    assert.equal(holdsShown('SRV-1', 'string', 'srv'), true);
    assert.equal(holdsShown(17, 'long', '7'), true);
    assert.equal(holdsShown(null, 'long', '∅'), false);
    assert.equal(holdsShown('x', 'string', ''), false);
  });
});

describe('toClipboard', () => {
  const columns = [column('Name', 'string'), column('Value', 'long'), column('Bag', 'dynamic')];
  const rows = [
    ['a|b', 1, '{"k":"v"}'],
    ['two\nlines', null, null],
  ];
  it('quotes what spreadsheets would split', () => {
    assert.equal(toClipboard('text', columns, rows), 'a|b\t1\t"{""k"":""v""}"\n"two\nlines"\t\t');
  });
  it('leaves one cell alone and disarms formulas in what goes to a spreadsheet', () => {
    const text = { ...columns[0]! };
    const number = { ...columns[1]! };
    assert.equal(toClipboard('text', [text], [['=cmd("x")']]), '=cmd("x")');
    assert.equal(
      toClipboard(
        'text',
        [text, number],
        [
          ['=1+1', -5],
          ['@SUM(A1)', 2],
        ],
      ),
      "'=1+1\t-5\n'@SUM(A1)\t2",
    );
  });
  it('escapes Markdown', () => {
    assert.equal(toClipboard('markdown', columns, rows).split('\n')[2], '| a\\|b | 1 | {"k":"v"} |');
  });
  it('gives a datatable that reads back', () => {
    assert.equal(
      toClipboard('datatable', columns, rows),
      'datatable(Name:string, Value:long, Bag:dynamic) [\n  "a|b", long(1), dynamic({"k":"v"}),\n  "two\\nlines", long(null), dynamic(null)\n]',
    );
  });
});

describe('a datatable that was copied', () => {
  const reads = (text: string): readonly string[] =>
    diagnosticsOf(analyze(text, kusto.GlobalState.Default)).map(({ message }) => message);
  it('has names in brackets that KQL would read as its own words', () => {
    const { Keywords } = (kusto.Syntax as unknown as SyntaxFacts).SyntaxFacts;
    const { Bridge } = globalThis as unknown as { Bridge: { toArray<T>(items: unknown): T[] } };
    const words = Bridge.toArray<string>(Keywords);
    const names = [
      ...words.filter((word) => /^\w+$/.test(word)),
      'true',
      'false',
      'Name',
      'a b',
      "it's",
      'a\\',
      'a\nb',
    ];
    assert.ok(words.length > 200);
    for (const name of names) {
      const text = toClipboard('datatable', [column(name, 'long')], [[1]]);
      assert.deepEqual(reads(`${text} | where ${kqlName(name)} == 1 | project ${kqlName(name)}`), [], name);
    }
    // Words that stand for themselves as they are stay as they are.
    assert.deepEqual(['count', 'Computer', 'project', 'time'].map(kqlName), [
      'count',
      'Computer',
      "['project']",
      "['time']",
    ]);
  });
  it('has reals that are no number as KQL writes them', () => {
    const reals = ['NaN', 'Infinity', '-Infinity', 1.5].map((real) => [real]);
    const text = toClipboard('datatable', [column('r', 'real')], reals);
    assert.match(text, /real\(nan\),\s+real\(\+inf\),\s+real\(-inf\),\s+real\(1\.5\)/);
    assert.deepEqual(reads(text), []);
  });
});

describe('selection', () => {
  const size = { rows: 100, columns: 5, page: 10 };
  const key = (name: string, control = false): { key: string; control: boolean; shift: boolean } => ({
    key: name,
    control,
    shift: false,
  });
  it('stops at the edges, with the header one above the first row', () => {
    assert.deepEqual(moveActive({ row: 0, column: 0 }, key('ArrowUp'), size), { row: -1, column: 0 });
    assert.deepEqual(moveActive({ row: -1, column: 4 }, key('ArrowRight'), size), { row: -1, column: 4 });
    assert.deepEqual(moveActive({ row: 95, column: 2 }, key('PageDown'), size), { row: 99, column: 2 });
    assert.equal(moveActive({ row: 1, column: 1 }, key('x'), size), undefined);
  });
  it('is the same rectangle whichever corner it began at', () => {
    const rectangle = toRectangle({ anchor: { row: 5, column: 3 }, active: { row: 2, column: 4 } });
    assert.deepEqual(rectangle, { top: 2, bottom: 5, left: 3, right: 4 });
    assert.equal(contains(rectangle, { row: 2, column: 3 }), true);
    assert.equal(contains(rectangle, { row: 6, column: 3 }), false);
  });
});

describe('the keys of the grid', () => {
  const press = (key: string, held: { shift?: true; control?: true; meta?: true; alt?: true } = {}): unknown =>
    toGridCommand({
      key,
      shiftKey: !!held.shift,
      ctrlKey: !!held.control,
      metaKey: !!held.meta,
      altKey: !!held.alt,
    });
  it('take Command for Control, and what Shift adds to copying', () => {
    assert.deepEqual(press('c', { meta: true }), { kind: 'copy', withHeaders: false });
    assert.deepEqual(press('C', { control: true, shift: true }), { kind: 'copy', withHeaders: true });
    assert.deepEqual(press('a', { control: true }), { kind: 'selectAll' });
  });
  it('filter by the cell and arrange its column', () => {
    assert.deepEqual(press('Enter', { control: true }), { kind: 'filter', op: 'equals' });
    assert.deepEqual(press('Enter', { meta: true, shift: true }), { kind: 'filter', op: 'notEquals' });
    assert.deepEqual(
      [
        press('ArrowLeft', { alt: true }),
        press('ArrowRight', { alt: true }),
        press('ArrowLeft', { alt: true, shift: true }),
        press('ArrowRight', { alt: true, shift: true }),
        press('Delete'),
      ],
      ['moveLeft', 'moveRight', 'freeze', 'unfreeze', 'hide'].map((change) => ({ kind: 'arrange', change })),
    );
  });
  it('open a menu and a cell, and leave the rest to the selection', () => {
    assert.deepEqual([press('F10', { shift: true }), press('ContextMenu')], [{ kind: 'menu' }, { kind: 'menu' }]);
    assert.deepEqual([press('Enter'), press(' ')], [{ kind: 'activate' }, { kind: 'activate' }]);
    assert.deepEqual(press('End', { control: true }), {
      kind: 'move',
      key: { key: 'End', control: true, shift: false },
    });
  });
});

describe('the data of the grid', () => {
  it('finds a value by its shown column, null where the cell is empty, nothing outside the window', () => {
    const data = {
      columns: [column('B', 'string'), column('A', 'long')],
      frozen: 0,
      marked: '',
      positions: [1, 0],
      rowCount: 9,
      sorts: [],
      selection: { anchor: { row: 0, column: 0 }, active: { row: 0, column: 0 } },
      values: new Map([[4, [7, null]]]),
    };
    assert.deepEqual(
      [
        findValue(data, { row: 4, column: 1 }),
        findValue(data, { row: 4, column: 0 }),
        findValue(data, { row: 5, column: 0 }),
      ],
      [7, null, undefined],
    );
  });
  it('keeps a place inside, on the header where there are no rows', () => {
    const columns = [column('A', 'long')];
    assert.deepEqual(clampPlace({ row: 50, column: 3 }, { rowCount: 10, columns }), { row: 9, column: 0 });
    assert.deepEqual(clampPlace({ row: 5, column: 0 }, { rowCount: 0, columns }), { row: -1, column: 0 });
    assert.deepEqual(clampPlace({ row: -1, column: 0 }, { rowCount: 10, columns }), { row: -1, column: 0 });
  });
});

describe('RowCache', () => {
  it('asks for each block once and joins windows over the border', async () => {
    const asked: number[] = [];
    const cache = new RowCache((first, count): Promise<RowWindow> => {
      asked.push(first);
      return Promise.resolve({
        first,
        total: 1000,
        columns: ['n'],
        rows: Array.from({ length: count }, (_, index) => [first + index]),
      });
    });
    assert.deepEqual(await cache.rows(BLOCK_ROWS - 1, BLOCK_ROWS + 1), [[BLOCK_ROWS - 1], [BLOCK_ROWS]]);
    await cache.rows(0, 10);
    assert.deepEqual(asked, [0, BLOCK_ROWS]);
    cache.forgetFrom(BLOCK_ROWS + 5);
    await cache.rows(BLOCK_ROWS, BLOCK_ROWS + 1);
    assert.deepEqual(asked, [0, BLOCK_ROWS, BLOCK_ROWS]);
  });
  it('asks again after a failure', async () => {
    let failing = true;
    const cache = new RowCache((first): Promise<RowWindow> =>
      failing ? Promise.reject(new Error('gone')) : Promise.resolve({ first, total: 1, columns: [], rows: [[1]] }),
    );
    await assert.rejects(cache.rows(0, 1));
    failing = false;
    assert.deepEqual(await cache.rows(0, 1), [[1]]);
  });
});
