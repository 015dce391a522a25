import { key, parseArmId, workspaceScope } from './armId.ts';
import type { FaultSubject } from './faults.ts';
import type { TokenClaims } from './identity/bearer.ts';
import { findSubscription, findTenant, findWorkspace, type WorkspaceIndex } from './lookup.ts';
import type { RouteMatch } from './router.ts';
import type { Workspace, World } from './state.ts';

/**
 * Which tenant and workspace a request is about, for faults and for the call log: what its path says, else the tenant
 * of its token.
 */
export function subjectOf(
  world: World,
  index: WorkspaceIndex,
  method: string,
  path: string,
  route: RouteMatch,
  claims: TokenClaims | undefined,
): FaultSubject {
  const base = { service: route.service, method, path, ...(claims ? { principal: key(claims.oid) } : {}) };
  const direct = /^\/v1\/workspaces\/([^/]+)/i.exec(path)?.[1];
  if (direct) {
    const workspace = index.find(direct);
    return workspace ? withWorkspace(world, base, workspace) : base;
  }
  const { subscriptionId, resourceGroup, workspace: name } = parseArmId(path);
  if (subscriptionId !== undefined) {
    const workspace = name === undefined ? undefined : findWorkspace(world, subscriptionId, resourceGroup!, name);
    if (workspace) return withWorkspace(world, base, workspace);
    const tenant = findSubscription(world, subscriptionId)?.tenantId;
    return { ...base, ...(tenant ? { tenant: key(tenant) } : {}), ...(name ? { workspace: [key(name)] } : {}) };
  }
  const tenant =
    route.params['tenant'] === undefined ? claims?.tid : findTenant(world, route.params['tenant'])?.tenantId;
  return tenant ? { ...base, tenant: key(tenant) } : base;
}

function withWorkspace(world: World, base: FaultSubject, workspace: Workspace): FaultSubject {
  const { customerId } = workspace.properties;
  const tenant = findSubscription(world, workspace.subscriptionId)?.tenantId;
  return {
    ...base,
    workspace: [workspace.name, customerId, workspaceScope(workspace)].map(key),
    ...(tenant ? { tenant: key(tenant) } : {}),
  };
}
