import type { Estate, Tenant } from '../../model/estate.ts';
import type { AccountId, TenantId } from '../../model/ids.ts';
import type { PlanSubject } from '../../model/plan.ts';
import { EstateIndex } from '../estate/estateIndex.ts';

/** Whose a tenant is, and what tells it from every other tenant: names are chosen by others, and two may be alike. */
export interface Whose {
  readonly customer: string;
  readonly tenant: string;
  /** The default domain; the tenant's id where it has none, or another tenant says it has the same. */
  readonly told: string;
}

/** The names of a tenant and its customer, and what tells them apart. */
export function whose(estate: Estate, id: TenantId): Whose {
  const index = EstateIndex.of(estate);
  const tenant = index.tenants.get(id);
  if (!tenant) return { customer: id, tenant: id, told: id };
  return {
    customer: index.customerName(tenant.customer),
    tenant: tenant.name,
    told: tellApart(tenant, estate.tenants),
  };
}

function tellApart({ id, defaultDomain }: Tenant, tenants: readonly Tenant[]): string {
  const domain = defaultDomain?.toLowerCase();
  if (!domain) return id;
  return tenants.some((other) => other.id !== id && other.defaultDomain?.toLowerCase() === domain)
    ? id
    : defaultDomain!;
}

/** `Contoso (contoso.example)`: short enough for a title, and no other. */
export function whoseText({ customer, told }: Whose): string {
  return customer === told ? told : `${customer} (${told})`;
}

/** Where a change is made and with whose token. */
export interface PlanPlace {
  readonly tenant: TenantId;
  readonly issuer: TenantId;
  readonly account: AccountId;
  readonly subscription: string;
  readonly subscriptionName?: string | undefined;
  readonly resourceGroup: string;
  readonly workspace: { readonly name: string; readonly guid?: string };
}

/** What a plan says first: customer, tenant, subscription, workspace, and who acts; each name with the id behind it. */
export function planSubjects(estate: Estate, place: PlanPlace): readonly PlanSubject[] {
  const { customer, tenant, told } = whose(estate, place.tenant);
  const token = whose(estate, place.issuer);
  const account = estate.accounts.find(({ id }) => id === place.account)?.label ?? place.account;
  return [
    { what: 'Customer', name: customer, main: true },
    { what: 'Tenant', name: named(tenant, told, place.tenant), id: place.tenant, main: true },
    { what: 'Subscription', name: place.subscriptionName ?? place.subscription, id: place.subscription },
    { what: 'Resource group', name: place.resourceGroup },
    {
      what: 'Workspace',
      name: place.workspace.name,
      ...(place.workspace.guid === undefined ? {} : { id: place.workspace.guid }),
      main: true,
    },
    { what: 'Done as', name: account },
    ...(place.issuer === place.tenant
      ? []
      : [{ what: 'Through tenant', name: named(token.tenant, token.told, place.issuer), id: place.issuer }]),
  ];
}

/** The id stands behind the name anyway; what tells the tenant apart stands in brackets where it is something else. */
function named(name: string, told: string, id: string): string {
  return told === id || told === name ? name : `${name} (${told})`;
}
