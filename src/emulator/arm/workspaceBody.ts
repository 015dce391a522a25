import { groupScope, key, workspaceScope } from '../armId.ts';
import { findWorkspace } from '../lookup.ts';
import { armError, type RequestContext } from '../router.ts';
import type { Workspace, World } from '../state.ts';

/** The resource type of a Log Analytics workspace. */
export const WORKSPACE_TYPE = 'Microsoft.OperationalInsights/workspaces';

/** Workspaces made before have ids in lower case to this day. */
const LOWER_CASE_UNTIL = '2023';

/**
 * A workspace's id as the service writes it: wholly in lower case for one that was made when it wrote them so, though
 * `name` keeps its case (Azure/azure-rest-api-specs#9633, Azure/terraform-azurerm-caf-enterprise-scale#448, azure-cli's
 * recordings of 2021); as its creation wrote it for later ones (recordings of 2023 and 2025).
 */
function writtenId(workspace: Workspace): string {
  const id = workspaceScope(workspace);
  return workspace.properties.createdDate < LOWER_CASE_UNTIL ? key(id) : id;
}

/** A workspace as Resource Manager writes it (2025-07-01). */
export function toArmWorkspace(workspace: Workspace): Record<string, unknown> {
  return {
    properties: workspace.properties,
    location: workspace.location,
    tags: workspace.tags,
    id: writtenId(workspace),
    name: workspace.name,
    type: WORKSPACE_TYPE,
    etag: workspace.etag,
    ...(workspace.identity ? { identity: workspace.identity } : {}),
  };
}

/** The workspace of a path, or 404. */
export function workspaceOf(world: World, ctx: RequestContext): Workspace {
  const {
    subscriptionId,
    resourceGroup,
    workspace: name,
  } = ctx.params as { subscriptionId: string; resourceGroup: string; workspace: string };
  const workspace = findWorkspace(world, subscriptionId, resourceGroup, name);
  if (!workspace) throw resourceNotFound(`${WORKSPACE_TYPE}/${name}`, resourceGroup);
  return workspace;
}

/** 404 ResourceNotFound in Resource Manager's words. */
export function resourceNotFound(resource: string, resourceGroup: string): Error {
  return armError(
    404,
    'ResourceNotFound',
    `The Resource '${resource}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

/** What Sentinel and other solutions of a workspace look like as resources of Microsoft.OperationsManagement. */
export function solutionsOf(workspace: Workspace): {
  id: string;
  name: string;
  type: string;
  location: string;
  plan: object;
  properties: object;
  tags: Record<string, string>;
}[] {
  return workspace.solutions
    .filter((solution) => solution !== 'LogManagement')
    .map((solution) => {
      const name = `${solution}(${workspace.name})`;
      return {
        id: `${groupScope(workspace.subscriptionId, workspace.resourceGroup)}/providers/Microsoft.OperationsManagement/solutions/${name}`,
        name,
        type: 'Microsoft.OperationsManagement/solutions',
        location: workspace.location,
        plan: { name, promotionCode: '', product: `OMSGallery/${solution}`, publisher: 'Microsoft' },
        tags: {},
        properties: {
          workspaceResourceId: key(workspaceScope(workspace)),
          provisioningState: 'Succeeded',
          creationTime: workspace.properties.createdDate,
          containedResources: [],
          referencedResources: [],
        },
      };
    });
}
