import { AppError } from '../../../base/errors.ts';
import type { DelegatedRole, DelegationFact } from '../../../model/assessment/facts.ts';
import { isGuid, toTenantId } from '../../../model/ids.ts';
import { toRole } from './roleNames.ts';
import { TenantRows } from './tenantRows.ts';
import { toList, toObject, toText } from './wire.ts';
import type { Wire } from './wire.ts';

/**
 * What is delegated by Azure Lighthouse, and the offers that say to whom and with which roles: an assignment and a
 * definition for each.
 */
export const DELEGATIONS = `managedservicesresources
| where type in~ ('microsoft.managedservices/registrationassignments', 'microsoft.managedservices/registrationdefinitions')
| project id, type, tenantId, subscriptionId, properties
| order by id asc`;

const ASSIGNMENT = '/providers/microsoft.managedservices/registrationassignments/';

/**
 * By the tenant that delegates. The offer is found beside the assignment or within it: reports of the service's answers
 * have both. A tenant of whose delegation the offer is not shown is unknown.
 */
export function toDelegations(rows: readonly Wire[]): ReturnType<TenantRows<DelegationFact>['result']> {
  const found = new TenantRows<DelegationFact>();
  const offers = new Map(
    rows
      .map((row) => [toText(row['id']).toLowerCase(), toObject(row['properties'])] as const)
      .filter(([id]) => !id.includes(ASSIGNMENT)),
  );
  for (const row of rows) {
    const id = toText(row['id']).toLowerCase();
    if (!id.includes(ASSIGNMENT)) continue;
    const { tenant, subscription } = found.placeOf(row);
    const properties = toObject(row['properties']);
    // One that is being made, or failed, delegates nothing.
    if (toText(properties['provisioningState']) !== 'Succeeded') continue;
    const within = toObject(properties['registrationDefinition'])['properties'];
    const offer =
      within === undefined
        ? offers.get(toText(properties['registrationDefinitionId']).toLowerCase())
        : toObject(within);
    const managedBy = toText(offer?.['managedByTenantId']);
    const scope = id.slice(0, id.indexOf(ASSIGNMENT));
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
  return found.result();
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
