import { key, parseArmId, subscriptionScope, workspaceScope } from '../armId.ts';
import { mayDo } from '../access.ts';
import { findWorkspace, type WorkspaceIndex } from '../lookup.ts';
import type { Workspace, World } from '../state.ts';
import { badArgument, pathNotFound, resourceNotFound, unresolved } from './failures.ts';
import { insufficientAccess, mayRead, type Caller } from './gate.ts';
import type { TableAccess } from './tableAccess.ts';
import type { TableStore } from './tableStore.ts';

const MOST_WORKSPACES = 100;
const MOST_REGIONS = 20;

/** What a query runs against: the rows of one workspace, of several together, or those of one resource. */
export interface QueryScope {
  readonly workspaces: readonly Workspace[];
  /** Resource-centric: only rows of this ARM id or below it. */
  readonly resource?: string;
  /** Workspaces whose rows the caller may not read, left out of a resource's answer. */
  readonly denied: readonly Workspace[];
}

/** Turns names of workspaces and resources into scopes, as far as a caller may read them. */
export class Scopes {
  private readonly world: World;
  private readonly index: WorkspaceIndex;
  private readonly store: TableStore;

  constructor(world: World, index: WorkspaceIndex, store: TableStore) {
    this.world = world;
    this.index = index;
    this.store = store;
  }

  /** `/v1/workspaces/{customerId}`. */
  ofWorkspace(customerId: string, caller: Caller, correlationId: string): QueryScope {
    const workspace = this.index.find(customerId);
    if (!workspace) throw pathNotFound();
    if (!mayRead(this.world, caller, workspace)) throw insufficientAccess(caller, correlationId);
    return { workspaces: [workspace], denied: [] };
  }

  /** `/v1{armResourceId}`: a workspace, or any resource whose rows lie in some workspaces. */
  ofResource(resourceId: string, caller: Caller, correlationId: string): QueryScope {
    const { subscriptionId, resourceGroup, workspace: name } = parseArmId(resourceId);
    if (subscriptionId === undefined || !this.world.subscriptions.has(key(subscriptionId)))
      throw resourceNotFound(resourceId);
    const workspace = name === undefined ? undefined : findWorkspace(this.world, subscriptionId, resourceGroup!, name);
    if (name !== undefined && !workspace) throw resourceNotFound(resourceId);
    if (workspace) return this.ofWorkspace(workspace.properties.customerId, caller, correlationId);
    const holders = this.store.holdersOf(resourceId).flatMap((id) => this.index.find(id) ?? []);
    const isResource =
      this.world.resources.has(key(resourceId)) ||
      this.world.resourceGroups.has(key(resourceId)) ||
      key(resourceId) === key(subscriptionScope(subscriptionId));
    if (holders.length === 0 && !isResource) throw resourceNotFound(resourceId);
    const reads = mayDo(caller.grants, 'Microsoft.Insights/logs/read', resourceId);
    const allowed = (held: Workspace): boolean =>
      mayRead(this.world, caller, held) ||
      (reads && held.properties.features.enableLogAccessUsingOnlyResourcePermissions === true);
    if (!reads && !holders.some(allowed)) throw insufficientAccess(caller, correlationId);
    return {
      workspaces: holders.filter(allowed),
      resource: resourceId,
      denied: holders.filter((held) => !allowed(held)),
    };
  }

  /** Adds the `workspaces` of a request's body. */
  with(scope: QueryScope, names: readonly string[], caller: Caller, correlationId: string): QueryScope {
    const workspaces = [...scope.workspaces];
    for (const name of names) {
      const found = this.named(name, caller, correlationId);
      if (!workspaces.includes(found)) workspaces.push(found);
    }
    return { ...scope, workspaces };
  }

  /** A workspace by customer id, ARM id, `subscription/group/name`, `group/name` or a name that only one has. */
  named(text: string, caller: Caller, correlationId: string): Workspace {
    const wanted = text.trim();
    const byId = this.index.find(wanted);
    const parts = wanted.split('/').filter((part) => part !== '');
    const { workspace: armName } = parseArmId(wanted);
    const fits = (workspace: Workspace): boolean => {
      if (armName !== undefined)
        return key(workspaceScope(workspace)) === key(wanted.startsWith('/') ? wanted : `/${wanted}`);
      const own = [workspace.subscriptionId, workspace.resourceGroup, workspace.name].map(key).slice(-parts.length);
      return parts.length <= 3 && own.every((part, index) => part === key(parts[index]!));
    };
    const found = byId ? [byId] : [...this.world.workspaces.values()].filter(fits);
    const readable = found.filter((workspace) => mayRead(this.world, caller, workspace));
    if (found.length === 1 && readable.length === 0) throw insufficientAccess(caller, correlationId);
    if (readable.length !== 1) throw unresolved(text, correlationId);
    return readable[0]!;
  }

  /** Throws where the scope is more than the service takes. */
  check(workspaces: Iterable<Workspace>, correlationId: string): void {
    const all = new Set(workspaces);
    if (all.size > MOST_WORKSPACES)
      throw badArgument(
        {
          code: 'TooManyResources',
          message: `The query spans ${all.size} workspaces; at most ${MOST_WORKSPACES} are allowed in one query.`,
        },
        correlationId,
      );
    const regions = new Set([...all].map(({ location }) => key(location)));
    if (regions.size >= MOST_REGIONS)
      throw badArgument(
        {
          code: 'TooManyRegions',
          message: `The query spans workspaces in ${regions.size} regions; queries over ${MOST_REGIONS} or more regions are not allowed.`,
        },
        correlationId,
      );
  }

  /** What `include-permissions` tells. */
  permissions(scope: QueryScope, access: TableAccess): object {
    const ids = scope.workspaces.map(workspaceScope);
    const resources =
      scope.resource === undefined
        ? ids.map((resourceId) => ({ resourceId, dataSources: [resourceId] }))
        : [{ resourceId: scope.resource, dataSources: [...ids, ...scope.denied.map(workspaceScope)] }];
    return {
      resources,
      dataSources: [
        ...scope.workspaces.map((workspace) => {
          const denyTables = access.denyTables(workspace);
          return { resourceId: workspaceScope(workspace), ...(denyTables.length > 0 ? { denyTables } : {}) };
        }),
        ...scope.denied.map((workspace) => ({ resourceId: workspaceScope(workspace), denyTables: ['*'] })),
      ],
    };
  }
}

interface CrossReference {
  readonly kind: 'workspace' | 'app' | 'resource';
  readonly name: string;
}

/** `workspace("x")`, `app("x")` and `resource("x")` in a query, comments left out. */
export function crossReferences(text: string): CrossReference[] {
  const code = text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\/\/[^\n]*/g,
    (_all, literal: string | undefined) => literal ?? '',
  );
  return [...code.matchAll(/\b(workspace|app|resource)\s*\(\s*@?(?:"([^"\n]*)"|'([^'\n]*)')\s*\)/g)].map((match) => ({
    kind: match[1] as CrossReference['kind'],
    name: match[2] ?? match[3] ?? '',
  }));
}
