import type { AttributedBy, SubscriptionOwner } from '../../model/assessment/subject.ts';
import type { Estate } from '../../model/estate.ts';
import { PERSONAL_ACCOUNTS, isGuid } from '../../model/ids.ts';
import type { CustomerKey, TenantId } from '../../model/ids.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import type { AssessScope, CustomerDeclaration } from './estateFacts.ts';

/** Who the provider is: its tenants, and the customers of the estate that own one or are declared to be it. */
export interface Provider {
  readonly tenants: ReadonlySet<TenantId>;
  readonly customers: ReadonlySet<CustomerKey>;
}

/**
 * Tenants that accounts are at home in or that delegations lead to, and customers that are declared as the provider.
 */
export function findProvider({ estate, entries }: Pick<AssessScope, 'estate' | 'entries'>): Provider {
  const tenants = new Set<TenantId>();
  for (const { homeTenant, personal } of estate.accounts)
    if (homeTenant && !personal && homeTenant !== PERSONAL_ACCOUNTS) tenants.add(homeTenant);
  for (const { paths } of estate.workspaces)
    for (const { kind, issuer } of paths) if (kind === 'lighthouse') tenants.add(issuer);
  const declared = new Set(entries.filter(({ provider }) => provider === true).map(({ key }) => key));
  const customers = new Set<CustomerKey>();
  for (const tenant of estate.tenants) if (tenants.has(tenant.id)) customers.add(tenant.customer);
  for (const { key } of estate.customers) if (declared.has(key)) customers.add(key);
  for (const tenant of estate.tenants) if (customers.has(tenant.customer)) tenants.add(tenant.id);
  return { tenants, customers };
}

/** Whose a row or a computer is. */
export interface Owner {
  readonly customer: CustomerKey;
  readonly by: AttributedBy;
}

const LONGEST_DOMAIN = 253;

/** Takes rows for a customer's, by the subscription they name, else by the domain of their computer. */
export class Attributor {
  private readonly subscriptions: ReadonlyMap<string, CustomerKey>;
  /** Undefined: two customers claim it, so that it is nobody's. */
  private readonly domains: ReadonlyMap<string, CustomerKey | undefined>;

  constructor(estate: Estate, entries: readonly CustomerDeclaration[], owners: readonly SubscriptionOwner[]) {
    const { tenants } = EstateIndex.of(estate);
    this.subscriptions = new Map(
      owners.flatMap(({ subscription, tenant }) => {
        const customer = tenants.get(tenant)?.customer;
        return customer === undefined ? [] : [[subscription.toLowerCase(), customer] as const];
      }),
    );
    this.domains = claimsOf(estate, entries);
  }

  /** Undefined where nothing names a customer of the estate. Both texts in lower case, empty where absent. */
  ownerOf({ subscription, domain }: { readonly subscription: string; readonly domain: string }): Owner | undefined {
    const customer = this.subscriptions.get(subscription);
    if (customer !== undefined) return { customer, by: 'subscription' };
    // No name of the domain name system is longer: what is may hold more dots than anybody wants to look at.
    if (domain.length > LONGEST_DOMAIN) return undefined;
    for (let rest = domain; rest !== ''; rest = rest.slice(rest.indexOf('.') + 1)) {
      if (this.domains.has(rest)) {
        const claimant = this.domains.get(rest);
        return claimant === undefined ? undefined : { customer: claimant, by: 'domain' };
      }
      if (!rest.includes('.')) break;
    }
    return undefined;
  }
}

function claimsOf(estate: Estate, entries: readonly CustomerDeclaration[]): Map<string, CustomerKey | undefined> {
  const claims = new Map<string, CustomerKey | undefined>();
  const claim = (domain: string | undefined, customer: CustomerKey): void => {
    const name = domain?.trim().toLowerCase().replace(/\.$/, '') ?? '';
    if (name === '') return;
    claims.set(name, claims.has(name) && claims.get(name) !== customer ? undefined : customer);
  };
  for (const tenant of estate.tenants) claim(tenant.defaultDomain, tenant.customer);
  for (const { key, declared } of estate.customers) {
    for (const domain of declared?.domains ?? []) claim(domain, key);
    for (const entry of entries)
      if (entry.key === key) for (const tenant of entry.tenants) if (!isGuid(tenant)) claim(tenant, key);
  }
  return claims;
}
