import { BlobState } from '../../../src/azure/blobs/blobState.ts';
import type { KustoDoor } from '../../../src/azure/kusto/kustoDoor.ts';
import { DataExplorerTarget } from '../../../src/azure/kusto/dataExplorerTarget.ts';
import { AppendOnlySink } from '../../../src/core/rollup/appendOnly/appendOnlySink.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { assignRole } from '../../../src/emulator/populate.ts';
import { addResource } from '../../../src/emulator/populateFlows.ts';
import { addContainer, addDatabase } from '../../../src/emulator/populateStores.ts';
import type { BlobContainer, KustoDatabase, KustoPrincipal } from '../../../src/emulator/stores.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import { toAccountId, toTenantId } from '../../../src/model/ids.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import type { SmallEstate } from '../emulator/smallEstate.ts';
import { connect, signedIn } from '../azure/connect.ts';
import type { Connection } from '../azure/connect.ts';

/** An emulator with a cluster, a database `central` and a container `state`, and a person who may use all of it. */
export interface CentreEstate {
  readonly small: SmallEstate;
  readonly emulator: Emulator;
  readonly connection: Connection;
  readonly asked: readonly { readonly tenant: string; readonly audience: string }[];
  readonly database: KustoDatabase;
  readonly container: BlobContainer;
  /** Over the door of the connection unless another is given. */
  target(ingestion: 'queued' | 'streaming', door?: KustoDoor): DataExplorerTarget;
  sink(ingestion: 'queued' | 'streaming'): AppendOnlySink;
  state(): BlobState;
  close(): Promise<void>;
}

const ISSUER = (small: SmallEstate) => ({
  account: toAccountId('test:engineer@provider.example'),
  tenant: toTenantId(small.provider.tenantId),
});

/** `queuedMs`: how long queued rows take until they can be seen. */
export async function openCentre({
  queuedMs = 0,
  role = 'admin',
}: { readonly queuedMs?: number; readonly role?: KustoPrincipal['role'] } = {}): Promise<CentreEstate> {
  const small = smallEstate();
  const { world, home, engineer } = small;
  const at = { subscription: home, resourceGroup: 'rg-centre', location: 'westeurope' };
  const cluster = addResource(world, { ...at, type: 'Microsoft.Kusto/clusters', name: 'adxcentre' });
  const account = addResource(world, { ...at, type: 'Microsoft.Storage/storageAccounts', name: 'stemucentre' });
  assignRole(world, { scope: account.id, principalId: engineer.objectId, role: 'Storage Blob Data Contributor' });
  const principals = [{ role, principalId: engineer.objectId }];
  const database = addDatabase(world, { cluster: cluster.id, name: 'central', principals });
  const container = addContainer(world, { account: account.id, name: 'state' });
  const emulator = await startSmall(small, { ingestionDelayMs: queuedMs });
  const person = signedIn(emulator, engineer, 'pass');
  const connection = connect(emulator, person);
  const { tenantId: tenant } = small.provider;
  const target = (ingestion: 'queued' | 'streaming', door?: KustoDoor): DataExplorerTarget =>
    new DataExplorerTarget(async () => door ?? connection.clients.dataExplorer(ISSUER(small), emulator.url), {
      name: 'centre',
      tenant,
      cluster: emulator.url,
      database: 'central',
      ingestion,
    });
  let ids = 0;
  return {
    small,
    emulator,
    connection,
    asked: person.asked,
    database,
    container,
    target,
    sink: (ingestion) =>
      new AppendOnlySink(target(ingestion), {
        clock: SYSTEM_CLOCK,
        newId: () => `write-${++ids}`,
        random: () => 0.5,
      }),
    state: () => {
      const address = `${emulator.url}/stemucentre/state`;
      return new BlobState(() => connection.clients.blobs(ISSUER(small), address), { tenant, address });
    },
    close: async () => {
      person.close();
      connection.dispose();
      await emulator.close();
    },
  };
}
