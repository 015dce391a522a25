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

/** A role that a principal of the tenant may activate (specification RoleEligibilityScheduleInstance.json). */
export interface EligibleRole {
  readonly name: string;
  readonly scope: string;
  readonly principalId: string;
  readonly principalType: 'User' | 'Group';
  /** GUID of a role of `ROLES`. */
  readonly roleId: string;
  readonly startDateTime: string;
}

/** What Microsoft Graph knows of a tenant beside its people: its customers, groups, and who may read what. */
export interface PartnerDirectory {
  readonly contracts: Contract[];
  readonly relationships: Relationship[];
  /** Display names of security groups by object id. */
  readonly groups: Record<string, string>;
  /** Object ids of who is in a group besides accounts that say so themselves, other groups among them. */
  readonly members: Record<string, string[]>;
  /** What Privileged Identity Management has; absent where the tenant has no licence for it. */
  eligible?: EligibleRole[];
  /** By object id: what was consented for it, or for the application that it signs in with. */
  readonly permissions: Record<string, string[]>;
}
