import type { AdminRelationship, PartnerContract, PrincipalName } from '../../ports/microsoftGraph.ts';
import { toList, toObject, toText } from '../arm/assess/wire.ts';

/** Contracts; throws a SyntaxError for one without a tenant. */
export function toContracts(items: readonly unknown[]): readonly PartnerContract[] {
  return items.map((item) => {
    const wire = toObject(item);
    return {
      tenant: tenantOf(wire['customerId']),
      name: toText(wire['displayName']),
      domain: toText(wire['defaultDomainName']).toLowerCase(),
    };
  });
}

/** Relationships, resellers' among them. A request that nobody accepted yet may name no customer: it is left out. */
export function toRelationships(items: readonly unknown[]): readonly AdminRelationship[] {
  return items.flatMap((item) => {
    const wire = toObject(item);
    const customer = toObject(wire['customer']);
    if (toText(customer['tenantId']) === '') return [];
    const ends = toText(wire['endDateTime']);
    return [
      {
        tenant: tenantOf(customer['tenantId']),
        customerName: toText(customer['displayName']),
        name: toText(wire['displayName']),
        status: toText(wire['status']),
        ...(ends === '' ? {} : { ends }),
        roles: toList(toObject(wire['accessDetails'])['unifiedRoles']).map((role) =>
          toText(toObject(role)['roleDefinitionId']).toLowerCase(),
        ),
      },
    ];
  });
}

const KINDS: Readonly<Record<string, PrincipalName['kind']>> = {
  '#microsoft.graph.user': 'user',
  '#microsoft.graph.group': 'group',
  '#microsoft.graph.serviceprincipal': 'application',
};

/** Directory objects by id. */
export function toPrincipals(items: readonly unknown[]): readonly (readonly [id: string, name: PrincipalName])[] {
  return items.map((item) => {
    const wire = toObject(item);
    const upn = toText(wire['userPrincipalName']);
    const name = toText(wire['displayName']);
    const managed = toText(wire['servicePrincipalType']) === 'ManagedIdentity';
    const guestOf = guestDomain(upn);
    const owner = toText(wire['appOwnerOrganizationId']).toLowerCase();
    return [
      toText(wire['id']).toLowerCase(),
      {
        name: [name, ...(upn === '' ? [] : [`(${upn})`]), ...(managed ? ['(managed identity)'] : [])].join(' ').trim(),
        kind: KINDS[toText(wire['@odata.type']).toLowerCase()] ?? 'unknown',
        ...(guestOf === undefined ? {} : { guestOf }),
        ...(owner === '' ? {} : { ownerTenant: owner }),
      },
    ];
  });
}

/** A guest is called `ada_northbridge.example#EXT#@customer.onmicrosoft.com` in the directory that it visits. */
function guestDomain(upn: string): string | undefined {
  const outside = /^(.*)#EXT#@/i.exec(upn)?.[1];
  return outside === undefined ? undefined : outside.slice(outside.lastIndexOf('_') + 1).toLowerCase();
}

function tenantOf(value: unknown): string {
  const id = toText(value).toLowerCase();
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id)) throw new SyntaxError('A customer without its tenant.');
  return id;
}
