import { groupScope, key } from '../armId.ts';
import { armError } from '../router.ts';
import type { PackQuery, QueryPack } from '../queryPack.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { page } from './subscriptions.ts';
import { resourceNotFound } from './workspaceBody.ts';
import { readInput } from './workspaces.ts';

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Input = { readonly properties?: Partial<PackQuery['properties']> };

/**
 * The queries of a query pack (operationalinsights 2025-07-01, QueryPackQueries*.json): lists leave the KQL out unless
 * `includeBody` asks for it, and are paged.
 */
export function registerPackQueries(
  gate: ArmGate,
  pack: string,
  packType: string,
  packOf: (call: ArmCall) => QueryPack,
): void {
  const { world } = gate;
  const type = `${packType}/queries`;
  const find = (call: ArmCall): PackQuery | undefined => packOf(call).queries.get(key(call.ctx.params['id']!));
  gate.add('GET', `${pack}/queries`, { type, action: `${type}/read` }, (call) => {
    const found = packOf(call);
    const withBody = call.ctx.query('includeBody')?.toLowerCase() === 'true';
    return page(
      call,
      [...found.queries.values()].map((query) => toBody(found, query, withBody)),
    );
  });
  gate.add('GET', `${pack}/queries/{id}`, { type, action: `${type}/read` }, (call) => {
    const [found, query] = [packOf(call), find(call)];
    if (!query)
      throw resourceNotFound(`${packType}/${found.name}/queries/${call.ctx.params['id']}`, found.resourceGroup);
    return { status: 200, body: toBody(found, query, true) };
  });
  for (const method of ['PUT', 'PATCH'])
    gate.add(method, `${pack}/queries/{id}`, { type, action: `${type}/write` }, (call) => {
      const [found, known] = [packOf(call), find(call)];
      const id = call.ctx.params['id']!;
      const input = readInput<Input>(call.ctx.json(), call.ctx.body);
      const properties = { ...(method === 'PATCH' ? known?.properties : {}), ...input.properties };
      checkInput(id, properties);
      const now = world.clock.iso();
      const query: PackQuery = {
        id: key(id),
        author: known?.author ?? call.claims.oid,
        timeCreated: known?.timeCreated ?? now,
        timeModified: now,
        properties: properties as PackQuery['properties'],
      };
      found.queries.set(query.id, query);
      found.timeModified = now;
      world.touch();
      return { status: 200, body: toBody(found, query, true) };
    });
  gate.add('DELETE', `${pack}/queries/{id}`, { type, action: `${type}/delete` }, (call) => {
    const had = packOf(call).queries.delete(key(call.ctx.params['id']!));
    world.touch();
    return { status: had ? 200 : 204 };
  });
}

/** Throws 400 for an id that is no GUID, and for a missing name or text, which the specification requires. */
function checkInput(id: string, properties: Input['properties']): void {
  if (!GUID.test(id)) throw armError(400, 'BadRequest', `The id of a query has to be a GUID, not '${id}'.`);
  for (const name of ['displayName', 'body'] as const)
    if (typeof properties?.[name] !== 'string' || properties[name] === '')
      throw armError(400, 'BadRequest', `The property '${name}' of a query is required.`, {
        target: `properties.${name}`,
      });
}

function toBody(
  pack: QueryPack,
  { id, author, timeCreated, timeModified, properties }: PackQuery,
  withBody: boolean,
): object {
  const { body, ...rest } = properties;
  const group = groupScope(pack.subscriptionId, pack.resourceGroup);
  return {
    id: `${group}/providers/microsoft.operationalinsights/queryPacks/${pack.name}/queries/${id}`,
    name: id,
    type: 'microsoft.operationalinsights/queryPacks/queries',
    systemData: {
      createdBy: author,
      createdByType: 'User',
      createdAt: timeCreated,
      lastModifiedBy: author,
      lastModifiedByType: 'User',
      lastModifiedAt: timeModified,
    },
    properties: { ...rest, ...(withBody ? { body } : {}), id, author, timeCreated, timeModified },
  };
}
