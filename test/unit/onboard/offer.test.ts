import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delegationHandler, wantDelegation } from '../../../src/core/onboard/delegationHandler.ts';
import { handOverText } from '../../../src/core/onboard/handOver.ts';
import { checkOffer, offerTemplate } from '../../../src/core/onboard/lighthouseOffer.ts';
import { OFFER_ROLES } from '../../../src/core/onboard/offerRoles.ts';
import { findRole } from '../../../src/emulator/roles.ts';
import { PUBLIC_CLOUD } from '../../../src/model/cloud.ts';
import { toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import type { ComingCustomer, ManagedOffer } from '../../../src/model/onboarding.ts';

const NAMES = {
  definition: '26c128c2-fefa-4340-9bb1-6e081c90ada2',
  assignment: '484a7d5f-9729-4b87-bc9b-26610985a013',
};
const OWNER = toTenantId('11111111-1111-4111-8111-111111111111');
const READER = { id: '73c42c96-874c-492b-b04d-ab87d138a893', name: 'Log Analytics Reader' };
const offerOf = (role: { id: string; name: string }, name = 'Managed logs'): ManagedOffer => ({
  name,
  description: name,
  managedBy: toTenantId('33333333-3333-4333-8333-333333333333'),
  authorizations: [{ principalId: '44444444-4444-4444-8444-444444444444', name: 'Operations', role }],
});
const SCOPE = '/subscriptions/22222222-2222-4222-8222-222222222222';
const nothing = () => Promise.reject(new Error('nothing is sent'));
const handler = delegationHandler({ delegation: nothing, putDelegation: nothing, deleteDelegation: nothing });
const want = (offer: ManagedOffer) =>
  wantDelegation(offer, NAMES, { scope: SCOPE, place: 'subscription Tailspin', owner: OWNER });

test('roles that Lighthouse does not pass on are refused before anything is written, with the way round', () => {
  for (const name of [
    'Owner',
    'User Access Administrator',
    'Monitoring Metrics Publisher',
    'Log Analytics Data Reader',
  ]) {
    const role = OFFER_ROLES.find((one) => one.name === name)!;
    const { refused } = checkOffer(offerOf(role));
    assert.match(
      refused.join(),
      new RegExp(`^The offer for Operations: ${name} can(not)? be delegated .* an Owner of the customer`),
    );
    assert.throws(() => handler.diff(want(offerOf(role)), undefined, []), { code: 'input.offer' });
  }
  const byGuid = { id: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', name: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' };
  assert.match(checkOffer(offerOf(byGuid)).refused.join(), /no rights on data/, 'Storage Blob Data Reader by its GUID');
  assert.deepEqual(checkOffer(offerOf(READER)).refused, []);
  assert.match(checkOffer(offerOf(READER)).warnings[0]!, /only the customer will be able to end it/);
});

test('the roles known by name are the built-in ones of Azure that the emulator has, with their data actions', () => {
  for (const { id, name } of OFFER_ROLES) {
    const role = findRole(id);
    assert.equal(role?.name, name);
    if (role?.dataActions) assert.match(checkOffer(offerOf({ id, name })).refused.join(), /no rights on data/);
  }
});

test('the same offer is no change; another role is one', () => {
  const offer = offerOf(READER);
  const now = {
    offerName: offer.name,
    managedBy: offer.managedBy,
    provisioningState: 'Succeeded',
    authorizations: [{ principalId: offer.authorizations[0]!.principalId.toUpperCase(), roleId: READER.id }],
  };
  assert.equal(handler.diff(want(offer), now, []).action, 'none');
  assert.equal(handler.diff(want(offer), undefined, []).action, 'create');
  const contributor = OFFER_ROLES.find(({ name }) => name === 'Log Analytics Contributor')!;
  const { action, differences } = handler.diff(want(offerOf(contributor)), now, []);
  assert.equal(action, 'update');
  assert.match(
    `${differences[0]!.before} > ${differences[0]!.after}`,
    /^Log Analytics Reader .* > Log Analytics Contributor/,
  );
  assert.throws(() => handler.diff(want({ ...offer, managedBy: OWNER }), undefined, []), /nobody delegates to himself/);
});

test('a template has texts of others as texts, and for a resource group accepts it there', () => {
  const template = JSON.parse(offerTemplate(offerOf(READER, "[concat('a')]"), NAMES, 'rg-logs')) as {
    resources: { type: string; resourceGroup?: string; properties: { registrationDefinitionName?: string } }[];
  };
  assert.deepEqual(
    template.resources.map(({ type, resourceGroup, properties }) => [
      type,
      resourceGroup,
      properties.registrationDefinitionName,
    ]),
    [
      ['Microsoft.ManagedServices/registrationDefinitions', undefined, "[[concat('a')]"],
      ['Microsoft.Resources/deployments', 'rg-logs', undefined],
    ],
  );
});

test('what is handed over says who does what, and names of others are no Markdown', () => {
  const customer: ComingCustomer = {
    key: 'x',
    name: '[Tailspin](https://evil.example)',
    tenant: OWNER,
    subscription: toSubscriptionId('22222222-2222-4222-8222-222222222222'),
    access: 'servicePrincipal',
    architecture: 'distributed',
    region: 'westeurope',
    resourceGroup: 'rg',
    workspace: 'law-x',
    retentionDays: 30,
    tags: {},
    application: '55555555-5555-4555-8555-555555555555',
  };
  const application = handOverText(customer, undefined, PUBLIC_CLOUD);
  assert.match(
    application,
    /<https:\/\/login\.microsoftonline\.com\/11111111-1111-4111-8111-111111111111\/adminconsent\?client_id=55555555-/,
  );
  assert.doesNotMatch(application, /\[Tailspin\]\(/);
  const guests = handOverText(
    { ...customer, access: 'guest', guests: ['ann@provider.example'] },
    undefined,
    PUBLIC_CLOUD,
  );
  assert.match(guests, /^1\. \*\*A Guest Inviter .*\*\* invites these people .*ann@provider\.example/m);
  assert.match(guests, /^3\. \*\*Each guest \(our people\)\*\* accepts/m);
  assert.match(guests, /^4\. .*Conditional Access/m);
  for (const text of [application, guests])
    assert.match(text, /\*\*An Owner or User Access Administrator of the subscription\*\* gives the role Contributor/);
});
