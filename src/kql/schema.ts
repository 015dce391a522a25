import type { Column } from '../model/kqlType.ts';
import type { SchemaTable } from '../ports/logs.ts';

/** A table as the binder knows it: its name and columns count. `open` tolerates columns that are not listed. */
export interface BoundTable extends SchemaTable {
  readonly open?: boolean;
  /** What gives its rows, written out, where it is no table but the same for whoever asks: a file of `externaldata`. */
  readonly written?: string;
}
/** A stored function: `parameters` as KQL writes them, e.g. `(x:long, y:string="a")`, or "" for none. */
export interface SchemaFunction {
  readonly name: string;
  readonly parameters: string;
  readonly body: string;
}
/** What one workspace looks like to a query. Immutable: what is made from it is cached by the object. */
export interface SchemaDatabase {
  readonly name: string;
  readonly tables: readonly BoundTable[];
  readonly functions?: readonly SchemaFunction[];
  /**
   * The column that `ingestion_time()` stands for in tables that do not tell it themselves: of data that comes as it is
   * generated. Absent, it is null there.
   */
  readonly ingestionTime?: string;
}

/** Formats of `externaldata`, of those Kusto ingests. */
export const EXTERNAL_FORMATS = ['csv', 'tsv', 'psv', 'scsv', 'sohsv', 'txt', 'json', 'multijson', 'parquet'] as const;
/** One of `EXTERNAL_FORMATS`. */
export type ExternalFormat = (typeof EXTERNAL_FORMATS)[number];
/**
 * A file `externaldata` names: its address as written, its name beside the query where it can have one, the columns
 * declared.
 */
export interface ExternalFile {
  readonly uri: string;
  readonly name: string | undefined;
  readonly columns: readonly Column[];
  readonly format: ExternalFormat;
  readonly ignoreFirstRecord: boolean;
}

/** What the names of a query mean: its own workspace, other workspaces, and files. */
export interface KqlSchema {
  readonly database: SchemaDatabase;
  /** The local table that stands for a file of `externaldata`, or what to do that there is one. */
  readonly external?: ((file: ExternalFile) => BoundTable | { readonly wayAround: string } | undefined) | undefined;
  /** Resolves `workspace("x")`, `app("x")`, `resource("x")`; undefined where there is no such thing. */
  readonly resolve?: (kind: 'workspace' | 'app' | 'resource', name: string) => SchemaDatabase | undefined;
}
