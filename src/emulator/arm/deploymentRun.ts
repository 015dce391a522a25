import { groupScope, key, subscriptionScope } from '../armId.ts';
import { mayDo, type Grant } from '../access.ts';
import { freshGuid } from '../ids.ts';
import { putLogicApp } from '../logicApps/putLogicApp.ts';
import type { LogicAppInput } from '../logicApps/putLogicApp.ts';
import { findResourceGroup, findWorkspace } from '../lookup.ts';
import { ServiceError } from '../router.ts';
import type { Answer } from '../router.ts';
import type { Subscription, World } from '../state.ts';
import { putAssignment, putOffer } from './lighthouseWrites.ts';
import { checkLocks } from './lockRules.ts';
import { checkPolicies } from './policyRules.ts';
import { allResources } from './resources.ts';
import { putResourceGroup, toBody } from './resourceGroups.ts';
import { putSavedSearch, type SavedSearchInput } from './savedSearches.ts';
import { putTable } from './tables.ts';
import { TemplateRun, typed, type Template } from './template.ts';
import type { Json } from '../expressionReader.ts';
import { TemplateError } from './templateExpression.ts';
import type { TableInput } from './tableRules.ts';
import type { WorkspaceInput } from './workspaceRules.ts';
import { putWorkspace } from './workspaceWrites.ts';

type JsonObject = { [name: string]: Json };

/** One deployment: a template with its parameters, and where it is deployed to. */
export interface DeploymentRequest {
  readonly template: Template;
  readonly parameters: Record<string, { readonly value?: Json }>;
  readonly deploymentName: string;
  readonly subscription: Subscription;
  readonly resourceGroup?: string;
  readonly location?: string;
  readonly origin: string;
  readonly grants: readonly Grant[];
  /** Object id of who deploys. */
  readonly by: string;
  /** Puts a resource that is none of this file's, as who deploys. */
  readonly inner: {
    has(id: string): boolean;
    versionProblem(resource: PlannedResource): string | undefined;
    put(resource: PlannedResource): Answer | Promise<Answer>;
  };
}

/** A deployment that waits for a resource's own service; it goes on with what that answered, or ends with its error. */
export type Deploying<T> = Generator<Promise<Answer>, T, unknown>;

/** One resource of a template with its expressions evaluated, in the order of deployment. */
export interface PlannedResource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly body: JsonObject;
  readonly nested?: DeploymentRequest;
}

/** A deployment that stops: what failed, at which resource. */
export class DeploymentFailure extends Error {
  readonly code: string;
  readonly target: string | undefined;
  readonly status: number;
  constructor(code: string, message: string, status = 400, target?: string) {
    super(message);
    this.name = 'DeploymentFailure';
    this.code = code;
    this.status = status;
    this.target = target;
  }
}

const SUPPORTED = new Set([
  'microsoft.operationalinsights/workspaces',
  'microsoft.operationalinsights/workspaces/savedsearches',
  'microsoft.operationalinsights/workspaces/tables',
  'microsoft.logic/workflows',
  'microsoft.managedservices/registrationdefinitions',
  'microsoft.managedservices/registrationassignments',
  'microsoft.resources/resourcegroups',
  'microsoft.resources/deployments',
]);

const WORKSPACE_CHILD =
  /\/resourceGroups\/([^/]+)\/providers\/Microsoft\.OperationalInsights\/workspaces\/([^/]+)\/([^/]+)\/([^/]+)$/i;

function runOf(world: World, request: DeploymentRequest): TemplateRun {
  const { template, parameters, ...place } = request;
  return new TemplateRun(template, parameters, { world, ...place, resource: (id) => findResource(world, request, id) });
}

