import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer } from '../../../src/azure/logs/answer.ts';
import { readBody } from '../../../src/azure/logs/answerBody.ts';
import { IncomingBody } from '../../../src/azure/logs/incomingBody.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import type { LogsAnswer } from '../../../src/ports/logs.ts';

const broken = new Error('broken');
/** Reads `body` as a large one that came in pieces of `size` bytes. */
function read(body: string, size = 7, pageRows = 2): Promise<LogsAnswer> {
  const bytes = Buffer.from(body);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  const incoming = new IncomingBody(undefined, { largeBytes: 1, pageRows });
  // Some are heard on the way, the others not.
  for (const piece of pieces.slice(0, pieces.length / 2)) incoming.hear(piece);
  return readBody(incoming.complete(pieces), () => broken);
}
function rowsOf(answer: LogsAnswer, table = 0): (readonly Cell[])[] {
  const { rows } = answer.tables[table]!;
  return 'pages' in rows ? [...rows.pages()].flat() : [...rows];
}

const COLUMNS = '[{"name":"s","type":"string"},{"name":"n","type":"long"},{"name":"d","type":"dynamic"}]';
const ROWS = [
  '["a ] b , [ \\" \\\\",1,null]',
  '["漢 😀 rows",9007199254740993,"{\\"a\\":[1,[2]]}"]',
  '["",null,{"rows":[[1],[2]]}]',
  '["\\u0041\\\\",-9223372036854775808,["x]",{"y":"}"}]]',
  '[null,5,"tables"]',
];
const bodyOf = (rows: readonly string[], separator = ','): string =>
  `{"tables":[{"name":"PrimaryResult","columns":${COLUMNS},"rows":[${rows.join(separator)}]}],"render":{"visualization":"table"}}`;

test('a body read page by page gives what it gives when read as a whole, wherever it is cut', async () => {
  for (let count = 0; count <= ROWS.length; count++) {
    const body = bodyOf(ROWS.slice(0, count));
    const whole = readAnswer(body);
    for (const size of [1, 2, 3, 16, 1000])
      for (const pageRows of [1, 2, 5]) {
        const answer = await read(body, size, pageRows);
        assert.equal(answer.tables[0]!.rows.length, count);
        assert.deepEqual(
          rowsOf(answer),
          whole.tables[0]!.rows,
          `${count} rows, pieces of ${size}, pages of ${pageRows}`,
        );
        assert.deepEqual(
          [answer.tables[0]!.columns, answer.render, answer.bytes],
          [whole.tables[0]!.columns, whole.render, Buffer.byteLength(body)],
        );
      }
  }
});

test('blanks between rows and several tables change nothing', async () => {
  const body =
    `{ "error" : null , "tables" : [ { "rows" : [ ${ROWS.join(' ,\r\n ')} ] , "columns" : ${COLUMNS} } , {"columns":${COLUMNS},"rows":[["x",1,2]]} , {"columns":[],"rows":[]} ] }`.replace(
      '"error" : null , ',
      '',
    );
  const answer = await read(body),
    whole = readAnswer(body);
  for (const table of [0, 1, 2]) assert.deepEqual(rowsOf(answer, table), whole.tables[table]!.rows);
});

test('a list called rows that holds no rows of a table is none', async () => {
  const body = `{"rows":[[1]],"statistics":{"tables":[{"rows":[[9]]}],"x":{"rows":[[2]]}},"tables":[{"columns":${COLUMNS},"rows":[["x",1,2]]}]}`;
  assert.deepEqual(rowsOf(await read(body)), [['x', 1, '2']]);
});

test('what is no JSON is refused, at once or with its page', async () => {
  for (const body of [
    bodyOf(ROWS).slice(0, -30),
    bodyOf(ROWS).slice(0, -3),
    '<html>'.padEnd(40),
    '[]'.padEnd(40),
    'null'.padEnd(40),
  ])
    await assert.rejects(read(body), SyntaxError, body);
  for (const rows of [
    [...ROWS, 'x'],
    [ROWS[0]!, '[1,2'],
    [...ROWS, '[1,,2]'],
  ])
    await assert.rejects(async () => rowsOf(await read(bodyOf(rows), 7, 2)));
  for (const separator of ['', ' x,', ',,', ';'])
    await assert.rejects(async () => rowsOf(await read(bodyOf(ROWS, separator), 7, 2)), broken, separator);
});
