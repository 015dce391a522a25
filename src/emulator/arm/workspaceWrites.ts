import { key, workspaceScope } from '../armId.ts';
import { freshGuid } from '../ids.ts';
import { addWorkspace } from '../populate.ts';
import { armError } from '../router.ts';
import firstTables from '../world/firstTables.json' with { type: 'json' };
import type { Subscription, Workspace, World } from '../state.ts';
import {
  checkLocation,
  checkWorkspaceInput,
  checkWorkspaceName,
  findSku,
  type WorkspaceInput,
} from './workspaceRules.ts';
import { WORKSPACE_TYPE } from './workspaceBody.ts';

/** Soft-deleted workspaces can be recovered for so long. */
const SOFT_DELETE_MS = 14 * 86_400_000;

/**
 * Tables every new workspace has, empty as they are: those azure-cli recorded right after a creation
 * (test_monitor_log_analytics_workspace_recover, 2021) and msticpy's recording of 2023, as far as the table reference
 * knows them. Today's service lists hundreds more.
 */
const FIRST_TABLES: readonly string[] = [...firstTables.ninetyDays, ...firstTables.workspaceDays];

interface WorkspacePut {
  readonly outcome: 'created' | 'recovered' | 'updated';
  readonly workspace: Workspace;
}

/**
 * Creates, recovers or updates a workspace by PUT; the caller decides how long it stays `Creating`. The resource group
 * exists.
 */
export function putWorkspace(
  world: World,
  subscription: Subscription,
  resourceGroup: string,
  name: string,
  input: WorkspaceInput,
): WorkspacePut {
  const id = workspaceScope({ subscriptionId: subscription.subscriptionId, resourceGroup, name });
  const existing = world.workspaces.get(key(id));
  if (existing) {
    const location = input.location === undefined ? existing.location : checkLocation(input.location, WORKSPACE_TYPE);
    if (location !== existing.location) {
      throw armError(
        409,
        'InvalidResourceLocation',
        `The resource '${name}' already exists in location '${existing.location}' in resource group '${resourceGroup}'. A resource with the same name cannot be created in location '${location}'. Please select a new resource name.`,
      );
    }
    patchWorkspace(world, existing, { ...input, tags: input.tags ?? {} });
    return { outcome: 'updated', workspace: existing };
  }
  checkWorkspaceName(name);
  const location = checkLocation(input.location, WORKSPACE_TYPE, subscription.closedRegions);
  const deleted = world.deletedWorkspaces.get(key(id));
  if (deleted) return { outcome: 'recovered', workspace: recover(world, deleted, location, input) };
  checkWorkspaceInput(input, undefined);
  const tables = FIRST_TABLES.filter((table) => world.standardTables.has(key(table))).map((table) => ({ name: table }));
  const workspace = addWorkspace(world, { subscription, resourceGroup, name, location, tables });
  // A name that was used and purged comes back as another workspace: its ID is new.
  workspace.properties.customerId = world.guid('workspace', key(id), world.version, world.clock.now());
  apply(world, workspace, input);
  return { outcome: 'created', workspace };
}

function recover(world: World, deleted: Workspace, location: string, input: WorkspaceInput): Workspace {
  if (deleted.location !== location) throw nameTaken(deleted.name);
  const { deletedAt: _gone, ...workspace } = deleted;
  checkWorkspaceInput(input, currentTier(workspace));
  world.deletedWorkspaces.delete(key(workspaceScope(workspace)));
  world.workspaces.set(key(workspaceScope(workspace)), workspace);
  apply(world, workspace, input);
  return workspace;
}

function nameTaken(name: string): Error {
  return armError(409, 'Conflict', `The workspace name '${name}' is not unique`, { target: 'name' });
}

/** Changes what the body says and leaves the rest. */
export function patchWorkspace(world: World, workspace: Workspace, input: WorkspaceInput): void {
  if (workspace.properties.provisioningState !== 'Succeeded') {
    throw armError(
      409,
      'Conflict',
      `The workspace '${workspace.name}' is in state '${workspace.properties.provisioningState}': try again when it has succeeded.`,
    );
  }
  checkWorkspaceInput(input, currentTier(workspace));
  apply(world, workspace, input);
}

