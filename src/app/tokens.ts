import { AzureCliTokens, ClientSecretTokens } from '../azure/identity/azureIdentity.ts';
import { JoinedTokenSource } from '../azure/identity/tokenSource.ts';
import type { Cloud, SampleAccount } from '../model/cloud.ts';
import type { NetworkSettings } from '../model/network.ts';
import type { TokenSource } from '../ports/accounts.ts';

/**
 * Tokens of applications with secrets. An application is one account, in however many tenants it is installed; its
 * first line is its home, and further ones say where else it is.
 */
export function secretTokens(cloud: Cloud, accounts: readonly SampleAccount[], network?: NetworkSettings): TokenSource {
  const applications = new Map<string, SampleAccount[]>();
  for (const account of accounts) {
    const key = account.clientId.toLowerCase();
    applications.set(key, [...(applications.get(key) ?? []), account]);
  }
  return new JoinedTokenSource(
    [...applications.values()].map(([home, ...others]) => {
      const installedIn = others.map(({ tenantId }) => tenantId);
      return new ClientSecretTokens(cloud, { ...home!, installedIn }, network);
    }),
  );
}

/** Tokens of whoever `az login` signed in. */
export function cliTokens(cloud: Cloud): TokenSource {
  return new AzureCliTokens(cloud);
}
