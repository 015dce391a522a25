import type { Customer, Tenant } from '../estate.ts';
import type { SubscriptionId, TenantId } from '../ids.ts';
import type { BaselineFact, Fact, SubscriptionFacts, TenantFacts, WorkspaceFacts } from './facts.ts';

/** Why rows of a shared workspace were taken for a customer's. */
export type AttributedBy = 'subscription' | 'domain';

/**
 * What of a provider's workspace is one customer's: shares of the last day. Of everybody else there are counts alone.
 */
export interface CentralPart {
  /** The provider's workspace. Its facts hold others' rows: a check may count them, and never quotes them. */
  readonly shared: WorkspaceFacts;
  readonly rows: number;
  readonly gb: number;
  /** Its share of all rows there, 0 to 1. */
  readonly share: number;
  readonly by: readonly AttributedBy[];
  /** Its rows per table. */
  readonly tables: Readonly<Record<string, number>>;
  /** Computers of the customer that send there, lower case. */
  readonly computers: readonly string[];
  /** Customers whose rows lie there, this one included; the provider's own rows do not count. */
  readonly customers: number;
  /** Retired agents of anybody that reported there within 14 days, all of which sign in with its keys. */
  readonly legacyAgents: Fact<number>;
  /** Rows of the last day that nothing names a customer of, and all rows there. */
  readonly unattributed: { readonly rows: number; readonly gb: number; readonly of: number };
  /** Tables with data there that were not read (Basic, Auxiliary, protected): nobody knows whose their rows are. */
  readonly unread?: number;
}

/** Numbers of the whole estate that a verdict may use: no names. */
export interface EstateNumbers {
  readonly customers: number;
  readonly workspaces: number;
  readonly regions: number;
  /** Tenants that the accounts come from or that customers are delegated to. */
  readonly providerTenants: readonly TenantId[];
  /** Regions of the provider's own workspaces: where a centre could be. */
  readonly centreRegions: readonly string[];
}

/**
 * Whose a place is that logs are sent to: the customer's, the provider's, somebody else's of the estate, or of a
 * subscription that no account lists, so that nobody can say.
 */
export type DestinationOwner = 'own' | 'provider' | 'other' | 'unknown';

/**
 * One customer with everything that was measured of it: what a check and a verdict are given, and nothing of others.
 */
export interface CustomerFacts {
  readonly customer: Customer;
  /** The provider itself: its workspaces may be central for others. */
  readonly provider: boolean;
  readonly tenants: readonly (Tenant & { readonly facts?: TenantFacts })[];
  readonly subscriptions: readonly SubscriptionFacts[];
  /** Workspaces in its own tenants. */
  readonly own: readonly WorkspaceFacts[];
  /** What of the provider's workspaces holds its rows. */
  readonly central: readonly CentralPart[];
  /**
   * Provider's workspaces that could not be looked into, so that nobody knows whether rows of this customer lie there;
   * a count, for they may be of any customer.
   */
  readonly unknownCentral: number;
  /** Absent where no baseline was given. */
  readonly baseline?: Fact<BaselineFact>;
  readonly estate: EstateNumbers;
  /**
   * Whose the subscriptions are that its rules, exports and diagnostic settings send to, by the subscription's id.
   * Those of somebody else are told apart, and not named.
   */
  readonly destinations: Readonly<Record<SubscriptionId, DestinationOwner>>;
  /** ISO time the facts are of. */
  readonly at: string;
}

/** A subscription's tenant, for the attribution of rows. */
export interface SubscriptionOwner {
  readonly subscription: SubscriptionId;
  readonly tenant: TenantId;
}
