import { key, workspaceScope } from '../armId.ts';
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
  gate.add('GET', AT, { type, action: `${type}/savedSearches/read` }, ({ ctx, apiVersion }) => {
    const workspace = workspaceOf(world, ctx);
    return {
      status: 200,
      body: { value: [...workspace.savedSearches.values()].map((search) => toBody(workspace, search, apiVersion)) },
    };
  });
  gate.add('GET', `${AT}/{id}`, { type, action: `${type}/savedSearches/read` }, ({ ctx, apiVersion }) => {
    const workspace = workspaceOf(world, ctx);
    const search = workspace.savedSearches.get(key(ctx.params['id']!));
    if (!search)
      throw resourceNotFound(`${type}/${workspace.name}/savedSearches/${ctx.params['id']}`, workspace.resourceGroup);
    return { status: 200, body: toBody(workspace, search, apiVersion) };
  });
  gate.add('PUT', `${AT}/{id}`, { type, action: `${type}/savedSearches/write` }, ({ ctx, apiVersion }) => {
    const workspace = workspaceOf(world, ctx);
    const input = readInput<SavedSearchInput>(ctx.json(), ctx.body);
    const search = putSavedSearch(
      world,
      workspace,
      ctx.params['id']!,
      isFirst(apiVersion) ? (recased(input, lower) as SavedSearchInput) : input,
    );
    return { status: 200, body: toBody(workspace, search, apiVersion) };
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
  // An empty alias is none: hashicorp/terraform-provider-azurerm sends one for what is no function.
  const { functionAlias: alias = '', ...properties } = input.properties ?? {};
  if (alias !== '' && !/^[A-Za-z_]\w*$/.test(alias)) {
    throw armError(400, 'BadRequest', `The function alias '${alias}' is not a valid name.`, {
      target: 'properties.functionAlias',
    });
  }
  const search: SavedSearch = {
    name: id,
    etag: stampedTag(world),
    properties: {
      version: 2,
      ...properties,
      ...(alias === '' ? {} : { functionAlias: alias }),
      category: category!,
      displayName: displayName!,
      query: query!,
    },
  };
  workspace.savedSearches.set(key(id), search);
  world.touch();
  return search;
}

/**
 * A saved search as the service writes it: with `savedSearches` alone as the type (azure-cli's recording of 2025); with
 * capitals to the first api-version (the specification's SavedSearchesListByWorkspace of 2015-03-20).
 */
function toBody(workspace: Workspace, { name, etag, properties }: SavedSearch, apiVersion: string): object {
  const id = `${workspaceScope(workspace)}/savedSearches/${name}`;
  if (isFirst(apiVersion)) return { id: id.slice(1), eTag: etag, properties: recased(properties, upper) };
  return { properties, id, name, type: 'Microsoft.OperationalInsights/savedSearches', etag };
}

/** A time, as the service's tags are, and no two the same even where the clock stands still. */
function stampedTag({ clock, version }: World): string {
  const ticks = String(version % 10_000).padStart(4, '0');
  return `W/"datetime'${encodeURIComponent(clock.iso().replace(/0000Z$/, `${ticks}Z`))}'"`;
}

function isFirst(apiVersion: string): boolean {
  return apiVersion < '2015-11';
}

const upper = (name: string): string => name[0]!.toUpperCase() + name.slice(1);
const lower = (name: string): string => name[0]!.toLowerCase() + name.slice(1);

/** The same with other names: `displayName` or `DisplayName`, in lists too. */
function recased(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => recased(one, rename));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => [name && rename(name), recased(content, rename)]),
  );
}
