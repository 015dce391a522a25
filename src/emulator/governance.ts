/** What of an Azure Lighthouse offer is told with its definition. */
export interface OfferProperties {
  readonly offerName: string;
  readonly description: string;
  readonly managedByTenantId: string;
  authorizations: LighthouseAuthorization[];
  eligibleAuthorizations: EligibleAuthorization[];
}

/** An offer that a subscription has without, or no longer with, an assignment of it. */
export interface Offer extends OfferProperties {
  readonly kind: 'offer';
  readonly definitionName: string;
  readonly subscriptionId: string;
}

/** A policy assignment of effect Deny: what it asks of resources that are written at or below its scope. */
export interface DenyPolicy {
  readonly kind: 'policy';
  readonly name: string;
  readonly scope: string;
  readonly displayName: string;
  /** Regions that resources may be in. */
  readonly locations?: readonly string[];
  /** A tag that resources must have. */
  readonly tag?: string;
  /** Types of resources it holds for, without case; all where absent. */
  readonly types?: readonly string[];
}

/** What is kept under an ARM id in lower case beside the resources themselves. */
export type Governance = Offer | DenyPolicy;

/** Who of the managing tenant gets which role by a delegation. */
export interface LighthouseAuthorization {
  principalId: string;
  principalIdDisplayName?: string;
  roleDefinitionId: string;
  delegatedRoleDefinitionIds?: string[];
}

/** Who of the managing tenant may activate which role for a while (2020-02-01-preview and later). */
export interface EligibleAuthorization {
  principalId: string;
  principalIdDisplayName?: string;
  roleDefinitionId: string;
  justInTimeAccessPolicy?: {
    multiFactorAuthProvider: 'Azure' | 'None';
    /** ISO 8601, e.g. `PT8H`. */
    maximumActivationDuration: string;
    managedByTenantApprovers?: { principalId: string; principalIdDisplayName?: string }[];
  };
}
