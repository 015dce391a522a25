import { key } from '../armId.ts';
import type { EngineDatabase, EngineTable } from '../../engine/face.ts';
import type { Workspace, WorkspaceTable } from '../state.ts';
import { ofResource, unioned } from './relations.ts';
import { keptTo } from './rowConditions.ts';
import type { QueryScope } from './scopes.ts';
import type { TableAccess } from './tableAccess.ts';
import { functionsOf, mayNameAll, namesIn } from './tableColumns.ts';
import type { TableStore } from './tableStore.ts';

/** A database for one query, and the way to let its tables go. */
export interface OpenDatabase {
  readonly database: EngineDatabase;
  release(): void;
}

/**
 * Tables of a workspace that the text may mean: by name, through its functions, or, for wildcards, all that have rows.
 * Hundreds of empty ones would add nothing but their columns to a `union *`.
 */
export function mentionedTables(store: TableStore, workspace: Workspace, text: string): WorkspaceTable[] {
  const functions = functionsOf(workspace);
  const names = namesIn(text);
  let all = mayNameAll(text);
  // A function brings the tables of its body, and those of the functions that calls.
  for (let before = -1; before !== names.size;) {
    before = names.size;
    for (const { name, body } of functions) {
      if (!names.has(name)) continue;
      for (const inner of namesIn(body)) names.add(inner);
      all ||= mayNameAll(body);
    }
  }
  return [...workspace.tables.values()].filter(
    (table) =>
      names.has(table.name) ||
      // Wildcards pass over Basic and Auxiliary tables without a word.
      (all && table.plan === 'Analytics' && store.hasRows(workspace, table)),
  );
}

/** What a scope looks like to this query: only the tables it may mean, so that a thousand others cost nothing. */
export async function openDatabase(
  store: TableStore,
  scope: QueryScope,
  text: string,
  access: TableAccess,
): Promise<OpenDatabase> {
  const releases: (() => void)[] = [];
  const release = (): void => {
    for (const letGo of releases.splice(0)) letGo();
  };
  try {
    const parts = new Map<string, { name: string; tables: EngineTable[] }>();
    for (const workspace of scope.workspaces) {
      for (const table of mentionedTables(store, workspace, text)) {
        const sight = access.sight(workspace, table);
        if (sight === 'nothing') continue;
        const opened = sight === 'rows' ? await store.open(workspace, table) : store.without(table);
        releases.push(() => {
          opened.release();
        });
        const entry = parts.get(key(table.name)) ?? { name: table.name, tables: [] };
        const conditions = sight === 'rows' ? access.conditions(workspace, table) : [];
        const seen = conditions.length > 0 ? keptTo(opened.table, conditions) : opened.table;
        entry.tables.push(scope.resource === undefined ? seen : ofResource(seen, scope.resource));
        parts.set(key(table.name), entry);
      }
    }
    const first = scope.workspaces[0];
    return {
      database: {
        name: first?.name ?? 'resource',
        tables: [...parts.values()].map(({ name, tables }) => unioned(name, tables)),
        functions: first ? functionsOf(first) : [],
        // Sample rows come the moment they are generated.
        ingestionTime: 'TimeGenerated',
      },
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}
