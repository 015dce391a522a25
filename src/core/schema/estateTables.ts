import type { CancelSignal } from '../../base/cancel.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { Outcome } from '../../base/outcome.ts';
import type { SourceColumn } from '../../kql/scopeSchema.ts';
import type { Estate } from '../../model/estate.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { Cell } from '../../model/kqlType.ts';
import type { LogsPort } from '../../ports/logs.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { askWorkspaces } from '../fanOut/askWorkspaces.ts';
import type { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import type { SchemaService } from './schemaService.ts';
import type { TableCatalog } from './tableCatalog.ts';

/**
 * Whether a table holds rows: it received some in the last 30 days (`filled`), has some, though none in that time
 * (`older`), is there without any (`known`); or its workspace does not say.
 */
export type TableData = 'filled' | 'older' | 'known' | 'not told';

/** One table of one workspace. Lists of columns that are alike are the same object in all workspaces. */
export interface EstateTable {
  readonly name: string;
  readonly columns: readonly SourceColumn[];
  readonly plan?: string;
  readonly retentionDays?: number;
  readonly data: TableData;
  /** The newest hour that it received data in, ISO; of the last 30 days. */
  readonly lastData?: string;
}

/** The tables of one workspace. */
export interface WorkspaceTableList {
  readonly tables: readonly EstateTable[];
  /** Why nobody knows what it received. */
  readonly usageError?: AppErrorData;
}

/** What the tables of workspaces are asked of. */
export interface EstateTablesWorld {
  readonly estate: Estate;
  readonly schemas: Pick<SchemaService, 'ofWorkspaces'>;
  readonly catalog: Pick<TableCatalog, 'find'>;
  readonly logs: Pick<LogsPort, 'query'>;
  readonly quota: QuotaScheduler;
}

/** Usage has a row an hour for every table that received data: one small query tells of all tables. */
const USAGE = 'Usage | summarize LastData = max(TimeGenerated) by DataType';
const DAYS = 'P30D';

/**
 * The tables of each workspace with what they are and whether they are filled, or why that is not known; in the order
 * given. Each is asked for its metadata, unless that is kept, and one query. Rejects only when cancelled.
 */
export async function estateTables(
  keys: readonly WorkspaceKey[],
  { estate, schemas, catalog, logs, quota }: EstateTablesWorld,
  signal: CancelSignal,
): Promise<ReadonlyMap<WorkspaceKey, Outcome<WorkspaceTableList>>> {
  const [told, used] = await Promise.all([
    schemas.ofWorkspaces(keys, { signal }),
    askWorkspaces({
      workspaces: keys,
      estate,
      quota,
      name: 'usage',
      signal,
      ask: async ({ guid, armId }, issuer, attempt) => {
        const request = { issuer, workspaceGuid: guid, armId, query: USAGE, timespan: DAYS };
        const answer = await logs.query(request, attempt.signal);
        const rows = answer.tables[0]?.rows ?? [];
        return lastDataOf('pages' in rows ? [...rows.pages()].flat() : rows);
      },
    }),
  ]);
  const { workspaces } = EstateIndex.of(estate);
  return new Map(
    [...told].map(([key, schema]): [WorkspaceKey, Outcome<WorkspaceTableList>] => {
      if (!schema.ok) return [key, schema];
      const usage = used.get(key)!;
      const facts = catalog.find(workspaces.get(key)!.armId);
      const tables = schema.value.tables.map(({ name, columns, plan, hasData }): EstateTable => {
        const lastData = usage.ok ? usage.value.get(name) : undefined;
        const retentionDays = facts?.get(name)?.retentionDays;
        return {
          name,
          columns,
          data: lastData === undefined ? dataOf(hasData, usage.ok) : 'filled',
          ...(lastData === undefined ? {} : { lastData }),
          ...(plan === undefined ? {} : { plan }),
          ...(retentionDays === undefined ? {} : { retentionDays }),
        };
      });
      return [key, { ok: true, value: { tables, ...(usage.ok ? {} : { usageError: usage.error }) } }];
    }),
  );
}

/** Of a table without a record of usage. */
function dataOf(hasData: boolean | undefined, told: boolean): TableData {
  if (hasData === true) return told ? 'older' : 'not told';
  return hasData === false || told ? 'known' : 'not told';
}

function lastDataOf(rows: readonly (readonly Cell[])[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let newest = '';
  for (const [table, last] of rows)
    if (typeof table === 'string' && typeof last === 'string' && last !== '') {
      found.set(table, last);
      if (last > newest) newest = last;
    }
  // It does not count itself.
  if (newest !== '') found.set('Usage', newest);
  return found;
}
