import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planRotation } from '../../../src/core/access/block/keyRotation.ts';
import { parseUndo, printUndo } from '../../../src/core/access/block/undoFile.ts';
import type { BlockUndo } from '../../../src/core/access/block/undoFile.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import { agent, SUBSCRIPTION } from '../../harness/customerFacts.ts';

const customer = (name: string) => ({ key: toCustomerKey(name.toLowerCase()), name });
const shared = { name: 'nb-soc', armId: '/subscriptions/s/x/nb-soc' };
const owners = new Map([
  ['a.contoso.example', customer('Contoso')],
  ['b.contoso.example', customer('Contoso')],
  ['f.fabrikam.example', customer('Fabrikam')],
]);
const ownerOf = ({ computer }: { readonly computer: string }) => owners.get(computer);
const legacy = { legacy: true };

describe('the rotation of a shared key', () => {
  test('names the legacy agents of the customer, and everybody else who would be hit', () => {
    const rotation = planRotation(
      shared,
      customer('Contoso'),
      [
        agent('b.contoso.example', legacy),
        agent('a.contoso.example', legacy),
        agent('f.fabrikam.example', legacy),
        agent('unknown', legacy),
        agent('new.fabrikam.example'),
      ],
      ownerOf,
    )!;
    assert.deepEqual(rotation.blocked.computers, ['a.contoso.example', 'b.contoso.example']);
    assert.deepEqual(
      rotation.hit.map(({ customerName, computers }) => [customerName, computers]),
      [
        ['Fabrikam', ['f.fabrikam.example']],
        ['nobody that is known', ['unknown']],
      ],
    );
    assert.match(rotation.steps[0]!, /^Move 2 legacy agents of others/);
    // What renews the keys must not print them.
    assert.match(rotation.steps[2]!, /regenerateSharedKey.* --query "'renewed'"$/);
  });

  test('is not needed where the customer has no legacy agent, whoever else has', () => {
    assert.equal(planRotation(shared, customer('Contoso'), [agent('f.fabrikam.example', legacy)], ownerOf), undefined);
    const alone = planRotation(shared, customer('Contoso'), [agent('a.contoso.example', legacy)], ownerOf)!;
    assert.match(alone.steps[0]!, /nobody else is hit/);
  });
});

describe('an undo file', () => {
  const machine = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-1`;
  const rule = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Insights/dataCollectionRules/dcr`;
  const id = `${machine}/providers/Microsoft.Insights/dataCollectionRuleAssociations/a`;
  const undo: BlockUndo = {
    version: 1,
    at: '2026-11-29T00:00:00.000Z',
    cloud: 'public',
    customer: 'contoso',
    customerName: 'Contoso',
    workspace: '/subscriptions/s/x/nb-soc',
    associations: [
      { id, rule, description: 'by hand' },
      { id, rule },
    ],
  };

  test('is read as it was written', () => {
    assert.deepEqual(parseUndo(printUndo(undo), 'undo.json'), undo);
  });

  test('puts back nothing but associations with rules', () => {
    const wrong = (change: object): void => {
      assert.throws(() => parseUndo(JSON.stringify({ ...undo, ...change }), 'undo.json'), { code: 'input.undoFile' });
    };
    wrong({ associations: [{ id: machine, rule }] });
    wrong({ associations: [{ id: `${id}?api-version=1`, rule }] });
    wrong({ associations: [{ id, rule: machine }] });
    wrong({ associations: {} });
    const at = '/subscriptions/00000000-0000-0000-0000-000000000000';
    const setting = {
      id: `${at}/providers/Microsoft.Insights/diagnosticSettings/activity`,
      logs: ['Administrative'],
      metrics: [],
    };
    assert.deepEqual(parseUndo(printUndo({ ...undo, settings: [setting] }), 'undo.json').settings, [setting]);
    wrong({ settings: [{ ...setting, id: `${at}/providers/Microsoft.Insights/dataCollectionRules/activity` }] });
    wrong({ settings: [{ ...setting, id: '/providers/microsoft.aadiam/diagnosticSettings/activity' }] });
    wrong({ settings: [{ ...setting, logs: [{ category: 'Administrative' }] }] });
    wrong({ settings: {} });
    wrong({ version: 2 });
    wrong({ cloud: undefined });
  });
});
