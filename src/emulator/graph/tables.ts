import { maySee, mayDo, managingTenants } from '../access.ts';
import { groupScope, key, subscriptionScope } from '../armId.ts';
import { alertBody, firedAlerts } from '../arm/alerts/bodies.ts';
import type { Caller } from '../arm/gate.ts';
import { toAssignment, toDefinition } from '../arm/lighthouse.ts';
import { allResources } from '../arm/resources.ts';
import type { Cell } from '../../model/kqlType.ts';
import type { Subscription, World } from '../state.ts';

/** Tables of Resource Graph that have rows here; the others are there, and empty. */
export const FILLED_TABLES = [
  'resources',
  'resourcecontainers',
  'managedservicesresources',
  'insightsresources',
  'alertsmanagementresources',
] as const;

/** The tables of Resource Graph that are answered with rows. */
export type GraphTable = (typeof FILLED_TABLES)[number];

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location?: string;
  readonly kind?: string;
  readonly tags?: object;
  readonly sku?: object;
  readonly plan?: object;
  readonly properties?: object;
  readonly identity?: object;
  readonly managedBy?: string;
}

/** The rows of one table over these subscriptions, as far as the caller may read. */
export function graphRows(
  world: World,
  table: GraphTable,
  caller: Caller,
  subscriptions: readonly Subscription[],
): Cell[][] {
  const scope = new Map(subscriptions.map((subscription) => [key(subscription.subscriptionId), subscription]));
  // Who may read what is the dearer question: it is asked only of what is in scope.
  return entriesOf(world, table, caller, (id) => scope.has(key(id.split('/')[2] ?? ''))).map((entry) => {
    const [, , subscriptionId, , group] = entry.id.split('/');
    return toRow(entry, scope.get(key(subscriptionId!))!, group);
  });
}

function entriesOf(world: World, table: GraphTable, { grants }: Caller, within: (id: string) => boolean): Entry[] {
  switch (table) {
    case 'resources':
      return allResources(world, within).filter(({ id, type }) => mayDo(grants, `${type}/read`, id));
    case 'resourcecontainers':
      return [
        ...[...world.subscriptions.values()]
          .filter(({ subscriptionId }) => within(subscriptionScope(subscriptionId)))
          .map(({ subscriptionId, displayName, state, tags }): Entry => ({
            id: subscriptionScope(subscriptionId),
            name: displayName,
            type: 'microsoft.resources/subscriptions',
            tags,
            properties: {
              managedByTenants: managingTenants(world, subscriptionId).map((tenantId) => ({ tenantId })),
              state,
              subscriptionPolicies: {
                quotaId: 'EnterpriseAgreement_2014-09-01',
                spendingLimit: 'Off',
                locationPlacementId: 'Public_2014-09-01',
              },
            },
          })),
        ...[...world.resourceGroups.values()]
          .filter((group) => within(groupScope(group.subscriptionId, group.name)))
          .map((group): Entry => ({
            id: groupScope(group.subscriptionId, group.name),
            name: group.name,
            type: 'microsoft.resources/subscriptions/resourcegroups',
            location: group.location,
            tags: group.tags,
            properties: { provisioningState: 'Succeeded' },
            ...(group.managedBy ? { managedBy: group.managedBy } : {}),
          })),
      ].filter(({ id, type }) => maySee(grants, `${type}/read`, id));
    case 'managedservicesresources':
      return lighthouseEntries(world, grants, within);
    case 'alertsmanagementresources':
      return firedAlerts(world)
        .filter(({ id }) => within(id) && mayDo(grants, 'Microsoft.AlertsManagement/alerts/read', id))
        .map((alert) => alertBody(alert, true));
    case 'insightsresources':
      return world.collectionAssociations
        .map((association): Entry => ({
          id: `${association.resourceId}/providers/${ASSOCIATION}/${association.name}`,
          name: association.name,
          type: ASSOCIATION,
          properties: {
            ...(association.ruleId ? { dataCollectionRuleId: association.ruleId } : {}),
            ...(association.endpointId ? { dataCollectionEndpointId: association.endpointId } : {}),
            ...(association.description ? { description: association.description } : {}),
            provisioningState: 'Succeeded',
          },
        }))
        .filter(({ id, type }) => within(id) && mayDo(grants, `${type}/read`, id));
  }
}

const ASSOCIATION = 'Microsoft.Insights/dataCollectionRuleAssociations';

/**
 * Delegations as two resources each: the definition at the subscription, which has the managing tenant and the
 * authorizations, and the assignment at the delegated scope. Reports differ on whether an assignment carries its
 * definition as `registrationDefinition`, as it does in Resource Manager when that is asked for; it does not here. Who
 * reads the delegated scope sees both: Resource Manager lists the definitions of a resource group there, too.
 */
function lighthouseEntries(world: World, grants: Caller['grants'], within: (id: string) => boolean): Entry[] {
  const entries = new Map<string, Entry>();
  for (const delegation of world.delegations) {
    if (!within(delegation.scope)) continue;
    for (const entry of [toDefinition(world, delegation), toAssignment(world, delegation, false)])
      if (mayDo(grants, `${entry.type}/read`, delegation.scope)) entries.set(key(entry.id), entry);
  }
  return [...entries.values()];
}

/** Resource Graph writes types and group names in lower case. */
function toRow(entry: Entry, subscription: Subscription, group: string | undefined): Cell[] {
  const json = (value: object | undefined): Cell => (value === undefined ? null : JSON.stringify(value));
  return [
    entry.id,
    entry.name,
    entry.type.toLowerCase(),
    subscription.tenantId,
    entry.kind ?? '',
    entry.location ?? '',
    (group ?? '').toLowerCase(),
    subscription.subscriptionId,
    entry.managedBy ?? '',
    json(entry.sku),
    json(entry.plan),
    json(entry.properties),
    json(entry.tags),
    json(entry.identity),
    null,
    null,
  ];
}
