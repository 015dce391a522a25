import { groupScope, key } from '../armId.ts';
import { findResourceGroup } from '../lookup.ts';
import { armError } from '../router.ts';
import type { Account, Subscription, World } from '../state.ts';
import { TemplateFault } from './expression.ts';
import { validateDefinition } from './validate.ts';
import type { Json } from '../expressionReader.ts';
import type { LogicApp, WorkflowDefinition } from './workflow.ts';

/** The resource type of Logic Apps (Consumption). */
export const WORKFLOW_TYPE = 'Microsoft.Logic/workflows';

/** What a PUT of a workflow says. */
export interface LogicAppInput {
  readonly location?: string;
  readonly tags?: Record<string, string>;
  readonly identity?: { readonly type?: string };
  readonly properties?: {
    readonly state?: string;
    readonly definition?: WorkflowDefinition;
    readonly parameters?: Readonly<Record<string, { readonly value?: Json }>>;
  };
}

/** The key of a workflow in the world. */
export function logicAppKey(subscriptionId: string, resourceGroup: string, name: string): string {
  return key(`${groupScope(subscriptionId, resourceGroup)}/providers/${WORKFLOW_TYPE}/${name}`);
}

/** Makes or replaces a workflow, whether by itself or by a template. Throws what Resource Manager answers. */
export function putLogicApp(
  world: World,
  subscription: Subscription,
  resourceGroup: string,
  name: string,
  input: LogicAppInput,
): LogicApp {
  const { subscriptionId } = subscription;
  const group = findResourceGroup(world, subscriptionId, resourceGroup);
  if (!group) throw armError(404, 'ResourceGroupNotFound', `Resource group '${resourceGroup}' could not be found.`);
  const { location, tags = {}, identity, properties = {} } = input;
  if (!location) throw armError(400, 'LocationRequired', 'The location property is required for this definition.');
  const { state = 'Enabled', definition = {}, parameters = {} } = properties;
  if (state !== 'Enabled' && state !== 'Disabled')
    throw armError(400, 'InvalidWorkflowState', `The workflow state '${state}' is not valid.`);
  try {
    validateDefinition(definition);
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    throw armError(400, error.code, error.message);
  }
  for (const [parameter, { defaultValue }] of Object.entries(definition.parameters ?? {}))
    if (parameters[parameter]?.value === undefined && defaultValue === undefined)
      throw armError(
        400,
        'WorkflowParameterNotFound',
        `The value for the workflow parameter '${parameter}' is not provided.`,
      );
  const at = logicAppKey(subscriptionId, resourceGroup, name);
  const known = world.logicApps.get(at);
  const now = world.clock.iso();
  const id = known?.id ?? `${groupScope(subscriptionId, group.name)}/providers/${WORKFLOW_TYPE}/${name}`;
  const wantsIdentity = /systemassigned/i.test(identity?.type ?? '');
  const app: LogicApp = {
    id,
    name: known?.name ?? name,
    subscriptionId,
    resourceGroup: group.name,
    location: known?.location ?? location,
    tags,
    ...(wantsIdentity ? { principalId: known?.principalId ?? addIdentity(world, subscription, id, name) } : {}),
    state,
    version: `0858${String(world.version).padStart(16, '0')}`,
    createdTime: known?.createdTime ?? now,
    changedTime: now,
    definition,
    parameters,
    lookedAt: known?.lookedAt ?? world.clock.now(),
    runs: known?.runs ?? [],
  };
  if (!wantsIdentity && known) removeIdentity(world, known);
  world.logicApps.set(at, app);
  world.touch();
  return app;
}

/** The service principal of a workflow's system-assigned identity: it lives and dies with the workflow. */
function addIdentity(world: World, { tenantId }: Subscription, id: string, name: string): string {
  const account: Account = {
    kind: 'servicePrincipal',
    username: name,
    displayName: name,
    homeTenantId: tenantId,
    objectId: world.guid('identity of a workflow', key(id), world.version),
    memberships: [],
    groups: [],
    appId: world.guid('application of a workflow', key(id), world.version),
  };
  world.accounts.set(key(account.objectId), account);
  return account.objectId;
}

/** Removes the identity of a workflow; role assignments of it stay, as they do in Azure. */
export function removeIdentity(world: World, { principalId }: LogicApp): void {
  if (principalId !== undefined) world.accounts.delete(key(principalId));
}
