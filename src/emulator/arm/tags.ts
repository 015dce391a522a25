import { groupScope, key, subscriptionScope } from '../armId.ts';
import { findResourceGroup } from '../lookup.ts';
import { armError, type Answer } from '../router.ts';
import type { World } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { checkTags } from './workspaceRules.ts';
import { readInput } from './workspaces.ts';

const TYPE = 'Microsoft.Resources/tags';
const GROUP = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}';

interface TagsInput {
  readonly operation?: string;
  readonly properties?: { readonly tags?: Record<string, string> };
}

/**
 * Tags of a subscription, a resource group or a resource (azure-rest-api-specs, resources 2021-04-01, Tags_*AtScope): a
 * PUT sets all of them, a PATCH merges, replaces or deletes, a DELETE takes all away. Names differ in more than case.
 */
export function registerTags(gate: ArmGate): void {
  const { world } = gate;
  for (const scope of ['/subscriptions/{subscriptionId}', GROUP, `${GROUP}/providers/{*resource}`]) {
    const at = `${scope}/providers/${TYPE}/default`;
    gate.add('GET', at, { type: TYPE, action: `${TYPE}/read` }, (call) => answer(call));
    gate.add('PUT', at, { type: TYPE, action: `${TYPE}/write` }, (call) => change(call, () => inputOf(call)));
    gate.add('PATCH', at, { type: TYPE, action: `${TYPE}/write` }, (call) => change(call, (now) => patched(call, now)));
    gate.add('DELETE', at, { type: TYPE, action: `${TYPE}/delete` }, (call) => {
      change(call, () => ({}));
      return { status: 200 };
    });
  }

  function change(call: ArmCall, make: (now: Record<string, string>) => Record<string, string>): Answer {
    const holder = holderOf(world, call);
    const tags = make(holder.tags);
    checkTags(tags);
    holder.tags = tags;
    world.touch();
    return answer(call);
  }

  function answer(call: ArmCall): Answer {
    const scope = scopeOf(call);
    const properties = { tags: holderOf(world, call).tags };
    return { status: 200, body: { id: `${scope}/providers/${TYPE}/default`, name: 'default', type: TYPE, properties } };
  }
}

function inputOf({ ctx }: ArmCall): Record<string, string> {
  return readInput<TagsInput>(ctx.json(), ctx.body).properties?.tags ?? {};
}

function patched(call: ArmCall, now: Record<string, string>): Record<string, string> {
  const input = inputOf(call);
  const { operation } = readInput<TagsInput>(call.ctx.json(), call.ctx.body);
  const named = new Set(Object.keys(input).map(key));
  const others = Object.fromEntries(Object.entries(now).filter(([name]) => !named.has(key(name))));
  switch (operation) {
    case 'Merge': {
      const names = new Map(Object.keys(now).map((name) => [key(name), name]));
      const set = Object.entries(input).map(([name, value]) => [names.get(key(name)) ?? name, value] as const);
      return { ...others, ...Object.fromEntries(set) };
    }
    case 'Replace':
      return input;
    case 'Delete':
      return others;
    default:
      throw armError(
        400,
        'InvalidTagsOperation',
        `The operation '${operation}' is not one of Replace, Merge and Delete.`,
      );
  }
}

/** What has the tags. Throws 404 where there is no such thing. */
function holderOf(world: World, call: ArmCall): { tags: Record<string, string> } {
  const scope = scopeOf(call);
  const at = key(scope);
  const { subscription } = call;
  if (at === key(subscriptionScope(subscription.subscriptionId))) return subscription;
  const group = findResourceGroup(world, subscription.subscriptionId, call.ctx.params['resourceGroup'] ?? '');
  if (group && at === key(groupScope(group.subscriptionId, group.name))) return group;
  const alerting = world.alerting.get(at);
  const found =
    world.workspaces.get(at) ??
    world.logicApps.get(at) ??
    world.resources.get(at) ??
    (alerting && 'tags' in alerting ? alerting : undefined);
  if (!found) throw armError(404, 'ResourceNotFound', `The Resource '${scope}' was not found.`);
  return found as { tags: Record<string, string> };
}

function scopeOf({ ctx }: ArmCall): string {
  return ctx.path.slice(0, ctx.path.toLowerCase().lastIndexOf(`/providers/${TYPE.toLowerCase()}`));
}
