import { groupScope, key, subscriptionScope } from '../armId.ts';
import { freshGuid } from '../ids.ts';
import { armError, type Answer } from '../router.ts';
import type { DeploymentRecord } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { allResources } from './resources.ts';
import {
  applyDeployment,
  DeploymentFailure,
  planDeployment,
  type Deploying,
  type DeploymentRequest,
  type PlannedResource,
} from './deploymentRun.ts';
import type { Template } from './template.ts';
import { findResourceGroup } from '../lookup.ts';
import { page } from './subscriptions.ts';
import { readDeployment } from './workspaces.ts';
import type { Json } from '../expressionReader.ts';

const TYPE = 'Microsoft.Resources/deployments';

interface DeploymentInput {
  readonly location?: string;
  readonly properties?: {
    readonly mode?: string;
    readonly template?: Template;
    readonly templateLink?: object;
    readonly parameters?: Record<string, { value?: Json }>;
  };
}

/** Template deployments at a resource group or a subscription: run, validate, what-if, and the records they leave. */
export function registerDeployments(gate: ArmGate): void {
  const { world, operations } = gate;
  for (const at of [
    '/subscriptions/{subscriptionId}',
    '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}',
  ]) {
    const all = `${at}/providers/${TYPE}`;
    const one = `${all}/{name}`;
    const read = { type: TYPE, action: `${TYPE}/read` };
    const recordOf = (call: ArmCall): DeploymentRecord => {
      const record = world.deployments.get(key(idOf(call)));
      if (!record)
        throw armError(404, 'DeploymentNotFound', `Deployment '${call.ctx.params['name']}' could not be found.`);
      return record;
    };
    gate.add('GET', all, { ...read, list: true }, (call) =>
      page(
        call,
        [...world.deployments.values()]
          .filter(
            (record) =>
              key(record.id.slice(0, record.id.lastIndexOf('/'))) === key(`${scopeOf(call)}/providers/${TYPE}`),
          )
          .map(toBody),
      ),
    );
    gate.add('GET', one, read, (call) => ({ status: 200, body: toBody(recordOf(call)) }));
    gate.add('HEAD', one, read, (call) => ({ status: world.deployments.has(key(idOf(call))) ? 204 : 404 }));
    gate.add('DELETE', one, { type: TYPE, action: `${TYPE}/delete` }, (call) => {
      const had = world.deployments.delete(key(idOf(call)));
      world.touch();
      return { status: had ? 200 : 204 };
    });
    gate.add('GET', `${one}/operations`, read, (call) => page(call, recordOf(call).operations));
    gate.add('GET', `${one}/operationStatuses/{operation}`, read, ({ ctx }) => {
      const operation = operations.find(ctx.params['operation']!);
      if (!operation)
        throw armError(404, 'OperationNotFound', `The operation '${ctx.params['operation']}' was not found.`);
      return operations.statusAnswer(operation, ctx.path.slice(0, ctx.path.lastIndexOf('/')));
    });
    gate.add('PUT', one, { type: TYPE, action: `${TYPE}/write` }, (call) => put(gate, call));
    gate.add('POST', `${one}/validate`, { type: TYPE, action: `${TYPE}/validate/action`, readOnly: true }, (call) => {
      const request = toRequest(gate, call);
      const planned = attempt(() => planDeployment(world, request));
      return {
        status: 200,
        body: {
          id: idOf(call),
          name: call.ctx.params['name'],
          type: TYPE,
          properties: {
            provisioningState: 'Succeeded',
            mode: 'Incremental',
            correlationId: call.ctx.correlationId,
            timestamp: world.clock.iso(),
            validatedResources: planned.map(({ id }) => ({ id })),
          },
        },
      };
    });
    gate.add('POST', `${one}/whatIf`, { type: TYPE, action: `${TYPE}/whatIf/action`, readOnly: true }, (call) => {
      const planned = attempt(() => planDeployment(world, toRequest(gate, call)));
      return {
        status: 200,
        body: {
          status: 'Succeeded',
          properties: {
            correlationId: call.ctx.correlationId,
            changes: planned.flatMap((resource) => changesOf(gate, resource)),
          },
        },
      };
    });
  }
}

function scopeOf({ ctx, subscription }: ArmCall): string {
  const group = ctx.params['resourceGroup'];
  return group ? groupScope(subscription.subscriptionId, group) : subscriptionScope(subscription.subscriptionId);
}

function idOf(call: ArmCall): string {
  return `${scopeOf(call)}/providers/${TYPE}/${call.ctx.params['name']}`;
}

function toRequest({ innerWrites }: ArmGate, call: ArmCall): DeploymentRequest {
  const { ctx, subscription, grants, claims } = call;
  const input = readDeployment<DeploymentInput>(ctx.body);
  const group = ctx.params['resourceGroup'];
  if (!input.properties?.mode)
    throw armError(400, 'InvalidDeployment', "The 'mode' property of the deployment is missing.");
  if (/^complete$/i.test(input.properties.mode))
    throw armError(400, 'InvalidDeployment', "The emulator deploys in mode 'Incremental' only.");
  if (!input.properties.template) {
    throw armError(
      400,
      'InvalidDeployment',
      input.properties.templateLink
        ? 'The emulator follows no templateLink: send the template itself.'
        : "The 'template' property of the deployment is missing.",
    );
  }
  if (!group && !input.location)
    throw armError(400, 'LocationRequired', 'The location property is required for a deployment at a subscription.');
  return {
    template: input.properties.template,
    parameters: input.properties.parameters ?? {},
    deploymentName: ctx.params['name']!,
    subscription,
    origin: ctx.origin,
    grants,
    by: claims.oid,
    inner: {
      has: (id) => innerWrites.has(id),
      versionProblem: (resource) => innerWrites.versionProblem(resource),
      put: (resource) => innerWrites.put(call, resource),
    },
    ...(group ? { resourceGroup: group } : {}),
    ...(input.location ? { location: input.location } : {}),
  };
}

