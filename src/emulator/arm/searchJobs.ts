import { key } from '../armId.ts';
import { readInstant } from '../clock.ts';
import { newTable } from '../populate.ts';
import { armError } from '../router.ts';
import type { TableColumn, Workspace, WorkspaceTable, World } from '../state.ts';
import type { TableInput } from './tableRules.ts';

/** Who asks for a job, and the operation that does it. */
export interface JobRun {
  /** Object id: what `createdBy` says. */
  readonly by: string;
  readonly operationId: string;
}

/**
 * A new table of a search job (`_SRCH`) or of restored logs (`_RST`), as azure-cli's recording of
 * test_monitor_log_analytics_workspace_table has it. The emulator copies no rows: `ingestedRecords` says 0, which is
 * true. Undefined where the body asks for neither.
 */
export function makeJobTable(
  world: World,
  workspace: Workspace,
  name: string,
  input: TableInput,
  run: JobRun,
): WorkspaceTable | undefined {
  const { searchResults, restoredLogs } = input.properties ?? {};
  if (!searchResults && !restoredLogs) return undefined;
  const sourceTable = searchResults ? /^\s*(\w+)/.exec(searchResults.query ?? '')?.[1] : restoredLogs!.sourceTable;
  const source = workspace.tables.get(key(sourceTable ?? ''));
  if (!source)
    throw invalid('sourceTable', `The table '${sourceTable}' was not found in workspace '${workspace.name}'.`);
  const now = world.clock.iso();
  const common = { sourceTable: source.name, azureAsyncOperationId: run.operationId };
  const table: WorkspaceTable = {
    ...newTable({ name, tableSubType: 'DataCollectionRuleBased' }),
    tableType: searchResults ? 'SearchResults' : 'RestoredLogs',
    lastPlanModifiedDate: now,
    columns: originals(columnsOf(world, source), searchResults !== undefined),
    systemData: {
      createdBy: run.by,
      createdByType: null,
      createdAt: now,
      lastModifiedBy: null,
      lastModifiedByType: null,
      lastModifiedAt: null,
    },
  };
  if (searchResults) {
    table.searchResults = {
      query: searchResults.query!,
      description: `This table was created using a Search Job with the following query: '${searchResults.query}'.`,
      ...(searchResults.limit === undefined ? {} : { limit: searchResults.limit }),
      startSearchTime: time('startSearchTime', searchResults.startSearchTime),
      endSearchTime: time('endSearchTime', searchResults.endSearchTime),
      ...common,
    };
    table.resultStatistics = { progress: 0, ingestedRecords: 0, scannedGb: 0 };
  } else {
    table.restoredLogs = {
      startRestoreTime: time('startRestoreTime', restoredLogs!.startRestoreTime),
      endRestoreTime: time('endRestoreTime', restoredLogs!.endRestoreTime),
      ...common,
    };
  }
  return table;
}

function columnsOf(world: World, table: WorkspaceTable): readonly TableColumn[] {
  return table.columns ?? world.standardTables.get(key(table.name))?.columns ?? [];
}

/** A search job keeps what every table has of its own under another name, and has a TimeGenerated of its own. */
function originals(columns: readonly TableColumn[], renames: boolean): TableColumn[] {
  if (!renames) return columns.map((column) => ({ ...column }));
  const renamed = columns.map(({ name, type }) => ({
    name: /^(TenantId|TimeGenerated|Type)$/.test(name) ? `_Original${name}` : name.replace(/^_(?=[A-Z])/, '_Original'),
    type,
  }));
  return [...renamed, { name: 'TimeGenerated', type: 'datetime' }];
}

function time(field: string, text: string | undefined): string {
  const at = readInstant(text ?? '');
  if (at === undefined) throw invalid(field, `'${field}' must be a time in ISO 8601, not '${text}'.`);
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

function invalid(target: string, message: string): Error {
  return armError(400, 'InvalidParameter', message, { target });
}
