import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LocalLanguageService } from '../../../src/kql/language/service.ts';
import { asksResourceGraph, findSourceLines, sourceLineProblems } from '../../../src/kql/sourceLine.ts';

const GRAPH = '// @source resource-graph';

test('a line among the comments of a query says what it asks', () => {
  for (const text of [
    `${GRAPH}\nresources`,
    `// My machines\n  //@Source   RESOURCE-GRAPH  of today\r\nresources`,
    `\uFEFF${GRAPH}\nresources`,
    `resources\n${GRAPH}\n| take 1`,
  ])
    assert.equal(asksResourceGraph(text), true, JSON.stringify(text));
  for (const text of [
    'resources',
    '// @source workspaces\nHeartbeat',
    `print \`\`\`\n${GRAPH}\n\`\`\``,
    `resources ${GRAPH}`,
    '// @sources resource-graph\nresources',
    `// @source workspaces\n${GRAPH}\nHeartbeat`,
  ])
    assert.equal(asksResourceGraph(text), false, JSON.stringify(text));
});

test('a line that names no source is said at its place', () => {
  const text = '// @source graph\nresources\n// @source\n';
  const [wrong, none] = sourceLineProblems(text);
  assert.deepEqual([text.slice(wrong!.start, wrong!.end), text.slice(none!.start, none!.end)], ['graph', '// @source']);
  assert.match(wrong!.message, /There is no source "graph"\. Write resource-graph, lake or workspaces\./);
  assert.equal(findSourceLines(text).length, 2);
});

test('the editor underlines it, a second line of a query, and one that heads none', async () => {
  const problems = async (text: string) =>
    (await new LocalLanguageService().diagnostics({ text })).map(({ code, start, end }) => [
      code,
      text.slice(start, end),
    ]);
  assert.deepEqual(await problems('// @source graph\nresources | take 1'), [['source.unknown', 'graph']]);
  assert.deepEqual(await problems(`${GRAPH}\n${GRAPH}\nresources | take 1`), [['source.idle', GRAPH]]);
  assert.deepEqual(await problems(`${GRAPH}\n\nresources | take 1`), [['source.idle', GRAPH]]);
  assert.deepEqual(await problems(`${GRAPH}\nresources | where type has 'x' | project name, _Subscription`), []);
  assert.deepEqual(await problems(`${GRAPH}\nResources | project nam`), [['KS142', 'nam']]);
});
