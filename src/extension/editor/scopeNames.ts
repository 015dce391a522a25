import type { ScopeNames } from '../../kql/language/face.ts';
import type { Estate } from '../../model/estate.ts';

/** Every name a `// @scope` line may use in this estate, by kind, for completion. */
export function scopeNamesOf(estate: Estate): ScopeNames {
  const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort((a, b) => a.localeCompare(b));
  const tags = [...estate.customers, ...estate.workspaces].flatMap((owner) =>
    Object.entries(owner.tags).map(([name, value]) => (value === '' ? name : `${name}=${value}`)),
  );
  return {
    group: sorted(estate.customers.flatMap((customer) => customer.groups)),
    customer: sorted(estate.customers.map((customer) => customer.key)),
    tenant: sorted(estate.tenants.map((tenant) => tenant.defaultDomain ?? tenant.id)),
    workspace: sorted(estate.workspaces.map((workspace) => workspace.name)),
    tag: sorted(tags),
    region: sorted(estate.workspaces.map((workspace) => workspace.region)),
  };
}
