import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MicrosoftGraphClient } from '../../../src/azure/graphApi/microsoftGraphClient.ts';
import { key } from '../../../src/emulator/armId.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addPartnerCustomer, partnerOf } from '../../../src/emulator/msgraph/partner.ts';
import { toAccountId, toTenantId } from '../../../src/model/ids.ts';
import { addServicePrincipal } from '../../../src/emulator/populate.ts';
import type { Issuer } from '../../../src/ports/issuer.ts';
import { connect, signedIn } from '../azure/connect.ts';
import type { Connection } from '../azure/connect.ts';
import { ask, smallEstate, startSmall, userToken } from '../emulator/smallEstate.ts';

const GRAPH = 'https://graph.microsoft.com/.default';

describe('Microsoft Graph', () => {
  const estate = smallEstate();
  const { world, provider, contoso, engineer, app } = estate;
  let emulator: Emulator;
  let connection: Connection;
  let person: ReturnType<typeof signedIn>;
  let client: MicrosoftGraphClient;
  const issuer: Issuer = {
    account: toAccountId('test:engineer@provider.example'),
    tenant: toTenantId(provider.tenantId),
  };
  before(async () => {
    const directory = partnerOf(world, provider);
    directory.permissions[key(engineer.objectId)] = ['Directory.Read.All', 'DelegatedAdminRelationship.Read.All'];
    directory.groups[world.guid('group', 'operations')] = 'Operations';
    addPartnerCustomer(world, provider, contoso, { status: 'active' });
    for (let at = 0; at < 320; at++) {
      const customer = {
        tenantId: world.guid('customer', at),
        displayName: `Customer ${at}`,
        defaultDomain: `customer${at}.onmicrosoft.com`,
      };
      addPartnerCustomer(
        world,
        provider,
        customer,
        at === 0 ? { status: 'approvalPending', reseller: true } : { status: 'active' },
      );
    }
    emulator = await startSmall(estate);
    person = signedIn(emulator, engineer, 'pass');
    connection = connect(emulator, person);
    client = new MicrosoftGraphClient(connection.clients);
  });
  after(async () => {
    connection.dispose();
    person.close();
    await emulator.close();
  });

  it('lists contracts and admin relationships page by page, with a token for Microsoft Graph alone', async () => {
    const contracts = await client.contracts(issuer);
    assert.equal(contracts.length, 321);
    assert.deepEqual(contracts[0], { tenant: contoso.tenantId, name: 'Contoso', domain: contoso.defaultDomain });
    const relationships = await client.relationships(issuer);
    assert.equal(relationships.length, 321);
    const [first, pending] = relationships;
    assert.equal(first!.status, 'active');
    assert.deepEqual([pending!.status, pending!.ends], ['approvalPending', undefined]);
    assert.deepEqual([...new Set(person.asked.map(({ audience }) => audience))], ['https://graph.microsoft.com']);
    const calls = emulator.calls.list({ service: 'microsoftGraph' });
    assert.equal(calls.length, 4 + 2);
  });

  it('names people, guests, groups and applications; who is not there is left out', async () => {
    const nobody = world.guid('nobody');
    const group = world.guid('group', 'operations');
    const names = await client.principals(issuer, [engineer.objectId, group, app.objectId, nobody]);
    assert.deepEqual(
      [engineer.objectId, group, app.objectId, nobody].map((id) => names.get(id)?.kind),
      ['user', 'group', 'application', undefined],
    );
    assert.match(names.get(engineer.objectId)!.name, /engineer@provider\.example/);
    // In the other directory the same person is a guest, and says where from.
    const { objectId } = engineer.memberships[0]!;
    partnerOf(world, estate.fabrikam).permissions[key(objectId)] = ['Directory.Read.All'];
    const fabrikam = { ...issuer, tenant: toTenantId(estate.fabrikam.tenantId) };
    assert.equal((await client.principals(fabrikam, [objectId])).get(objectId)?.guestOf, 'provider.example');
  });

  it('tells who is in a group, also by other groups, and an identity of a resource from an application', async () => {
    const directory = partnerOf(world, provider);
    const [outer, inner] = [world.guid('group', 'outer'), world.guid('group', 'inner')];
    directory.groups[outer] = 'Outer';
    directory.groups[inner] = 'Inner';
    directory.members[outer] = [inner];
    const identity = addServicePrincipal(world, { tenant: provider, name: 'alert-rule' });
    identity.secrets = [];
    directory.members[inner] = [app.objectId, identity.objectId, outer];
    const members = [...(await client.members(issuer, outer)).values()].map(({ name, kind }) => [name, kind]);
    assert.deepEqual(
      members.sort(([a], [b]) => (a! < b! ? -1 : 1)),
      [
        ['alert-rule (managed identity)', 'application'],
        [app.displayName || app.username, 'application'],
      ],
    );
    // A group that is gone is no empty one.
    await assert.rejects(client.members(issuer, world.guid('nobody')));
  });

  it('says which permission is missing where the service refuses', async () => {
    const reader = signedIn(emulator, estate.reader, 'pass');
    const other = connect(emulator, reader);
    try {
      const asReader = { ...issuer, account: toAccountId('test:reader@provider.example') };
      await assert.rejects(new MicrosoftGraphClient(other.clients).contracts(asReader), {
        code: 'access.microsoftGraph',
        message: /Directory\.Read\.All/,
      });
      await assert.rejects(new MicrosoftGraphClient(other.clients).members(asReader, world.guid('group', 'outer')), {
        code: 'access.microsoftGraph',
        message: /members of groups .* GroupMember\.Read\.All/,
      });
    } finally {
      other.dispose();
      reader.close();
    }
  });

  it('is refused by the emulator as the service does: audience, permission, number of ids', async () => {
    const path = '/v1.0/contracts';
    const { access_token: arm } = await userToken(emulator, 'engineer@provider.example');
    assert.equal(
      (await ask(emulator, path, { token: arm })).json<{ error: { code: string } }>().error.code,
      'InvalidAuthenticationToken',
    );
    const { access_token: token } = await userToken(emulator, 'reader@provider.example', 'organizations', GRAPH);
    const refused = await ask(emulator, path, { token });
    assert.equal(refused.status, 403);
    const { error } = refused.json<{ error: { code: string; innerError: object } }>();
    assert.equal(error.code, 'Authorization_RequestDenied');
    assert.deepEqual(Object.keys(error.innerError), ['date', 'request-id', 'client-request-id']);
    const { access_token: mine } = await userToken(emulator, 'engineer@provider.example', 'organizations', GRAPH);
    const many = { ids: Array.from({ length: 1001 }, () => engineer.objectId) };
    const tooMany = await ask(emulator, '/v1.0/directoryObjects/getByIds', { method: 'POST', token: mine, body: many });
    assert.equal(tooMany.status, 400);
  });

  it('follows no list to another address, and is refused where the cloud has none', async () => {
    const elsewhere = { value: [], '@odata.nextLink': 'https://evil.example/v1.0/contracts' };
    emulator.faults.add({
      match: { service: 'microsoftGraph' },
      fault: { kind: 'status', status: 200, contentType: 'application/json', body: JSON.stringify(elsewhere) },
    });
    try {
      await assert.rejects(client.contracts(issuer), { code: 'network.foreignOrigin' });
    } finally {
      emulator.faults.clear();
    }
    const { microsoftGraph: _none, ...cloud } = emulator.cloud;
    const other = connect({ ...emulator, cloud }, person);
    await assert.rejects(new MicrosoftGraphClient(other.clients).contracts(issuer), { code: 'input.microsoftGraph' });
    other.dispose();
  });
});
