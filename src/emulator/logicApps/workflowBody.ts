import { findSubscription } from '../lookup.ts';
import type { World } from '../state.ts';
import type { ActionRecord, LogicApp, WorkflowRun } from './workflow.ts';

/** A workflow as Resource Manager lists any resource. */
export function toWorkflowResource(
  world: World,
  app: LogicApp,
): {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly identity?: object;
  readonly properties: object;
} {
  const { id, name, location, tags, principalId } = app;
  const tenantId = findSubscription(world, app.subscriptionId)?.tenantId;
  return {
    properties: {
      provisioningState: 'Succeeded',
      createdTime: app.createdTime,
      changedTime: app.changedTime,
      state: app.state,
      version: app.version,
      definition: app.definition,
      parameters: app.parameters,
    },
    id,
    name,
    type: 'Microsoft.Logic/workflows',
    location,
    tags,
    ...(principalId === undefined ? {} : { identity: { type: 'SystemAssigned', principalId, tenantId } }),
  };
}

/** A run as the service writes it (Microsoft.Logic 2019-05-01, examples/WorkflowRuns_Get.json). */
export function toRun({ id, version }: LogicApp, run: WorkflowRun): object {
  const correlation = { clientTrackingId: run.name };
  return {
    properties: {
      waitEndTime: run.startTime,
      startTime: run.startTime,
      ...(run.endTime === undefined ? {} : { endTime: run.endTime }),
      status: run.status,
      ...(run.error ? { code: run.error.code, error: run.error } : {}),
      correlation,
      workflow: { id: `${id}/versions/${version}`, name: version, type: 'Microsoft.Logic/workflows/versions' },
      trigger: {
        name: run.trigger.name,
        startTime: run.startTime,
        endTime: run.startTime,
        ...(run.trigger.scheduledTime === undefined ? {} : { scheduledTime: run.trigger.scheduledTime }),
        correlation,
        code: 'OK',
        status: 'Succeeded',
      },
      outputs: {},
    },
    id: `${id}/runs/${run.name}`,
    name: run.name,
    type: 'Microsoft.Logic/workflows/runs',
  };
}

/** An action of a run (examples/WorkflowRunActions_List.json), without links to what it sent and got. */
export function toRunAction({ id }: LogicApp, run: WorkflowRun, action: ActionRecord): object {
  const { name, startTime, endTime, status, code, error, repetitions } = action;
  return {
    properties: {
      startTime,
      endTime,
      correlation: { clientTrackingId: run.name },
      status,
      code,
      ...(error ? { error } : {}),
      ...(repetitions === undefined ? {} : { repetitionCount: repetitions }),
    },
    id: `${id}/runs/${run.name}/actions/${name}`,
    name,
    type: 'Microsoft.Logic/workflows/runs/actions',
  };
}
