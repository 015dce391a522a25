import assert from 'node:assert/strict';
import { test } from 'node:test';
import { regionChoices } from '../../../src/core/provision/regionChoices.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import { sampleEstate, workspace } from '../extension/sampleEstate.ts';

const OFFERED = ['eastus', 'germanywestcentral', 'northeurope', 'westeurope'].map((name) => ({
  name,
  displayName: name.toUpperCase(),
}));
const CONTOSO = toCustomerKey('contoso');

/** Contoso with these regions declared, and three workspaces in northeurope. */
function estate(regions: readonly string[]) {
  const { customers, workspaces, ...rest } = sampleEstate();
  return {
    ...rest,
    customers: customers.map((customer) => ({ ...customer, declared: { regions } })),
    workspaces: [...workspaces, ...['a', 'b'].map((name) => workspace(`law-${name}`, { region: 'North Europe' }))],
  };
}

const order = (choices: ReturnType<typeof regionChoices>): string[] =>
  choices.groups.flatMap(({ regions }) => regions.map(({ name }) => name));

test('proposed, then declared, then in use by number of workspaces, then the rest; each once', () => {
  assert.deepEqual(order(regionChoices(OFFERED, estate([]), CONTOSO)), [
    'northeurope',
    'westeurope',
    'eastus',
    'germanywestcentral',
  ]);
  const choices = regionChoices(OFFERED, estate(['West Europe']), CONTOSO, { proposed: 'eastus' });
  assert.deepEqual(order(choices), ['eastus', 'westeurope', 'northeurope', 'germanywestcentral']);
  assert.equal(choices.ready, 'eastus');
});

test('what stands ready: the proposal, what is declared, the group, the setting, what is in use', () => {
  const ready = (regions: readonly string[], hints: Parameters<typeof regionChoices>[3]) =>
    regionChoices(OFFERED, estate(regions), CONTOSO, hints).ready;
  assert.equal(ready(['westeurope'], { group: 'eastus' }), 'westeurope');
  assert.equal(ready([], { group: 'East US', preferred: 'westeurope' }), 'eastus');
  assert.equal(ready([], { group: '', preferred: 'germanywestcentral' }), 'germanywestcentral');
  assert.equal(ready([], {}), 'northeurope');
});

test('a declared region that the subscription does not have is said, not offered', () => {
  const choices = regionChoices(OFFERED, estate(['switzerlandnorth', 'westeurope']), CONTOSO);
  assert.deepEqual([choices.missing, choices.ready], [['switzerlandnorth'], 'westeurope']);
  assert.ok(!order(choices).includes('switzerlandnorth'));
});

test("nobody else's workspaces count", () => {
  const { workspaces, ...rest } = sampleEstate();
  const others = workspaces.map((one) => ({
    ...one,
    customer: toCustomerKey('fabrikam'),
    region: 'germanywestcentral',
  }));
  const choices = regionChoices(OFFERED, { ...rest, workspaces: others }, CONTOSO);
  assert.deepEqual([choices.groups.length, choices.ready], [1, undefined]);
});
