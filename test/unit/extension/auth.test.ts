import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuthenticationApi } from '../../../src/extension/platform/auth.ts';
import { VsCodeAccounts } from '../../../src/extension/platform/auth.ts';
import { readToken } from '../../../src/extension/platform/jwt.ts';
import { toAccountId, toTenantId } from '../../../src/model/ids.ts';
import { HOME, LOCKED } from './sampleEstate.ts';

const ME = { id: `oid.${HOME}`, label: 'me@contoso.example' };
const ACCOUNT = toAccountId(`vscode:${ME.id}`);
const AUDIENCE = 'https://management.azure.com';
const LOGS = 'https://api.loganalytics.io';
const HOUR = 3_600_000;

function jwt(claims: object): string {
  return `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sign`;
}

interface Asked {
  readonly scopes: readonly string[];
  readonly challenge?: string;
  readonly options: Record<string, unknown>;
}

/** VS Code's authentication as a script: what each call is answered with, and what was asked. */
function scripted(
  answer: (asked: Asked) => string | undefined,
  people = [ME],
): {
  api: AuthenticationApi;
  asked: Asked[];
  change: () => void;
} {
  const asked: Asked[] = [];
  let listener: ((event: { provider: { id: string; label: string } }) => void) | undefined;
  const api = {
    getAccounts: async () => [...people],
    getSession: async (
      _provider: string,
      request: readonly string[] | { wwwAuthenticate: string; fallbackScopes?: readonly string[] },
      options: Record<string, unknown>,
    ) => {
      const one: Asked =
        'wwwAuthenticate' in request
          ? { scopes: request.fallbackScopes ?? [], challenge: request.wwwAuthenticate, options }
          : { scopes: request, options };
      asked.push(one);
      const accessToken = answer(one);
      return accessToken === undefined ? undefined : { id: ME.id, accessToken, account: ME, scopes: one.scopes };
    },
    onDidChangeSessions: (heard: typeof listener) => {
      listener = heard;
      return { dispose: () => undefined };
    },
  } as unknown as AuthenticationApi;
  return { api, asked, change: () => listener?.({ provider: { id: 'microsoft', label: 'Microsoft' } }) };
}

function accounts(api: AuthenticationApi, clientId?: string): VsCodeAccounts {
  return new VsCodeAccounts(api, () => ({
    id: 'microsoft',
    audience: AUDIENCE,
    logsAudience: LOGS,
    ...(clientId ? { clientId } : {}),
  }));
}
function tokenFor(tenant: string, lifeMs = HOUR): string {
  return jwt({ tid: tenant, exp: Math.floor((Date.now() + lifeMs) / 1000) });
}
const REQUEST = { account: ACCOUNT, tenant: HOME, audience: AUDIENCE };

test("an account knows its home tenant from the provider's id", async () => {
  assert.deepEqual(await accounts(scripted(() => undefined).api).accounts(), [
    { id: ACCOUNT, label: ME.label, homeTenant: HOME },
  ]);
});

test('a token is asked for silently, with the tenant and our own app named', async () => {
  const { api, asked } = scripted(() => tokenFor(HOME));
  await accounts(api, 'app-1').token(REQUEST);
  assert.deepEqual(asked, [
    {
      scopes: [`${AUDIENCE}/.default`, `VSCODE_TENANT:${HOME}`, 'VSCODE_CLIENT_ID:app-1'],
      options: { silent: true, account: ME },
    },
  ]);
});

test('a token is kept until it is nearly over, per tenant and audience', async () => {
  let life = HOUR;
  const { api, asked } = scripted(({ scopes }) => tokenFor(scopes[1]!.split(':')[1]!, life));
  const source = accounts(api);
  await source.token(REQUEST);
  await source.token(REQUEST);
  assert.equal(asked.length, 1);
  await source.token({ ...REQUEST, tenant: LOCKED });
  await source.token({ ...REQUEST, audience: 'https://api.loganalytics.io' });
  assert.equal(asked.length, 3);
  life = 60_000;
  const short = { ...REQUEST, audience: 'short' };
  await source.token(short);
  await source.token(short);
  assert.equal(asked.length, 5);
});

test('a token that a service refused is asked for past what is kept', async () => {
  const { api, asked } = scripted(() => tokenFor(HOME));
  const source = accounts(api);
  await source.token(REQUEST);
  await source.token({ ...REQUEST, fresh: true });
  assert.equal(asked.length, 2);
});

test('two requests at once make one call', async () => {
  const { api, asked } = scripted(() => tokenFor(HOME));
  const source = accounts(api);
  const [a, b] = await Promise.all([source.token(REQUEST), source.token(REQUEST)]);
  assert.deepEqual([a, asked.length], [b, 1]);
});

