import type { CancelSignal } from '../base/cancel.ts';
import type { AppErrorData } from '../base/errors.ts';
import type { TablePlan, WorkspaceFunction } from '../model/estate.ts';
import type { Cell, Column } from '../model/kqlType.ts';
import type { RenderSpec } from '../model/render.ts';
import type { Issuer } from './issuer.ts';
import type { RowPages } from './rows.ts';

/**
 * A table as a query sees it. Descriptions are the service's own words; the plan is there where Resource Manager was
 * asked, `hasData` where the query API's metadata says of any table whether it holds rows.
 */
export interface SchemaTable {
  readonly name: string;
  readonly columns: readonly (Column & { readonly description?: string })[];
  readonly plan?: TablePlan;
  readonly hasData?: boolean;
  readonly description?: string;
}

/**
 * What a workspace's tables and functions look like to a query: from the query API's metadata, or from its tables in
 * ARM.
 */
export interface WorkspaceSchema {
  readonly tables: readonly SchemaTable[];
  readonly functions: readonly WorkspaceFunction[];
}

/**
 * One question to one workspace, or to several at once. `timespan` is ISO 8601 as the API takes it; absent means that
 * the query alone decides.
 */
export interface LogsQuery {
  readonly issuer: Issuer;
  readonly workspaceGuid: string;
  readonly armId: string;
  /** Workspace ids asked along with it, at most 99: tables of one name are read as one. Each reads of the others. */
  readonly others?: readonly string[];
  readonly query: string;
  readonly timespan?: string;
  readonly noCache?: boolean;
  /**
   * Search instead of query: the way to Basic and Auxiliary tables, charged by the gigabytes of the time range. Needs a
   * `timespan`.
   */
  readonly scan?: boolean;
}

/** One table of an answer. Rows of a large one are pages that can be read once. */
export interface LogsTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[] | RowPages;
}

/**
 * An answer, exact: longs beyond 2^53 are bigints, times keep seven digits. `partial` is the service's own
 * error inside a 200; `bytes` the size of the body.
 */
export interface LogsAnswer {
  readonly tables: readonly LogsTable[];
  readonly render?: RenderSpec;
  readonly partial?: AppErrorData;
  /**
   * Tables whose rows the service kept from this caller, as it names them: a table, `Tables.Custom` for all custom
   * ones, `*` for all. Absent where it names none.
   */
  readonly deniedTables?: readonly string[];
  /** The workspaces that keep them, by their ARM ids in lower case, as far as the service tells. */
  readonly deniedIn?: readonly string[];
  /** The workspaces it is an answer of, by ARM id or workspace id in lower case; absent where the service is silent. */
  readonly sources?: readonly string[];
  readonly bytes: number;
}

/** The query API of workspaces. Rejects with an AppError of the query, access, auth, service or network family. */
export interface LogsPort {
  /**
   * One attempt, no retries of its own. A query of Basic or Auxiliary tables that is no scan rejects with
   * `query.needsScan`. Throttling rejects with `service.throttled`,
   * data {retryAfterMs?}.
   */
  query(request: LogsQuery, signal: CancelSignal): Promise<LogsAnswer>;
  schema(issuer: Issuer, workspaceGuid: string, armId: string, signal?: CancelSignal): Promise<WorkspaceSchema>;
}
