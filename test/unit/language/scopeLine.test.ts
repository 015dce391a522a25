import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findScopeLine,
  findScopeLines,
  parseScope,
  printScopeLine,
  scopeLineChange,
} from '../../../src/kql/scopeLine.ts';
import type { Scope } from '../../../src/model/scope.ts';

test('a scope line names what to include and what to leave out', () => {
  assert.deepEqual(findScopeLine('// @scope group:gold except customer:contoso\nHeartbeat'), {
    scope: { include: [{ kind: 'group', value: 'gold' }], except: [{ kind: 'customer', value: 'contoso' }] },
    line: 0,
    start: 0,
    end: 44,
  });
  assert.deepEqual(parseScope('all except region:westeurope, tag:env=prod').scope, {
    include: 'all',
    except: [
      { kind: 'region', value: 'westeurope' },
      { kind: 'tag', value: 'env=prod' },
    ],
  });
});

test('names with blanks stand in quotation marks, doubled marks stand for themselves', () => {
  assert.deepEqual(
    parseScope(`customer:"Contoso ""North"" Ltd" tag:"cost center"='a, b' workspace:O'''Neil'`).scope?.include,
    [
      { kind: 'customer', value: 'Contoso "North" Ltd' },
      { kind: 'tag', value: 'cost center=a, b' },
      { kind: 'workspace', value: "O'Neil" },
    ],
  );
});

test('every scope survives printing and reading, hostile names too', () => {
  const values = [
    'gold',
    'Contoso Ltd',
    'a"b',
    "O'Neil",
    'x,y',
    'env=prod',
    'a:b',
    'all',
    'except',
    'Zoë 東京',
    '  padded',
  ];
  for (const value of values) {
    const scope: Scope = { include: [{ kind: 'customer', value }], except: [{ kind: 'tag', value }] };
    const trimmed = {
      include: [{ kind: 'customer', value: value.trim() }],
      except: [{ kind: 'tag', value: value.trim() }],
    };
    assert.deepEqual(findScopeLine(`x\r\n${printScopeLine(scope)}\r\nT`)?.scope, trimmed, value);
  }
});

const MALFORMED: readonly (readonly [text: string, part: string, message: RegExp])[] = [
  ['// @scope', '// @scope', /empty/],
  ['// @scope contoso', 'contoso', /customer:contoso/],
  ['// @scope team:gold', 'team', /not a kind/],
  ['// @scope group:', 'group:', /needs a name/],
  ['// @scope group:"gold', 'group:"gold', /not closed/],
  ['// @scope all except', 'except', /names nothing/],
  ['// @scope except customer:x', 'except', /begins with "except"/],
  ['// @scope all group:gold', 'group:gold', /stands alone/],
  ['// @scope group:gold all', 'all', /stands alone/],
  ['// @scope group:a except all', 'all', /leave nothing/],
  ['// @scope group:a except tag:b except tag:c', 'except', /only once/],
  ['// @scope :x', '', /not a kind/],
];
for (const [text, part, message] of MALFORMED) {
  test(`malformed: ${text}`, () => {
    const prefix = 'Heartbeat\r\n\r\n';
    const line = findScopeLine(prefix + text + '\r\nHeartbeat');
    assert.match(line?.error?.message ?? '', message);
    assert.equal((prefix + text).slice(line?.error?.start, line?.error?.end), part);
    assert.equal(line?.line, 2);
    assert.equal(line?.scope, undefined);
  });
}

test('only a comment on a line of its own is a scope line', () => {
  assert.equal(findScopeLine('Heartbeat // @scope all'), undefined);
  assert.equal(findScopeLine('print ```\n// @scope all\n```'), undefined);
  assert.equal(findScopeLine('// @scopes all'), undefined);
  assert.equal(findScopeLine('// see @scope'), undefined);
  assert.equal(findScopeLine('  //@SCOPE ALL')?.scope?.include, 'all');
});

test('the first line counts; all are found', () => {
  const text = '// @scope all\nT\n// @scope group:x\n';
  assert.equal(findScopeLine(text)?.line, 0);
  assert.deepEqual(
    findScopeLines(text).map((line) => line.line),
    [0, 2],
  );
});

test('choosing a scope replaces the line or puts one first', () => {
  const apply = (text: string): string => {
    const c = scopeLineChange(text, { include: 'all', except: [] }, findScopeLine(text));
    return text.slice(0, c.start) + c.newText + text.slice(c.end);
  };
  assert.equal(apply('Heartbeat'), '// @scope all\nHeartbeat');
  assert.equal(apply('\uFEFFA\r\nB'), '\uFEFF// @scope all\r\nA\r\nB');
  assert.equal(apply('A\n// @scope oops\nB'), 'A\n// @scope all\nB');
});
