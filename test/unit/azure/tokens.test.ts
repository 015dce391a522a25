import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { JoinedTokenSource } from '../../../src/azure/identity/tokenSource.ts';
import { VerifiedTokens } from '../../../src/azure/identity/verifiedTokens.ts';
import { PERSONAL_ACCOUNTS, toAccountId, toTenantId } from '../../../src/model/ids.ts';
import { accountOfCliToken } from '../../../src/azure/identity/cliAccount.ts';
import type { TokenRequest, TokenSource } from '../../../src/ports/accounts.ts';

const NOW = Date.parse('2026-11-22T08:00:00Z');
const A = toTenantId('aaaaaaaa-0000-4000-8000-000000000001'),
  B = toTenantId('bbbbbbbb-0000-4000-8000-000000000002');
const ARM = 'https://management.azure.com',
  LOGS = 'https://api.loganalytics.io';
const jwt = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
const good = { tid: A, aud: ARM, nbf: NOW / 1000 - 300, exp: NOW / 1000 + 3600 };

function tokens(answer: (request: TokenRequest, call: number) => object | string) {
  const calls: TokenRequest[] = [];
  let now = NOW;
  const source: TokenSource = {
    accounts: () => Promise.resolve([]),
    getToken: async (request) => {
      calls.push(request);
      await Promise.resolve();
      const made = answer(request, calls.length);
      return { token: typeof made === 'string' ? made : jwt(made), expiresOn: 0 };
    },
  };
  return {
    calls,
    verified: new VerifiedTokens(source, () => now),
    advance: (ms: number) => {
      now += ms;
    },
  };
}
const ask = { account: toAccountId('ann'), tenant: A, audience: ARM };

test('a token is kept until two minutes before its end', async () => {
  const { calls, verified, advance } = tokens(() => good);
  assert.equal((await verified.getToken(ask)).expiresOn, good.exp * 1000);
  advance(3600_000 - 121_000);
  await verified.getToken(ask);
  assert.equal(calls.length, 1);
  advance(2_000);
  await verified.getToken(ask).catch(() => undefined);
  assert.equal(calls.length, 2);
});

test('one call at a time for the same token; other tenants and audiences have their own', async () => {
  const { calls, verified } = tokens((request) => ({ ...good, tid: request.tenant, aud: request.audience }));
  await Promise.all([
    verified.getToken(ask),
    verified.getToken(ask),
    verified.getToken({ ...ask, tenant: B }),
    verified.getToken({ ...ask, audience: LOGS }),
  ]);
  assert.equal(calls.length, 3);
});

test('a token of another tenant is not used', async () => {
  const { verified } = tokens(() => ({ ...good, tid: B }));
  await assert.rejects(
    verified.getToken(ask),
    (error: AppError) => error.code === 'auth.wrongTenant' && error.message.includes(A) && error.message.includes(B),
  );
});

test('a token for another service is not used; other spellings of the same service are', async () => {
  await assert.rejects(tokens(() => ({ ...good, aud: 'https://graph.microsoft.com' })).verified.getToken(ask), {
    code: 'auth.wrongAudience',
  });
  for (const aud of [
    'https://management.core.windows.net/',
    'https://management.azure.com/',
    '797f4846-ba00-4fd7-ba43-dac1f8f63013',
  ])
    await tokens(() => ({ ...good, aud })).verified.getToken(ask);
  await tokens(() => ({ ...good, aud: 'https://api.loganalytics.azure.com' })).verified.getToken({
    ...ask,
    audience: LOGS,
  });
});

test('a fresh token outside its time means that the clock is wrong', async () => {
  for (const claims of [
    { ...good, exp: NOW / 1000 - 60 },
    { ...good, nbf: NOW / 1000 + 3000, exp: NOW / 1000 + 9000 },
  ])
    await assert.rejects(tokens(() => claims).verified.getToken(ask), { code: 'auth.clockSkew' });
  await tokens(() => ({ ...good, nbf: NOW / 1000 + 200 })).verified.getToken(ask);
});

test('a challenge fetches anew, with its claims, and replaces what was kept', async () => {
  const { calls, verified } = tokens((_request, call) => ({ ...good, call }));
  const first = await verified.getToken(ask);
  const second = await verified.getToken({ ...ask, claims: '{"access_token":{}}' });
  assert.notEqual(second.token, first.token);
  assert.equal(calls[1]?.claims, '{"access_token":{}}');
  assert.equal((await verified.getToken(ask)).token, second.token);
});