/** A resource by id, or by the bare name a template gives `reference`. */
function findResource(world: World, request: DeploymentRequest, idOrName: string): object | undefined {
  const deployment = world.deployments.get(key(idOrName));
  if (deployment) return deployment;
  const match = /\/resourceGroups\/([^/]+)$/i.exec(idOrName);
  const group = match ? findResourceGroup(world, request.subscription.subscriptionId, match[1]!) : undefined;
  if (group) return toBody(group);
  return allResources(world).find(
    (resource) =>
      key(resource.id) === key(idOrName) || (!idOrName.includes('/') && key(resource.name) === key(idOrName)),
  );
}

/**
 * Evaluates the template's resources, children after parents and dependencies first. Throws DeploymentFailure, deploys
 * nothing.
 */
export function planDeployment(world: World, request: DeploymentRequest): PlannedResource[] {
  return guarded(() => {
    const run = runOf(world, request);
    const listed = request.template.resources ?? [];
    const symbols: readonly (readonly [string, Json])[] = Array.isArray(listed)
      ? listed.map((resource) => ['', resource])
      : Object.entries(listed);
    const all = symbols.flatMap(([symbol, resource]) => flatten(symbol, resource as JsonObject));
    const planned = all
      .filter(({ resource }) => run.holds(resource['condition']))
      .map(({ symbol, resource }) => ({
        symbol,
        planned: planResource(run, request, resource),
        dependsOn: ((resource['dependsOn'] as string[] | undefined) ?? []).map((one) => String(run.value(one))),
      }));
    return sorted(planned);
  });
}

/** Child resources written inside their parents, as resources of their own. */
function flatten(
  symbol: string,
  resource: JsonObject,
  parent?: { readonly type: string; readonly name: string },
): { symbol: string; resource: JsonObject }[] {
  if ('copy' in resource)
    throw new TemplateError('InvalidTemplate', "The emulator does not evaluate 'copy' loops in templates.");
  const { resources, ...own } = resource as JsonObject & { resources?: JsonObject[] };
  const type = parent ? `${parent.type}/${String(own['type'])}` : String(own['type']);
  const name = parent ? `[concat(${inner(parent.name)}, '/', ${inner(String(own['name']))})]` : String(own['name']);
  const isDeployment = key(type) === 'microsoft.resources/deployments';
  return [
    { symbol, resource: { ...own, type, name } },
    ...(isDeployment ? [] : (resources ?? []).flatMap((child) => flatten('', child, { type, name }))),
  ];
}

function inner(text: string): string {
  return text.startsWith('[') ? text.slice(1, -1) : `'${text.replaceAll("'", "''")}'`;
}

function planResource(run: TemplateRun, request: DeploymentRequest, resource: JsonObject): PlannedResource {
  const type = String(resource['type']);
  const { properties, ...head } = resource;
  const isDeployment = key(type) === 'microsoft.resources/deployments';
  if (!resource['apiVersion']) {
    throw new TemplateError(
      'InvalidTemplate',
      `The resource '${String(resource['name'])}' of type '${type}' has no apiVersion.`,
    );
  }
  const body = run.value({
    ...head,
    ...(isDeployment || properties === undefined ? {} : { properties }),
  }) as JsonObject;
  delete body['dependsOn'];
  delete body['condition'];
  const name = String(body['name']);
  const group = (body['resourceGroup'] as string | undefined) ?? request.resourceGroup;
  const { subscription } = request;
  const scope =
    key(type) === 'microsoft.resources/resourcegroups' || group === undefined
      ? subscriptionScope(subscription.subscriptionId)
      : groupScope(subscription.subscriptionId, group);
  const id =
    key(type) === 'microsoft.resources/resourcegroups'
      ? groupScope(subscription.subscriptionId, name)
      : `${typeof body['scope'] === 'string' ? body['scope'] : scope}/providers/${typed(type, [name])}`;
  const planned = { id, type, name, body };
  if (!SUPPORTED.has(key(type)) && !request.inner.has(id))
    throw new TemplateError('InvalidTemplate', `The emulator does not deploy resources of type '${type}'.`);
  if (!SUPPORTED.has(key(type)) && request.inner.versionProblem(planned) !== undefined)
    throw new TemplateError(
      'NoRegisteredProviderFound',
      `No registered resource provider found for API version '${String(body['apiVersion'])}' for type '${type}'.`,
    );
  if (group === undefined && /^microsoft\.(?:operationalinsights|logic)\//i.test(type)) {
    throw new TemplateError(
      'InvalidTemplate',
      `The resource '${name}' of type '${type}' cannot be deployed at a subscription: put it in a nested deployment with a resource group.`,
    );
  }
  return {
    ...planned,
    ...(isDeployment ? { nested: nestedRequest(run, request, name, group, properties as JsonObject) } : {}),
  };
}

