import type { Cell, Column } from '../model/kqlType.ts';

/** What keeps data in the emulated Azure beside workspaces: `World.stores`, by `storeKey`. */
export type Store = KustoDatabase | BlobContainer;

/** Rows of a table that came at once, and the tags they came with. */
export interface Extent {
  readonly id: string;
  readonly tags: readonly string[];
  readonly createdOn: string;
  /** By the columns that the table had then: further ones are null. */
  rows: Cell[][];
}

/** A table of a database. */
export interface KustoTable {
  readonly name: string;
  columns: Column[];
  folder: string;
  docstring: string;
  /** Texts by the policy's name, e.g. `streamingingestion`. */
  policies: Map<string, string>;
  /** JSON mappings by their name: column and path. */
  mappings: Map<string, readonly { readonly column: string; readonly path: string }[]>;
  extents: Extent[];
}

/** A stored function; parameters as KQL writes them, with their parentheses, or "". */
export interface KustoFunction {
  readonly name: string;
  parameters: string;
  body: string;
  folder: string;
  docstring: string;
}

/** What a principal (object id, application id or group) may do in a database. */
export interface KustoPrincipal {
  readonly role: 'admin' | 'user' | 'viewer' | 'ingestor';
  readonly principalId: string;
}

/** A purge as `.show purges` tells it. */
export interface Purge {
  readonly id: string;
  readonly table: string;
  readonly predicate: string;
  readonly scheduled: string;
  readonly requestId: string;
  readonly principal: string;
  state: 'Scheduled' | 'Completed' | 'BadInput';
  details: string;
}

/** Why something that was queued did not become rows. */
export interface IngestionFailure {
  readonly operationId: string;
  readonly table: string;
  readonly failedOn: string;
  readonly source: string;
  readonly sourceId: string;
  readonly details: string;
  readonly errorCode: string;
  readonly permanent: boolean;
}

/** A database of Azure Data Explorer. */
export interface KustoDatabase {
  readonly kind: 'database';
  readonly name: string;
  /** ARM id. */
  readonly resourceId: string;
  /** By exact name: Kusto tells upper from lower case. */
  tables: Map<string, KustoTable>;
  functions: Map<string, KustoFunction>;
  principals: KustoPrincipal[];
  purges: Purge[];
  failures: IngestionFailure[];
}

/** A block blob. */
export interface StoredBlob {
  /** Base64. */
  readonly content: string;
  readonly etag: string;
  readonly modified: string;
  readonly contentType: string;
}

/** A container of a storage account. */
export interface BlobContainer {
  readonly kind: 'container';
  readonly account: string;
  readonly name: string;
  /** ARM id of the account. */
  readonly resourceId: string;
  blobs: Map<string, StoredBlob>;
}
