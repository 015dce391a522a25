import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { callAzure } from '../../../src/azure/calls.ts';
import { ArmReads } from '../../../src/azure/arm/assess/armReads.ts';
import { NodeHttpClient } from '../../../src/azure/http/nodeHttpClient.ts';
import { isOwnOrigin } from '../../../src/azure/http/ownOrigin.ts';
import { ClientSecretTokens } from '../../../src/azure/identity/azureIdentity.ts';
import { SessionCredential } from '../../../src/azure/identity/sessionCredential.ts';
import type { AppError } from '../../../src/base/errors.ts';
import { makeCertificates } from '../../../src/emulator/certificates.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { PUBLIC_CLOUD } from '../../../src/model/cloud.ts';
import { toAccountId, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import { connect, signedIn } from './connect.ts';
import type { Connection } from './connect.ts';

/** Somebody's host with a certificate that is trusted: it writes down who called with what, and says yes to all. */
const stolen: string[] = [];
const small = smallEstate();
const issuer = { account: toAccountId('test:engineer@provider.example'), tenant: toTenantId(small.provider.tenantId) };
const subscription = toSubscriptionId(small.delegated.subscriptionId);
const ARM_ID = `/subscriptions/${subscription}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/law-contoso`;
let elsewhere: string, thief: ReturnType<typeof createServer>;
let emulator: Emulator, person: ReturnType<typeof signedIn>, connection: Connection;

before(async () => {
  const { ca, cert, key } = await makeCertificates([]);
  thief = createServer({ cert, key }, (request, response) => {
    stolen.push(`${request.method} ${request.url} ${request.headers.authorization?.slice(0, 7)}`);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"status":"Succeeded","value":[],"access_token":"x","expires_in":3600,"token_type":"Bearer"}');
  });
  await new Promise<void>((resolve) => {
    thief.listen(0, '127.0.0.1', resolve);
  });
  elsewhere = `https://localhost:${(thief.address() as AddressInfo).port}`;
  const started = await startSmall(small, { operations: { durationMs: 200, retryAfterSeconds: 0 } });
  emulator = { ...started, cloud: { ...started.cloud, ca: `${started.ca}${ca}` } };
  person = signedIn(emulator, small.engineer, 'pass');
  connection = connect(emulator, person);
});
beforeEach(() => {
  emulator.faults.clear();
  stolen.length = 0;
});
after(async () => {
  person.close();
  connection.dispose();
  thief.closeAllConnections();
  await new Promise((resolve) => {
    thief.close(resolve);
  });
  await emulator.close();
});

const leadAway = (path: string): void => {
  emulator.faults.add({ match: { path }, fault: { kind: 'foreignLinks', origin: elsewhere } });
};
const reads = (): ArmReads =>
  new ArmReads(new SessionCredential(connection.tokens, issuer), connection.clients.settings);
/** Nobody elsewhere hears anything, and the refusal names both origins and no path. */
async function refusesToGo(asking: Promise<unknown>): Promise<void> {
  await assert.rejects(asking, (error: AppError) => {
    assert.equal(error.code, 'network.foreignOrigin', error.message);
    assert.ok(error.message.includes(`${emulator.url} leads on to ${elsewhere}, which`), error.message);
    return true;
  });
  assert.deepEqual(stolen, []);
}

test('a list that goes on at another host does not go on', async () => {
  leadAway('^/subscriptions$');
  await refusesToGo(connection.directory.subscriptions(issuer));
  leadAway('/locks$');
  const { signal: abortSignal } = new AbortController();
  await refusesToGo(
    reads().list(`/subscriptions/${subscription}/providers/Microsoft.Authorization/locks`, '2020-05-01', {
      abortSignal,
    }),
  );
});

test('an operation that is polled at another host is not polled, and a deletion is not done on its word', async () => {
  const { provision } = connection;
  emulator.faults.add({ match: { path: '/workspaces/' }, fault: { kind: 'asyncOperation' } });
  leadAway('/workspaces/');
  await refusesToGo(provision.deleteWorkspace(issuer, ARM_ID, false, () => undefined));
  const body = {
    location: 'westeurope',
    tags: {},
    retentionDays: 30,
    dailyCapGb: -1,
    sku: 'PerGB2018',
  } as const;
  await refusesToGo(provision.putWorkspace(issuer, ARM_ID.replace('law-contoso', 'law-new'), body, () => undefined));
});

