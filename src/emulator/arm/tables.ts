import { key, workspaceScope } from '../armId.ts';
import { freshGuid } from '../ids.ts';
import { newTable } from '../populate.ts';
import { armError, type Answer } from '../router.ts';
import type { Workspace, WorkspaceTable, World } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { makeJobTable, type JobRun } from './searchJobs.ts';
import { toTableBody } from './tableBody.ts';
import { checkTableInput, type TableInput } from './tableRules.ts';
import { resourceNotFound, WORKSPACE_TYPE, workspaceOf } from './workspaceBody.ts';
import { locationPath, readInput } from './workspaces.ts';

const TYPE = `${WORKSPACE_TYPE}/tables`;
const AT =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/{workspace}/tables';

/**
 * Tables of a workspace: list, get, create and change (PUT resets a retention that is left out, PATCH keeps it),
 * delete, migrate.
 */
export function registerTables(gate: ArmGate): void {
  const { world } = gate;
  gate.add('GET', AT, { type: TYPE, action: `${TYPE}/read` }, ({ ctx, apiVersion }) => {
    const workspace = workspaceOf(world, ctx);
    return {
      status: 200,
      body: { value: [...workspace.tables.values()].map((table) => toTableBody(world, workspace, table, apiVersion)) },
    };
  });
  gate.add('GET', `${AT}/{table}`, { type: TYPE, action: `${TYPE}/read` }, ({ ctx, apiVersion }) => {
    const workspace = workspaceOf(world, ctx);
    return { status: 200, body: toTableBody(world, workspace, tableOf(workspace, ctx.params['table']!), apiVersion) };
  });
  for (const method of ['PUT', 'PATCH'] as const) {
    gate.add(method, `${AT}/{table}`, { type: TYPE, action: `${TYPE}/write` }, (call) =>
      write(gate, call, method === 'PUT'),
    );
  }
  gate.add('DELETE', `${AT}/{table}`, { type: TYPE, action: `${TYPE}/delete` }, ({ ctx, apiVersion }) => {
    const workspace = workspaceOf(world, ctx);
    const table = workspace.tables.get(key(ctx.params['table']!));
    if (!table) return { status: 204 };
    if (table.tableType === 'Microsoft') {
      throw armError(400, 'BadRequest', `The table '${table.name}' is a Microsoft table and cannot be deleted.`, {
        target: 'name',
      });
    }
    table.provisioningState = 'Deleting';
    const operation = gate.operations.start(
      `${workspaceScope(workspace)}/tables/${table.name}`,
      ctx.faults,
      (failure) => {
        if (failure) table.provisioningState = 'Succeeded';
        else workspace.tables.delete(key(table.name));
      },
    );
    return {
      status: 202,
      headers: gate.operations.asyncHeaders(ctx, operation, locationPath(workspace, 'operationStatuses'), apiVersion),
    };
  });
  gate.add('POST', `${AT}/{table}/migrate`, { type: TYPE, action: `${TYPE}/migrate/action` }, ({ ctx }) => {
    const table = tableOf(workspaceOf(world, ctx), ctx.params['table']!);
    if (table.tableType !== 'CustomLog')
      throw armError(400, 'BadRequest', `The table '${table.name}' is no classic custom table.`);
    table.tableSubType = 'DataCollectionRuleBased';
    world.touch();
    return { status: 200 };
  });
  gate.add('POST', `${AT}/{table}/cancelSearch`, { type: TYPE, action: `${TYPE}/write` }, ({ ctx }) => {
    const table = tableOf(workspaceOf(world, ctx), ctx.params['table']!);
    if (table.tableType !== 'SearchResults' || table.provisioningState !== 'InProgress')
      throw armError(400, 'BadRequest', `The table '${table.name}' is no search job that runs.`);
    table.provisioningState = 'Succeeded';
    world.touch();
    return { status: 200 };
  });
}

function tableOf(workspace: Workspace, name: string): WorkspaceTable {
  const table = workspace.tables.get(key(name));
  if (!table) throw resourceNotFound(`${TYPE}/${workspace.name}/${name}`, workspace.resourceGroup);
  return table;
}

/**
 * 202 without a body for a new table and for other columns, 200 with the table where only plan or retention change, as
 * azure-cli's recordings have it. A table of a search job or of restored logs is filled while the operation runs.
 */
function write(gate: ArmGate, { ctx, apiVersion, claims }: ArmCall, replaces: boolean): Answer {
  const { world, operations } = gate;
  const workspace = workspaceOf(world, ctx);
  const name = ctx.params['table']!;
  const existing = workspace.tables.get(key(name));
  if (!existing && !replaces) throw resourceNotFound(`${TYPE}/${workspace.name}/${name}`, workspace.resourceGroup);
  const input = readInput<TableInput>(ctx.json(), ctx.body);
  const run: JobRun = { by: claims.oid, operationId: freshGuid() };
  const table = putTable(world, workspace, name, input, replaces, run);
  table.provisioningState = existing ? 'Updating' : 'InProgress';
  const operation = operations.start(
    `${workspaceScope(workspace)}/tables/${table.name}`,
    ctx.faults,
    () => {
      table.provisioningState = 'Succeeded';
      if (table.resultStatistics) table.resultStatistics.progress = 100;
    },
    undefined,
    run.operationId,
  );
  const quick = existing !== undefined && input.properties?.schema?.columns === undefined;
  return {
    status: quick ? 200 : 202,
    headers: operations.asyncHeaders(ctx, operation, locationPath(workspace, 'operationStatuses'), apiVersion),
    ...(quick ? { body: toTableBody(world, workspace, table, apiVersion) } : {}),
  };
}

/**
 * Makes a table, or changes one: `replaces` is a PUT, else a PATCH; `run` is who makes one of a job. Throws 400 where
 * the service refuses plan, retention or schema.
 */
export function putTable(
  world: World,
  workspace: Workspace,
  name: string,
  input: TableInput,
  replaces: boolean,
  run: JobRun,
): WorkspaceTable {
  const existing = workspace.tables.get(key(name));
  checkTableInput(name, input, existing);
  const given = input.properties ?? {};
  const table = existing ?? makeJobTable(world, workspace, name, input, run) ?? newTable({ name });
  if (given.plan && given.plan !== table.plan) {
    table.plan = given.plan;
    table.lastPlanModifiedDate = world.clock.iso();
  }
  if (given.protectionLevel === 'Protected') table.protectionLevel = 'Protected';
  else if (given.protectionLevel !== undefined) delete table.protectionLevel;
  for (const field of ['retentionInDays', 'totalRetentionInDays'] as const) {
    const value = given[field];
    if (typeof value === 'number' && value !== -1) table[field] = value;
    else if (replaces || value === -1 || value === null) delete table[field];
  }
  if (given.schema?.columns && table.tableType === 'CustomLog') {
    table.columns = given.schema.columns.map(({ name: column, type, displayName, description }) => ({
      name: column!,
      type: type!.toLowerCase(),
      ...(displayName ? { displayName } : {}),
      ...(description ? { description } : {}),
    }));
  }
  if (given.schema?.description !== undefined) table.description = given.schema.description;
  if (given.schema?.displayName !== undefined) table.displayName = given.schema.displayName;
  workspace.tables.set(key(name), table);
  world.touch();
  return table;
}
