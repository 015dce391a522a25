import { mayDo } from '../access.ts';
import { groupScope, key } from '../armId.ts';
import { addResourceGroup } from '../populate.ts';
import { findResourceGroup, groupsOf, workspacesOf } from '../lookup.ts';
import { armError, type Answer } from '../router.ts';
import type { ResourceGroup, Subscription, World } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { page } from './subscriptions.ts';
import { allResources } from './resources.ts';
import { checkLocation, checkTags } from './workspaceRules.ts';
import { removeWorkspace } from './workspaceWrites.ts';
import { readInput } from './workspaces.ts';

const TYPE = 'Microsoft.Resources/resourceGroups';
const ACTION = 'Microsoft.Resources/subscriptions/resourceGroups';

/** Resource groups and the resources in them. */
export function registerResourceGroups(gate: ArmGate): void {
  const { world, operations } = gate;
  const all = '/subscriptions/{subscriptionId}/resourceGroups';
  // Groups that may not exist are named {group}, so that the gate does not ask for them first.
  const one = `${all}/{group}`;
  const groupOf = ({ ctx, subscription }: ArmCall): ResourceGroup => {
    const name = ctx.params['group']!;
    const group = findResourceGroup(world, subscription.subscriptionId, name);
    if (!group) throw armError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
    return group;
  };

  gate.add('GET', all, { type: TYPE, action: `${ACTION}/read`, list: true }, (call) => {
    const [, name, value] =
      /tagName eq '([^']*)'(?: and tagValue eq '([^']*)')?/i.exec(call.ctx.query('$filter') ?? '') ?? [];
    const groups = groupsOf(world, call.subscription.subscriptionId).filter(({ subscriptionId, name: group, tags }) => {
      const tagged = name === undefined || (Object.hasOwn(tags, name) && (value === undefined || tags[name] === value));
      return tagged && mayDo(call.grants, `${ACTION}/read`, groupScope(subscriptionId, group));
    });
    return page(
      call,
      groups.map((group) => toBody(group)),
    );
  });
  gate.add('HEAD', one, { type: TYPE, action: `${ACTION}/read` }, ({ ctx, subscription }) => ({
    status: findResourceGroup(world, subscription.subscriptionId, ctx.params['group']!) ? 204 : 404,
  }));
  gate.add('GET', one, { type: TYPE, action: `${ACTION}/read` }, (call) => ({
    status: 200,
    body: toBody(groupOf(call)),
  }));
  gate.add('PUT', one, { type: TYPE, action: `${ACTION}/write` }, (call) => put(world, call));
  gate.add('PATCH', one, { type: TYPE, action: `${ACTION}/write` }, (call) => {
    const group = groupOf(call);
    const input = readInput<{ tags?: Record<string, string> }>(call.ctx.json(), call.ctx.body);
    checkTags(input.tags);
    if (input.tags) group.tags = { ...input.tags };
    world.touch();
    return { status: 200, body: toBody(group) };
  });
  gate.add('DELETE', one, { type: TYPE, action: `${ACTION}/delete` }, (call) => {
    const group = groupOf(call);
    const { ctx, apiVersion } = call;
    const operation = operations.start(
      groupScope(group.subscriptionId, group.name),
      ctx.faults,
      (failure) => {
        if (!failure) removeGroup(world, group);
      },
      () => undefined,
    );
    return {
      status: 202,
      headers: operations.locationHeaders(
        ctx,
        operation,
        `/subscriptions/${group.subscriptionId}/operationresults`,
        apiVersion,
      ),
    };
  });
  gate.add('GET', '/subscriptions/{subscriptionId}/operationresults/{id}', { type: TYPE }, ({ ctx }) => {
    const operation = operations.find(ctx.params['id']!);
    if (!operation) throw armError(404, 'OperationNotFound', `The operation '${ctx.params['id']}' was not found.`);
    return operations.locationAnswer(ctx, operation);
  });

  for (const [at, inGroup] of [
    ['/subscriptions/{subscriptionId}/resources', false],
    ['/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/resources', true],
  ] as const) {
    gate.add(
      'GET',
      at,
      { type: TYPE, action: 'Microsoft.Resources/subscriptions/resources/read', list: true },
      (call) => {
        const wanted = /resourceType eq '([^']+)'/i.exec(call.ctx.query('$filter') ?? '')?.[1];
        const prefix = key(
          inGroup
            ? groupScope(call.subscription.subscriptionId, call.ctx.params['resourceGroup']!)
            : `/subscriptions/${call.subscription.subscriptionId}`,
        );
        const listed = allResources(world).filter(
          (resource) =>
            key(resource.id).startsWith(`${prefix}/`) &&
            (wanted === undefined || key(resource.type) === key(wanted)) &&
            mayDo(call.grants, `${resource.type}/read`, resource.id),
        );
        return page(
          call,
          listed.map(({ id, name, type, location, tags, kind }) => ({
            id,
            name,
            type,
            location,
            tags,
            ...(kind ? { kind } : {}),
          })),
        );
      },
    );
  }
}

