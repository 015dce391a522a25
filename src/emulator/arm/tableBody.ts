import { key, workspaceScope } from '../armId.ts';
import firstTables from '../world/firstTables.json' with { type: 'json' };
import type { TableColumn, Workspace, WorkspaceTable, World } from '../state.ts';

/**
 * The faces of the tables API. `first` (2020): a retention and nothing else. `recorded` (2021-12-01-preview): types in
 * lower case, nothing where there is nothing, search jobs in the schema. `plain` (2022-10-01) and `nulls` (2025-02-01
 * on): as the specification's examples TablesGet and TablesList have it, `dateTime`, and null where there is nothing.
 */
type Face = 'first' | 'recorded' | 'plain' | 'nulls';

/** Azure-cli's recordings hold the first two faces, with the columns of a custom table that are not its own. */
const CUSTOM_STANDARD: readonly TableColumn[] = [{ name: 'TenantId', type: 'guid' }];
const CLASSIC_STANDARD: readonly TableColumn[] = [
  { name: 'TenantId', type: 'guid' },
  { name: 'SourceSystem', type: 'string' },
  { name: 'MG', type: 'guid' },
  { name: 'ManagementGroupName', type: 'string' },
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Computer', type: 'string' },
  { name: 'RawData', type: 'string' },
];

/** Rows of these are kept for 90 days without a charge, whatever the workspace's retention. */
const FREE_DAYS = 90;
const KEPT_LONGER: ReadonlySet<string> = new Set(firstTables.ninetyDays);

/** A table as Resource Manager writes it in this api-version. */
export function toTableBody(world: World, workspace: Workspace, table: WorkspaceTable, apiVersion: string): object {
  const face = faceOf(apiVersion);
  const retention = retentionOf(workspace, table);
  const place = { id: `${workspaceScope(workspace)}/tables/${table.name}`, name: table.name };
  if (face === 'first') return { properties: { RetentionInDays: retention }, ...place };
  const total = Math.max(table.totalRetentionInDays ?? retention, retention);
  const { systemData, searchResults, restoredLogs, resultStatistics, lastPlanModifiedDate, protectionLevel } = table;
  const job = { ...(searchResults ? { searchResults } : {}), ...(restoredLogs ? { restoredLogs } : {}) };
  const inSchema = face === 'recorded';
  return {
    properties: {
      totalRetentionInDays: total,
      archiveRetentionInDays: total - retention,
      plan: table.plan,
      ...(lastPlanModifiedDate ? { lastPlanModifiedDate } : {}),
      ...(systemData && inSchema ? { createDate: systemData.createdAt, createdBy: systemData.createdBy } : {}),
      ...(protectionLevel ? { protectionLevel } : {}),
      retentionInDaysAsDefault: table.retentionInDays === undefined,
      totalRetentionInDaysAsDefault: table.totalRetentionInDays === undefined,
      ...(inSchema ? {} : job),
      ...(resultStatistics && !inSchema ? { resultStatistics } : {}),
      schema: { ...toSchema(world, table, face), ...(inSchema ? job : {}) },
      provisioningState: table.provisioningState,
      retentionInDays: retention,
    },
    ...(systemData ? { systemData } : {}),
    ...place,
  };
}

/** Days that rows can be queried for. */
function retentionOf(workspace: Workspace, table: WorkspaceTable): number {
  if (table.plan !== 'Analytics') return 30;
  const { retentionInDays } = workspace.properties;
  return (
    table.retentionInDays ?? (KEPT_LONGER.has(table.name) ? Math.max(FREE_DAYS, retentionInDays) : retentionInDays)
  );
}

function faceOf(apiVersion: string): Face {
  if (apiVersion < '2021') return 'first';
  if (apiVersion < '2022') return 'recorded';
  return apiVersion < '2025' ? 'plain' : 'nulls';
}

function toSchema(world: World, table: WorkspaceTable, face: Face): object {
  const standard = world.standardTables.get(key(table.name));
  const own = table.tableType !== 'Microsoft';
  const description = table.description ?? standard?.description;
  const nothing =
    face === 'nulls' ? { description: null, displayName: null, categories: null, labels: null, source: null } : {};
  return {
    tableSubType: table.tableSubType,
    name: table.name,
    tableType: table.tableType,
    ...nothing,
    ...(table.displayName ? { displayName: table.displayName } : {}),
    ...(description ? { description } : {}),
    ...(own ? { columns: toColumns(table.columns ?? [], face) } : face === 'nulls' ? { columns: null } : {}),
    standardColumns: own
      ? toColumns(table.tableSubType === 'Classic' ? CLASSIC_STANDARD : CUSTOM_STANDARD, face)
      : toColumns(standard?.columns ?? table.columns ?? [], face, true),
    solutions: table.solutions ?? standard?.solutions ?? ['LogManagement'],
    isTroubleshootingAllowed: false,
  };
}

const written = new WeakMap<readonly TableColumn[], Partial<Record<Face, readonly object[]>>>();

/** Columns as they are written, made once for each list: hundreds of tables are the same in every workspace. */
function toColumns(columns: readonly TableColumn[], face: Face, standard = false): readonly object[] {
  let faces = written.get(columns);
  if (!faces) written.set(columns, (faces = {}));
  return (faces[face] ??= columns
    // The service lists none of the columns that every table has by itself, but TenantId and TimeGenerated.
    .filter(({ name }) => !standard || !(name === 'Type' || name.startsWith('_')))
    .map((column) => ({
      ...(face === 'nulls' ? { dataTypeHint: null, displayName: null, description: null } : {}),
      ...column,
      type: standard && column.name === 'TenantId' ? 'guid' : toTableType(column.type, face),
      isDefaultDisplay: column.isDefaultDisplay ?? false,
      isHidden: column.isHidden ?? false,
    })));
}

/** Column types as the tables API writes them, whatever case they were sent in. */
function toTableType(type: string, face: Face): string {
  const lower = type.toLowerCase();
  if (lower === 'bool') return 'boolean';
  return lower === 'datetime' && face !== 'recorded' ? 'dateTime' : lower;
}
