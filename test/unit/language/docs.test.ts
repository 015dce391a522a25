import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listFunctions } from '../../../src/engine/functions/registry.ts';
import { kusto, list } from '../../../src/kql/kustoApi.ts';
import { DOCS, findDoc, isSupported } from '../../../src/kql/language/docs/find.ts';
import type { DocKind } from '../../../src/kql/language/docs/find.ts';
import { NOTES, SUPPORTED } from '../../../src/kql/language/docs/support.ts';

const { Functions, Aggregates, PlugIns } = kusto.GlobalState.Default;
const microsoft = (symbols: typeof Functions): Set<string> =>
  new Set(
    list(symbols)
      .map((symbol) => symbol.Name)
      .filter((name) => !name.startsWith('__')),
  );
const written = (kind: DocKind): Set<string> => new Set(Object.keys(DOCS[kind]));
const missing = (wanted: Iterable<string>, there: ReadonlySet<string>): string[] =>
  [...wanted].filter((name) => !there.has(name));

test('everything the engine supports and everything the parser offers has a text', () => {
  const expressions = new Set([
    ...written('expression'),
    ...[...written('expression')].map((name) => name.replaceAll(' ', '_')),
  ]);
  assert.deepEqual(missing(SUPPORTED.scalar, new Set([...written('scalar'), ...expressions])), []);
  assert.deepEqual(
    missing(
      listFunctions()
        .filter((f) => f.kind === 'scalar')
        .map((f) => f.name),
      new Set([...written('scalar'), ...expressions]),
    ),
    [],
  );
  assert.deepEqual(
    missing(
      listFunctions()
        .filter((f) => f.kind === 'aggregate')
        .map((f) => f.name),
      written('aggregate'),
    ),
    [],
  );
  assert.deepEqual(
    missing(
      [...SUPPORTED.operator].filter((name) => name !== 'toscalar' && name !== 'materialize'),
      written('operator'),
    ),
    [],
  );
  assert.deepEqual(missing(SUPPORTED.plugin, written('plugin')), []);
  assert.deepEqual(missing(microsoft(Functions), written('scalar')), []);
  assert.deepEqual(missing(microsoft(Aggregates), written('aggregate')), []);
  assert.deepEqual(missing(microsoft(PlugIns), written('plugin')), []);
});

test('no text is about something that does not exist', () => {
  const own = new Set(listFunctions().map((f) => f.name));
  assert.deepEqual(
    missing(written('scalar'), new Set([...microsoft(Functions), ...own, 'toscalar', 'materialize'])),
    [],
  );
  assert.deepEqual(missing(written('aggregate'), new Set([...microsoft(Aggregates), ...own])), []);
  assert.deepEqual(missing(written('plugin'), microsoft(PlugIns)), []);
  assert.deepEqual(missing(written('expression'), own), []);
  assert.deepEqual(
    [...written('operator')].filter((name) => !isKeyword(name)),
    [],
  );
  assert.deepEqual(
    Object.keys(NOTES).filter(
      (name) => /^[\w-]+$/.test(name) && !written('operator').has(name) && !written('plugin').has(name),
    ),
    [],
  );
});

/** A word of the grammar: the parser knows it as a kind of token. */
function isKeyword(name: string): boolean {
  const kinds = kusto.Syntax.SyntaxKind as Record<string, unknown>;
  const wanted = `${name.replaceAll(/[-_]/g, '')}keyword`;
  return Object.keys(kinds).some((kind) => kind.toLowerCase() === wanted);
}

test('texts are short sentences; other names lead to what they name', () => {
  for (const kind of Object.keys(DOCS) as DocKind[]) {
    for (const [name, text] of Object.entries(DOCS[kind])) {
      const alias = /^= (\S+)$/.exec(text)?.[1];
      if (alias !== undefined) {
        assert.match(DOCS[kind][alias] ?? '', /^[^=].*\.$/, `${kind} ${name}`);
        continue;
      }
      assert.match(text, /^\S.*[.!]$/, `${kind} ${name}`);
      assert.ok(text.length <= 220 && text.split(/[.:;] /).length <= 5, `${kind} ${name} is long`);
      assert.match(findDoc(kind, name)!.url, /^https:\/\/learn\.microsoft\.com\/kusto\/query\/[a-z0-9/-]+$/);
    }
  }
});

test('what the local engine refuses says so, and only that', () => {
  assert.match(findDoc('plugin', 'python')!.local ?? '', /^The local engine refuses it\. Queries/);
  assert.match(findDoc('operator', 'externaldata')!.local ?? 'x', /never reads from the network|^x$/);
  for (const [kind, name] of [
    ['operator', 'where'],
    ['scalar', 'strcat'],
    ['aggregate', 'count'],
    ['expression', 'matches regex'],
    ['operator', 'evaluate'],
    ['operator', 'declare'],
  ] as const) {
    assert.ok(isSupported(kind, name), name);
    assert.equal(findDoc(kind, name)!.local, undefined, name);
  }
  assert.equal(findDoc('scalar', 'toString'), undefined);
  assert.equal(
    findDoc('scalar', 'todouble')!.text,
    'Another name of toreal(). A floating-point number; null where the value is none.',
  );
});
