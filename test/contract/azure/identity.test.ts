import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AzureCliTokens, ClientSecretTokens } from '../../../src/azure/identity/azureIdentity.ts';
import { readClaims } from '../../../src/azure/identity/jwt.ts';
import { VerifiedTokens } from '../../../src/azure/identity/verifiedTokens.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { toAccountId, toTenantId } from '../../../src/model/ids.ts';
import { appToken, smallEstate, startSmall } from '../emulator/smallEstate.ts';

const small = smallEstate();
const [HOME, FABRIKAM, CONTOSO] = [small.provider, small.fabrikam, small.contoso].map((tenant) =>
  toTenantId(tenant.tenantId),
) as [ReturnType<typeof toTenantId>, ReturnType<typeof toTenantId>, ReturnType<typeof toTenantId>];
const ARM = 'https://management.azure.com',
  LOGS = 'https://api.loganalytics.io';
let emulator: Emulator;
before(async () => {
  emulator = await startSmall(small);
});
after(() => emulator.close());

test('a client secret: one token per tenant and audience, each for what was asked', async () => {
  const tokens = new VerifiedTokens(
    new ClientSecretTokens(emulator.cloud, { tenantId: HOME, clientId: small.app.appId!, clientSecret: 'secret' }),
  );
  const [account] = await tokens.accounts();
  assert.deepEqual([account!.servicePrincipal, account!.homeTenant], [true, HOME]);
  for (const [tenant, audience] of [
    [HOME, ARM],
    [FABRIKAM, ARM],
    [HOME, LOGS],
  ] as const) {
    const { token, expiresOn } = await tokens.getToken({ account: account!.id, tenant, audience });
    const claims = readClaims(token)!;
    assert.deepEqual([claims.tid, claims.aud?.replace(/\/$/, '')], [tenant, audience]);
    assert.equal(expiresOn, claims.exp! * 1000);
  }
  await assert.rejects(tokens.getToken({ account: account!.id, tenant: CONTOSO, audience: ARM }), {
    code: 'access.notInTenant',
  });
});

test('a secret that is wrong, and an authority that is not there', async () => {
  const ask = { account: toAccountId('sp'), tenant: HOME, audience: ARM };
  await assert.rejects(
    new VerifiedTokens(
      new ClientSecretTokens(emulator.cloud, { tenantId: HOME, clientId: small.app.appId!, clientSecret: 'wrong' }),
    ).getToken(ask),
    { code: 'auth.badSecret' },
  );
  const { ca: _, ...untrusting } = emulator.cloud;
  await assert.rejects(
    new VerifiedTokens(
      new ClientSecretTokens(
        { ...untrusting, ca: '' },
        { tenantId: HOME, clientId: small.app.appId!, clientSecret: 'secret' },
      ),
    ).getToken(ask),
    (error: Error & { code: string }) => error.code.startsWith('network.'),
  );
});

test('the Azure CLI: who is signed in, and what to do where nobody is', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'tenantscope-az-')),
    path = process.env['PATH'];
  t.after(async () => {
    process.env['PATH'] = path;
    await rm(directory, { recursive: true });
  });
  const az = async (script: string): Promise<void> => {
    await writeFile(join(directory, 'az'), `#!/bin/sh\n${script}\n`);
    await chmod(join(directory, 'az'), 0o755);
  };
  const accounts = () => new VerifiedTokens(new AzureCliTokens(emulator.cloud)).accounts();

  process.env['PATH'] = directory;
  await assert.rejects(accounts(), { code: 'auth.cliMissing' });
  process.env['PATH'] = `${directory}:${path}`;
  await az('echo "ERROR: Please run \'az login\' to setup account." >&2; exit 1');
  await assert.rejects(accounts(), { code: 'auth.signInRequired' });

  const token = await appToken(emulator, small, small.provider);
  await az(
    `echo '{"accessToken": "${token}", "expires_on": ${Math.round(Date.now() / 1000) + 3600}, "expiresOn": "2099-01-01 00:00:00.000000"}'`,
  );
  const [account] = await accounts();
  assert.deepEqual([account!.homeTenant, account!.servicePrincipal], [HOME, true]);
  assert.match(account!.label, /\(Azure CLI\)$/);
});
