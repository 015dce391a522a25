import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { customerWorld } from '../../../src/core/baseline/customerWorlds.ts';
import { DELEGATION_JUDGE } from '../../../src/core/baseline/handlers/delegationJudge.ts';
import type { WantedDelegation } from '../../../src/core/baseline/handlers/delegationJudge.ts';
import { delegationSettings } from '../../../src/core/baseline/sections/guardSettings.ts';
import type { DelegationFact } from '../../../src/model/assessment/facts.ts';
import { toSubscriptionId } from '../../../src/model/ids.ts';
import { PROVIDER } from '../estate/sampleEstate.ts';
import { estateOf } from '../runs/world.ts';

const [operations, readers, stranger] = ['operations-id', 'readers-id', 'stranger-id'] as const;
const fact = (offer: string, ...roles: (readonly [id: string, name: string, role: string])[]): DelegationFact => ({
  scope: '/subscriptions/sub-1',
  subscription: toSubscriptionId('sub-1'),
  managedBy: PROVIDER,
  offer,
  roles: roles.map(([principalId, principalName, roleName]) => ({
    principalId,
    principalName,
    roleId: `id of ${roleName}`,
    roleName,
    eligible: false,
  })),
});
const judge = (more: Partial<WantedDelegation>, now: readonly DelegationFact[]) => {
  const wanted: WantedDelegation = {
    name: 'Logs',
    subscriptionName: 'Contoso',
    managedBy: PROVIDER,
    authorizations: [{ principalId: operations, role: 'Contributor' }],
    ...more,
  };
  return DELEGATION_JUDGE.diff({ id: '', resource: '', target: '', wanted }, now, []);
};
const logs = fact('Logs', [operations, 'Operations', 'Contributor']);

describe('what is delegated', () => {
  it('is as agreed by ids, whatever the case and the names', () => {
    assert.equal(
      judge({ authorizations: [{ principalId: 'OPERATIONS-ID', role: 'contributor' }] }, [logs]).action,
      'none',
    );
  });

  it('is more than was agreed where another one has the role, also under the same name', () => {
    const twin = fact('Twin', [stranger, 'Operations', 'Contributor']);
    assert.throws(() => judge({}, [logs, twin]), {
      code: 'input.delegation',
      message: /^Contributor for Operations \(stranger-id\) is more than was agreed/,
    });
  });

  it('by a second offer of the same manager is not more where that one is agreed, too', () => {
    const second = fact('Reading', [readers, 'Readers', 'Reader']);
    const alsoAgreed = [{ principalId: readers, role: 'Reader' }];
    assert.equal(judge({ alsoAgreed }, [logs, second]).action, 'none');
    assert.throws(() => judge({}, [logs, second]), { code: 'input.delegation' });
    const estate = estateOf(1);
    const offer = (principalId: string, managedBy: string) => ({
      managedBy,
      authorizations: [{ principalId, role: 'Reader' }],
    });
    const delegations = {
      One: offer(operations, PROVIDER),
      Two: offer(readers, PROVIDER.toUpperCase()),
      Else: offer(stranger, 'another manager'),
    };
    const nothing = { machines: new Map(), resources: new Map() };
    const { world } = customerWorld(estate, estate.customers[0]!, { delegations }, estate.workspaces, nothing);
    const wanted = delegationSettings(world).map(({ intent }) => intent.wanted as WantedDelegation);
    assert.deepEqual(
      wanted.map(({ name, alsoAgreed }) => [name, alsoAgreed?.map(({ principalId }) => principalId)]),
      [
        ['One', [readers]],
        ['Two', [operations]],
        ['Else', []],
      ],
    );
  });
});
