import JSON5 from 'json5';
import { mayDo } from '../access.ts';
import { findWorkspace, workspacesOf } from '../lookup.ts';
import { groupScope, key, workspaceScope } from '../armId.ts';
import type { Fault } from '../faults.ts';
import { armError, type Answer } from '../router.ts';
import type { Workspace } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { toArmWorkspace, WORKSPACE_TYPE, workspaceOf } from './workspaceBody.ts';
import type { WorkspaceInput } from './workspaceRules.ts';
import { patchWorkspace, purgeExpired, putWorkspace, removeWorkspace } from './workspaceWrites.ts';

const READ = `${WORKSPACE_TYPE}/read`;

/** Workspaces: list, get, create and recover, change, delete softly or for good, and the list of the softly deleted. */
export function registerWorkspaces(gate: ArmGate): void {
  const { world, operations } = gate;
  const provider = '/providers/Microsoft.OperationalInsights';
  const group = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}';
  const one = `${group}${provider}/workspaces/{workspace}`;
  const visible = (call: ArmCall, all: Iterable<Workspace>): Record<string, unknown>[] =>
    [...all].filter((workspace) => mayDo(call.grants, READ, workspaceScope(workspace))).map(toArmWorkspace);

  for (const [at, groupOf] of [
    ['/subscriptions/{subscriptionId}', false],
    [group, true],
  ] as const) {
    gate.add('GET', `${at}${provider}/workspaces`, { type: WORKSPACE_TYPE, action: READ, list: true }, (call) => {
      const { subscriptionId } = call.subscription;
      const all = workspacesOf(world, subscriptionId, groupOf ? call.ctx.params['resourceGroup'] : undefined);
      return { status: 200, body: { value: visible(call, all) } };
    });
    gate.add(
      'GET',
      `${at}${provider}/deletedWorkspaces`,
      {
        type: 'Microsoft.OperationalInsights/deletedWorkspaces',
        action: 'Microsoft.OperationalInsights/deletedWorkspaces/read',
        list: true,
      },
      (call) => {
        purgeExpired(world);
        const prefix = key(
          groupOf
            ? groupScope(call.subscription.subscriptionId, call.ctx.params['resourceGroup']!)
            : `/subscriptions/${call.subscription.subscriptionId}`,
        );
        const gone = [...world.deletedWorkspaces].filter(([id]) => id.startsWith(`${prefix}/`));
        // In lower case, each of them: the specification's WorkspacesListByResourceGroupForDeleted (2025-07-01).
        const value = visible(
          call,
          gone.map(([, workspace]) => workspace),
        ).map((one) => ({ ...one, id: key(String(one['id'])) }));
        return { status: 200, body: { value } };
      },
    );
  }

  gate.add('GET', one, { type: WORKSPACE_TYPE, action: READ }, ({ ctx }) => ({
    status: 200,
    body: toArmWorkspace(workspaceOf(world, ctx)),
  }));
  gate.add('PUT', one, { type: WORKSPACE_TYPE, action: `${WORKSPACE_TYPE}/write` }, (call) => put(gate, call));
  gate.add('PATCH', one, { type: WORKSPACE_TYPE, action: `${WORKSPACE_TYPE}/write` }, ({ ctx }) => {
    const workspace = workspaceOf(world, ctx);
    patchWorkspace(world, workspace, readInput(ctx.json(), ctx.body));
    return { status: 200, body: toArmWorkspace(workspace) };
  });
  gate.add('DELETE', one, { type: WORKSPACE_TYPE, action: `${WORKSPACE_TYPE}/delete` }, (call) => remove(gate, call));

  const locations = `/subscriptions/{subscriptionId}${provider}/locations/{location}`;
  gate.add(
    'GET',
    `${locations}/operationStatuses/{id}`,
    { type: 'Microsoft.OperationalInsights/locations' },
    ({ ctx }) => {
      const operation = operations.find(ctx.params['id']!);
      if (!operation) throw armError(404, 'OperationNotFound', `The operation '${ctx.params['id']}' was not found.`);
      return operations.statusAnswer(operation, ctx.path.slice(0, ctx.path.lastIndexOf('/')));
    },
  );
  gate.add(
    'GET',
    `${locations}/operationResults/{id}`,
    { type: 'Microsoft.OperationalInsights/locations' },
    ({ ctx }) => {
      const operation = operations.find(ctx.params['id']!);
      if (!operation) throw armError(404, 'OperationNotFound', `The operation '${ctx.params['id']}' was not found.`);
      return operations.locationAnswer(ctx, operation);
    },
  );
}