test('a challenge goes to the provider with its claims, past what is kept', async () => {
  const { api, asked } = scripted(() => tokenFor(HOME));
  const source = accounts(api);
  await source.token(REQUEST);
  await source.token({ ...REQUEST, claims: '{"access_token":{"nbf":{"essential":true}}}' });
  assert.equal(asked.length, 2);
  const claims = /claims="([^"]+)"/.exec(asked[1]?.challenge ?? '')?.[1] ?? '';
  assert.deepEqual(JSON.parse(Buffer.from(claims, 'base64').toString()), {
    access_token: { nbf: { essential: true } },
  });
  assert.deepEqual(asked[1]?.scopes, [`${AUDIENCE}/.default`, `VSCODE_TENANT:${HOME}`]);
});

test('what needs the person is refused for its tenant, and nothing opens', async () => {
  const { api, asked } = scripted(() => undefined);
  await assert.rejects(accounts(api).token({ ...REQUEST, tenant: LOCKED }), { code: 'auth.signInRequired' });
  assert.ok(asked.every(({ options }) => options['silent'] === true && !('createIfNone' in options)));
});

test('a token of another tenant is never used', async () => {
  const { api } = scripted(() => tokenFor(HOME));
  await assert.rejects(accounts(api).token({ ...REQUEST, tenant: LOCKED }), { code: 'auth.wrongTenant' });
});

test('signing in to one tenant asks for that account and tenant; signing in anew forgets the preference', async () => {
  const { api, asked } = scripted(() => tokenFor(LOCKED));
  const source = accounts(api);
  await source.signIn({ account: ACCOUNT, tenant: LOCKED });
  await source.signIn();
  assert.deepEqual(asked[0], {
    scopes: [`${AUDIENCE}/.default`, `VSCODE_TENANT:${LOCKED}`],
    options: { createIfNone: true, account: ME },
  });
  assert.deepEqual(asked.at(-1), {
    scopes: [`${AUDIENCE}/.default`],
    options: { createIfNone: true, clearSessionPreference: true },
  });
});

test('accounts that come or go make every kept token void and are told; a token that was renewed is not', async () => {
  const people = [ME];
  const { api, asked, change } = scripted(() => tokenFor(HOME), people);
  const source = accounts(api);
  let heard = 0;
  source.onDidChange(() => {
    heard++;
  });
  await source.accounts();
  await source.token(REQUEST);
  change();
  await source.token(REQUEST);
  assert.deepEqual([asked.length, heard], [2, 0], 'the same person: asked anew, nothing to reload');
  people.push({ id: `other.${LOCKED}`, label: 'other@fabrikam.example' });
  change();
  await source.token(REQUEST);
  assert.deepEqual([asked.length, heard], [3, 1]);
});

test('VS Code swallows why there is no Log Analytics token: where Resource Manager has one, the audience was refused', async () => {
  const { api } = scripted(({ scopes }) => (scopes[0]!.startsWith(AUDIENCE) ? tokenFor(HOME) : undefined));
  await assert.rejects(accounts(api).token({ ...REQUEST, audience: LOGS }), { code: 'auth.audienceRefused' });
  const shut = scripted(() => undefined);
  await assert.rejects(accounts(shut.api).token({ ...REQUEST, audience: LOGS }), { code: 'auth.signInRequired' });
});

test('signing in to a tenant asks for Log Analytics too, and a refusal of it is no failure', async () => {
  const { api, asked } = scripted((one) => {
    if (one.scopes[0]!.startsWith(AUDIENCE)) return tokenFor(LOCKED);
    if (one.options['silent']) return undefined;
    throw new Error('AADSTS65002');
  });
  await accounts(api).signIn({ account: ACCOUNT, tenant: LOCKED });
  assert.deepEqual(
    asked.map(({ scopes, options }) => [scopes[0], options['silent'] === true]),
    [
      [`${AUDIENCE}/.default`, false],
      [`${LOGS}/.default`, true],
      [`${LOGS}/.default`, false],
    ],
  );
});

test('a personal account has no home tenant', async () => {
  const personal = { id: 'oid.9188040d-6c67-4c5b-b112-36a304b66dad', label: 'me@outlook.example' };
  assert.deepEqual(await accounts(scripted(() => undefined, [personal]).api).accounts(), [
    { id: toAccountId(`vscode:${personal.id}`), label: personal.label, personal: true },
  ]);
});

test('an opaque token gets five minutes and no tenant', () => {
  assert.deepEqual(readToken('opaque', 1000), { expiresOn: 301_000 });
  assert.deepEqual(readToken('a.###.c', 1000), { expiresOn: 301_000 });
  assert.deepEqual(readToken(jwt({ exp: 5, tid: 'ABC' }), 0), { expiresOn: 5000, tenant: 'abc' });
  assert.equal(toTenantId('ABC'), 'abc');
});
