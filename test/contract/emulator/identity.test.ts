import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { after, before, test } from 'node:test';
import { thumbprints } from '../../../src/emulator/certificates.ts';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { makeCertificates } from '../../../src/emulator/certificates.ts';
import { addServicePrincipal } from '../../../src/emulator/populate.ts';
import {
  appToken,
  ARM_SCOPE,
  ask,
  form,
  smallEstate,
  startSmall,
  userToken,
  type RawAnswer,
  type SmallEstate,
} from './smallEstate.ts';

const AZ_CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const DAY = 86_400_000;
let estate: SmallEstate;
let emulator: Emulator;
const clock = new EmulatedClock(Date.parse('2026-03-02T08:00:00Z'), true);

before(async () => {
  estate = smallEstate(clock);
  emulator = await startSmall(estate);
});
after(() => emulator.close());

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
}

function token(tenant: string, body: Record<string, string>, version = '/v2.0'): Promise<RawAnswer> {
  return ask(emulator, `/${tenant}/oauth2${version}/token`, { method: 'POST', body: form(body) });
}

function entraCode(answer: RawAnswer): [number, string, number | undefined] {
  const body = answer.json<{ error: string; error_codes?: number[]; error_description: string }>();
  assert.match(body.error_description, new RegExp(`^AADSTS${body.error_codes?.[0]}: .* Trace ID: .* Correlation ID: `));
  return [answer.status, body.error, body.error_codes?.[0]];
}

test('a tenant is found by id and by domain; its metadata names absolute addresses', async () => {
  for (const name of [estate.contoso.tenantId, 'CONTOSO.example']) {
    const answer = await ask(emulator, `/${name}/v2.0/.well-known/openid-configuration`);
    const metadata = answer.json<Record<string, string>>();
    assert.equal(metadata['token_endpoint'], `${emulator.url}/${estate.contoso.tenantId}/oauth2/v2.0/token`);
    assert.equal(metadata['issuer'], `${emulator.url}/${estate.contoso.tenantId}/v2.0`);
  }
  const unknown = await ask(emulator, '/nobody.example/v2.0/.well-known/openid-configuration');
  assert.deepEqual(entraCode(unknown), [400, 'invalid_tenant', 90002]);
  const discovery = await ask(
    emulator,
    `/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(`${emulator.url}/common/oauth2/v2.0/authorize`)}`,
  );
  assert.match(
    discovery.json<{ tenant_discovery_endpoint: string }>().tenant_discovery_endpoint,
    /openid-configuration$/,
  );
});

test('an access token is an RS256 JWT that the published key verifies', async () => {
  const text = await appToken(emulator, estate, estate.provider);
  const [head, body, signature] = text.split('.') as [string, string, string];
  const { keys } = (await ask(emulator, `/${estate.provider.tenantId}/discovery/v2.0/keys`)).json<{
    keys: { kid: string; kty: string; n: string; e: string }[];
  }>();
  const { kid, alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string; alg: string };
  const key = createPublicKey({ key: keys.find((one) => one.kid === kid)!, format: 'jwk' });
  assert.equal(alg, 'RS256');
  assert.ok(
    verify(
      'sha256',
      new TextEncoder().encode(`${head}.${body}`),
      key,
      Uint8Array.from(Buffer.from(signature, 'base64url')),
    ),
  );
  const claims = claimsOf(text);
  assert.deepEqual(
    [claims['aud'], claims['iss'], claims['tid'], claims['oid'], claims['appid']],
    [
      'https://management.azure.com',
      `https://sts.windows.net/${estate.provider.tenantId}/`,
      estate.provider.tenantId,
      estate.app.objectId,
      estate.app.appId,
    ],
  );
  assert.equal(claims['exp'], Date.parse('2026-03-02T09:00:00Z') / 1000);
});

test('client credentials are refused as Entra refuses them', async () => {
  const right = {
    grant_type: 'client_credentials',
    client_id: estate.app.appId!,
    client_secret: 'secret',
    scope: ARM_SCOPE,
  };
  const home = estate.provider.tenantId;
  assert.deepEqual(entraCode(await token(home, { ...right, client_secret: 'wrong' })), [
    401,
    'invalid_client',
    7000215,
  ]);
  assert.deepEqual(entraCode(await token(home, { ...right, client_id: 'f0000000-0000-0000-0000-000000000000' })), [
    400,
    'unauthorized_client',
    700016,
  ]);
  assert.deepEqual(entraCode(await token(estate.contoso.tenantId, right)), [400, 'unauthorized_client', 700016]);
  assert.deepEqual(
    entraCode(await token(home, { ...right, scope: 'https://management.azure.com/user_impersonation' })),
    [400, 'invalid_scope', 1002012],
  );
  assert.deepEqual(entraCode(await token(home, { ...right, scope: 'https://nobody.example/.default' })), [
    400,
    'invalid_resource',
    500011,
  ]);
  assert.deepEqual(entraCode(await token('common', right)), [400, 'invalid_request', 50059]);
  assert.deepEqual(entraCode(await token('nobody.example', right)), [400, 'invalid_request', 90002]);
  const { client_secret: _secret, ...without } = right;
  assert.deepEqual(entraCode(await token(home, without)), [401, 'invalid_client', 7000218]);
  assert.deepEqual(entraCode(await token(home, { ...right, grant_type: 'implicit' })), [
    400,
    'unsupported_grant_type',
    70003,
  ]);
});

