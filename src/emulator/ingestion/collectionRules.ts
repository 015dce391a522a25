import { key } from '../armId.ts';
import { armError } from '../router.ts';
import type { OtherResource, World } from '../state.ts';
import type { ArmCall, ArmGate } from '../arm/gate.ts';
import { addLists, pathInGroup } from '../arm/resourceLists.ts';
import { resourceNotFound } from '../arm/workspaceBody.ts';
import { readInput } from '../arm/workspaces.ts';
import { checkRule } from './ruleInput.ts';
import type { RuleInput } from './ruleInput.ts';

const TYPE = 'Microsoft.Insights/dataCollectionRules';
const IN_GROUP = pathInGroup(TYPE);

/**
 * Data collection rules, as in azure-rest-api-specs (monitor 2023-03-11, 2024-03-11). One of kind `Direct` has an
 * endpoint of its own if it was made so; no later change gives it one.
 */
export function registerCollectionRules(gate: ArmGate): void {
  const { world, deps } = gate;
  const read = { type: TYPE, action: `${TYPE}/read` };
  addLists(gate, TYPE, {
    all: () => [...world.resources.values()].filter(({ type }) => type === key(TYPE)),
    idOf: ({ id }) => id,
    bodyOf: toBody,
  });
  gate.add('GET', `${IN_GROUP}/{rule}`, read, (call) => ({ status: 200, body: toBody(ruleOf(world, call)) }));
  gate.add('PUT', `${IN_GROUP}/{rule}`, { type: TYPE, action: `${TYPE}/write` }, async (call) => {
    const { ctx } = call;
    const input = readInput<RuleInput>(ctx.json(), ctx.body);
    checkRule(world, input);
    // What its machines sent until now they sent by the rule as it was.
    await deps.agents.flow(({ rule }) => rule === key(ctx.path.replace(/\/$/, '')));
    const id = ctx.path.replace(/\/$/, '');
    const known = world.resources.get(key(id));
    // Of a rule that is there only its properties are replaced: neither kind nor place is given anew.
    const rule: OtherResource = {
      id: known?.id ?? id,
      name: known?.name ?? ctx.params['rule']!,
      type: key(TYPE),
      location: known?.location ?? input.location!,
      tags: input.tags ?? {},
      ...toKind(known ? known.kind : input.kind),
      properties: propertiesOf(call, world, input, known),
    };
    world.resources.set(key(rule.id), rule);
    world.touch();
    return { status: known ? 200 : 201, body: toBody(rule) };
  });
  gate.add('DELETE', `${IN_GROUP}/{rule}`, { type: TYPE, action: `${TYPE}/delete` }, async ({ ctx }) => {
    const id = key(ctx.path.replace(/\/$/, ''));
    const associated = world.collectionAssociations.filter(({ ruleId }) => key(ruleId ?? '') === id);
    // Only `deleteAssociations=true` takes its associations away, too (monitor 2024-03-11). The words are ours.
    if (associated.length > 0 && !/^true$/i.test(ctx.query('deleteAssociations') ?? ''))
      throw armError(409, 'RuleHasAssociations', `The data collection rule has ${associated.length} associations.`);
    await deps.agents.flow(({ rule }) => rule === id);
    for (const one of associated) world.collectionAssociations.splice(world.collectionAssociations.indexOf(one), 1);
    const had = world.resources.delete(id);
    world.touch();
    return { status: had ? 200 : 204 };
  });
}

function propertiesOf(
  { ctx }: ArmCall,
  world: World,
  input: RuleInput,
  known: OtherResource | undefined,
): Record<string, unknown> {
  const { destinations, ...given } = input.properties ?? {};
  const { immutableId, endpoints } = known?.properties ?? {};
  // The real one has a host of its own (`NAME-RANDOM.REGION-1.ingest.monitor.azure.com`); everything of ours has one.
  const made =
    key(input.kind ?? '') === 'direct'
      ? { endpoints: { logsIngestion: ctx.origin, metricsIngestion: ctx.origin } }
      : {};
  return {
    ...given,
    immutableId: immutableId ?? `dcr-${crypto.randomUUID().replaceAll('-', '')}`,
    ...(known ? (endpoints ? { endpoints } : {}) : made),
    ...(destinations
      ? {
          destinations: {
            ...destinations,
            logAnalytics: destinations.logAnalytics?.map((one) => ({
              ...one,
              workspaceId: world.workspaces.get(key(one.workspaceResourceId ?? ''))?.properties.customerId,
            })),
          },
        }
      : {}),
    provisioningState: 'Succeeded',
  };
}

function toBody({ id, name, location, tags, kind, properties }: OtherResource): object {
  return { properties, location, tags, ...toKind(kind), id, name, type: TYPE };
}

function toKind(kind: string | undefined): { kind?: string } {
  return kind === undefined ? {} : { kind };
}

function ruleOf(world: World, { ctx }: ArmCall): OtherResource {
  const rule = world.resources.get(key(ctx.path.replace(/\/$/, '')));
  if (!rule) throw resourceNotFound(`${TYPE}/${ctx.params['rule']!}`, ctx.params['resourceGroup']!);
  return rule;
}

/** The rule of an immutable id, with what streams need of it. Undefined where there is none. */
export function findRule(world: World, immutableId: string): OtherResource | undefined {
  for (const rule of world.resources.values())
    if (rule.type === key(TYPE) && key(String(rule.properties['immutableId'])) === key(immutableId)) return rule;
  return undefined;
}
