import type { AccountId, TenantId } from '../model/ids.ts';

/**
 * One token as one account sees one tenant. Every credential and client is made for exactly one of these: the boundary
 * between customers.
 */
export interface Issuer {
  readonly account: AccountId;
  readonly tenant: TenantId;
}

/** A key for maps of credentials, clients and quotas; two issuers share it only where they are the same. */
export function issuerKey(issuer: Issuer): string {
  return `${issuer.account}\n${issuer.tenant}`;
}