test("a certificate's assertion is taken in place of a secret, another one's is not", async () => {
  const [mine, other] = await Promise.all([makeCertificates([]), makeCertificates([])]);
  const app = addServicePrincipal(estate.world, {
    tenant: estate.provider,
    name: 'certified',
    certificates: [mine.cert],
  });
  const assertion = (signer: typeof mine): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', typ: 'JWT', x5t: thumbprints(signer.cert)[0] })}.${part({ iss: app.appId, sub: app.appId, aud: `${emulator.url}/x/oauth2/v2.0/token`, exp: Math.floor(Date.now() / 1000) + 600 })}`;
    return `${text}.${sign('sha256', new TextEncoder().encode(text), signer.key).toString('base64url')}`;
  };
  const body = (signer: typeof mine): Record<string, string> => ({
    grant_type: 'client_credentials',
    client_id: app.appId!,
    scope: ARM_SCOPE,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion(signer),
  });
  assert.equal((await token(estate.provider.tenantId, body(mine))).status, 200);
  assert.deepEqual(entraCode(await token(estate.provider.tenantId, body(other))), [401, 'invalid_client', 700027]);
});

test('the v1 endpoint takes a resource and answers numbers as text', async () => {
  const answer = await token(
    estate.provider.tenantId,
    {
      grant_type: 'client_credentials',
      client_id: estate.app.appId!,
      client_secret: 'secret',
      resource: 'https://management.core.windows.net/',
    },
    '',
  );
  const body = answer.json<{ expires_in: string; resource: string; access_token: string }>();
  assert.deepEqual(
    [body.expires_in, body.resource, claimsOf(body.access_token)['aud']],
    ['3599', 'https://management.core.windows.net/', 'https://management.core.windows.net/'],
  );
});

test('a refresh token enters the tenants its user is a guest of, and no others', async () => {
  const { refresh_token } = await userToken(emulator, 'engineer@provider.example');
  const refresh = (tenant: string): Promise<RawAnswer> =>
    token(tenant, {
      grant_type: 'refresh_token',
      client_id: AZ_CLI,
      refresh_token,
      scope: `${ARM_SCOPE} openid offline_access`,
    });
  const guest = (await refresh(estate.fabrikam.tenantId)).json<{ access_token: string; client_info: string }>();
  const claims = claimsOf(guest.access_token);
  assert.deepEqual(
    [claims['tid'], claims['oid'], claims['idp']],
    [
      estate.fabrikam.tenantId,
      estate.engineer.memberships[0]!.objectId,
      `https://sts.windows.net/${estate.provider.tenantId}/`,
    ],
  );
  assert.deepEqual(JSON.parse(Buffer.from(guest.client_info, 'base64url').toString()), {
    uid: estate.engineer.objectId,
    utid: estate.provider.tenantId,
  });
  assert.deepEqual(entraCode(await refresh(estate.contoso.tenantId)), [400, 'invalid_grant', 50020]);
});

test('MFA, Conditional Access, consent and sign-in frequency are asked for per tenant', async () => {
  const { refresh_token } = await userToken(emulator, 'engineer@provider.example');
  const enter = (): Promise<RawAnswer> =>
    token(estate.fabrikam.tenantId, {
      grant_type: 'refresh_token',
      client_id: AZ_CLI,
      refresh_token,
      scope: ARM_SCOPE,
    });
  const { policy } = estate.fabrikam;
  policy.mfaRequired = true;
  const refused = await enter();
  assert.deepEqual(entraCode(refused), [400, 'interaction_required', 50076]);
  assert.match(refused.json<{ claims: string }>().claims, /capolids/);
  policy.mfaRequired = false;
  policy.blocked = true;
  assert.deepEqual(entraCode(await enter()), [400, 'interaction_required', 53003]);
  policy.blocked = false;
  policy.consentMissing = ['arm'];
  assert.deepEqual(entraCode(await enter()), [400, 'invalid_grant', 65001]);
  policy.consentMissing = [];
  policy.signInFrequencyHours = 1;
  clock.advance(2 * 3_600_000);
  assert.deepEqual(entraCode(await enter()), [400, 'invalid_grant', 70043]);
  delete policy.signInFrequencyHours;
  clock.advance(91 * DAY);
  assert.deepEqual(entraCode(await enter()), [400, 'invalid_grant', 700082]);
});