/** A deployment inside a deployment. With outer scope (the default) its expressions are evaluated by the parent. */
function nestedRequest(
  run: TemplateRun,
  request: DeploymentRequest,
  name: string,
  group: string | undefined,
  properties: JsonObject | undefined,
): DeploymentRequest {
  const given = properties ?? {};
  if (!given['template']) {
    throw new TemplateError(
      'InvalidTemplate',
      `The nested deployment '${name}' has no inline template; the emulator follows no templateLink.`,
    );
  }
  const innerScope =
    (
      (given['expressionEvaluationOptions'] as JsonObject | undefined)?.['scope'] as string | undefined
    )?.toLowerCase() === 'inner';
  const parameters = run.value(given['parameters'] ?? {}) as Record<string, { value?: Json }>;
  const template = given['template'] as JsonObject;
  const scoped = { ...request, deploymentName: name, ...(group === undefined ? {} : { resourceGroup: group }) };
  if (innerScope) return { ...scoped, template: template as Template, parameters };
  // Outer expressions see the parent's parameters and variables; what only the nested resource group knows is not
  // theirs.
  return {
    ...scoped,
    template: {
      ...(template as Template),
      parameters: request.template.parameters ?? {},
      variables: request.template.variables ?? {},
    },
    parameters: request.parameters,
  };
}

function sorted(
  list: readonly {
    readonly symbol: string;
    readonly planned: PlannedResource;
    readonly dependsOn: readonly string[];
  }[],
): PlannedResource[] {
  const done: PlannedResource[] = [];
  let waiting = [...list];
  const names = (one: (typeof list)[number]): string[] =>
    [one.symbol, one.planned.id, one.planned.name, `${one.planned.type}/${one.planned.name}`].map(key);
  while (waiting.length) {
    const ready = waiting.find(
      (one) =>
        !one.dependsOn.some((need) => waiting.some((other) => other !== one && names(other).includes(key(need)))),
    );
    if (!ready)
      throw new TemplateError(
        'InvalidTemplate',
        `Circular dependency detected on resource '${waiting[0]!.planned.id}'.`,
      );
    waiting = waiting.filter((one) => one !== ready);
    done.push(ready.planned);
  }
  return done;
}

/**
 * Deploys what was planned, one by one; calls back after each. Throws DeploymentFailure at the first that fails: the
 * ones before stay.
 */
export function* applyDeployment(
  world: World,
  request: DeploymentRequest,
  deployed: (resource: PlannedResource, failure?: DeploymentFailure) => void,
): Deploying<JsonObject> {
  for (const resource of planDeployment(world, request)) {
    try {
      yield* apply(world, request, resource, deployed);
    } catch (thrown) {
      const error = failureOf(thrown);
      if (error instanceof DeploymentFailure) deployed(resource, error);
      throw error;
    }
    deployed(resource);
  }
  return guarded(() => {
    const run = runOf(world, request);
    const outputs = Object.entries(request.template.outputs ?? {}).filter(([, output]) => run.holds(output.condition));
    return Object.fromEntries(
      outputs.map(([name, { type, value }]) => [
        name,
        { type: type[0]!.toUpperCase() + type.slice(1), value: run.value(value ?? null) },
      ]),
    );
  });
}

