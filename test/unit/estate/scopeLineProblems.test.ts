import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopeLineProblems } from '../../../src/core/estate/scopeLineProblems.ts';
import { sampleEstate } from './sampleEstate.ts';

const estate = sampleEstate();
const problems = (text: string): readonly (readonly [string, string])[] =>
  scopeLineProblems(text, estate).map(({ start, end, message }) => [text.slice(start, end), message]);

test('an unknown customer of a scope line is told at its place, with the nearest names', () => {
  const text = '// a query\r\n  // @scope group:gold, customer:contosso except workspace:"law tset"\r\nHeartbeat';
  assert.deepEqual(problems(text), [
    ['customer:contosso', 'There is no customer "contosso" in your estate. Did you mean "contoso"?'],
    ['workspace:"law tset"', 'There is no workspace "law tset" in your estate. Did you mean "law-test"?'],
  ]);
});

test('every line that a query follows is looked at, each at its place', () => {
  assert.deepEqual(
    problems('// @scope group:gold\nHeartbeat\n\n// @scope customer:contosso\nPerf\n\n// @scope customer:fabrikan').map(
      ([place]) => place,
    ),
    ['customer:contosso'],
  );
});

test('the same unknown name twice is told twice, and a name of several says which there are', () => {
  assert.deepEqual(
    problems('// @scope customer:nobody customer:nobody\nT').map(([place]) => place),
    ['customer:nobody', 'customer:nobody'],
  );
  const [[place, message] = []] = problems('// @scope workspace:law-main\nT');
  assert.equal(place, 'workspace:law-main');
  assert.match(message ?? '', /is the name of 2 workspaces/);
});

test('a scope that leaves nobody is told of the line; a sound one and one that cannot be read are not', () => {
  assert.deepEqual(
    problems('// @scope customer:contoso except customer:contoso\nT').map(([place]) => place),
    ['// @scope customer:contoso except customer:contoso'],
  );
  for (const text of ['// @scope all\nT', '// @scope group:gold\nT', '// @scope customer:\nT', 'T', '// @scope'])
    assert.deepEqual(problems(text), [], text);
});
