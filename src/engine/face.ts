import type { CancelSignal } from '../base/cancel.ts';
import type { Cell, Column, DataTable } from '../model/kqlType.ts';
import type { RenderSpec } from '../model/render.ts';

/**
 * A table as a query sees it: KQL columns over a relation of the engine (`"schema"."name"`, or any SQL in parentheses).
 */
export interface EngineTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly source: string;
  /** Known to have no rows: a union over a thousand tables then need not look. */
  readonly empty?: boolean;
}

/** A stored function: `parameters` as KQL writes them, e.g. `(x:long, y:string="a")`, or "" for none. */
export interface StoredFunction {
  readonly name: string;
  readonly parameters: string;
  readonly body: string;
}

/** What one workspace looks like to a query. */
export interface EngineDatabase {
  readonly name: string;
  readonly tables: readonly EngineTable[];
  readonly functions?: readonly StoredFunction[];
  /**
   * The column that `ingestion_time()` stands for in tables that do not tell it themselves: of data that comes as it is
   * generated. Absent, it is null there.
   */
  readonly ingestionTime?: string;
}

/** What one query runs on and against: the tables, what its names of other places mean, and what it may not exceed. */
export interface QueryOptions {
  readonly database: EngineDatabase;
  /** Resolves `workspace("x")`, `app("x")`, `resource("x")`; undefined where there is no such thing. */
  readonly resolve?: (kind: 'workspace' | 'app' | 'resource', name: string) => EngineDatabase | undefined;
  /**
   * The folder the query lies in: `externaldata` reads the file of its address's name there, up to 100 MB of it, for
   * this query only. Nothing outside the folder, no link out of it, and nothing ever from the network. Without it
   * externaldata is refused.
   */
  readonly beside?: string | undefined;
  /** Instead of `beside`: the local table that stands for an address of `externaldata`; refused where undefined. */
  readonly external?: (uri: string, columns: readonly Column[]) => EngineTable | undefined;
  /** The instant `now()` stands for: ticks of 100 ns since year 1. The wall clock unless given. */
  readonly now?: bigint;
  /**
   * A whole number that fixes what is random otherwise. `sample` and `sample-distinct` pick by the rows' values and it,
   * the same rows whatever their order; `rand()` and `new_guid()` draw row by row in the order the engine reads them:
   * the same again for the same data with one thread.
   */
  readonly seed?: number;
  /**
   * The query API's implicit range: `TimeGenerated >= from and TimeGenerated < to` on every table that has the column.
   * ISO text.
   */
  readonly timespan?: { readonly from: string; readonly to: string };
  /** A catalog of the engine's database that the answer is to lie in, instead of its own. */
  readonly resultsIn?: string;
  /** At most this many rows are kept; `truncated` says when there were more. */
  readonly maxRows?: number;
  readonly signal?: CancelSignal;
}

/** The answer of a query held in the engine: read it in windows, then dispose it. */
export interface QueryResult {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly truncated: boolean;
  /**
   * The relation the rows are in, for the engine's own further questions. It has the columns under their KQL names and
   * a hidden `__ord`.
   */
  readonly source: string;
  rows(first?: number, count?: number): Promise<Cell[][]>;
  dispose(): Promise<void>;
}

/** The result tables of a query (several with `fork`, `facet` or batches), and what its `render` asked for. */
export interface QueryAnswer {
  readonly tables: readonly QueryResult[];
  readonly render?: RenderSpec;
}

/** Where an engine keeps its database, and how much of the machine it may use. */
export interface EngineOptions {
  /** A database file; memory unless given. */
  readonly path?: string | undefined;
  /** What the engine may hold in memory before it spills; 2,048 unless given. */
  readonly memoryLimitMb?: number | undefined;
  readonly threads?: number | undefined;
  /**
   * Where what does not fit in memory goes; a folder of its own below the system's, for as long as it is open, unless
   * given.
   */
  readonly tempDirectory?: string | undefined;
  /**
   * A file of places by address (.mmdb: GeoLite2, GeoIP2, DB-IP) for geo_info_from_ip_address(), which is refused
   * without one.
   */
  readonly geoDatabase?: string | undefined;
}

/**
 * KQL over local data. Failures are AppErrors: `query.syntax`, `query.semantic` (Microsoft's text; data {line, column,
 * start, length, kqlCode, token}), `query.unsupported` (names the construct; data {construct, start, length}),
 * `engine.*` (memory, disk, crashed), `cancelled.byUser`.
 */
export interface LocalEngine {
  query(text: string, options: QueryOptions): Promise<QueryAnswer>;
  /** The SQL the query becomes, for `--explain`. */
  explain(text: string, options: QueryOptions): Promise<string>;
  /** Creates an empty table `"schema"."name"` of these columns and returns it; an existing one is replaced. */
  createTable(schema: string, name: string, columns: readonly Column[]): Promise<EngineTable>;
  /**
   * Appends rows in the query API's cell encodings, all of them or none; a value that does not fit its column's type
   * becomes null.
   */
  append(table: EngineTable, rows: Iterable<readonly Cell[]>, signal?: CancelSignal): Promise<void>;
  /**
   * Loads a local file the user named (csv, json lines, parquet, each also .gz) as a table; columns inferred unless
   * given. What fails or is cancelled leaves no table.
   */
  loadFile(
    path: string,
    schema: string,
    name: string,
    columns?: readonly Column[],
    signal?: CancelSignal,
  ): Promise<EngineTable>;
  /** Runs SQL on the engine's own relations. Only the program writes this SQL, never a user or a file. */
  sql(text: string): Promise<DataTable>;
  dropTable(table: EngineTable): Promise<void>;
  close(): Promise<void>;
}