function* apply(
  world: World,
  request: DeploymentRequest,
  resource: PlannedResource,
  deployed: (resource: PlannedResource, failure?: DeploymentFailure) => void,
): Deploying<void> {
  const { subscription, grants } = request;
  const { type, name, body, id } = resource;
  const action =
    key(type) === 'microsoft.resources/resourcegroups'
      ? 'Microsoft.Resources/subscriptions/resourceGroups/write'
      : `${type}/write`;
  if (!mayDo(grants, action, id)) {
    throw new DeploymentFailure(
      'AuthorizationFailed',
      `The caller does not have authorization to perform action '${action}' over scope '${id}'.`,
      403,
      id,
    );
  }
  checkLocks(world, 'write', id);
  checkPolicies(world, id, { ...body, type });
  const scope = id.slice(0, id.lastIndexOf('/providers/'));
  if (!SUPPORTED.has(key(type))) {
    const group = /\/resourceGroups\/([^/]+)\//i.exec(id)?.[1];
    if (group !== undefined && !findResourceGroup(world, subscription.subscriptionId, group))
      throw new DeploymentFailure('ResourceGroupNotFound', `Resource group '${group}' could not be found.`, 404, id);
    const answer = request.inner.put(resource);
    if (answer instanceof Promise) yield answer;
    return;
  }
  switch (key(type)) {
    case 'microsoft.resources/resourcegroups': {
      putResourceGroup(world, subscription, name, body as { location?: string; tags?: Record<string, string> });
      return;
    }
    case 'microsoft.resources/deployments': {
      const nested = resource.nested!;
      const outputs = yield* applyDeployment(world, nested, deployed);
      world.deployments.set(key(id), {
        id,
        name,
        operations: [],
        properties: {
          provisioningState: 'Succeeded',
          mode: 'Incremental',
          outputs,
          timestamp: world.clock.iso(),
          correlationId: freshGuid(),
        },
      });
      return;
    }
    case 'microsoft.managedservices/registrationdefinitions':
      putOffer(world, request, scope, name, body);
      return;
    case 'microsoft.managedservices/registrationassignments':
      putAssignment(world, request, scope, name, body);
      return;
    case 'microsoft.logic/workflows':
      putLogicApp(world, subscription, request.resourceGroup!, name, body as unknown as LogicAppInput);
      return;
    case 'microsoft.operationalinsights/workspaces': {
      const group = /\/resourceGroups\/([^/]+)\//i.exec(id)![1]!;
      if (!findResourceGroup(world, subscription.subscriptionId, group)) {
        throw new DeploymentFailure('ResourceGroupNotFound', `Resource group '${group}' could not be found.`, 404, id);
      }
      putWorkspace(world, subscription, group, name, body as WorkspaceInput);
      return;
    }
    default: {
      const [, group, parent, kind, child] = WORKSPACE_CHILD.exec(id) ?? [];
      const workspace =
        parent === undefined ? undefined : findWorkspace(world, subscription.subscriptionId, group!, parent);
      if (!workspace) {
        throw new DeploymentFailure(
          'ParentResourceNotFound',
          `Can not perform requested operation on nested resource. Parent resource '${parent}' not found.`,
          404,
          id,
        );
      }
      if (key(kind!) === 'tables')
        putTable(world, workspace, child!, body as TableInput, true, {
          by: request.by,
          operationId: freshGuid(),
        });
      else putSavedSearch(world, workspace, child!, body as SavedSearchInput);
    }
  }
}

/** Template and service failures, as failures of the deployment. */
function guarded<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw failureOf(error);
  }
}

function failureOf(error: unknown): unknown {
  if (error instanceof TemplateError) return new DeploymentFailure(error.code, error.message);
  if (error instanceof ServiceError) {
    const { code, message } = (error.answer.body as { error: { code: string; message: string } }).error;
    return new DeploymentFailure(code, message, error.answer.status);
  }
  return error;
}
