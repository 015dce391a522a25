import type { CustomerPlan } from './estatePlan.ts';

/** The text of a customers.json for these customers: what the provider knows of them, tenants by id. */
export function toCustomersFile(customers: readonly CustomerPlan[], tenantId: (domain: string) => string): string {
  const entries = customers.map(({ key, name, tenants, groups, tags, provider, declared }) => ({
    key,
    name,
    ...(provider ? { provider } : {}),
    tenants: tenants.map(({ domain }) => tenantId(domain)),
    groups,
    tags,
    ...(declared ? { declared } : {}),
  }));
  return `{\n  "customers": [\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]\n}\n`;
}
