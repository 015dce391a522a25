import type { CancelSignal } from '../base/cancel.ts';
import type { Issuer } from './issuer.ts';

/** A customer of a partner, as the partner's own directory remembers it: a copy that Microsoft does not keep up. */
export interface PartnerContract {
  /** Lower-case guid of the customer's tenant. */
  readonly tenant: string;
  readonly name: string;
  readonly domain: string;
}

/** A delegated admin relationship (GDAP). It gives Entra roles, and none in Azure. */
export interface AdminRelationship {
  readonly tenant: string;
  readonly customerName: string;
  readonly name: string;
  /** In the service's words: `active`, `approvalPending`, `terminated` ... */
  readonly status: string;
  /** ISO; absent for one that was never accepted. */
  readonly ends?: string;
  /** Guids of Entra roles. */
  readonly roles: readonly string[];
}

/** Who a principal is in its directory. */
export interface PrincipalName {
  readonly name: string;
  readonly kind: 'user' | 'group' | 'application' | 'unknown';
  /** Of a guest: the domain it comes from, lower case. */
  readonly guestOf?: string;
  /** Of an application: the tenant that registered it, a lower-case guid. */
  readonly ownerTenant?: string;
}

/**
 * What is read of Microsoft Graph with one account's token for one tenant; nothing is changed. Rejects with
 * `access.microsoftGraph` where the token may not, `input.microsoftGraph` in a cloud without it, and AppErrors of the
 * auth, service and network families.
 */
export interface MicrosoftGraphPort {
  contracts(issuer: Issuer, signal?: CancelSignal): Promise<readonly PartnerContract[]>;
  /** Rejects with `input.microsoftGraph` in clouds other than the public one: they have no such relationships. */
  relationships(issuer: Issuer, signal?: CancelSignal): Promise<readonly AdminRelationship[]>;
  /** By lower-case object ID; one that the directory does not have is absent. */
  principals(
    issuer: Issuer,
    ids: readonly string[],
    signal?: CancelSignal,
  ): Promise<ReadonlyMap<string, PrincipalName>>;
  /**
   * Who is in a group of the issuer's tenant, directly or by other groups (which are not among them), by lower-case
   * object ID. People in a group that hides its members are not told.
   */
  members(issuer: Issuer, group: string, signal?: CancelSignal): Promise<ReadonlyMap<string, PrincipalName>>;
}
