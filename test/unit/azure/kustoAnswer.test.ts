/** Answers of clusters, of both versions: exact, and whole or none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readKustoAnswer } from '../../../src/azure/kusto/kustoAnswer.ts';

const SUBJECT = { tenant: 'T', what: 'cluster c' };
const frames = (rows: string, end = '"HasErrors":false', columns = '"ColumnName":"N","ColumnType":"long"'): string =>
  `[{"FrameType":"DataSetHeader","IsProgressive":false,"Version":"v2.0"},
    {"FrameType":"DataTable","TableId":0,"TableKind":"QueryProperties","TableName":"@ExtendedProperties","Columns":[{"ColumnName":"Value","ColumnType":"dynamic"}],"Rows":[[{}]]},
    {"FrameType":"DataTable","TableId":1,"TableKind":"PrimaryResult","TableName":"PrimaryResult","Columns":[{${columns}}],"Rows":[${rows}]},
    {"FrameType":"DataSetCompletion",${end},"Cancelled":false}]`;
const rowsOf = (text: string) => readKustoAnswer(text, SUBJECT).rows;

test('longs have all their digits, and texts of digits stay texts', () => {
  assert.deepEqual(rowsOf(frames('[9007199254740993],[-9223372036854775808],[9007199254740991],[1],[null]')), [
    [9_007_199_254_740_993n],
    [-9_223_372_036_854_775_808n],
    [9_007_199_254_740_991],
    [1],
    [null],
  ]);
  const text = '"ColumnName":"S","ColumnType":"string"';
  assert.deepEqual(
    rowsOf(frames(String.raw`["9007199254740993"],["a \"9007199254740993\" b"],[null]`, undefined, text)),
    [['9007199254740993'], ['a "9007199254740993" b'], ['']],
  );
  const real = '"ColumnName":"R","ColumnType":"real"';
  assert.deepEqual(rowsOf(frames('[1234567890123456.5],[1.2345678901234567e20],["NaN"]', undefined, real)), [
    [1_234_567_890_123_456.5],
    [1.234_567_890_123_456_7e20],
    ['NaN'],
  ]);
});

test('the first table of version 1 is the answer, its booleans as numbers too, and objects are JSON', () => {
  const text =
    '{"Tables":[{"TableName":"Table_0","Columns":[{"ColumnName":"B","DataType":"SByte","ColumnType":"bool"},{"ColumnName":"D","ColumnType":"dynamic"}],"Rows":[[1,{"a":1}],[false,"{\\"a\\":1}"]]}]}';
  assert.deepEqual(rowsOf(text), [
    [true, '{"a":1}'],
    [false, '{"a":1}'],
  ]);
});

test('an answer that says it is not whole is none, wherever it says so', () => {
  const error = '{"error":{"code":"LimitsExceeded","@message":"Too many.","@permanent":false}}';
  const partial = { code: 'service.partialAnswer', message: /Too many\./, retryable: true };
  assert.throws(() => rowsOf(frames(`[1],{"OneApiErrors":[${error}]}`)), partial);
  assert.throws(() => rowsOf(frames('[1]', `"HasErrors":true,"OneApiErrors":[${error}]`)), partial);
  const permanent = error.replace('false', 'true');
  assert.throws(() => rowsOf(frames('[1]', `"HasErrors":true,"OneApiErrors":[${permanent}]`)), { retryable: false });
});

test('what is no answer is told, and may be asked again', () => {
  for (const text of ['', '<html>', 'null', '[]', '{"Tables":[]}', frames('[1]').slice(0, -9)])
    assert.throws(() => rowsOf(text), { code: 'service.malformed', retryable: true }, text);
});
