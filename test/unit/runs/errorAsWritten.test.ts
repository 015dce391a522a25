import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { localErrorAsWritten } from '../../../src/core/runs/errorAsWritten.ts';

const QUERY = 'U\n| evaluate bag_unpack(d)\n| where n > nosuch';
const error = new AppError('query.semantic', 'The name is nobody’s.', {
  data: { line: 9, column: 9, start: 70, length: 6, said: 'nosuch' },
});

test('what fails in the local part is told at its place in the query as written', () => {
  const at = QUERY.indexOf('nosuch');
  const { code, data } = localErrorAsWritten(error, QUERY, (offset) => offset - 70 + at);
  assert.deepEqual([code, data], ['query.semantic', { line: 3, column: 13, start: at, length: 6, said: 'nosuch' }]);
});

test('and without a place where nobody wrote what fails', () => {
  assert.deepEqual(localErrorAsWritten(error, QUERY).data, { said: 'nosuch' });
});
