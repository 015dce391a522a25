import { readFile } from 'node:fs/promises';
import { AppError } from '../../base/errors.ts';
import { decodeText } from '../../base/decodeText.ts';
import type { Cloud } from '../../model/cloud.ts';
import { CHINA_CLOUD, PUBLIC_CLOUD, US_GOVERNMENT_CLOUD } from '../../model/cloud.ts';
import type { CloudFile } from '../../model/cloudFile.ts';
import { parseCloudFile } from '../../model/cloudFile.ts';
import type { SignIn } from '../../protocol/settings.ts';
import type { AccountProvider } from './auth.ts';
import type { Secrets } from './secrets.ts';
import { readSetting } from './settings.ts';

/**
 * The cloud the settings name; a custom one is read from its file every time, since an emulator prints a new one at
 * every start.
 */
export async function loadCloud(): Promise<CloudFile> {
  const name = readSetting('cloud.name');
  switch (name) {
    case 'public':
      return { cloud: PUBLIC_CLOUD, sampleAccounts: [] };
    case 'usGovernment':
      return { cloud: US_GOVERNMENT_CLOUD, sampleAccounts: [] };
    case 'china':
      return { cloud: CHINA_CLOUD, sampleAccounts: [] };
    case 'custom': {
      const path = readSetting('cloud.file');
      if (path === '')
        throw new AppError(
          'input.cloudFile',
          'The cloud is "custom" but the setting tenantscope.cloud.file names no file. Set it, or choose another cloud.',
        );
      let text: string;
      try {
        text = decodeText(await readFile(path));
      } catch (cause) {
        throw new AppError(
          'input.cloudFile',
          `The cloud file ${path} could not be read. Check the setting tenantscope.cloud.file.`,
          { cause },
        );
      }
      return parseCloudFile(text, path);
    }
  }
}

/**
 * Which of VS Code's sign-in providers knows this cloud's authority. A custom authority is the sovereign provider's, by
 * its own settings.
 */
export function findAccountProvider(cloud: Cloud): AccountProvider {
  const clientId = readSetting('signIn.clientId');
  return {
    id: cloud.authority === PUBLIC_CLOUD.authority ? 'microsoft' : 'microsoft-sovereign-cloud',
    audience: cloud.resourceManagerAudience,
    logsAudience: cloud.logAnalyticsAudience,
    ...(clientId === '' ? {} : { clientId }),
  };
}

/** Whose tokens the worker uses, from the settings, the cloud file and the secret storage. */
export async function loadSignIn(file: CloudFile, secrets: Secrets): Promise<SignIn> {
  const method = readSetting('signIn.method');
  const clientId = readSetting('signIn.servicePrincipalId');
  switch (method) {
    case 'auto':
      return file.sampleAccounts.length ? { kind: 'clientSecret', accounts: file.sampleAccounts } : { kind: 'host' };
    case 'vscode':
      return { kind: 'host' };
    case 'azureCli':
      return { kind: 'azureCli' };
    case 'servicePrincipal': {
      if (clientId === '' && file.sampleAccounts.length) return { kind: 'clientSecret', accounts: file.sampleAccounts };
      if (clientId === '')
        throw new AppError(
          'input.servicePrincipal',
          'Sign-in by service principal needs its application ID. Set tenantscope.signIn.servicePrincipalId.',
        );
      const tenants = readSetting('signIn.tenants');
      if (!tenants.length)
        throw new AppError(
          'input.servicePrincipal',
          'Sign-in by service principal needs the tenants to sign in to. List them in tenantscope.signIn.tenants.',
        );
      const clientSecret = await secrets.clientSecret(clientId);
      if (!clientSecret)
        throw new AppError(
          'auth.secretMissing',
          'The service principal has no secret yet. Use the command "Tenantscope: Set Service Principal Secret".',
        );
      return { kind: 'clientSecret', accounts: tenants.map((tenantId) => ({ tenantId, clientId, clientSecret })) };
    }
  }
}
