import { workspaceScope } from '../armId.ts';
import type { Workspace, WorkspaceTable, World } from '../state.ts';
import { columnsOf, functionsOf } from './tableColumns.ts';

/** A table of the metadata; what is told of it once does not change. */
interface MetadataTable {
  hasData: boolean;
  readonly [more: string]: unknown;
}

/**
 * What `/metadata` tells of workspaces: tables with columns and whether they hold data, functions, saved queries,
 * solutions, the workspaces themselves. Ids are bare names. Plans of tables are told by Resource Manager alone.
 */
export function toMetadata(
  world: World,
  workspaces: readonly Workspace[],
  hasRows: (workspace: Workspace, table: WorkspaceTable) => boolean,
): object {
  const tables = new Map<string, MetadataTable>();
  const functions = new Map<string, object>();
  const queries: object[] = [];
  for (const workspace of workspaces) {
    for (const table of workspace.tables.values()) {
      const known = tables.get(table.name);
      if (known) {
        known.hasData ||= hasRows(workspace, table);
        continue;
      }
      const columns = columnsOf(world, table);
      tables.set(table.name, {
        id: table.name,
        name: table.name,
        ...(table.description ? { description: table.description } : {}),
        ...(columns.some(({ name }) => name === 'TimeGenerated') ? { timespanColumn: 'TimeGenerated' } : {}),
        labels: table.tableType === 'CustomLog' ? ['Custom Logs'] : [],
        hasData: hasRows(workspace, table),
        columns: columns.map(({ name, type }) => ({ name, type })),
        related: { workspaces: [workspace.properties.customerId], solutions: ['LogManagement'] },
      });
    }
    for (const { name, parameters, body } of functionsOf(workspace)) {
      functions.set(name, {
        id: name,
        name,
        displayName: name,
        ...(parameters ? { parameters } : {}),
        body,
        related: { workspaces: [workspace.properties.customerId] },
      });
    }
    for (const { name, properties } of workspace.savedSearches.values()) {
      if (!properties.functionAlias)
        queries.push({
          id: name,
          displayName: properties.displayName,
          body: properties.query,
          labels: [properties.category],
          related: { workspaces: [workspace.properties.customerId] },
        });
    }
  }
  const solutions = [...new Set(workspaces.flatMap((workspace) => workspace.solutions))].map((name) => ({
    id: name,
    name,
    related: { tables: [] },
  }));
  return {
    tables: [...tables.values()],
    functions: [...functions.values()],
    queries,
    solutions,
    categories: [],
    resourceTypes: [],
    applications: [],
    resources: [],
    workspaces: workspaces.map((workspace) => ({
      id: workspace.properties.customerId,
      resourceId: workspaceScope(workspace),
      name: workspace.name,
      region: workspace.location,
      related: { tables: [...workspace.tables.values()].map(({ name }) => name) },
    })),
    permissions: [
      { workspaces: workspaces.map((workspace) => ({ resourceId: workspaceScope(workspace) })), applications: [] },
    ],
  };
}
