import { AzureCliTokens, ClientSecretTokens } from '../azure/identity/azureIdentity.ts';
import { JoinedTokenSource } from '../azure/identity/tokenSource.ts';
import type { Cloud, SampleAccount } from '../model/cloud.ts';
import type { NetworkSettings } from '../model/network.ts';
import type { TokenSource } from '../ports/accounts.ts';

/**
 * Tokens of applications with secrets. An application is one account, in however many tenants it is installed; its
 * first line is its home.
 */
export function secretTokens(cloud: Cloud, accounts: readonly SampleAccount[], network?: NetworkSettings): TokenSource {
  const applications = new Map(accounts.toReversed().map((account) => [account.clientId.toLowerCase(), account]));
  return new JoinedTokenSource(
    [...applications.values()].map((account) => new ClientSecretTokens(cloud, account, network)),
  );
}

/** Tokens of whoever `az login` signed in. */
export function cliTokens(cloud: Cloud): TokenSource {
  return new AzureCliTokens(cloud);
}
