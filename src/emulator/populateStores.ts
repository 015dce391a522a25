import { key } from './armId.ts';
import type { World } from './state.ts';
import type { BlobContainer, KustoDatabase, KustoPrincipal } from './stores.ts';

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