test('a device sign-in waits, and one made in a tenant with MFA satisfies it', async () => {
  estate.fabrikam.policy.mfaRequired = true;
  const started = (
    await ask(emulator, `/${estate.fabrikam.tenantId}/oauth2/v2.0/devicecode`, {
      method: 'POST',
      body: form({ client_id: AZ_CLI, scope: ARM_SCOPE }),
    })
  ).json<{ device_code: string; user_code: string; message: string }>();
  assert.match(started.message, new RegExp(started.user_code));
  const poll = (): Promise<RawAnswer> =>
    token(estate.fabrikam.tenantId, {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: AZ_CLI,
      device_code: started.device_code,
    });
  assert.deepEqual(entraCode(await poll()), [400, 'authorization_pending', 70016]);
  const page = await ask(emulator, '/devicelogin', {
    method: 'POST',
    body: form({ code: started.user_code.toLowerCase(), username: 'engineer@provider.example' }),
  });
  assert.match(page.text, /Signed in/);
  const done = await poll();
  assert.deepEqual(claimsOf(done.json<{ access_token: string }>().access_token)['amr'], ['pwd', 'mfa']);
  assert.deepEqual(entraCode(await poll()), [400, 'bad_verification_code', 70019]);
  estate.fabrikam.policy.mfaRequired = false;
});

test('an authorization code is redeemed once, with the verifier it was asked for with', async () => {
  const verifier = 'a-verifier-of-some-length-that-nobody-guesses';
  const query = form({
    client_id: AZ_CLI,
    redirect_uri: 'http://localhost:1/',
    response_type: 'code',
    state: 's',
    login_hint: 'engineer@provider.example',
    prompt: 'none',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const codeOf = async (): Promise<string> => {
    const back = await ask(emulator, `/organizations/oauth2/v2.0/authorize?${query}`);
    const target = new URL(String(back.headers['location']));
    assert.deepEqual([back.status, target.searchParams.get('state')], [302, 's']);
    return target.searchParams.get('code')!;
  };
  const redeem = (code: string, code_verifier: string): Promise<RawAnswer> =>
    token('organizations', {
      grant_type: 'authorization_code',
      client_id: AZ_CLI,
      redirect_uri: 'http://localhost:1/',
      code,
      code_verifier,
      scope: ARM_SCOPE,
    });
  const code = await codeOf();
  const body = (await redeem(code, verifier)).json<{ id_token: string }>();
  assert.equal(claimsOf(body.id_token)['preferred_username'], 'engineer@provider.example');
  assert.deepEqual(entraCode(await redeem(code, verifier)), [400, 'invalid_grant', 70008]);
  assert.deepEqual(entraCode(await redeem(await codeOf(), 'another')), [400, 'invalid_grant', 501481]);
  const picker = await ask(
    emulator,
    `/${estate.fabrikam.tenantId}/oauth2/v2.0/authorize?${query.replace('prompt=none', '').replace(/login_hint=[^&]*/, '')}`,
  );
  assert.match(picker.text, /engineer@provider\.example/);
  assert.doesNotMatch(picker.text, /reader@provider\.example/);
});

test('wrong passwords and unknown users', async () => {
  const body = {
    grant_type: 'password',
    client_id: AZ_CLI,
    scope: ARM_SCOPE,
    username: 'engineer@provider.example',
    password: 'wrong',
  };
  assert.deepEqual(entraCode(await token('organizations', body)), [400, 'invalid_grant', 50126]);
  assert.deepEqual(entraCode(await token('organizations', { ...body, username: 'nobody@provider.example' })), [
    400,
    'invalid_grant',
    50034,
  ]);
});

test('tokens somebody else signed, or changed, open nothing', async () => {
  const good = await appToken(emulator, estate, estate.provider);
  const [head, body] = good.split('.') as [string, string];
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const forged = `${head}.${body}.${sign('sha256', new TextEncoder().encode(`${head}.${body}`), privateKey).toString('base64url')}`;
  const { refresh_token } = await userToken(emulator, 'engineer@provider.example');
  for (const [bad, code] of [
    [forged, 'InvalidAuthenticationToken'],
    [refresh_token, 'InvalidAuthenticationTokenAudience'],
    ['rubbish', 'AuthenticationFailedInvalidHeader'],
  ] as const) {
    const answer = await ask(emulator, '/subscriptions?api-version=2022-12-01', { token: bad });
    assert.deepEqual([answer.status, answer.json<{ error: { code: string } }>().error.code], [401, code]);
  }
});
