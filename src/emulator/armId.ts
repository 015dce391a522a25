import type { Workspace } from './state.ts';

/** ARM ids. Azure compares them without case; maps are keyed by `key(id)`. */
export function key(id: string): string {
  return id.toLowerCase();
}

/** ARM id of a subscription. */
export function subscriptionScope(subscriptionId: string): string {
  return `/subscriptions/${subscriptionId}`;
}

/** ARM id of a resource group. */
export function groupScope(subscriptionId: string, resourceGroup: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
}

/** ARM id of a workspace. */
export function workspaceScope(workspace: Pick<Workspace, 'subscriptionId' | 'resourceGroup' | 'name'>): string {
  return `${groupScope(workspace.subscriptionId, workspace.resourceGroup)}/providers/Microsoft.OperationalInsights/workspaces/${workspace.name}`;
}

interface ArmIdParts {
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  readonly workspace?: string;
}

/** Subscription, resource group and workspace a path or id speaks of, as far as it speaks of any. */
export function parseArmId(path: string): ArmIdParts {
  const match =
    /\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+)(?:\/providers\/microsoft\.operationalinsights\/workspaces\/([^/]+))?)?/i.exec(
      path,
    );
  if (!match) return {};
  return {
    subscriptionId: match[1]!,
    ...(match[2] ? { resourceGroup: match[2] } : {}),
    ...(match[3] ? { workspace: match[3] } : {}),
  };
}

/** True where `id` is `scope` or lies under it. */
export function isWithin(id: string, scope: string): boolean {
  const [inner, outer] = [key(id), key(scope).replace(/\/$/, '')];
  return outer === '' || inner === outer || inner.startsWith(`${outer}/`);
}
