import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHttp } from '../../../src/azure/errors/http.ts';
import { readGraphTable } from '../../../src/azure/graph/graphTable.ts';

/** The cells of an answer whose one column is of this type, as its text has them. */
function cells(type: string, ...values: readonly string[]): unknown[] {
  const body = `{"totalRecords":1,"data":{"columns":[{"name":"x","type":"${type}"}],"rows":[${values.map((value) => `[${value}]`).join(',')}]}}`;
  const { data } = JSON.parse(body) as { data: unknown };
  return readGraphTable(data, body)!.rows.map(([cell]) => cell);
}

test('the types of Resource Graph become types of KQL, and cells what they are there', () => {
  const columns = [
    { name: 's', type: 'string' },
    { name: 'i', type: 'integer' },
    { name: 'n', type: 'number' },
    { name: 'b', type: 'boolean' },
    { name: 't', type: 'datetime' },
    { name: 'o', type: 'object' },
  ];
  const rows = [
    ['a', 1, 1.5, true, '2024-05-01T00:00:00.0000000Z', { k: [1] }],
    [null, null, null, null, 'soon', null],
  ];
  const table = readGraphTable({ columns, rows }, '')!;
  assert.deepEqual(
    table.columns.map(({ type }) => type),
    ['string', 'long', 'real', 'bool', 'datetime', 'dynamic'],
  );
  assert.deepEqual(table.rows, [
    ['a', 1, 1.5, true, '2024-05-01T00:00:00.0000000Z', '{"k":[1]}'],
    ['', null, null, null, null, null],
  ]);
});

test('a whole number past 2^53 keeps all its digits, in a column and inside of a dynamic; texts stay texts', () => {
  assert.deepEqual(cells('integer', '9007199254740993', '-9223372036854775808', '7'), [
    9007199254740993n,
    -9223372036854775808n,
    7,
  ]);
  assert.deepEqual(cells('object', '{"big":12345678901234567,"text":"[12345678901234567]"}'), [
    '{"big":12345678901234567,"text":"[12345678901234567]"}',
  ]);
  assert.deepEqual(cells('string', '"12345678901234567"', '", 12345678901234567,"'), [
    '12345678901234567',
    ', 12345678901234567,',
  ]);
});

test('what is no table is none', () => {
  for (const data of [
    undefined,
    null,
    [],
    'x',
    { columns: [] },
    { columns: [{}], rows: [] },
    { columns: [], rows: [1] },
  ])
    assert.equal(readGraphTable(data, ''), undefined, JSON.stringify(data));
});

/** What a refusal with these details means. */
function refusal(...details: readonly object[]) {
  const message = 'Please provide below info when asking for support: timestamp = 2024, correlationId = 1.';
  const body = JSON.stringify({ error: { code: 'BadRequest', message, details } });
  const answer = { status: 400, header: () => undefined, body };
  return fromHttp(answer, { tenant: 't', what: 'tenant t' });
}
const INVALID = { code: 'InvalidQuery', message: 'Query is invalid. Please refer to the documentation.' };

test('a refused query says why, which is in the details alone', () => {
  const join = refusal(INVALID, {
    code: 'UnsupportedJoinFlavor',
    message: 'The join kind "LeftSemi" is not supported.',
  });
  assert.deepEqual(
    [join.code, join.message],
    ['query.semantic', 'Resource Graph: The join kind "LeftSemi" is not supported.'],
  );
  const parser = refusal(INVALID, {
    code: 'ParserFailure',
    message: 'ParserFailure',
    line: 2,
    characterPositionInLine: 5,
    token: 'let',
  });
  assert.deepEqual(
    [parser.code, parser.message, parser.data?.['line'], parser.data?.['pos']],
    ['query.syntax', 'Resource Graph: It cannot read the query near "let".', 2, 5],
  );
  assert.match(refusal(INVALID).message, /Query is invalid/);
});

test('subscriptions that nobody shows are a matter of access, and other refusals stay what they were', () => {
  assert.equal(refusal({ code: 'NoValidSubscriptionsInQueryRequest', message: 'x' }).code, 'access.denied');
  assert.equal(refusal({ code: 'Else', message: 'x' }).code, 'input.refused');
});
