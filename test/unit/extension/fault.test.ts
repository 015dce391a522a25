/** Where a query is at fault, in its document: from what an error says, and after the document was edited. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppErrorData } from '../../../src/base/errors.ts';
import { edited } from '../../../src/kql/textEdits.ts';
import { faultInText, faultOf, placeNow } from '../../../src/extension/session/fault.ts';

const BEFORE = '// @scope all\r\n\r\n';
const QUERY = '// Tabel is told of\r\nTabel\r\n| where Tabel == "Tabel"';
const TEXT = `${BEFORE}${QUERY}\r\n`;
const ORIGIN = { uri: 'file:///q.kql', name: 'q.kql', start: BEFORE.length, line: 2, character: 0 };
const error = (data: Record<string, unknown>): AppErrorData => ({
  code: 'query.syntax',
  message: 'No.',
  retryable: false,
  data,
});
/** Line, column, what stands there, and its line. */
const told = (data: Record<string, unknown>): unknown => {
  const fault = faultOf(error(data), QUERY, ORIGIN);
  return fault && [fault.line, fault.column, TEXT.slice(fault.start, fault.end), fault.code];
};

test('a place is an offset, a line and a column, or the name that is not known', () => {
  const where = [5, 3, 'where', '| where Tabel == "Tabel"'];
  assert.deepEqual(told({ start: QUERY.indexOf('where'), length: 5 }), where);
  assert.deepEqual(told({ line: 3, pos: 3, unresolved: { name: 'where' } }), where);
  assert.deepEqual(told({ unresolved: { kind: 'table', name: 'Tabel' } }), [4, 1, 'Tabel', 'Tabel']);
});

test('an error that names no place of the text has none', () => {
  for (const data of [{}, { line: 9, pos: 1 }, { start: 5000, length: 1 }, { unresolved: { name: 'told' } }])
    assert.equal(told(data), undefined, JSON.stringify(data));
});

test('a query of a file of another form is at fault where it stands there, values of parameters left out', () => {
  const file = 'name: a\nquery: |\n  // @param d:int\n  Tabel\n  | where d == 1\n';
  const text = '// @param d:int\nTabel\n| where d == 1\n';
  const from = file.indexOf('// @param');
  const written = {
    raw: file.slice(from),
    edits: [{ start: text.indexOf('Tabel'), end: text.indexOf('Tabel'), text: 'let d = int(1); ' }],
    segments: [0, 1, 2].map((n) => ({
      at: text.split('\n').slice(0, n).join('\n').length + (n > 0 ? 1 : 0),
      file:
        file
          .split('\n')
          .slice(0, n + 2)
          .join('\n').length + 3,
    })),
    file,
  };
  const query = edited(text, written.edits);
  const origin = { uri: 'file:///r.yaml', name: 'r.yaml', start: from, line: 2, character: 2, written };
  const fault = faultOf(error({ start: query.indexOf('Tabel'), length: 5 }), query, origin)!;
  assert.deepEqual(
    [fault.line, fault.column, file.slice(fault.start, fault.end), fault.code],
    [4, 3, 'Tabel', '  Tabel'],
  );
  const moved = placeNow(fault, `# above\n${file}`)!;
  assert.equal(`# above\n${file}`.slice(moved.start, moved.end), 'Tabel', 'and it moves with its query');
});

test('a query that begins within a line counts its columns from there', () => {
  const fault = faultOf(error({ start: 2, length: 1 }), 'ab)', { ...ORIGIN, character: 7 });
  assert.deepEqual([fault?.line, fault?.column], [3, 10]);
});

test('a fault moves with its query, and stays in its document', () => {
  const fault = faultOf(error({ start: QUERY.indexOf('where'), length: 5 }), QUERY, ORIGIN)!;
  const at = (text: string): string | undefined => {
    const place = placeNow(fault, text);
    return place && text.slice(place.start, place.end);
  };
  assert.deepEqual([at(TEXT), at(`Heartbeat\n\n${TEXT}`), at(QUERY)], ['where', 'where', 'where']);
  assert.equal(at(''), undefined);
});

test('what is at fault beside the query, as in its scope line, has its place', () => {
  const { line, column, code, start, end } = faultInText(TEXT, { start: 10, end: 13 }, QUERY, ORIGIN);
  assert.deepEqual([line, column, code, TEXT.slice(start, end)], [1, 11, '// @scope all', 'all']);
});
