import { key, workspaceScope } from '../armId.ts';
import { armError } from '../router.ts';
import type { LinkedService, Workspace } from '../state.ts';
import type { ArmGate } from './gate.ts';
import { resourceNotFound, WORKSPACE_TYPE as TYPE, workspaceOf } from './workspaceBody.ts';
import { locationPath, readInput } from './workspaces.ts';

const AT =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/{workspace}/linkedServices';
/** Solutions that need the link to the automation account. */
const AUTOMATED = ['updates', 'changetracking'];

interface LinkedServiceInput {
  readonly properties?: { readonly resourceId?: string; readonly writeAccessResourceId?: string };
  readonly tags?: Record<string, string>;
}

/**
 * Services linked to a workspace: a dedicated cluster or an automation account. Shapes are those of azure-cli's
 * recording of test_monitor_log_analytics_workspace_linked_service_common_scenario: the id in lower case, the name with
 * a capital.
 */
export function registerLinkedServices(gate: ArmGate): void {
  const { world, operations } = gate;
  const find = (workspace: Workspace, name: string): LinkedService => {
    const service = workspace.linkedServices.get(key(name));
    if (!service) throw resourceNotFound(`${TYPE}/${workspace.name}/linkedServices/${name}`, workspace.resourceGroup);
    return service;
  };
  gate.add('GET', AT, { type: TYPE, action: `${TYPE}/linkedServices/read` }, ({ ctx }) => {
    const workspace = workspaceOf(world, ctx);
    const value = [...workspace.linkedServices.values()].map((service) => toBody(workspace, service));
    return { status: 200, body: { value } };
  });
  gate.add('GET', `${AT}/{name}`, { type: TYPE, action: `${TYPE}/linkedServices/read` }, ({ ctx }) => {
    const workspace = workspaceOf(world, ctx);
    return { status: 200, body: toBody(workspace, find(workspace, ctx.params['name']!)) };
  });
  gate.add('PUT', `${AT}/{name}`, { type: TYPE, action: `${TYPE}/linkedServices/write` }, ({ ctx, apiVersion }) => {
    const workspace = workspaceOf(world, ctx);
    const input = readInput<LinkedServiceInput>(ctx.json(), ctx.body);
    if (!input.properties?.resourceId && !input.properties?.writeAccessResourceId) {
      throw armError(400, 'InvalidParameter', 'A linked service needs resourceId or writeAccessResourceId.', {
        target: 'properties',
      });
    }
    const properties = { ...input.properties, provisioningState: 'ProvisioningAccount' };
    const service = { name: written(ctx.params['name']!), properties, tags: input.tags ?? {} };
    workspace.linkedServices.set(key(service.name), service);
    const operation = operations.start(workspaceScope(workspace), ctx.faults, (failure) => {
      properties.provisioningState = failure ? 'Failed' : 'Succeeded';
      if (!failure && service.name === 'Cluster')
        joinCluster(workspace, input.properties?.writeAccessResourceId, world.clock.iso());
    });
    return {
      status: 200,
      headers: operations.asyncHeaders(ctx, operation, locationPath(workspace, 'operationStatuses'), apiVersion),
      body: toBody(workspace, service),
    };
  });
  gate.add('DELETE', `${AT}/{name}`, { type: TYPE, action: `${TYPE}/linkedServices/delete` }, ({ ctx, apiVersion }) => {
    const workspace = workspaceOf(world, ctx);
    const name = key(ctx.params['name']!);
    if (!workspace.linkedServices.has(name)) return { status: 204 };
    // Azure/Azure-Landing-Zones#3873.
    if (name === 'automation' && workspace.solutions.some((solution) => AUTOMATED.includes(key(solution)))) {
      throw armError(
        409,
        'Conflict',
        'The link cannot be updated or deleted because it is linked to Update Management and/or ChangeTracking Solutions',
      );
    }
    const operation = operations.start(workspaceScope(workspace), ctx.faults, (failure) => {
      if (failure) return;
      workspace.linkedServices.delete(name);
      if (name === 'cluster') joinCluster(workspace, undefined, world.clock.iso());
    });
    return {
      status: 202,
      headers: operations.asyncHeaders(ctx, operation, locationPath(workspace, 'operationStatuses'), apiVersion),
    };
  });
}

/** The cluster pays for the data of a workspace that is linked to it; without one it pays as a new workspace does. */
function joinCluster({ properties }: Workspace, cluster: string | undefined, now: string): void {
  properties.sku = { name: cluster ? 'LACluster' : 'PerGB2018', lastSkuUpdate: now };
  if (cluster) properties.features.clusterResourceId = cluster;
  else delete properties.features.clusterResourceId;
}

/** The two that there are have their own spelling. */
function written(name: string): string {
  return ['Cluster', 'Automation'].find((one) => key(one) === key(name)) ?? name;
}

function toBody(workspace: Workspace, service: LinkedService): object {
  return {
    properties: service.properties,
    id: key(`${workspaceScope(workspace)}/linkedServices/${service.name}`),
    name: `${workspace.name}/${service.name}`,
    type: `${TYPE}/linkedServices`,
    ...(Object.keys(service.tags).length ? { tags: service.tags } : {}),
  };
}
