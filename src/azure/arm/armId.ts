import { AppError } from '../../base/errors.ts';

/** Where a workspace lies, as its resource id says. */
export interface ArmWorkspaceId {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const WORKSPACE =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.OperationalInsights\/workspaces\/([^/]+)\/?$/i;

/** The parts of a workspace's resource id, as written. */
export function parseArmId(armId: string): ArmWorkspaceId {
  const [, subscription, resourceGroup, name] = WORKSPACE.exec(armId) ?? [];
  if (!subscription || !resourceGroup || !name)
    throw new AppError('input.armId', `"${armId.slice(0, 200)}" is not the resource id of a Log Analytics workspace.`);
  return { subscription, resourceGroup, name };
}