/**
 * The body of a deployment as Resource Manager reads it: with comments and unquoted names, for clients put a template
 * in as it was written (Azure's own CLI sends `, template:{...}`).
 */
export function readDeployment<T extends object>(body: Buffer): T {
  let given: unknown;
  try {
    given = body.length ? JSON5.parse(body.toString('utf8').replace(/^\ufeff/, '')) : undefined;
  } catch {
    given = undefined;
  }
  return readInput<T>(given, body);
}

/** The body of a write, or Resource Manager's words for one it cannot read. */
export function readInput<T extends object = WorkspaceInput>(given: unknown, body: Buffer): T {
  if (given !== null && typeof given === 'object' && !Array.isArray(given)) return given as T;
  throw armError(
    400,
    'InvalidRequestContent',
    body.length
      ? "The request content was invalid and could not be deserialized: 'it is not a JSON object'."
      : 'The request content is empty: the body of the resource is missing.',
  );
}

function put(gate: ArmGate, call: ArmCall): Answer {
  const { ctx, subscription } = call;
  const { world, operations } = gate;
  purgeExpired(world);
  const { resourceGroup, workspace: name } = ctx.params as { resourceGroup: string; workspace: string };
  const before = findWorkspace(world, subscription.subscriptionId, resourceGroup, name);
  const { outcome, workspace } = putWorkspace(
    world,
    subscription,
    resourceGroup,
    before?.name ?? name,
    readInput(ctx.json(), ctx.body),
  );
  if (outcome === 'updated') return { status: 200, body: toArmWorkspace(workspace) };
  workspace.properties.provisioningState = 'Creating';
  const operation = operations.start(workspaceScope(workspace), ctx.faults, (failure) => {
    workspace.properties.provisioningState = failure ? 'Failed' : 'Succeeded';
  });
  return {
    status: 201,
    // As recorded from the service: the resource itself is the place to look, and it says `Creating` until it is there.
    headers: isAsync(ctx.faults)
      ? operations.asyncHeaders(ctx, operation, locationPath(workspace, 'operationStatuses'), call.apiVersion)
      : { location: `${ctx.origin}${workspaceScope(workspace)}?api-version=${call.apiVersion}` },
    body: toArmWorkspace(workspace),
  };
}

function remove(gate: ArmGate, call: ArmCall): Answer {
  const { ctx, subscription } = call;
  const { world, operations } = gate;
  const workspace = findWorkspace(
    world,
    subscription.subscriptionId,
    ctx.params['resourceGroup']!,
    ctx.params['workspace']!,
  );
  if (!workspace) return { status: 204 };
  const force = /^true$/i.test(ctx.query('force') ?? '');
  if (!isAsync(ctx.faults)) {
    removeWorkspace(world, workspace, force);
    return { status: 200 };
  }
  workspace.properties.provisioningState = 'Deleting';
  const operation = operations.start(workspaceScope(workspace), ctx.faults, (failure) => {
    if (failure) workspace.properties.provisioningState = 'Failed';
    else removeWorkspace(world, workspace, force);
  });
  world.touch();
  return {
    status: 202,
    headers: {
      ...operations.asyncHeaders(ctx, operation, locationPath(workspace, 'operationStatuses'), call.apiVersion),
      ...operations.locationHeaders(ctx, operation, locationPath(workspace, 'operationResults'), call.apiVersion),
    },
  };
}

/** Whether the call's answers name an operation to poll. */
function isAsync(faults: readonly Fault[]): boolean {
  return faults.some(({ kind }) => kind === 'asyncOperation');
}

/** Where the service keeps the long-running operations on a workspace, without the operation's id. */
export function locationPath(workspace: Workspace, kind: 'operationStatuses' | 'operationResults'): string {
  return `/subscriptions/${workspace.subscriptionId}/providers/Microsoft.OperationalInsights/locations/${workspace.location}/${kind}`;
}
