import { isWithin, key, parseArmId, workspaceScope } from './armId.ts';
import type { TokenClaims } from './identity/bearer.ts';
import { findSubscription } from './lookup.ts';
import { allows, findRole, ROLES, type Role } from './roles.ts';
import type { Subscription, Workspace, World } from './state.ts';

/** A role somebody holds at a scope, by assignment in the tenant or by delegation to another. */
export interface Grant {
  readonly scope: string;
  readonly role: Role;
  /** What it holds for only (ABAC). */
  readonly condition?: string;
}

interface Facts {
  readonly version: number;
  readonly grants: Map<string, readonly Grant[]>;
  /** Subscription id -> tenants it is delegated to, wholly or in part. */
  readonly managers: ReadonlyMap<string, readonly string[]>;
}

const facts = new WeakMap<World, Facts>();

/** What follows from assignments and delegations, worked out once for each version of the world. */
function factsOf(world: World): Facts {
  const kept = facts.get(world);
  if (kept?.version === world.version) return kept;
  const managers = new Map<string, string[]>();
  for (const { scope, managedByTenantId } of world.delegations) {
    const subscription = key(parseArmId(scope).subscriptionId ?? '');
    const tenants = managers.get(subscription) ?? [];
    if (!tenants.some((tenant) => key(tenant) === key(managedByTenantId)))
      managers.set(subscription, [...tenants, managedByTenantId]);
  }
  const made: Facts = { version: world.version, grants: new Map(), managers };
  facts.set(world, made);
  return made;
}

/**
 * Every grant of a token: role assignments where it is of the resource's own tenant, Lighthouse authorizations where it
 * is of the managing one.
 */
export function grantsOf(world: World, claims: TokenClaims): readonly Grant[] {
  const { grants } = factsOf(world);
  const principals = [claims.oid, ...(claims.groups ?? [])].map(key);
  const name = [key(claims.tid), ...principals].join(' ');
  let held = grants.get(name);
  if (!held) grants.set(name, (held = findGrants(world, key(claims.tid), new Set(principals))));
  return held;
}

function findGrants(world: World, tenantId: string, principals: ReadonlySet<string>): Grant[] {
  const grants: Grant[] = [];
  for (const assignment of world.roleAssignments) {
    if (!principals.has(key(assignment.principalId))) continue;
    const role = findRole(assignment.roleId);
    const { subscriptionId } = parseArmId(assignment.scope);
    if (
      role &&
      (subscriptionId === undefined || key(findSubscription(world, subscriptionId)?.tenantId ?? '') === tenantId)
    ) {
      const { scope, condition } = assignment;
      grants.push({ scope, role, ...(condition === undefined ? {} : { condition }) });
    }
  }
  for (const delegation of world.delegations) {
    if (key(delegation.managedByTenantId) !== tenantId) continue;
    for (const { principalId, roleDefinitionId } of delegation.authorizations) {
      const role = principals.has(key(principalId)) ? findRole(roleDefinitionId) : undefined;
      // A delegation carries no data actions (azure-management-docs, lighthouse/concepts/tenants-users-roles.md).
      if (role) grants.push({ scope: delegation.scope, role: role.dataActions ? withoutData(role) : role });
    }
  }
  return grants;
}

const controlOnly = new Map<string, Role>();

function withoutData({ id, actions, notActions }: Role): Role {
  let role = controlOnly.get(id);
  if (!role) controlOnly.set(id, (role = { id: `${id} without data`, actions, notActions }));
  return role;
}

/** Roles by scope, and by every scope above one that has a role. */
interface GrantIndex {
  readonly at: ReadonlyMap<string, readonly Role[]>;
  readonly beneath: ReadonlyMap<string, readonly Role[]>;
}

const indexes = new WeakMap<readonly Grant[], GrantIndex>();

function indexOf(grants: readonly Grant[]): GrantIndex {
  let index = indexes.get(grants);
  if (!index) {
    const at = new Map<string, Role[]>();
    const beneath = new Map<string, Role[]>();
    const put = (map: Map<string, Role[]>, scope: string, role: Role): void => {
      const roles = map.get(scope);
      if (!roles) map.set(scope, [role]);
      else if (!roles.includes(role)) roles.push(role);
    };
    for (const { scope, role } of grants) {
      put(at, key(scope).replace(/\/$/, ''), role);
      for (const above of upwards(scope)) put(beneath, above, role);
    }
    indexes.set(grants, (index = { at, beneath }));
  }
  return index;
}

/** A scope and all above it, in lower case, without a slash at the end; the root is "". */
function* upwards(id: string): Generator<string> {
  let scope = key(id).replace(/\/$/, '');
  while (scope !== '') {
    yield scope;
    scope = scope.slice(0, Math.max(0, scope.lastIndexOf('/')));
  }
  yield '';
}

/** True where the grants allow an action at this scope. */
export function mayDo(grants: readonly Grant[], action: string, scope: string): boolean {
  const { at } = indexOf(grants);
  for (const above of upwards(scope)) if (at.get(above)?.some((role) => allows(role, action))) return true;
  return false;
}

/** True where the grants allow an action at this scope or anywhere beneath: what makes a scope visible in a list. */
export function maySee(grants: readonly Grant[], action: string, scope: string): boolean {
  return (
    mayDo(grants, action, scope) ||
    (indexOf(grants)
      .beneath.get(key(scope).replace(/\/$/, ''))
      ?.some((role) => allows(role, action)) ??
      false)
  );
}

/**
 * The conditions under which roles with the data action read rows at this scope, an empty one for all rows; none where
 * no role does. Of protected tables only the role that is made for them does.
 */
export function rowReadings(grants: readonly Grant[], scope: string, isProtected: boolean): readonly string[] {
  return grantsAt(grants, scope)
    .filter(({ role }) =>
      isProtected
        ? role.id === ROLES['Privileged Monitoring Data Reader'].id
        : (role.dataActions?.includes('Microsoft.OperationalInsights/workspaces/tables/data/read') ?? false),
    )
    .map(({ condition = '' }) => condition);
}

/** The grants that hold at a scope. */
export function grantsAt(grants: readonly Grant[], scope: string): readonly Grant[] {
  return grants.filter((grant) => isWithin(scope, grant.scope));
}

/** Tenants that manage a subscription or a part of it, for `managedByTenants`. */
export function managingTenants(world: World, subscriptionId: string): readonly string[] {
  return factsOf(world).managers.get(key(subscriptionId)) ?? [];
}

/**
 * True where a token of this tenant can address the subscription at all: it is the tenant's own, or delegated to it.
 */
export function reachesSubscription(world: World, claims: TokenClaims, subscription: Subscription): boolean {
  return (
    key(subscription.tenantId) === key(claims.tid) ||
    managingTenants(world, subscription.subscriptionId).some((tenant) => key(tenant) === key(claims.tid))
  );
}

/**
 * True where the token may query a workspace's rows (its tenant or delegation included). `grants` spares finding them
 * again.
 */
export function mayQuery(
  world: World,
  claims: TokenClaims,
  workspace: Workspace,
  grants = grantsOf(world, claims),
): boolean {
  return mayDo(grants, 'Microsoft.OperationalInsights/workspaces/query/read', workspaceScope(workspace));
}
