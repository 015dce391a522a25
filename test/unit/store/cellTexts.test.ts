import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { readBody } from '../../../src/azure/logs/answerBody.ts';
import { IncomingBody } from '../../../src/azure/logs/incomingBody.ts';
import { findCells } from '../../../src/azure/logs/cellPlaces.ts';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import type { KqlType } from '../../../src/model/kqlType.ts';
import type { LogsTable } from '../../../src/ports/logs.ts';
import type { RowPages } from '../../../src/ports/rows.ts';

const store = new DuckRowStore({ memoryLimitMb: 200 });
after(() => store.close());
const WHOSE = { customer: 'c', tenant: 't', workspace: 'w' };

const TYPES: readonly KqlType[] = [
  'string',
  'long',
  'int',
  'real',
  'bool',
  'datetime',
  'timespan',
  'guid',
  'decimal',
  'dynamic',
];
/** Each stands in a column of every type. */
const CELLS = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '1',
  '-7',
  '2147483648',
  '999999999999999',
  '-1234567890123456',
  '9007199254740993',
  '-9223372036854775808',
  '9223372036854775808',
  '1.5',
  '-2.50e3',
  '1E2',
  '""',
  '"twelve chars"',
  '"thirteen char"',
  '"a \\"quote\\" and \\\\ and \\u0041\\n"',
  '"\\u0000"',
  '"é"',
  '"漢字 and 😀, long enough"',
  '"NaN"',
  '"-Infinity"',
  '"12"',
  '"2024-02-29T12:34:56.1234567Z"',
  '"2024-02-30T00:00:00Z"',
  '"-1.02:03:04.5"',
  '"0f8fad5b-d9cb-469f-a165-70867728950e"',
  '"123.4500"',
  '"{\\"a\\":[1, 2]}"',
];
const columns = `[${TYPES.map((type) => `{"name":"${type}_","type":"${type}"}`).join(',')}]`;

async function tableOf(rows: string | Buffer, pageRows = 5): Promise<LogsTable & { readonly rows: RowPages }> {
  const pieces = [
    Buffer.from(`{"tables":[{"name":"T","columns":${columns},"rows":[`),
    Buffer.from(rows as string),
    Buffer.from(']}]}'),
  ];
  const body = new IncomingBody(undefined, { largeBytes: 1, pageRows });
  const answer = await readBody(body.complete(pieces), (thrown) => thrown);
  return answer.tables[0] as LogsTable & { readonly rows: RowPages };
}
let runs = 0;
async function stored(table: LogsTable, rows: LogsTable['rows']): Promise<unknown> {
  const run = await store.open(`run${runs++}`);
  await run.append('t', WHOSE, table.columns, rows);
  return (await run.window({ first: 0, count: 1_000 })).rows;
}
/** The rows as values, however they could be had. */
function asValues({ rows }: { readonly rows: RowPages }): RowPages {
  return { length: rows.length, pages: () => rows.pages() };
}

test('rows stored from their text are those stored from their values, whatever a cell holds', async () => {
  // A bare number that a double cannot hold stands in columns of numbers alone: read as values it is refused elsewhere.
  const fits = (cell: string, type: KqlType): boolean =>
    !/^-?\d{16,}$/.test(cell) || ['long', 'int', 'real', 'decimal', 'dynamic'].includes(type);
  const rows = CELLS.map((cell) => `[${TYPES.map((type) => (fits(cell, type) ? cell : 'null')).join(',')}]`);
  for (const separator of [',', ' ,\r\n\t'])
    assert.deepEqual(
      await stored(await tableOf(rows.join(separator)), (await tableOf(rows.join(separator))).rows),
      await stored(await tableOf(rows.join(separator)), asValues(await tableOf(rows.join(separator)))),
    );
});

test('bytes that are no UTF-8 become the replacement character, as in a text read whole', async () => {
  const row = Buffer.from(
    `["~",${TYPES.slice(1)
      .map(() => 'null')
      .join(',')}],["a longer text with ~ in it",${TYPES.slice(1)
      .map(() => 'null')
      .join(',')}]`,
  );
  for (let at = row.indexOf('~'); at >= 0; at = row.indexOf('~')) row[at] = 0xff;
  const table = await tableOf(row);
  const rows = (await stored(table, table.rows)) as readonly (readonly unknown[])[];
  assert.deepEqual(
    rows.map((cells) => cells[3]),
    ['\ufffd', 'a longer text with \ufffd in it'],
  );
});

test('a page whose rows cannot be told apart is read as values, between pages that can', async () => {
  const cells = TYPES.map(() => '"x"');
  const odd = [[...cells.slice(1), '{"a":[1]}'], cells.slice(2), [...cells, '1']];
  const rows = [cells, cells, ...odd, cells, cells].map((row) => `[${row.join(',')}]`).join(',');
  const kinds = [...(await tableOf(rows, 2)).rows.texts!()].map((page) => ('places' in page ? 'text' : 'values'));
  assert.deepEqual(kinds, ['text', 'values', 'values', 'text']);
  const table = await tableOf(rows, 2);
  assert.deepEqual(
    await stored(table, table.rows),
    await stored(await tableOf(rows, 2), asValues(await tableOf(rows, 2))),
  );
});

test('a number in a column of texts is left to be read with all its digits', () => {
  const places = new Uint32Array(100);
  const find = (text: string): number | undefined =>
    findCells(Buffer.from(text), Buffer.byteLength(text), [true, false], places);
  assert.equal(find('["a",9007199254740993],[null,1.10],[true,0]'), 3);
  for (const text of ['["a",1],[9007199254740993,1]', '[-1.10,1]']) assert.equal(find(text), undefined, text);
});

test('what JSON.parse refuses is never found to be cells', () => {
  const places = new Uint32Array(100);
  const find = (text: string): number | undefined =>
    findCells(Buffer.from(text), Buffer.byteLength(text), [true, false], places);
  for (const text of ['["a",1]', ' [ "a" , -1.5e+3 ] , [null,false] ', '["\\u00e9\\/",0]', '["",1e5]']) {
    assert.equal(find(text), (JSON.parse(`[${text}]`) as unknown[]).length, text);
  }
  for (const text of [
    '',
    '[',
    '["a",1',
    '["a",1]]',
    '["a",1],',
    ',["a",1]',
    '["a" 1]',
    '["a",01]',
    '["a",-]',
    '["a",1.]',
    '["a",.5]',
    '["a",1e]',
    '["a",+1]',
    '["a",nul]',
    '["a",True]',
    '["a",nullx]',
    '["a","b]',
    '["a","\n"]',
    '["a","\\x"]',
    '["a","\\u12g4"]',
    '["a","\\u12',
    '["a",]',
    '[,1]',
    '["a",1]["a",1]',
    "['a',1]",
  ]) {
    assert.throws(() => JSON.parse(`[${text === '' ? 'x' : text}]`), text);
    assert.equal(find(text), undefined, text);
  }
});
