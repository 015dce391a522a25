import { key } from '../armId.ts';
import type { Tenant, World } from '../state.ts';
import type { PartnerDirectory, Relationship } from './partnerDirectory.ts';

/** The directory of a tenant, made where there is none yet. */
export function partnerOf(world: World, { tenantId }: Pick<Tenant, 'tenantId'>): PartnerDirectory {
  const known = world.partners.get(key(tenantId));
  if (known) return known;
  const made: PartnerDirectory = { contracts: [], relationships: [], groups: {}, members: {}, permissions: {} };
  world.partners.set(key(tenantId), made);
  return made;
}

/** Permissions of Microsoft Graph that a token of this principal carries beside the usual ones. */
export function consentedIn(world: World, { tenantId }: Pick<Tenant, 'tenantId'>, objectId: string): readonly string[] {
  return world.partners.get(key(tenantId))?.permissions[key(objectId)] ?? [];
}

/** `duration` of a relationship, P730D: the longest there is. */
const TERM_DAYS = 730;
const DAY = 86_400_000;

/** Makes a tenant a customer of a partner: by contract, and by an admin relationship where a status is given. */
export function addPartnerCustomer(
  world: World,
  partner: Tenant,
  customer: Pick<Tenant, 'tenantId' | 'displayName' | 'defaultDomain'>,
  spec: {
    readonly status?: Relationship['status'];
    readonly contract?: false;
    readonly reseller?: true;
    readonly endsInDays?: number;
  } = {},
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
      endDateTime:
        began === null ? null : new Date(world.clock.now() + (spec.endsInDays ?? TERM_DAYS) * DAY).toISOString(),
      ...(spec.reseller ? { reseller: true } : {}),
    });
  }
  world.touch();
}
