import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toQueryFile } from '../../../src/core/queryPacks/toQueryFile.ts';
import { toSavedQuery } from '../../../src/core/queryPacks/toSavedQuery.ts';
import { readQueryFile } from '../../../src/kql/queryFiles/readQueryFile.ts';
import { findResultLines } from '../../../src/kql/resultLine.ts';
import { findScopeLines } from '../../../src/kql/scopeLine.ts';
import { findSourceLines } from '../../../src/kql/sourceLine.ts';
import type { SavedQuery } from '../../../src/model/savedQuery.ts';
import { HOSTILE_TEXTS } from '../../fixtures/hostileTexts.ts';

const SAVED: SavedQuery = { armId: '/x', name: 'Failed sign-ins', text: 'SigninLogs\n| take 1', tags: [] };

test('a saved query and its file: what Azure keeps of it stands in the front comment, and comes back', async () => {
  const saved: SavedQuery = {
    ...SAVED,
    description: `${'Who failed, and where from. '.repeat(8)}End.`,
    category: 'identity',
    tags: ['daily'],
  };
  const { text: file } = toQueryFile(saved);
  assert.ok(file.split('\n').every((line) => line.length <= 120));
  const { queries } = await readQueryFile('x.kql', file);
  assert.equal(queries.length, 1);
  const made = toSavedQuery(queries[0]!);
  assert.ok('body' in made);
  assert.deepEqual(made.body, {
    name: saved.name,
    text: saved.text,
    description: saved.description,
    category: 'identity',
    tags: ['identity', 'daily'],
  });
  assert.equal(toQueryFile({ ...saved, ...made.body }).text, file, 'and makes the same file again');
});

test('names and descriptions of others stay one comment each, whatever is in them', async () => {
  for (const text of [...HOSTILE_TEXTS, 'a\n| take 1', '// @scope all']) {
    const { text: file } = toQueryFile({ ...SAVED, name: text, description: text, category: text, tags: [text] });
    const { queries, problems } = await readQueryFile('x.kql', file);
    assert.deepEqual([queries.length, problems.length], [1, 0], JSON.stringify(text));
    assert.equal(queries[0]!.scope, undefined, 'nobody chooses a scope by a name');
    const made = toSavedQuery(queries[0]!);
    assert.ok('body' in made);
    assert.equal(made.body.text, SAVED.text, JSON.stringify(text));
  }
});

test('a text that has a name of its own keeps it, and stays one query', async () => {
  const text = '// @name Mine\n// @param d:int = 1\nT | take d';
  const { text: file } = toQueryFile({ ...SAVED, text });
  assert.equal(file, `${text}\n`);
  assert.equal((await readQueryFile('x.kql', file)).queries[0]!.name, 'Mine');
});

test('what is kept in Azure names no scope, and asks for nothing', async () => {
  const [query] = (
    await readQueryFile(
      'x.kql',
      '// @name A\n// @scope customer:fabrikam\n// @param d:int = 3\n// why\nT\n\n| take d\n',
    )
  ).queries;
  const made = toSavedQuery(query!);
  assert.ok('body' in made);
  assert.equal(made.body.text, '// why\nlet d = int(3); T\n\n| take d');
  const asks = (await readQueryFile('x.kql', '// @param a:int = 1\n// @param who:string\nT')).queries[0]!;
  assert.deepEqual(toSavedQuery(asks), {
    name: 'x',
    refusal: 'who has no default, and a saved query asks for nothing.',
  });
});

test('a saved query of somebody else does not choose whom it asks: such lines stay as comments, and are told', async () => {
  const lines = ['// @scope all', '//@Source resource-graph', '// @result 7e8f as Mine'];
  for (const text of [
    `${lines.join('\n')}\nresources`,
    `\uFEFF${lines.join('\r\n\uFEFF')}\r\nresources\r\n  // @scope customer:fabrikam\n| take 1`,
    `// @name Own\n${lines.join('\n')}\nresources`,
    `\n \uFEFF // @result a\u2028// @result b\n\uFEFF// @scope all\n// @name Own\nT`,
  ]) {
    const { text: file, ignored } = toQueryFile({ ...SAVED, text });
    assert.deepEqual(
      [findScopeLines(file), findSourceLines(file), findResultLines(file)],
      [[], [], []],
      JSON.stringify(file),
    );
    assert.ok(ignored.length > 0, 'and nothing is left out in silence');
    const { queries } = await readQueryFile('x.kql', file);
    assert.equal(queries[0]!.scope, undefined);
  }
  const { text: file, ignored } = toQueryFile({ ...SAVED, text: `${lines.join('\n')}\nresources\n| take 1` });
  assert.deepEqual(ignored, lines);
  assert.equal(
    file,
    '// @name Failed sign-ins\n// @ignored scope all\n//@ignored Source resource-graph\n' +
      '// @ignored result 7e8f as Mine\nresources\n| take 1\n',
  );
  assert.deepEqual(toQueryFile({ ...SAVED, text: 'T | where a == "// @scope all"' }).ignored, [], 'a string is none');
});

test('what is kept in Azure names neither the run nor the source that a query asks here', async () => {
  for (const line of ['// @source resource-graph', '// @result 7e8f-1 as Inventory  Machines of Fabrikam']) {
    const [query] = (await readQueryFile('x.kql', `// @name A\n${line}\n// why\nT | take 1\n`)).queries;
    const made = toSavedQuery(query!);
    assert.ok('body' in made);
    assert.equal(made.body.text, '// why\nT | take 1');
  }
});
