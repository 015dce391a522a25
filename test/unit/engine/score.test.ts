import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BatchAnswer } from '../../../src/engine/batch.ts';
import type { Cell, Column } from '../../../src/model/kqlType.ts';
import { judge } from '../../harness/score.ts';
import type { Expected } from '../../harness/score.ts';

const COLUMNS: readonly Column[] = [
  { name: 'k', type: 'string' },
  { name: 'v', type: 'long' },
];
const answered = (rows: readonly (readonly Cell[])[], columns = COLUMNS): BatchAnswer => ({
  id: '',
  ok: true,
  columns,
  rows,
});
const expected = (rows: readonly (readonly unknown[])[], more: Partial<Expected> = {}): Expected => ({
  columns: COLUMNS,
  rows,
  ordered: false,
  ...more,
});
const verdict = (want: Expected, got: BatchAnswer): string => judge(want, got).verdict;
const one = (type: Column['type'], want: unknown, got: Cell): string =>
  verdict({ columns: [{ name: 'x', type }], rows: [[want]], ordered: false }, answered([[got]], [{ name: 'x', type }]));

describe('the scorer', () => {
  it('takes rows in any order, unless order is promised', () => {
    const got = answered([
      ['b', 2],
      ['a', 1],
    ]);
    assert.equal(
      verdict(
        expected([
          ['a', 1],
          ['b', 2],
        ]),
        got,
      ),
      'right',
    );
    assert.equal(
      verdict(
        expected(
          [
            ['a', 1],
            ['b', 2],
          ],
          { ordered: true },
        ),
        got,
      ),
      'wrong',
    );
  });
  it('counts each row once', () => {
    assert.equal(
      verdict(
        expected([
          ['a', 1],
          ['b', 2],
        ]),
        answered([
          ['a', 1],
          ['a', 1],
        ]),
      ),
      'wrong',
    );
  });
  it('minds names and types of columns, and the number of rows', () => {
    assert.equal(
      verdict(
        expected([]),
        answered(
          [],
          [
            { name: 'K', type: 'string' },
            { name: 'v', type: 'long' },
          ],
        ),
      ),
      'wrong',
    );
    assert.equal(
      verdict(
        expected([]),
        answered(
          [],
          [
            { name: 'k', type: 'dynamic' },
            { name: 'v', type: 'long' },
          ],
        ),
      ),
      'wrong',
    );
    assert.equal(verdict(expected([['a', 1]], { anyRows: true }), answered([['z', 9]])), 'right');
    assert.equal(verdict(expected([['a', 1]], { anyRows: true }), answered([])), 'wrong');
  });
  it('tells a refusal from a wrong answer', () => {
    assert.equal(verdict(expected([]), { id: '', ok: false, code: 'query.unsupported', message: '' }), 'refused');
  });
  it('compares values as their types mean them', () => {
    assert.deepEqual(
      [one('real', 1, 1.0000000001), one('real', 1, 1.01), one('real', 'NaN', 'NaN'), one('real', null, 'NaN')],
      ['right', 'wrong', 'right', 'wrong'],
    );
    assert.deepEqual(
      [
        one('datetime', '2024-01-01', '2024-01-01T00:00:00.0000000Z'),
        one('datetime', '2024-01-01', '2024-01-01T00:00:00.0000001Z'),
      ],
      ['right', 'wrong'],
    );
    assert.deepEqual(
      [
        one('dynamic', { a: [1, null] }, '{"a":[1,null]}'),
        one('dynamic', { a: 1 }, '{"a":1,"b":2}'),
        one('dynamic', '1', '"1"'),
      ],
      ['right', 'wrong', 'wrong'],
    );
    assert.deepEqual(
      [one('bool', true, true), one('bool', true, false), one('string', '', null), one('long', 0, null)],
      ['right', 'wrong', 'right', 'wrong'],
    );
  });
});
