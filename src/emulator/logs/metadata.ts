import { workspaceScope } from '../armId.ts';
import type { Workspace, World } from '../state.ts';
import { columnsOf, functionsOf } from './tableColumns.ts';

/**
 * What `/metadata` tells of workspaces: tables with columns, functions, saved queries, solutions, the workspaces
 * themselves.
 */
export function toMetadata(world: World, workspaces: readonly Workspace[]): object {
  const tables = new Map<string, object>();
  const functions = new Map<string, object>();
  const queries: object[] = [];
  for (const workspace of workspaces) {
    for (const table of workspace.tables.values()) {
      const id = `t/${table.name}`;
      if (tables.has(id)) continue;
      const columns = columnsOf(world, table);
      tables.set(id, {
        id,
        name: table.name,
        ...(table.description ? { description: table.description } : {}),
        ...(columns.some(({ name }) => name === 'TimeGenerated') ? { timespanColumn: 'TimeGenerated' } : {}),
        labels: table.tableType === 'CustomLog' ? ['Custom Logs'] : [],
        properties: { plan: table.plan },
        columns: columns.map(({ name, type }) => ({ name, type })),
        related: { workspaces: [workspace.properties.customerId], solutions: ['LogManagement'] },
      });
    }
    for (const { name, parameters, body } of functionsOf(workspace)) {
      functions.set(name, {
        id: `f/${name}`,
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
          id: `q/${name}`,
          displayName: properties.displayName,
          body: properties.query,
          labels: [properties.category],
          related: { workspaces: [workspace.properties.customerId] },
        });
    }
  }
  const solutions = [...new Set(workspaces.flatMap((workspace) => workspace.solutions))].map((name) => ({
    id: `s/${name}`,
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
      related: { tables: [...workspace.tables.values()].map(({ name }) => `t/${name}`) },
    })),
    permissions: [
      { workspaces: workspaces.map((workspace) => ({ resourceId: workspaceScope(workspace) })), applications: [] },
    ],
  };
}
