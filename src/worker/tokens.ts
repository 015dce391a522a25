import { ExternalTokenSource } from '../azure/identity/tokenSource.ts';
import type { WorkerSettings } from '../protocol/settings.ts';
import type { TokenSource } from '../ports/accounts.ts';
import type { HostContract } from '../protocol/host.ts';
import type { WorkerContract } from '../protocol/worker.ts';
import type { Channel } from '../base/rpc.ts';

/** The worker's end of the line to the extension host. */
export type HostChannel = Channel<WorkerContract, HostContract>;

/** A person may have to sign in before a token comes. */
const TOKEN_DEADLINE_MS = 16 * 60_000;

/** Whose tokens the session uses: the extension host's, or its own by the Azure CLI or client secrets. */
export function tokenSourceOf(settings: WorkerSettings, channel: () => HostChannel): TokenSource {
  const signIn = settings.signIn ?? { kind: 'host' };
  switch (signIn.kind) {
    case 'host':
      return new ExternalTokenSource({
        accounts: (signal) => channel().request('accounts', null, { ...(signal ? { signal } : {}) }),
        getToken: ({ account, tenant, audience, claims, fresh, signal }) =>
          channel().request(
            'token',
            { account, tenant, audience, ...(claims === undefined ? {} : { claims }), ...(fresh ? { fresh } : {}) },
            { deadlineMs: TOKEN_DEADLINE_MS, ...(signal ? { signal } : {}) },
          ),
      });
    case 'azureCli':
      return lazy(async () => (await import('../app/tokens.ts')).cliTokens(settings.cloud));
    case 'clientSecret':
      return lazy(async () =>
        (await import('../app/tokens.ts')).secretTokens(settings.cloud, signIn.accounts, settings.network),
      );
  }
}

/** @azure/identity is large: it loads with the first question. */
function lazy(make: () => Promise<TokenSource>): TokenSource {
  let made: Promise<TokenSource> | undefined;
  const source = (): Promise<TokenSource> => (made ??= make());
  return new ExternalTokenSource({
    accounts: async (signal) => (await source()).accounts(signal),
    getToken: async (request) => (await source()).getToken(request),
  });
}