test('a redirect to another host is told, and not followed', async () => {
  const subject = { tenant: issuer.tenant, what: 'list' };
  const query = {
    issuer,
    workspaceGuid: small.workspaces.provider.properties.customerId,
    armId: ARM_ID,
    query: 'print 1',
  };
  for (const status of [301, 302, 303, 307, 308]) {
    emulator.faults.clear();
    const headers = { location: `${elsewhere}/login?from=here` };
    for (const service of ['arm', 'logs'] as const)
      emulator.faults.add({ match: { service }, fault: { kind: 'status', status, headers } });
    const { signal } = new AbortController();
    for (const ask of [
      () => connection.directory.tables(issuer, ARM_ID),
      () => connection.logs.query(query, signal),
      () => callAzure({ subject, deadlineMs: 9_000 }, (abort) => reads().list('/subscriptions', '2022-12-01', abort)),
    ])
      await assert.rejects(ask(), (error: AppError) => {
        assert.equal(error.code, 'network.redirected', error.message);
        assert.ok(
          error.message.includes(`was sent on (${status}) to ${elsewhere}. It was not followed`),
          error.message,
        );
        return true;
      });
    assert.deepEqual(stolen, []);
  }
  emulator.faults.clear();
  emulator.faults.add({ match: { service: 'logs' }, fault: { kind: 'status', status: 302 } });
  await assert.rejects(connection.logs.query(query, new AbortController().signal), {
    code: 'network.redirected',
    message: /^The request for the workspace \S+ was sent on \(302\) without saying where\./,
  });
});

test('a secret goes to the authority of the cloud file, wherever that says its tokens are', async () => {
  leadAway('openid-configuration');
  const secret = { tenantId: small.provider.tenantId, clientId: small.app.appId!, clientSecret: 'secret' };
  const tokens = new ClientSecretTokens(emulator.cloud, secret);
  const { resourceManagerAudience: audience } = emulator.cloud;
  // MSAL swallows who refused and says that the authority's description did not work.
  const asked = tokens.getToken({ account: toAccountId('sp'), tenant: issuer.tenant, audience });
  await assert.rejects(asked, { code: 'network.authority' });
  assert.deepEqual(stolen, []);
});

test('a client without the rule has the transport refuse it', async () => {
  const http = new NodeHttpClient({ ca: emulator.cloud.ca!, tokenOrigins: [emulator.url] });
  const send = (headers: Record<string, string>) =>
    http.sendRequest(createPipelineRequest({ url: `${elsewhere}/x`, headers: createHttpHeaders(headers) }));
  await refusesToGo(send({ authorization: 'Bearer one' }));
  assert.equal((await send({})).status, 200, 'a request without a token may go anywhere');
  http.dispose();
});

test("an origin is a service's own to the letter; Microsoft's Resource Managers have regions", () => {
  const arm = PUBLIC_CLOUD.resourceManager;
  const own = (address: string, endpoint = arm): boolean => isOwnOrigin(address, endpoint);
  for (const address of [
    'https://management.azure.com/subscriptions',
    'https://MANAGEMENT.azure.com:443/subscriptions',
    'https://eastus.management.azure.com/subscriptions/1/providers/x',
  ])
    assert.ok(own(address), address);
  for (const address of [
    'http://management.azure.com/',
    'https://management.azure.com:8443/',
    'https://management.azure.com.evil.example/',
    'https://evilmanagement.azure.com/',
    'https://a.b.management.azure.com/',
    'https://management.azure.com@evil.example/',
    'https://user@management.azure.com/',
    'https://management.azure.com./',
    'https://eastus.management.azure.com:8443/',
    '//evil.example/',
    'nonsense',
  ])
    assert.ok(!own(address), address);
  assert.ok(!own('https://a.localhost:8443/', 'https://localhost:8443'), 'a custom cloud has no regions');
  assert.ok(!own('https://eu.api.loganalytics.azure.com/', PUBLIC_CLOUD.logAnalytics));
});
