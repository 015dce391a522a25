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

/** The same with the further workspaces that the body of a query asks by their ids: what befalls one befalls it all. */
export function withAsked(subject: FaultSubject, index: WorkspaceIndex, body: Buffer): FaultSubject {
  // A fault may be for one command of a cluster: `/v1/rest/mgmt .show tables`.
  const { csl } = subject.service === 'dataExplorer' ? commandIn(body) : {};
  if (csl !== undefined) return { ...subject, path: `${subject.path} ${csl}` };
  if (subject.service !== 'logs' || !body.includes('"workspaces"')) return subject;
  const others = idsIn(body).flatMap((id) => index.find(id) ?? []);
  return { ...subject, workspace: [...(subject.workspace ?? []), ...others.flatMap(namesOf)] };
}

function commandIn(body: Buffer): { readonly csl?: string } {
  try {
    const { csl } = JSON.parse(body.toString()) as { readonly csl?: unknown };
    return typeof csl === 'string' ? { csl } : {};
  } catch {
    return {};
  }
}

function idsIn(body: Buffer): string[] {
  try {
    const { workspaces } = JSON.parse(body.toString()) as { readonly workspaces?: unknown };
    return Array.isArray(workspaces) ? workspaces.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

/** Every way to name a workspace. */
function namesOf(workspace: Workspace): string[] {
  return [workspace.name, workspace.properties.customerId, workspaceScope(workspace)].map(key);
}

function withWorkspace(world: World, base: FaultSubject, workspace: Workspace): FaultSubject {
  const tenant = findSubscription(world, workspace.subscriptionId)?.tenantId;
  return {
    ...base,
    workspace: namesOf(workspace),
    ...(tenant ? { tenant: key(tenant) } : {}),
  };
}