function currentTier(workspace: Workspace): {
  sku: Workspace['properties']['sku']['name'];
  capacityReservationLevel?: number;
} {
  const { name: sku, capacityReservationLevel } = workspace.properties.sku;
  return { sku, ...(capacityReservationLevel === undefined ? {} : { capacityReservationLevel }) };
}

function apply(world: World, workspace: Workspace, input: WorkspaceInput): void {
  const { properties } = workspace;
  const given = input.properties ?? {};
  const now = world.clock.iso();
  const sku = findSku(given.sku?.name ?? input.sku?.name);
  // A workspace that is recovered is there all the same (Azure/azure-cli#23867).
  if (sku !== undefined && sku !== properties.sku.name && workspace.linkedServices.has('cluster'))
    throw armError(400, 'BadRequest', 'sku.name can not be changed while workspace is linked to cluster');
  if (
    sku !== undefined &&
    (sku !== properties.sku.name || given.sku?.capacityReservationLevel !== properties.sku.capacityReservationLevel)
  ) {
    properties.sku = {
      name: sku,
      ...(given.sku?.capacityReservationLevel === undefined
        ? {}
        : { capacityReservationLevel: given.sku.capacityReservationLevel }),
      lastSkuUpdate: now,
    };
  }
  if (typeof given.retentionInDays === 'number') properties.retentionInDays = given.retentionInDays;
  if (given.workspaceCapping?.dailyQuotaGb !== undefined) {
    properties.workspaceCapping = {
      ...properties.workspaceCapping,
      dailyQuotaGb: given.workspaceCapping.dailyQuotaGb,
      dataIngestionStatus: 'RespectQuota',
    };
  }
  if (given.publicNetworkAccessForIngestion)
    properties.publicNetworkAccessForIngestion = given.publicNetworkAccessForIngestion;
  if (given.publicNetworkAccessForQuery) properties.publicNetworkAccessForQuery = given.publicNetworkAccessForQuery;
  if (given.forceCmkForQuery !== undefined) properties.forceCmkForQuery = given.forceCmkForQuery;
  if (given.features) properties.features = { ...properties.features, ...given.features };
  if (given.defaultDataCollectionRuleResourceId !== undefined)
    properties.defaultDataCollectionRuleResourceId = given.defaultDataCollectionRuleResourceId;
  if (input.tags) workspace.tags = { ...input.tags };
  if (input.identity) {
    workspace.identity =
      input.identity.type === 'SystemAssigned'
        ? {
            type: 'SystemAssigned',
            principalId: world.guid('identity', workspaceScope(workspace)),
            tenantId: world.subscriptions.get(key(workspace.subscriptionId))!.tenantId,
          }
        : { type: input.identity.type };
  }
  properties.modifiedDate = now;
  workspace.etag = `"${freshGuid()}"`;
  world.touch();
}

/**
 * Takes a workspace away: for good, or into soft delete. Its solutions and the link to an automation account go for
 * good either way (MicrosoftDocs, logs/delete-workspace.md); a link to a dedicated cluster is there again when the
 * workspace is (Azure/azure-cli#23867).
 */
export function removeWorkspace(world: World, workspace: Workspace, permanently: boolean): void {
  const id = key(workspaceScope(workspace));
  world.workspaces.delete(id);
  workspace.properties.provisioningState = 'Succeeded';
  workspace.solutions = workspace.solutions.filter((solution) => solution === 'LogManagement');
  for (const name of workspace.linkedServices.keys()) if (name !== 'cluster') workspace.linkedServices.delete(name);
  if (!permanently) world.deletedWorkspaces.set(id, { ...workspace, deletedAt: world.clock.iso() });
  world.touch();
}

/** Forgets what has been soft-deleted for longer than its time. */
export function purgeExpired(world: World): void {
  for (const [id, workspace] of world.deletedWorkspaces) {
    if (workspace.deletedAt === undefined || world.clock.now() - Date.parse(workspace.deletedAt) <= SOFT_DELETE_MS)
      continue;
    world.deletedWorkspaces.delete(id);
    world.touch();
  }
}
