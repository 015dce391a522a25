import { groupScope, key, workspaceScope } from './armId.ts';
import type { Account, ResourceGroup, Subscription, Tenant, Workspace, World } from './state.ts';

/** A tenant by id or by any of its domains. */
export function findTenant(world: World, idOrDomain: string): Tenant | undefined {
  const wanted = key(idOrDomain);
  const byId = world.tenants.get(wanted);
  if (byId) return byId;
  for (const tenant of world.tenants.values()) {
    if (key(tenant.defaultDomain) === wanted || tenant.domains.some((domain) => key(domain) === wanted)) return tenant;
  }
  return undefined;
}

/** A subscription by id in any case. */
export function findSubscription(world: World, subscriptionId: string): Subscription | undefined {
  return world.subscriptions.get(key(subscriptionId));
}

/** A resource group by subscription and name in any case. */
export function findResourceGroup(world: World, subscriptionId: string, name: string): ResourceGroup | undefined {
  return world.resourceGroups.get(key(groupScope(subscriptionId, name)));
}

/** A workspace by the parts of its ARM id in any case. */
export function findWorkspace(
  world: World,
  subscriptionId: string,
  resourceGroup: string,
  name: string,
): Workspace | undefined {
  return world.workspaces.get(key(workspaceScope({ subscriptionId, resourceGroup, name })));
}

/** The workspaces of a subscription, or of one of its resource groups. */
export function workspacesOf(world: World, subscriptionId: string, resourceGroup?: string): Workspace[] {
  const prefix = key(
    resourceGroup === undefined ? `/subscriptions/${subscriptionId}/` : `${groupScope(subscriptionId, resourceGroup)}/`,
  );
  return [...world.workspaces].filter(([id]) => id.startsWith(prefix)).map(([, workspace]) => workspace);
}

/** The resource groups of a subscription. */
export function groupsOf(world: World, subscriptionId: string): ResourceGroup[] {
  return [...world.resourceGroups.values()].filter((group) => key(group.subscriptionId) === key(subscriptionId));
}

/** Object id of this account in that tenant; undefined where it does not exist there. */
export function objectIdIn(account: Account, tenantId: string): string | undefined {
  if (key(account.homeTenantId) === key(tenantId)) return account.objectId;
  return account.memberships.find((membership) => key(membership.tenantId) === key(tenantId))?.objectId;
}

/** Whether this account may enter that tenant: it exists there, and has accepted its invitation. */
export function mayEnter(account: Account, tenantId: string): boolean {
  return (
    objectIdIn(account, tenantId) !== undefined &&
    !account.memberships.some((one) => key(one.tenantId) === key(tenantId) && one.pending)
  );
}

/** Whether an account is the identity of a resource: it signs in with no secret that anybody has. */
export function isManaged({ kind, secrets, certificates }: Account): boolean {
  return kind === 'servicePrincipal' && !secrets?.length && !certificates?.length;
}

/** Index of the live workspaces by customerId, made anew when the world has changed. */
export class WorkspaceIndex {
  private readonly world: World;
  private built = -1;
  private byCustomerId = new Map<string, Workspace>();
  constructor(world: World) {
    this.world = world;
  }

  find(customerId: string): Workspace | undefined {
    if (this.built !== this.world.version || this.byCustomerId.size !== this.world.workspaces.size) {
      this.byCustomerId = new Map(
        [...this.world.workspaces.values()].map((workspace) => [key(workspace.properties.customerId), workspace]),
      );
      this.built = this.world.version;
    }
    return this.byCustomerId.get(key(customerId));
  }
}
