import { key } from './armId.ts';
import type { Cell, Column } from '../model/kqlType.ts';
import type { World } from './state.ts';

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

/** Storage accounts of the emulator begin so: by it their addresses are told from others of its one origin. */
export const ACCOUNT_PREFIX = 'stemu';

/** What a store is kept under. */
export function storeKey(
  store: Pick<KustoDatabase, 'kind' | 'name'> | Pick<BlobContainer, 'kind' | 'account' | 'name'>,
) {
  return key(store.kind === 'database' ? `database/${store.name}` : `container/${store.account}/${store.name}`);
}

/** A database by its name, which is exact. */
export function findDatabase(world: World, name: string): KustoDatabase | undefined {
  const store = world.stores.get(storeKey({ kind: 'database', name }));
  return store?.kind === 'database' && store.name === name ? store : undefined;
}

/** Adds an empty database of a cluster (ARM id), with those who may use it. */
export function addDatabase(
  world: World,
  spec: { cluster: string; name: string; principals: readonly KustoPrincipal[] },
): KustoDatabase {
  const database: KustoDatabase = {
    kind: 'database',
    name: spec.name,
    resourceId: `${spec.cluster}/databases/${spec.name}`,
    tables: new Map(),
    functions: new Map(),
    principals: [...spec.principals],
    purges: [],
    failures: [],
  };
  world.stores.set(storeKey(database), database);
  world.touch();
  return database;
}

/** Adds an empty container of a storage account (ARM id), whose name begins with `ACCOUNT_PREFIX`. */
export function addContainer(world: World, spec: { account: string; name: string }): BlobContainer {
  const container: BlobContainer = {
    kind: 'container',
    account: spec.account.slice(spec.account.lastIndexOf('/') + 1),
    name: spec.name,
    resourceId: spec.account,
    blobs: new Map(),
  };
  world.stores.set(storeKey(container), container);
  world.touch();
  return container;
}
