/** A customer as the partner's directory keeps it (graph-docs, resources/contract.md). */
export interface Contract {
  readonly id: string;
  readonly customerId: string;
  defaultDomainName: string;
  displayName: string;
}

/** A delegated admin relationship (graph-docs, resources/delegatedadminrelationship.md). */
export interface Relationship {
  readonly id: string;
  displayName: string;
  customer: { tenantId: string; displayName: string };
  roles: string[];
  status: 'active' | 'approvalPending' | 'approved' | 'created' | 'expired' | 'terminated';
  createdDateTime: string;
  activatedDateTime: string | null;
  endDateTime: string | null;
  reseller?: true;
}

/** What Microsoft Graph knows of a tenant beside its people: its customers, groups, and who may read what. */
export interface PartnerDirectory {
  readonly contracts: Contract[];
  readonly relationships: Relationship[];
  /** Display names of security groups by object id. */
  readonly groups: Record<string, string>;
  /** By object id: what was consented for it, or for the application that it signs in with. */
  readonly permissions: Record<string, string[]>;
}
