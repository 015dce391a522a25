import type { Account } from '../model/estate.ts';
import type { AccountId, TenantId } from '../model/ids.ts';

/** What the worker asks of the extension host: accounts and tokens, never stored on its side beyond their life. */
export type HostContract = {
  requests: {
    accounts: { input: null; output: Account[] };
    token: {
      /** `fresh`: a service refused the token given last; what is kept must not answer again. */
      input: { account: AccountId; tenant: TenantId; audience: string; claims?: string; fresh?: boolean };
      output: { token: string; expiresOn: number };
    };
  };
  events: Record<string, never>;
};
