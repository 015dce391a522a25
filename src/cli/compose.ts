import { randomUUID } from 'node:crypto';
import type { Disposable } from '../base/disposable.ts';
import { CustomersSource } from '../core/customers/customersSource.ts';
import { EstateService } from '../core/estate/estateService.ts';
import type { DirectoryPort } from '../ports/directory.ts';
import type { LogsPort } from '../ports/logs.ts';
import type { RowStore } from '../ports/rows.ts';
import type { ProvisionPort } from '../ports/workspaces.ts';
import { readQuery } from '../core/runs/readQuery.ts';
import { RunService } from '../core/runs/runService.ts';
import { removePath } from '../engine/replaceFile.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import { findTokens, readConnection } from './connection.ts';
import type { Values } from './command.ts';
import { safeText } from './output/safeText.ts';
import type { Terminal } from './output/terminal.ts';
import { makeTemporaryFolder } from './temporaryFolder.ts';
import { VERSION } from './version.ts';

/** What speaks to Azure in one run of the program. */
export interface AzureSession extends Disposable {
  readonly estate: EstateService;
  readonly directory: DirectoryPort;
  readonly logs: LogsPort;
  readonly provision: ProvisionPort;
}

/** The composition root of the command line. Mistakes of the customers file are told and cost only what they are in. */
export async function openAzure(values: Values, terminal: Terminal): Promise<AzureSession> {
  const { file, customers } = await readConnection(values, process.env);
  const source = new CustomersSource(
    customers
      ? [{ name: customers.label, file: { read: async () => customers.text, write: async () => undefined } }]
      : [],
  );
  for (const problem of (await source.load()).problems)
    terminal.say(safeText(`${problem.file}:${problem.line}: ${problem.message}`));
  const [{ AzureClients }, { Directory }, { ProvisionClient }, { LogsClient }, { VerifiedTokens }] = await Promise.all([
    import('../azure/clients.ts'),
    import('../azure/arm/directory.ts'),
    import('../azure/arm/provisionClient.ts'),
    import('../azure/logs/logsClient.ts'),
    import('../azure/identity/verifiedTokens.ts'),
  ]);
  const tokens = new VerifiedTokens(await findTokens(file, process.env));
  const clients = new AzureClients(tokens, { cloud: file.cloud, version: VERSION });
  const directory: DirectoryPort = new Directory(clients);
  return {
    directory,
    logs: new LogsClient(clients),
    provision: new ProvisionClient(clients),
    estate: new EstateService({
      accounts: tokens,
      directory,
      customers: source,
      clock: SYSTEM_CLOCK,
      cloud: file.cloud.name,
    }),
    dispose: () => {
      clients.dispose();
    },
  };
}

/** Runs with their rows in a file of their own, gone with the program. */
export async function openRuns(
  azure: AzureSession,
): Promise<{ readonly runs: RunService; readonly directory: string; close(): Promise<void> }> {
  const { DuckRowStore } = await import('../engine/store/duckRowStore.ts');
  const directory = await makeTemporaryFolder('tenantscope-', 'Nothing was sent.');
  const rows = new DuckRowStore({ directory, memoryLimitMb: 512 });
  const store: RowStore = rows;
  const runs = new RunService({
    logs: azure.logs,
    store,
    clock: SYSTEM_CLOCK,
    random: Math.random,
    newId: randomUUID,
    estate: () => azure.estate.load(),
    readQuery,
  });
  return {
    runs,
    directory,
    close: async () => {
      await runs.close();
      await rows.close();
      await removePath(directory);
    },
  };
}
