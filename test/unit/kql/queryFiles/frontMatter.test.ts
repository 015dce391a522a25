import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { printFrontMatterScope, readFrontMatter } from '../../../../src/kql/queryFiles/frontMatter.ts';
import type { FileQuery } from '../../../../src/kql/queryFiles/queryFile.ts';
import { readQueryFile } from '../../../../src/kql/queryFiles/readQueryFile.ts';
import { printScope } from '../../../../src/kql/scopeLine.ts';
import type { Scope } from '../../../../src/model/scope.ts';

const queriesOf = async (text: string): Promise<readonly FileQuery[]> => (await readQueryFile('hunt.md', text)).queries;
const scopeOf = ({ scope }: FileQuery): string | undefined => scope?.scope && printScope(scope.scope);

const TWO = '```kql\nA\n```\n```kql\n// @scope customer:contoso\n// @time 1h\nB\n```\n';

describe('the front matter of a Markdown file', () => {
  test('says the scope and time of every query that does not say its own', async () => {
    const queries = await queriesOf(`---\ntitle: x\nscope: "group:gold" # mine\ntime: 7d\n---\n${TWO}`);
    assert.deepEqual(queries.map(scopeOf), ['group:gold', 'customer:contoso']);
    assert.deepEqual(
      queries.map(({ time }) => time),
      [
        { kind: 'last', minutes: 7 * 1440 },
        { kind: 'last', minutes: 60 },
      ],
    );
  });

  test('names the place of a scope that cannot be read, in the file', async () => {
    const text = `---\nscope: 'grop:gold'\n---\n${TWO}`;
    const [first] = await queriesOf(text);
    assert.match(first!.scope!.error!.message, /"grop" is not a kind of scope/);
    assert.equal(text.slice(first!.scope!.error!.start, first!.scope!.error!.end), 'grop');
  });

  test('refuses a time that cannot be read, rather than asking for another one', async () => {
    const queries = await queriesOf(`---\ntime: lately\n---\n${TWO}`);
    for (const { refusal } of queries) assert.match(refusal!, /"time" of its front matter is a duration/);
  });

  test('a scope line above the first query is the file’s, too, and gives way to front matter', async () => {
    const text = '```kql\n// @scope group:gold\nA\n```\n```kql\nB\n```\n';
    assert.deepEqual((await queriesOf(text)).map(scopeOf), ['group:gold', 'group:gold']);
    assert.deepEqual((await queriesOf(`---\nscope: all\n---\n${text}`)).map(scopeOf), ['group:gold', 'all']);
    assert.deepEqual((await queriesOf('```kql\nA\n// @scope all\n```\n```kql\nB\n```\n')).map(scopeOf), [
      'all',
      undefined,
    ]);
  });

  test('holds every scope that is written into it', () => {
    const names = ['gold', 'a b', 'a"b', "it's", 'x: y', 'a #b', '- x', '"', "''", 'ä, ö'];
    for (const value of names) {
      const scope: Scope = { include: [{ kind: 'customer', value }], except: [{ kind: 'tag', value: `env=${value}` }] };
      const written = printFrontMatterScope(scope);
      assert.deepEqual(readFrontMatter(`scope: ${written}`).scope?.scope, scope, written);
    }
  });
});
