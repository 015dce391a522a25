import type { AccessPathKind, Customer, Estate, Tenant, Workspace } from '../../model/estate.ts';
import { PATH_NAMES } from './path.ts';

/** What the tree of the estate is grouped by. */
export type GroupBy = 'customer' | 'region' | 'accessPath';

/**
 * A tree of the estate as plain data. `id` is unique in one tree and the same for the same thing in the next picture.
 */
export type EstateNode =
  | { readonly kind: 'group'; readonly id: string; readonly label: string; readonly children: readonly EstateNode[] }
  | {
      readonly kind: 'customer';
      readonly id: string;
      readonly customer: Customer;
      readonly children: readonly EstateNode[];
    }
  | { readonly kind: 'tenant'; readonly id: string; readonly tenant: Tenant; readonly children: readonly EstateNode[] }
  | { readonly kind: 'workspace'; readonly id: string; readonly workspace: Workspace };

/**
 * By customer: groups (where any customer has one) -> customers -> tenants -> workspaces. By region or access path:
 * that -> workspaces, and a last group with the tenants that could not be entered, which have no workspaces to group.
 */
export function groupEstate(estate: Estate, by: GroupBy): readonly EstateNode[] {
  if (by === 'customer') return groupByCustomer(estate);
  const groups =
    by === 'region'
      ? collect(
          estate.workspaces,
          (workspace) => [workspace.region],
          (region) => region,
        )
      : collect(
          estate.workspaces,
          (workspace) => [...new Set(workspace.paths.map((path) => path.kind))],
          (kind) => PATH_NAMES[kind as AccessPathKind],
        );
  const locked = estate.tenants.filter((tenant) => tenant.state !== 'entered');
  if (locked.length === 0) return groups;
  return [
    ...groups,
    {
      kind: 'group',
      id: 'notEntered',
      label: 'Not entered',
      children: locked.map((tenant) => ({ kind: 'tenant', id: `notEntered/${tenant.id}`, tenant, children: [] })),
    },
  ];
}

function groupByCustomer(estate: Estate): readonly EstateNode[] {
  const workspaces = new Map<string, Workspace[]>();
  for (const workspace of estate.workspaces) push(workspaces, workspace.tenant, workspace);
  const tenants = new Map<string, Tenant[]>();
  for (const tenant of estate.tenants) push(tenants, tenant.customer, tenant);
  const nodes = (prefix: string, customers: readonly Customer[]): readonly EstateNode[] =>
    customers.map((customer) => ({
      kind: 'customer',
      id: `${prefix}${customer.key}`,
      customer,
      children: (tenants.get(customer.key) ?? []).map((tenant) => ({
        kind: 'tenant',
        id: `${prefix}${tenant.id}`,
        tenant,
        children: (workspaces.get(tenant.id) ?? []).map((workspace) => ({
          kind: 'workspace',
          id: `${prefix}${workspace.key}`,
          workspace,
        })),
      })),
    }));
  const groups = [...new Set(estate.customers.flatMap((customer) => customer.groups))].sort((a, b) =>
    a.localeCompare(b),
  );
  if (groups.length === 0) return nodes('', estate.customers);
  const grouped = groups.map((group): EstateNode => ({
    kind: 'group',
    id: `group/${group}`,
    label: group,
    children: nodes(
      `group/${group}/`,
      estate.customers.filter((customer) => customer.groups.includes(group)),
    ),
  }));
  const rest = estate.customers.filter((customer) => customer.groups.length === 0);
  return rest.length === 0
    ? grouped
    : [...grouped, { kind: 'group', id: 'group', label: 'No group', children: nodes('group//', rest) }];
}

function collect(
  workspaces: readonly Workspace[],
  keysOf: (workspace: Workspace) => readonly string[],
  labelOf: (key: string) => string,
): readonly EstateNode[] {
  const groups = new Map<string, Workspace[]>();
  for (const workspace of workspaces) for (const key of keysOf(workspace)) push(groups, key, workspace);
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, members]) => ({
      kind: 'group',
      id: key,
      label: labelOf(key),
      children: members.map((workspace) => ({ kind: 'workspace', id: `${key}/${workspace.key}`, workspace })),
    }));
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
