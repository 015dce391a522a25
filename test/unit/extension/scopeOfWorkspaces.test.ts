import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveScope } from '../../../src/core/estate/scope.ts';
import { scopeOfWorkspaces } from '../../../src/extension/session/scopeOfWorkspaces.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import type { Scope } from '../../../src/model/scope.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { FABRIKAM, sampleEstate, workspace } from './sampleEstate.ts';

const NOTHING: Scope = { include: [], except: [] };
const estate = sampleEstate();
const [one, two, three] = estate.workspaces.map((item) => item.key);

test('every workspace is everything', () => {
  assert.deepEqual(scopeOfWorkspaces(new Set([one!, two!, three!]), estate, NOTHING), EVERYTHING);
});

test('a whole customer is named as one', () => {
  assert.deepEqual(scopeOfWorkspaces(new Set([one!, two!]), estate, NOTHING), {
    include: [{ kind: 'customer', value: 'contoso' }],
    except: [],
  });
});

test('clearing a box in "everything" leaves a customer out, so that newcomers are in', () => {
  assert.deepEqual(scopeOfWorkspaces(new Set([one!, two!]), estate, EVERYTHING), {
    include: 'all',
    except: [{ kind: 'customer', value: 'fabrikam' }],
  });
});

test('clearing every box is an empty scope, never everything', () => {
  assert.deepEqual(scopeOfWorkspaces(new Set(), estate, EVERYTHING), NOTHING);
});

test('a name that two workspaces share is said by workspace ID', () => {
  const twin = workspace('law-one', {
    key: 'other' as typeof one & string,
    guid: 'guid-twin' as ReturnType<typeof workspace>['guid'],
    customer: toCustomerKey('fabrikam'),
    tenant: FABRIKAM,
  });
  const twins = { ...estate, workspaces: [...estate.workspaces, twin] };
  const scope = scopeOfWorkspaces(new Set([twin.key]), twins, NOTHING);
  assert.deepEqual(scope.include, [{ kind: 'workspace', value: 'guid-twin' }]);
  assert.deepEqual(resolveScope(scope, twins).workspaces, [twin]);
});

test('what is written means what was ticked, for every subset', () => {
  const keys = estate.workspaces.map((item) => item.key);
  for (let bits = 1; bits < 1 << keys.length; bits++) {
    const chosen = new Set(keys.filter((_, at) => bits & (1 << at)));
    for (const from of [NOTHING, EVERYTHING]) {
      const { workspaces, problems } = resolveScope(scopeOfWorkspaces(chosen, estate, from), estate);
      assert.deepEqual([new Set(workspaces.map((item) => item.key)), problems], [chosen, []]);
    }
  }
});
