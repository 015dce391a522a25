import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveScope, scopeLabel } from '../../../src/core/estate/scope.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { Scope, Selector } from '../../../src/model/scope.ts';
import { sampleEstate, tenantOf } from './sampleEstate.ts';

const estate = sampleEstate();
const select = (...include: Selector[]): Scope => ({ include, except: [] });
const names = (scope: Scope): string[] =>
  resolveScope(scope, estate).workspaces.map((workspace) => `${workspace.customer}/${workspace.name}`);

test('everything is every workspace, and tells which tenant it could not look into', () => {
  const { workspaces, problems, gaps } = resolveScope(EVERYTHING, estate);
  assert.equal(workspaces.length, 4);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    gaps.map((gap) => [gap.customerName, gap.error?.code]),
    [['Northwind', 'auth.interactionRequired']],
  );
});

test('groups, customers, tenants, tags and regions are found without regard to case', () => {
  assert.deepEqual(names(select({ kind: 'group', value: 'GOLD' })), [
    'contoso/law-main',
    'contoso/law-test',
    'fabrikam/law-main',
  ]);
  assert.deepEqual(names(select({ kind: 'customer', value: 'contoso ltd' })), ['contoso/law-main', 'contoso/law-test']);
  assert.deepEqual(names(select({ kind: 'tenant', value: 'LITWARE.example' })), ['litware/law-litware']);
  assert.deepEqual(names(select({ kind: 'tenant', value: tenantOf(2).toUpperCase() })), ['fabrikam/law-main']);
  assert.deepEqual(names(select({ kind: 'tag', value: 'Env=PROD' })), ['contoso/law-main', 'litware/law-litware']);
  assert.deepEqual(names(select({ kind: 'tag', value: 'owner' })), ['litware/law-litware']);
  assert.deepEqual(
    names(select({ kind: 'tag', value: 'tier=one' })),
    ['fabrikam/law-main'],
    "a customer's tag is its workspaces' too",
  );
  assert.deepEqual(names(select({ kind: 'region', value: 'North Europe' })), ['contoso/law-test']);
});

test('a workspace is named by itself, by its customer, by id or by resource id', () => {
  const litware = estate.workspaces[3]!;
  for (const value of [
    'LAW-litware',
    'Litware/law-litware',
    'litware/LAW-LITWARE',
    litware.guid.toUpperCase(),
    litware.armId,
  ])
    assert.deepEqual(names(select({ kind: 'workspace', value })), ['litware/law-litware'], value);
});

test('a workspace name that two customers use is not guessed at', () => {
  const { workspaces, problems } = resolveScope(select({ kind: 'workspace', value: 'law-main' }), estate);
  assert.deepEqual(workspaces, []);
  assert.deepEqual(problems[0]?.suggestions, ['Contoso Ltd/law-main', 'Fabrikam/law-main']);
});

test('what is excepted is left out, whichever way it was included', () => {
  assert.deepEqual(
    names({ include: [{ kind: 'group', value: 'gold' }], except: [{ kind: 'customer', value: 'contoso' }] }),
    ['fabrikam/law-main'],
  );
  assert.deepEqual(names({ include: 'all', except: [{ kind: 'tag', value: 'env' }] }), ['fabrikam/law-main']);
});

test('an unknown name is a problem with the nearest known ones, never everything', () => {
  const { workspaces, problems } = resolveScope(select({ kind: 'customer', value: 'contosso ltd' }), estate);
  assert.deepEqual(workspaces, []);
  assert.equal(problems.length, 1);
  assert.deepEqual(problems[0]?.suggestions, ['Contoso Ltd']);
  assert.match(problems[0]!.message, /no customer "contosso ltd".*Did you mean "Contoso Ltd"\?/);
});

test('an unknown name in except is a problem too: who was to be left out would be asked', () => {
  const { problems } = resolveScope({ include: 'all', except: [{ kind: 'customer', value: 'litwear' }] }, estate);
  assert.deepEqual(
    problems.map((problem) => problem.suggestions),
    [['Litware']],
  );
});

test('a scope that leaves nothing is a problem', () => {
  const { problems } = resolveScope(
    { include: [{ kind: 'customer', value: 'contoso' }], except: [{ kind: 'group', value: 'gold' }] },
    estate,
  );
  assert.match(problems[0]!.message, /No workspace is left in the scope "customer:contoso except group:gold"/);
  assert.equal(
    resolveScope(select({ kind: 'customer', value: 'northwind' }), estate).problems.length,
    1,
    'a customer nobody can enter has nothing to ask',
  );
});

test('the label counts, or names the only one', () => {
  assert.equal(scopeLabel(resolveScope(EVERYTHING, estate), estate), '4 workspaces, 3 customers');
  assert.equal(
    scopeLabel(resolveScope(select({ kind: 'customer', value: 'contoso' }), estate), estate),
    '2 workspaces, 1 customer',
  );
  assert.equal(
    scopeLabel(resolveScope(select({ kind: 'workspace', value: 'law-test' }), estate), estate),
    'law-test (Contoso Ltd)',
  );
});
