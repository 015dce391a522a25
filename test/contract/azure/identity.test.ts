import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { AzureCliTokens, ClientSecretTokens } from '../../../src/azure/identity/azureIdentity.ts';
import { readClaims } from '../../../src/model/tokenClaims.ts';
import { VerifiedTokens } from '../../../src/azure/identity/verifiedTokens.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { toAccountId, toTenantId } from '../../../src/model/ids.ts';
import { ON_WINDOWS } from '../../harness/system.ts';
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
  /** Puts an `az` on the path that says this; on Windows it is a batch file, as the real one is. */
  const az = async (said: { readonly out: string } | { readonly err: string }): Promise<void> => {
    const [text, stream, code] = 'out' in said ? [said.out, 1, 0] : [said.err, 2, 1];
    await writeFile(join(directory, 'said'), text);
    await writeFile(
      join(directory, ON_WINDOWS ? 'az.cmd' : 'az'),
      ON_WINDOWS
        ? `@type "%~dp0said" 1>&${stream}\r\n@exit /b ${code}\r\n`
        : `#!/bin/sh\ncat "$(dirname "$0")/said" >&${stream}; exit ${code}\n`,
    );
    await chmod(join(directory, ON_WINDOWS ? 'az.cmd' : 'az'), 0o755);
  };
  const accounts = () => new VerifiedTokens(new AzureCliTokens(emulator.cloud)).accounts();

  process.env['PATH'] = directory;
  await assert.rejects(accounts(), { code: 'auth.cliMissing' });
  process.env['PATH'] = `${directory}${delimiter}${path}`;
  await az({ err: "ERROR: Please run 'az login' to setup account.\n" });
  await assert.rejects(accounts(), { code: 'auth.signInRequired' });

  const token = await appToken(emulator, small, small.provider);
  const expires = { expires_on: Math.round(Date.now() / 1000) + 3600, expiresOn: '2099-01-01 00:00:00.000000' };
  await az({ out: JSON.stringify({ accessToken: token, ...expires }) });
  const [account] = await accounts();
  assert.deepEqual([account!.homeTenant, account!.servicePrincipal], [HOME, true]);
  assert.match(account!.label, /\(Azure CLI\)$/);
});