/** What fails before anything is deployed answers 400 at once. */
function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof DeploymentFailure)
      throw armError(400, error.code, error.message, error.target ? { target: error.target } : {});
    throw error;
  }
}

function put(gate: ArmGate, call: ArmCall): Answer {
  const { world, operations } = gate;
  const { ctx, apiVersion } = call;
  const request = toRequest(gate, call);
  const planned = attempt(() => planDeployment(world, request));
  const id = idOf(call);
  const running = world.deployments.get(key(id));
  if (running && ['Accepted', 'Running'].includes(String(running.properties['provisioningState']))) {
    throw armError(
      409,
      'DeploymentActive',
      `Unable to edit or replace deployment '${request.deploymentName}': previous deployment is still active.`,
    );
  }
  const started = world.clock.now();
  const record: DeploymentRecord = {
    id,
    name: request.deploymentName,
    ...(request.location ? { location: request.location } : {}),
    operations: [],
    properties: {
      templateHash: world.guid('template', JSON.stringify(request.template)).replaceAll('-', ''),
      parameters: request.parameters,
      mode: 'Incremental',
      provisioningState: 'Accepted',
      timestamp: world.clock.iso(),
      duration: 'PT0S',
      correlationId: ctx.correlationId,
      providers: [...new Set(planned.map(({ type }) => type.split('/')[0]!))].map((namespace) => ({
        namespace,
        resourceTypes: planned
          .filter(({ type }) => type.startsWith(`${namespace}/`))
          .map(({ type }) => ({
            resourceType: type.slice(namespace.length + 1),
            locations: [null],
          })),
      })),
      dependencies: [],
    },
  };
  world.deployments.set(key(id), record);
  world.touch();

  const done: PlannedResource[] = [];
  const ran = (resource: PlannedResource, failure?: DeploymentFailure): void => {
    if (!failure) done.push(resource);
    const operationId = freshGuid().replaceAll('-', '').slice(0, 16).toUpperCase();
    record.operations.push({
      id: `${id}/operations/${operationId}`,
      operationId,
      properties: {
        provisioningOperation: 'Create',
        provisioningState: failure ? 'Failed' : 'Succeeded',
        timestamp: world.clock.iso(),
        duration: 'PT1S',
        statusCode: failure ? (STATUS_NAMES[failure.status] ?? 'BadRequest') : 'OK',
        ...(failure ? { statusMessage: { error: { code: failure.code, message: failure.message } } } : {}),
        targetResource: { id: resource.id, resourceType: resource.type, resourceName: resource.name },
      },
    });
  };
  const end = (failure: DeploymentError | undefined): DeploymentError | undefined => {
    if (failure) Object.assign(record.properties, { provisioningState: 'Failed', error: failure });
    Object.assign(record.properties, {
      duration: `PT${((world.clock.now() - started) / 1000).toFixed(3)}S`,
      timestamp: world.clock.iso(),
      outputResources: done.map((resource) => ({ id: resource.id })),
    });
    return failure;
  };
  const operation = operations.start(id, ctx.faults, (prescribed) => {
    if (prescribed) return end(prescribed);
    const failed = carryThrough(applyDeployment(world, request, ran), (outputs) => {
      Object.assign(record.properties, { provisioningState: 'Succeeded', outputs });
    });
    return failed instanceof Promise ? failed.then(end) : end(failed);
  });
  return {
    status: running ? 200 : 201,
    headers: operations.asyncHeaders(ctx, operation, `${id}/operationStatuses`, apiVersion),
    body: toBody(record),
  };
}

interface DeploymentError {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly object[];
}

/** Runs a deployment to its end: at once, as long as no resource's own service has to be waited for. */
function carryThrough<T>(
  deploying: Deploying<T>,
  succeeded: (outputs: T) => void,
): DeploymentError | undefined | Promise<DeploymentError | undefined> {
  const goOn = (
    next: () => IteratorResult<Promise<Answer>, T>,
  ): DeploymentError | undefined | Promise<DeploymentError | undefined> => {
    try {
      const { done, value } = next();
      if (!done)
        return value.then(
          () => goOn(() => deploying.next()),
          (error: unknown) => goOn(() => deploying.throw(error)),
        );
      succeeded(value);
      return undefined;
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
      return {
        code: 'DeploymentFailed',
        message:
          'At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/arm-deployment-operations for usage details.',
        details: [{ code: error.code, message: error.message, ...(error.target ? { target: error.target } : {}) }],
      };
    }
  };
  return goOn(() => deploying.next());
}

const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
};

function toBody(record: DeploymentRecord): object {
  return {
    id: record.id,
    name: record.name,
    type: TYPE,
    ...(record.location ? { location: record.location } : {}),
    properties: record.properties,
  };
}

/** What one resource would change: nested deployments count by what is in them. */
function changesOf(gate: ArmGate, resource: PlannedResource): object[] {
  const { world } = gate;
  if (resource.nested)
    return attempt(() => planDeployment(world, resource.nested!)).flatMap((inner) => changesOf(gate, inner));
  const group = /\/resourceGroups\/([^/]+)$/i.exec(resource.id)?.[1];
  const before = group
    ? findResourceGroup(world, resource.id.split('/')[2]!, group)
    : allResources(world).find(({ id }) => key(id) === key(resource.id));
  return [
    {
      resourceId: resource.id,
      changeType: before ? 'Deploy' : 'Create',
      ...(before ? { before } : {}),
      after: { id: resource.id, ...resource.body },
    },
  ];
}