test('a token that is no JWT is taken for five minutes', async () => {
  const { calls, verified, advance } = tokens(() => 'opaque');
  await verified.getToken(ask);
  advance(4 * 60_000);
  await verified.getToken(ask);
  assert.equal(calls.length, 2);
});

test('`organizations` is whatever tenant answers', async () => {
  const { calls, verified } = tokens(() => ({ ...good, tid: B }));
  const token = await verified.getToken({ ...ask, tenant: toTenantId('organizations') });
  assert.deepEqual([token.token, token.expiresOn], [jwt({ ...good, tid: B }), good.exp * 1000]);
  assert.equal(calls[0]?.tenant, 'organizations');
});

test('a refusal answers those right behind it, is not kept, and comes out as one of ours', async () => {
  const { calls, verified, advance } = tokens((_request, call) => {
    if (call === 1)
      throw Object.assign(new Error('AADSTS50076: MFA'), {
        name: 'AuthenticationError',
        errorResponse: { error: 'interaction_required' },
      });
    return good;
  });
  for (let i = 0; i < 2; i++) await assert.rejects(verified.getToken(ask), { code: 'auth.interactionRequired' });
  assert.equal(calls.length, 1);
  advance(3_000);
  await verified.getToken(ask);
  const signal = new LocalSignal();
  signal.abort();
  await assert.rejects(verified.getToken({ ...ask, signal }), { code: 'cancelled.byUser' });
});

test('joined sources: an account is served by who listed it, and one broken source does not hide the others', async () => {
  const source = (id: string): TokenSource => ({
    accounts: () => Promise.resolve([{ id: toAccountId(id), label: id }]),
    getToken: () => Promise.resolve({ token: id, expiresOn: 1 }),
  });
  const broken: TokenSource = {
    accounts: () => Promise.reject(new AppError('auth.cliMissing', 'No az.')),
    getToken: () => Promise.reject(new Error('never')),
  };
  const joined = new JoinedTokenSource([source('one'), broken, source('two')]);
  assert.equal((await joined.getToken({ ...ask, account: toAccountId('two') })).token, 'two');
  assert.deepEqual(
    (await joined.accounts()).map((account) => account.label),
    ['one', 'two'],
  );
  await assert.rejects(joined.getToken({ ...ask, account: toAccountId('gone') }), { code: 'auth.signInRequired' });
  await assert.rejects(new JoinedTokenSource([broken]).accounts(), { code: 'auth.cliMissing' });
});

test('a token that a service refused is asked for past what the source keeps, and the same one is not used again', async () => {
  let serial = 1;
  const { calls, verified } = tokens(() => ({ ...good, jti: serial }));
  const first = await verified.getToken(ask);
  verified.reject(first.token);
  await assert.rejects(verified.getToken(ask), { code: 'auth.signInRequired' });
  assert.deepEqual(
    calls.map(({ fresh }) => fresh === true),
    [false, true],
  );
  serial = 2;
  const other = tokens((_request, call) => ({ ...good, jti: call }));
  other.verified.reject((await other.verified.getToken(ask)).token);
  assert.notEqual((await other.verified.getToken(ask)).token, first.token);
  await other.verified.getToken({ ...ask, claims: '{}' });
  assert.deepEqual(
    other.calls.map(({ fresh }) => fresh === true),
    [false, true, false],
    'a good token ends the suspicion',
  );
});

test("the Azure CLI's account is at home where its token says, a personal one nowhere", () => {
  const home = '00000000-0000-4000-8000-000000000001';
  const of = (claims: object) => accountOfCliToken(`h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`);
  const tid = '00000000-0000-4000-8000-000000000002';
  assert.equal(of({ tid, upn: 'ann@x.example' }).homeTenant, tid);
  assert.equal(of({ tid, idp: `https://sts.windows.net/${home}/` }).homeTenant, home);
  for (const claims of [
    { tid, idp: 'live.com', unique_name: 'live.com#me@x.example' },
    { tid: PERSONAL_ACCOUNTS, unique_name: 'live.com#me@x.example' },
  ]) {
    const { homeTenant, personal, label } = of(claims);
    assert.deepEqual([homeTenant, personal, label], [undefined, true, 'me@x.example (Azure CLI)']);
  }
});
