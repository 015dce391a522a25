import { key, workspaceScope } from '../armId.ts';
import type { CollectionAssociation } from '../flows.ts';
import { armError } from '../router.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { page } from './subscriptions.ts';
import { resourceNotFound } from './workspaceBody.ts';
import { readInput } from './workspaces.ts';

const TYPE = 'Microsoft.Insights/dataCollectionRuleAssociations';
const GROUP = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}';

interface AssociationInput {
  readonly properties?: {
    readonly dataCollectionRuleId?: string;
    readonly dataCollectionEndpointId?: string;
    readonly description?: string;
  };
}

/**
 * Associations of a resource with data collection rules, and those of a rule, as in azure-rest-api-specs (monitor
 * 2023-03-11, 2024-03-11, examples/DataCollectionRuleAssociations*.json).
 */
export function registerCollectionAssociations(gate: ArmGate): void {
  const { world, deps } = gate;
  const read = { type: TYPE, action: `${TYPE}/read` };
  const indexOf = (call: ArmCall): number =>
    world.collectionAssociations.findIndex(
      ({ name, resourceId }) =>
        key(name) === key(call.ctx.params['name']!) && key(resourceId) === key(resourceOf(call)),
    );
  const ofRule = `${GROUP}/providers/Microsoft.Insights/dataCollectionRules/{rule}/associations`;
  gate.add('GET', ofRule, { ...read, action: 'Microsoft.Insights/dataCollectionRules/read' }, (call) => {
    const rule = key(call.ctx.path.replace(/\/associations\/?$/i, ''));
    return page(
      call,
      world.collectionAssociations.filter(({ ruleId }) => ruleId !== undefined && key(ruleId) === rule).map(toBody),
    );
  });
  const all = `${GROUP}/providers/{*resource}/providers/${TYPE}`;
  gate.add('GET', all, read, (call) =>
    page(
      call,
      world.collectionAssociations.filter(({ resourceId }) => key(resourceId) === key(resourceOf(call))).map(toBody),
    ),
  );
  gate.add('GET', `${all}/{name}`, read, (call) => {
    const found = world.collectionAssociations[indexOf(call)];
    if (!found) throw armError(404, 'ResourceNotFound', `The association '${call.ctx.params['name']}' was not found.`);
    return { status: 200, body: toBody(found) };
  });
  gate.add('PUT', `${all}/{name}`, { type: TYPE, action: `${TYPE}/write` }, async (call) => {
    const { dataCollectionRuleId, dataCollectionEndpointId, description } =
      readInput<AssociationInput>(call.ctx.json(), call.ctx.body).properties ?? {};
    if ((dataCollectionRuleId === undefined) === (dataCollectionEndpointId === undefined))
      throw armError(
        400,
        'InvalidPayload',
        "Exactly one of 'dataCollectionRuleId' and 'dataCollectionEndpointId' has to be given.",
      );
    const resource = resourceOf(call);
    if (!exists(resource))
      throw resourceNotFound(resource.split('/').slice(6).join('/'), call.ctx.params['resourceGroup']!);
    if (dataCollectionRuleId !== undefined && !world.resources.has(key(dataCollectionRuleId)))
      throw armError(404, 'NotFound', `Data collection rule with resource ID '${dataCollectionRuleId}' not found`);
    // What a machine sent until now it sent for what it followed until now.
    await deps.agents.flow(({ machine }) => machine === key(resourceOf(call)));
    const at = indexOf(call);
    const before = world.collectionAssociations[at];
    const association: CollectionAssociation = {
      name: call.ctx.params['name']!,
      resourceId: resource,
      ...(dataCollectionRuleId === undefined ? {} : { ruleId: dataCollectionRuleId }),
      ...(dataCollectionEndpointId === undefined ? {} : { endpointId: dataCollectionEndpointId }),
      ...(description === undefined ? {} : { description }),
      ...sinceOf(before, dataCollectionRuleId),
    };
    if (at < 0) world.collectionAssociations.push(association);
    else world.collectionAssociations[at] = association;
    world.touch();
    return { status: at < 0 ? 201 : 200, body: toBody(association) };
  });
  gate.add('DELETE', `${all}/{name}`, { type: TYPE, action: `${TYPE}/delete` }, async (call) => {
    await deps.agents.flow(({ machine }) => machine === key(resourceOf(call)));
    const at = indexOf(call);
    if (at < 0) return { status: 204 };
    world.collectionAssociations.splice(at, 1);
    world.touch();
    return { status: 200 };
  });

  function sinceOf(before: CollectionAssociation | undefined, rule: string | undefined): { readonly since?: number } {
    if (before?.ruleId !== undefined && key(before.ruleId) === key(rule ?? ''))
      return before.since === undefined ? {} : { since: before.since };
    return rule === undefined ? {} : { since: world.clock.now() };
  }

  function exists(id: string): boolean {
    return (
      world.resources.has(key(id)) ||
      [...world.workspaces.values()].some((workspace) => key(workspaceScope(workspace)) === key(id))
    );
  }
}

function resourceOf({ ctx }: ArmCall): string {
  return ctx.path.slice(0, ctx.path.toLowerCase().lastIndexOf(`/providers/${TYPE.toLowerCase()}`));
}

function toBody({ name, resourceId, ruleId, endpointId, description }: CollectionAssociation): object {
  return {
    id: `${resourceId}/providers/${TYPE}/${name}`,
    name,
    type: TYPE,
    properties: {
      ...(ruleId === undefined ? {} : { dataCollectionRuleId: ruleId }),
      ...(endpointId === undefined ? {} : { dataCollectionEndpointId: endpointId }),
      ...(description === undefined ? {} : { description }),
      provisioningState: 'Succeeded',
    },
  };
}
