import { groupScope, key } from '../armId.ts';
import { armError } from '../router.ts';
import type { PackQuery, QueryPack } from '../queryPack.ts';
import type { World } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { registerPackQueries } from './packQueries.ts';
import { addLists, pathInGroup } from './resourceLists.ts';
import { resourceNotFound } from './workspaceBody.ts';
import { readInput } from './workspaces.ts';

const TYPE = 'Microsoft.OperationalInsights/queryPacks';
const IN_GROUP = pathInGroup(TYPE);

/** Query packs, as in azure-rest-api-specs, operationalinsights 2019-09-01 to 2025-07-01 (QueryPacks*.json). */
export function registerQueryPacks(gate: ArmGate): void {
  const { world } = gate;
  const read = { type: TYPE, action: `${TYPE}/read` };
  addLists(gate, TYPE, { all: () => world.queryPacks.values(), idOf: packScope, bodyOf: toBody });
  gate.add('GET', `${IN_GROUP}/{pack}`, read, (call) => ({ status: 200, body: toBody(packOf(world, call)) }));
  gate.add('PUT', `${IN_GROUP}/{pack}`, { type: TYPE, action: `${TYPE}/write` }, (call) => {
    const { ctx, subscription } = call;
    const input = readInput<{ readonly location?: string; readonly tags?: Record<string, string> }>(
      ctx.json(),
      ctx.body,
    );
    if (!input.location)
      throw armError(400, 'LocationRequired', 'The location property is required for this definition.');
    const known = world.queryPacks.get(key(ctx.path));
    const now = world.clock.iso();
    const name = ctx.params['pack']!;
    const pack: QueryPack = {
      subscriptionId: subscription.subscriptionId,
      resourceGroup: ctx.params['resourceGroup']!,
      name,
      location: known?.location ?? input.location,
      tags: input.tags ?? {},
      queryPackId: known?.queryPackId ?? world.guid('query pack', key(ctx.path)),
      timeCreated: known?.timeCreated ?? now,
      timeModified: now,
      queries: known?.queries ?? new Map<string, PackQuery>(),
    };
    world.queryPacks.set(key(packScope(pack)), pack);
    world.touch();
    return { status: known ? 200 : 201, body: toBody(pack) };
  });
  gate.add('DELETE', `${IN_GROUP}/{pack}`, { type: TYPE, action: `${TYPE}/delete` }, ({ ctx }) => {
    const had = world.queryPacks.delete(key(ctx.path.replace(/\/$/, '')));
    world.touch();
    return { status: had ? 200 : 204 };
  });
  registerPackQueries(gate, `${IN_GROUP}/{pack}`, TYPE, (call) => packOf(world, call));
}

/** ARM id of a query pack. */
function packScope({ subscriptionId, resourceGroup, name }: QueryPack): string {
  return `${groupScope(subscriptionId, resourceGroup)}/providers/${TYPE}/${name}`;
}

/** The pack of the path, or 404. */
function packOf(world: World, { ctx }: ArmCall): QueryPack {
  const { subscriptionId, resourceGroup, pack: name } = ctx.params;
  const at = `${groupScope(subscriptionId!, resourceGroup!)}/providers/${TYPE}/${name!}`;
  const found = world.queryPacks.get(key(at));
  if (!found) throw resourceNotFound(`${TYPE}/${name!}`, resourceGroup!);
  return found;
}

/** The service's examples write the provider of the id, and the type, in lower case. */
function toBody(pack: QueryPack): object {
  const { name, location, tags, queryPackId, timeCreated, timeModified } = pack;
  return {
    id: packScope(pack).replace('Microsoft.OperationalInsights', 'microsoft.operationalinsights'),
    name,
    type: 'microsoft.operationalinsights/querypacks',
    location,
    tags,
    properties: { queryPackId, timeCreated, timeModified, provisioningState: 'Succeeded' },
  };
}
