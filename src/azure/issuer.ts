import type { AccountId, TenantId } from '../model/ids.ts';

/** One token as one account sees one tenant: the key of credentials and clients. Fits the core's `Issuer`. */
export interface Issuer {
  readonly account: AccountId;
  readonly tenant: TenantId;
}

export function issuerKey(issuer: Issuer): string {
  return `${issuer.account}\n${issuer.tenant}`;
}