function put(world: World, { ctx, subscription }: ArmCall): Answer {
  const input = readInput<{ location?: string; tags?: Record<string, string> }>(ctx.json(), ctx.body);
  const { group, created } = putResourceGroup(world, subscription, ctx.params['group']!, input);
  return { status: created ? 201 : 200, body: toBody(group) };
}

/** Creates a group or changes its tags. */
export function putResourceGroup(
  world: World,
  subscription: Subscription,
  name: string,
  input: { readonly location?: string; readonly tags?: Record<string, string> },
): { readonly group: ResourceGroup; readonly created: boolean } {
  if (name.length > 90) {
    throw armError(
      400,
      'InvalidResourceGroup',
      `The provided resource group name '${name.slice(0, 40)}…' has ${name.length} characters; at most 90 are allowed.`,
    );
  }
  if (!/^[-\w().]*[-\w()]$/u.test(name)) {
    throw armError(
      400,
      'InvalidResourceGroup',
      `The provided resource group name '${name}' has these invalid characters: only letters, digits, '-', '_', '(', ')' and '.' are allowed, and '.' must not be the last.`,
    );
  }
  checkTags(input.tags);
  const location = checkLocation(input.location, TYPE);
  const existing = findResourceGroup(world, subscription.subscriptionId, name);
  if (existing) {
    if (existing.location !== location) {
      throw armError(
        409,
        'InvalidResourceGroupLocation',
        `Invalid resource group location '${location}'. The Resource group already exists in location '${existing.location}'.`,
      );
    }
    existing.tags = { ...input.tags };
    world.touch();
    return { group: existing, created: false };
  }
  return { group: addResourceGroup(world, { subscription, name, location, tags: { ...input.tags } }), created: true };
}

/** With the group goes what is in it: workspaces into soft delete. */
function removeGroup(world: World, group: ResourceGroup): void {
  for (const workspace of workspacesOf(world, group.subscriptionId, group.name))
    removeWorkspace(world, workspace, false);
  const prefix = `${key(groupScope(group.subscriptionId, group.name))}/`;
  for (const id of world.resources.keys()) if (id.startsWith(prefix)) world.resources.delete(id);
  for (const map of [world.queryPacks, world.alerting])
    for (const id of map.keys()) if (id.startsWith(prefix)) map.delete(id);
  world.resourceGroups.delete(key(groupScope(group.subscriptionId, group.name)));
  world.touch();
}

/** A resource group as Resource Manager writes it. */
export function toBody(group: ResourceGroup): object {
  return {
    id: groupScope(group.subscriptionId, group.name),
    name: group.name,
    type: TYPE,
    location: group.location,
    tags: group.tags,
    properties: { provisioningState: 'Succeeded' },
    ...(group.managedBy ? { managedBy: group.managedBy } : {}),
  };
}
