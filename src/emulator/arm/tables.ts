import { key, workspaceScope } from '../armId.ts';
import { newTable } from '../populate.ts';
import { armError, type Answer } from '../router.ts';
import type { TableColumn, Workspace, WorkspaceTable, World } from '../state.ts';
import type { ArmCall, ArmGate } from './gate.ts';
import { checkTableInput, type TableInput } from './tableRules.ts';
import { resourceNotFound, WORKSPACE_TYPE, workspaceOf } from './workspaceBody.ts';
import { locationPath, readInput } from './workspaces.ts';

const TYPE = `${WORKSPACE_TYPE}/tables`;
const AT =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.OperationalInsights/workspaces/{workspace}/tables';
/** Columns every custom table has besides its own. */
const CUSTOM_STANDARD: readonly TableColumn[] = [
  { name: 'TenantId', type: 'guid' },
  { name: 'Type', type: 'string' },
  { name: '_ResourceId', type: 'string' },
  { name: '_SubscriptionId', type: 'string' },
  { name: '_ItemId', type: 'string' },
];

/**
 * Tables of a workspace: list, get, create and change (PUT resets a retention that is left out, PATCH keeps it),
 * delete, migrate.
 */
export function registerTables(gate: ArmGate): void {
  const { world } = gate;
  gate.add('GET', AT, { type: TYPE, action: `${TYPE}/read` }, ({ ctx }) => {
    const workspace = workspaceOf(world, ctx);
    return {
      status: 200,
      body: { value: [...workspace.tables.values()].map((table) => toBody(world, workspace, table)) },
    };
  });
  gate.add('GET', `${AT}/{table}`, { type: TYPE, action: `${TYPE}/read` }, ({ ctx }) => {
    const workspace = workspaceOf(world, ctx);
    return { status: 200, body: toBody(world, workspace, tableOf(workspace, ctx.params['table']!)) };
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
    throw armError(400, 'BadRequest', `The table '${table.name}' is no search job that runs.`);
  });
}

function tableOf(workspace: Workspace, name: string): WorkspaceTable {
  const table = workspace.tables.get(key(name));
  if (!table) throw resourceNotFound(`${TYPE}/${workspace.name}/${name}`, workspace.resourceGroup);
  return table;
}

function write(gate: ArmGate, { ctx, apiVersion }: ArmCall, replaces: boolean): Answer {
  const { world, operations } = gate;
  const workspace = workspaceOf(world, ctx);
  const name = ctx.params['table']!;
  const existing = workspace.tables.get(key(name));
  if (!existing && !replaces) throw resourceNotFound(`${TYPE}/${workspace.name}/${name}`, workspace.resourceGroup);
  const table = putTable(world, workspace, name, readInput<TableInput>(ctx.json(), ctx.body), replaces);
  table.provisioningState = existing ? 'Updating' : 'InProgress';
  const operation = operations.start(`${workspaceScope(workspace)}/tables/${table.name}`, ctx.faults, () => {
    table.provisioningState = 'Succeeded';
  });
  return {
    status: existing ? 200 : 202,
    headers: operations.asyncHeaders(ctx, operation, locationPath(workspace, 'operationStatuses'), apiVersion),
    body: toBody(world, workspace, table),
  };
}

/**
 * Makes a table, or changes one: `replaces` is a PUT, else a PATCH. Throws 400 where the service refuses plan,
 * retention or schema.
 */
export function putTable(
  world: World,
  workspace: Workspace,
  name: string,
  input: TableInput,
  replaces: boolean,
): WorkspaceTable {
  const existing = workspace.tables.get(key(name));
  checkTableInput(name, input, existing);
  const given = input.properties ?? {};
  const table = existing ?? newTable({ name });
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
      type: canonicalType(type!),
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

/**
 * Column types as the tables API answers them: lower case, whatever case they were sent in, and `boolean` for `bool`.
 */
function canonicalType(type: string): string {
  const lower = type.toLowerCase();
  return lower === 'bool' ? 'boolean' : lower;
}

/**
 * A table as Resource Manager writes it: a Microsoft table's own columns are its `standardColumns`, a custom table's
 * its `columns`.
 */
function toBody(world: World, workspace: Workspace, table: WorkspaceTable): object {
  const retention = table.plan === 'Analytics' ? (table.retentionInDays ?? workspace.properties.retentionInDays) : 30;
  const total = Math.max(table.totalRetentionInDays ?? retention, retention);
  const custom = table.tableType !== 'Microsoft';
  const standard = world.standardTables.get(key(table.name));
  const description = table.description ?? standard?.description;
  return {
    properties: {
      totalRetentionInDays: total,
      archiveRetentionInDays: total - retention,
      plan: table.plan,
      ...(table.lastPlanModifiedDate ? { lastPlanModifiedDate: table.lastPlanModifiedDate } : {}),
      ...(table.protectionLevel ? { protectionLevel: table.protectionLevel } : {}),
      retentionInDaysAsDefault: table.retentionInDays === undefined,
      totalRetentionInDaysAsDefault: table.totalRetentionInDays === undefined,
      schema: {
        tableSubType: table.tableSubType,
        name: table.name,
        tableType: table.tableType,
        ...(table.displayName ? { displayName: table.displayName } : {}),
        ...(description ? { description } : {}),
        ...(custom ? { columns: (table.columns ?? []).map(toColumn) } : {}),
        standardColumns: (custom ? CUSTOM_STANDARD : (standard?.columns ?? table.columns ?? [])).map(toColumn),
        solutions: table.solutions ?? standard?.solutions ?? ['LogManagement'],
        isTroubleshootingAllowed: false,
      },
      provisioningState: table.provisioningState,
      retentionInDays: retention,
    },
    id: `${workspaceScope(workspace)}/tables/${table.name}`,
    name: table.name,
  };
}

function toColumn(column: TableColumn): TableColumn {
  return {
    ...column,
    type: canonicalType(column.type),
    isDefaultDisplay: column.isDefaultDisplay ?? false,
    isHidden: column.isHidden ?? false,
  };
}
