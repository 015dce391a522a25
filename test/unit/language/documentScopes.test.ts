import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDocumentScopes, scopeLineAt } from '../../../src/kql/documentScopes.ts';
import { printScope } from '../../../src/kql/scopeLine.ts';

/** `QUERY: scope` for every query of a text, and the lines nobody follows. */
function told(text: string): { queries: string[]; idle: string[] } {
  const scopes = readDocumentScopes(text);
  return {
    queries: scopes.blocks.map(({ block, line, own }) => {
      const scope = line?.scope ? printScope(line.scope) : line ? 'error' : 'none';
      return `${text.slice(block.codeStart, block.end).split(/\s/)[0]}: ${scope}${own ? ' (own)' : ''}`;
    }),
    idle: scopes.idle.map(({ line, why }) => `${text.slice(line.start, line.end).trim()} ${why}`),
  };
}

const GOLD = '// @scope group:gold';
const CONTOSO = '// @scope customer:contoso';

test('a line above a query is its own, the one at the top is that of the rest', () => {
  assert.deepEqual(told(`${GOLD}\nHeartbeat\n\n// Counters\n${CONTOSO}\nPerf\n| take 1\n\nUsage`), {
    queries: ['Heartbeat: group:gold', 'Perf: customer:contoso (own)', 'Usage: group:gold'],
    idle: [],
  });
});

test('a line at the top and one above the first query are two', () => {
  assert.deepEqual(told(`${GOLD}\n\n${CONTOSO}\nHeartbeat\n\nUsage`).queries, [
    'Heartbeat: customer:contoso (own)',
    'Usage: group:gold',
  ]);
});

test('without one at the top only the query below a line follows it, blank lines between or not', () => {
  for (const gap of ['\n', '\n\n', '\r\n\r\n\r\n'])
    assert.deepEqual(told(`Heartbeat\n\n${CONTOSO}${gap}Perf\n\nUsage`).queries, [
      'Heartbeat: none',
      'Perf: customer:contoso (own)',
      'Usage: none',
    ]);
});

test('a line inside a query is its own; a let and its blank line are one query', () => {
  assert.deepEqual(told(`Heartbeat\n${CONTOSO}\n| count\n\n${GOLD}\nlet x = 1;\n\nPerf | take x`).queries, [
    'Heartbeat: customer:contoso (own)',
    'let: group:gold (own)',
  ]);
});

test('lines that no query follows are told', () => {
  assert.deepEqual(told(`${GOLD}\n${CONTOSO}\nHeartbeat`), {
    queries: ['Heartbeat: group:gold'],
    idle: [`${CONTOSO} second`],
  });
  assert.deepEqual(told(`Heartbeat\n\n${GOLD}\n\n${CONTOSO}\nPerf\n\n${GOLD}`), {
    queries: ['Heartbeat: none', 'Perf: customer:contoso (own)'],
    idle: [`${GOLD} second`, `${GOLD} noQuery`],
  });
});

test('a line that cannot be read is an error of its query alone', () => {
  assert.deepEqual(told('Heartbeat\n\n// @scope contoso\nPerf').queries, ['Heartbeat: none', 'Perf: error (own)']);
});

test('the line that counts at a place: of the query there, of the one before blank lines, of the document', () => {
  const text = `${GOLD}\nHeartbeat\n\n${CONTOSO}\nPerf\n\n\n\n`;
  const scopes = readDocumentScopes(text);
  const at = (offset: number): string =>
    text.slice(scopeLineAt(scopes, offset)?.start, scopeLineAt(scopes, offset)?.end);
  assert.deepEqual([at(0), at(text.indexOf('Perf')), at(text.length)], [GOLD, CONTOSO, CONTOSO]);
  assert.equal(scopeLineAt(readDocumentScopes(GOLD), 3)?.start, 0, 'a document that has no query yet');
  assert.equal(scopeLineAt(readDocumentScopes('Heartbeat'), 3), undefined);
});
