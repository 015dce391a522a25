import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { audienceOf, narrowScope } from '../../../src/core/agents/narrowScope.ts';
import { resolveScope } from '../../../src/core/estate/scope.ts';
import { parseScope } from '../../../src/kql/scopeLine.ts';
import type { Estate } from '../../../src/model/estate.ts';
import type { Scope } from '../../../src/model/scope.ts';
import { sampleEstate, tenantOf, workspace } from '../estate/sampleEstate.ts';

const scopeOf = (text: string): Scope => parseScope(text).scope!;
const narrow = (given: string, wanted?: string, estate = sampleEstate()) => narrowScope(scopeOf(given), wanted, estate);
const keysOf = (scope: Scope, estate: Estate): string[] => resolveScope(scope, estate).workspaces.map(({ key }) => key);
const refusalOf = (given: string, wanted?: string): string => {
  try {
    narrow(given, wanted);
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === 'input.scope');
    return error.message;
  }
  return assert.fail(`${wanted} within ${given} was not refused`);
};

describe('what a model may ask', () => {
  const scopes = [
    'all',
    'group:gold',
    'group:EU',
    'customer:contoso',
    'customer:fabrikam customer:litware',
    'tag:env=prod',
    'region:westeurope',
    'all except customer:contoso',
    'group:gold except tag:env=test',
    'tenant:litware.example',
  ];

  it('is what it wants of what the person gave, for every pair of scopes', () => {
    const estate = sampleEstate();
    let narrowed = 0;
    for (const given of scopes)
      for (const wanted of scopes) {
        const both = keysOf(scopeOf(given), estate).filter((key) => keysOf(scopeOf(wanted), estate).includes(key));
        let scope: Scope | undefined;
        try {
          ({ scope } = narrow(given, wanted));
        } catch (error) {
          // A name that means nothing within refuses the whole wish, though another one would leave somebody.
          if (both.length > 0) assert.match((error as AppError).message, /scope that the person gave/);
          continue;
        }
        narrowed++;
        const resolved = resolveScope(scope, estate);
        assert.deepEqual(
          resolved.workspaces.map(({ key }) => key),
          both,
          `${wanted} within ${given}`,
        );
      }
    assert.ok(narrowed > 60, `${narrowed}`);
  });

  it('without a wish is all that was given, and the tenants of it that nobody could list', () => {
    const { workspaces, gaps, scope } = narrow('group:EU');
    assert.deepEqual(
      workspaces.map(({ name }) => name),
      ['law-main', 'law-test'],
    );
    assert.deepEqual(
      gaps.map(({ customerName }) => customerName),
      ['Northwind'],
    );
    assert.deepEqual(resolveScope(scope, sampleEstate()).gaps, gaps, 'a run over it says that they are missing');
  });

  it('is refused by name outside, in the same words whether the name means something there or not', () => {
    const there = refusalOf('customer:contoso', 'customer:fabrikam');
    assert.match(there, /There is no customer "fabrikam".*within the scope that the person gave.*Nothing was sent\./);
    assert.equal(refusalOf('customer:contoso', 'customer:nobodyhere').replace('nobodyhere', 'fabrikam'), there);
    for (const [given, wanted] of [
      ['customer:contoso', 'customer:fabrikan'],
      ['customer:contoso', 'workspace:law-litwar'],
      ['customer:contoso', 'all except customer:litwar'],
      ['customer:contoso', 'tenant:litware.exampl'],
      ['customer:contoso', 'tag:owner=so'],
      ['customer:contoso', 'region:eastus'],
      // The wish of the person is theirs to read.
      ['customer:fabrikan', undefined],
      ['all except customer:litwar', 'customer:contoso'],
    ] as const)
      assert.doesNotMatch(
        refusalOf(given, wanted),
        /Fabrikam|law-litware|Litware|litware\.example|soc|Did you mean/,
        wanted,
      );
    assert.match(
      refusalOf('group:gold', 'customer:contosso'),
      /Did you mean "contoso"/,
      'within, the nearest names help',
    );
  });

  it('may name by a name that is one here and two in the whole estate', () => {
    assert.deepEqual(
      narrow('customer:contoso', 'workspace:law-main').workspaces.map(({ customer, name }) => [customer, name]),
      [['contoso', 'law-main']],
    );
  });

  it('says which words it does not understand, and that nothing is left', () => {
    assert.match(refusalOf('all', 'contoso'), /"contoso" needs to say what it is: customer:contoso, group:contoso/);
    assert.match(refusalOf('customer:contoso', 'all except customer:contoso'), /No workspace is left/);
  });

  it('stays what it was when tenants and workspaces come between the question and the run', () => {
    const before = sampleEstate();
    const { scope } = narrow('group:EU except tag:env=test', undefined, before);
    const after: Estate = {
      ...before,
      tenants: before.tenants.map((one) => ({ ...one, state: 'entered' })),
      workspaces: [
        ...before.workspaces,
        workspace('law-new', 'contoso', 1),
        workspace('law-north', 'northwind', 4),
        workspace('law-north-test', 'northwind', 4, { tags: { env: 'test' } }),
      ],
    };
    assert.deepEqual(
      resolveScope(scope, after).workspaces.map(({ name }) => name),
      ['law-main', 'law-north'],
      'the tenant was asked for as a whole; what was left out of it stays out, and a new workspace was not asked for',
    );
  });

  it('is told of with nothing of anybody else', () => {
    const estate: Estate = {
      ...sampleEstate(),
      problems: [
        { where: 'Fabrikam East', error: { code: 'access.denied', message: 'Not Fabrikam', retryable: false } },
        { where: 'x', tenant: tenantOf(2), error: { code: 'access.denied', message: 'Fabrikam', retryable: false } },
        { where: 'y', tenant: tenantOf(1), error: { code: 'access.denied', message: 'contoso', retryable: false } },
      ],
    };
    const told = JSON.stringify(narrow('all', 'customer:contoso', estate).estate);
    assert.doesNotMatch(told, /fabrikam|litware|northwind|ann@provider/i);
    assert.match(told, /"where":"y"/);
    assert.deepEqual(audienceOf(narrow('group:gold')), { workspaces: 3, customers: ['Contoso Ltd', 'Fabrikam'] });
  });
});
