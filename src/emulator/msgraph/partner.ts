import { key } from '../armId.ts';
import type { Tenant, World } from '../state.ts';

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

/** The directory of a tenant, made where there is none yet. */
export function partnerOf(world: World, { tenantId }: Pick<Tenant, 'tenantId'>): PartnerDirectory {
  const known = world.partners.get(key(tenantId));
  if (known) return known;
  const made: PartnerDirectory = { contracts: [], relationships: [], groups: {}, permissions: {} };
  world.partners.set(key(tenantId), made);
  return made;
}

/** Permissions of Microsoft Graph that a token of this principal carries beside the usual ones. */
export function consentedIn(world: World, { tenantId }: Pick<Tenant, 'tenantId'>, objectId: string): readonly string[] {
  return world.partners.get(key(tenantId))?.permissions[key(objectId)] ?? [];
}

/** Makes a tenant a customer of a partner: by contract, and by an admin relationship where a status is given. */
export function addPartnerCustomer(
  world: World,
  partner: Tenant,
  customer: Pick<Tenant, 'tenantId' | 'displayName' | 'defaultDomain'>,
  spec: { readonly status?: Relationship['status']; readonly contract?: false; readonly reseller?: true } = {},
): void {
  const { contracts, relationships } = partnerOf(world, partner);
  const { tenantId, displayName, defaultDomain } = customer;
  if (spec.contract !== false)
    contracts.push({
      id: world.guid('contract', partner.tenantId, tenantId),
      customerId: tenantId,
      defaultDomainName: defaultDomain,
      displayName,
    });
  if (spec.status) {
    const began = spec.status === 'approvalPending' || spec.status === 'created' ? null : world.clock.iso();
    relationships.push({
      id: `${world.guid('relationship', partner.tenantId, tenantId)}-${partner.tenantId}`,
      displayName: `${displayName} admin relationship`,
      customer: { tenantId, displayName },
      roles: ['88d8e3e3-8f55-4a1e-953a-9b9898b8876b'],
      status: spec.status,
      createdDateTime: world.clock.iso(),
      activatedDateTime: began,
      endDateTime: began,
      ...(spec.reseller ? { reseller: true } : {}),
    });
  }
  world.touch();
}
