import { AppError } from '../../../base/errors.ts';
import type { DelegatedRole, DelegationFact } from '../../../model/assessment/facts.ts';
import { isGuid, toTenantId } from '../../../model/ids.ts';
import { toRole } from './roleNames.ts';
import { TenantRows } from './tenantRows.ts';
import { toList, toObject, toText } from './wire.ts';
import type { Wire } from './wire.ts';

/**
 * What is delegated by Azure Lighthouse (assignments), and the offers that say to whom and with which roles
 * (definitions): a row for each subscription.
 */
export const DELEGATIONS = `managedservicesresources
| where type in~ ('microsoft.managedservices/registrationassignments', 'microsoft.managedservices/registrationdefinitions')
| summarize found = make_list(bag_pack('id', id, 'properties', properties)), total = count() by tenantId, subscriptionId
| extend id = strcat('/subscriptions/', subscriptionId)
| order by id asc`;

const ASSIGNMENT = '/providers/microsoft.managedservices/registrationassignments/';

/**
 * By the tenant that delegates. The offer is found beside the assignment or within it: reports of the service's answers
 * have both. A tenant of whose delegation the offer is not shown is unknown.
 */
export function toDelegations(rows: readonly Wire[]): ReturnType<TenantRows<DelegationFact>['result']> {
  const found = new TenantRows<DelegationFact>();
  for (const row of rows) {
    const { tenant, subscription } = found.placeOf(row);
    const resources = toList(row['found']).map((one): Resource => {
      const { id, properties } = toObject(one);
      return { id: toText(id).toLowerCase(), properties: toObject(properties) };
    });
    if (resources.length !== row['total']) found.spoil(tenant, 'the delegations');
    const offers = new Map(resources.map(({ id, properties }) => [id, properties]));
    for (const { id, properties } of resources) {
      // One that is being made, or failed, delegates nothing.
      if (!id.includes(ASSIGNMENT) || toText(properties['provisioningState']) !== 'Succeeded') continue;
      const scope = id.slice(0, id.indexOf(ASSIGNMENT));
      const within = toObject(properties['registrationDefinition'])['properties'];
      const beside = offers.get(toText(properties['registrationDefinitionId']).toLowerCase());
      const offer = within === undefined ? beside : toObject(within);
      const managedBy = toText(offer?.['managedByTenantId']);
      if (!offer || !isGuid(managedBy)) {
        found.cannot(tenant, hidden(scope));
        continue;
      }
      found.add(tenant, {
        scope,
        subscription,
        managedBy: toTenantId(managedBy),
        offer: toText(offer['registrationDefinitionName']),
        roles: [
          ...toList(offer['authorizations']).map((one) => toDelegatedRole(one, false)),
          ...toList(offer['eligibleAuthorizations']).map((one) => toDelegatedRole(one, true)),
        ],
      });
    }
  }
  return found.result();
}

interface Resource {
  readonly id: string;
  readonly properties: Wire;
}

function toDelegatedRole(authorization: unknown, eligible: boolean): DelegatedRole {
  const wire = toObject(authorization);
  const name = toText(wire['principalIdDisplayName']);
  return {
    principalId: toText(wire['principalId']).toLowerCase(),
    ...(name === '' ? {} : { principalName: name }),
    ...toRole(toText(wire['roleDefinitionId'])),
    eligible,
  };
}

function hidden(scope: string): AppError {
  return new AppError(
    'access.insufficient',
    `Something of ${scope} is delegated by Azure Lighthouse, but the offer that says to whom is not shown. Ask for Reader on the whole subscription, or look at Service providers in the customer's portal.`,
  );
}
