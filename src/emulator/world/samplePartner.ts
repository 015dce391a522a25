import { makeEligible } from '../arm/eligibleRoles.ts';
import { key } from '../armId.ts';
import { addPartnerCustomer, partnerOf } from '../msgraph/partner.ts';
import type { Account, Tenant, World } from '../state.ts';

/** Who the partner is, whose tenants it serves, its groups, and who may ask Microsoft Graph about it. */
interface SamplePartner {
  readonly home: Tenant;
  readonly tenants: readonly Tenant[];
  /** Object ids of groups by name. */
  readonly team: Readonly<Record<'operations' | 'readers', string>>;
  readonly allowed: readonly Account[];
}

/** Customers that bought licences of the provider, and whose logs nobody looks at yet. */
const TO_COME = [
  { name: 'Lamna Healthcare', domain: 'lamnahealthcare.onmicrosoft.com', status: 'active' },
  { name: 'VanArsdel', domain: 'vanarsdel.onmicrosoft.com', status: 'approvalPending' },
] as const;

/**
 * The provider as a partner of Microsoft: every other tenant of the estate is a customer by contract, and two more that
 * are not onboarded. Most have an admin relationship; those that have none are every fourth.
 */
export function addSamplePartner(world: World, { home, tenants, team, allowed }: SamplePartner): void {
  const directory = partnerOf(world, home);
  directory.groups[key(team.operations)] = 'Northbridge Operations';
  directory.groups[key(team.readers)] = 'Northbridge Readers';
  for (const { objectId } of allowed)
    directory.permissions[key(objectId)] = ['Directory.Read.All', 'DelegatedAdminRelationship.Read.All'];
  tenants
    .filter((tenant) => tenant !== home)
    .forEach((tenant, at) => {
      addPartnerCustomer(world, home, tenant, at % 4 === 3 ? {} : { status: 'active' });
    });
  // What the provider's own people may activate at home.
  for (const { subscriptionId, tenantId } of world.subscriptions.values())
    if (key(tenantId) === key(home.tenantId))
      makeEligible(world, home, {
        scope: `/subscriptions/${subscriptionId}`,
        principalId: team.readers,
        group: true,
        role: 'Contributor',
      });
  for (const { name, domain, status } of TO_COME)
    addPartnerCustomer(
      world,
      home,
      { tenantId: world.guid('tenant', domain), displayName: name, defaultDomain: domain },
      { status, ...(status === 'approvalPending' ? { reseller: true as const } : {}) },
    );
}
