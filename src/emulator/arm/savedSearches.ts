import { key, workspaceScope } from '../armId.ts';
import { freshGuid } from '../ids.ts';
import { armError } from '../router.ts';
import type { SavedSearch, Workspace, World } from '../state.ts';
import type { ArmGate } from './gate.ts';
import { resourceNotFound, WORKSPACE_TYPE, workspaceOf } from './workspaceBody.ts';
import { readInput } from './workspaces.ts';

const AT =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/{workspace}/savedSearches';

/** The body of a PUT of a saved search; what is missing is refused. */
export type SavedSearchInput = { readonly etag?: string; readonly properties?: Partial<SavedSearch['properties']> };

/** Saved searches; one with a `functionAlias` is a function of the workspace. */
export function registerSavedSearches(gate: ArmGate): void {
  const { world } = gate;
  const type = WORKSPACE_TYPE;
  gate.add('GET', AT, { type, action: `${type}/savedSearches/read` }, ({ ctx }) => {
    const workspace = workspaceOf(world, ctx);
    return {
      status: 200,
      body: { value: [...workspace.savedSearches.values()].map((search) => toBody(workspace, search)) },
    };
  });
  gate.add('GET', `${AT}/{id}`, { type, action: `${type}/savedSearches/read` }, ({ ctx }) => {
    const workspace = workspaceOf(world, ctx);
    const search = workspace.savedSearches.get(key(ctx.params['id']!));
    if (!search)
      throw resourceNotFound(`${type}/${workspace.name}/savedSearches/${ctx.params['id']}`, workspace.resourceGroup);
    return { status: 200, body: toBody(workspace, search) };
  });
  gate.add('PUT', `${AT}/{id}`, { type, action: `${type}/savedSearches/write` }, ({ ctx }) => {
    const workspace = workspaceOf(world, ctx);
    const search = putSavedSearch(
      world,
      workspace,
      ctx.params['id']!,
      readInput<SavedSearchInput>(ctx.json(), ctx.body),
    );
    return { status: 200, body: toBody(workspace, search) };
  });
  gate.add('DELETE', `${AT}/{id}`, { type, action: `${type}/savedSearches/delete` }, ({ ctx }) => {
    const had = workspaceOf(world, ctx).savedSearches.delete(key(ctx.params['id']!));
    world.touch();
    return { status: had ? 200 : 204 };
  });
}

/** Makes or replaces a saved search. Throws 400 where a property is missing, 412 where the etag is an older one. */
export function putSavedSearch(world: World, workspace: Workspace, id: string, input: SavedSearchInput): SavedSearch {
  const { category, displayName, query } = input.properties ?? {};
  for (const [name, value] of Object.entries({ category, displayName, query })) {
    if (typeof value !== 'string' || value === '') {
      throw armError(400, 'BadRequest', `The property '${name}' of a saved search is required.`, {
        target: `properties.${name}`,
      });
    }
  }
  const existing = workspace.savedSearches.get(key(id));
  if (existing && input.etag !== undefined && input.etag !== '*' && input.etag !== existing.etag) {
    throw armError(
      412,
      'PreconditionFailed',
      `The saved search '${id}' was changed in between: its etag is '${existing.etag}'.`,
    );
  }
  const alias = input.properties?.functionAlias;
  if (alias !== undefined && !/^[A-Za-z_]\w*$/.test(alias)) {
    throw armError(400, 'BadRequest', `The function alias '${alias}' is not a valid name.`, {
      target: 'properties.functionAlias',
    });
  }
  const search: SavedSearch = {
    name: id,
    etag: `W/"${freshGuid()}"`,
    properties: { version: 2, ...input.properties, category: category!, displayName: displayName!, query: query! },
  };
  workspace.savedSearches.set(key(id), search);
  world.touch();
  return search;
}

function toBody(workspace: Workspace, search: SavedSearch): object {
  return {
    id: `${workspaceScope(workspace)}/savedSearches/${search.name}`,
    name: search.name,
    type: `${WORKSPACE_TYPE}/savedSearches`,
    etag: search.etag,
    properties: search.properties,
  };
}
