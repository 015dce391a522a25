import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AzureClients } from '../azure/clients.ts';
import { Directory } from '../azure/arm/directory.ts';
import { ProvisionClient } from '../azure/arm/provisionClient.ts';
import { VerifiedTokens } from '../azure/identity/verifiedTokens.ts';
import { LogsClient } from '../azure/logs/logsClient.ts';
import type { Log } from '../base/log.ts';
import { CustomersSource } from '../core/customers/customersSource.ts';
import { EstateService } from '../core/estate/estateService.ts';
import type { DirectoryPort } from '../ports/directory.ts';
import type { LogsPort } from '../ports/logs.ts';
import type { RowStore } from '../ports/rows.ts';
import type { TextFile } from '../ports/textFile.ts';
import type { ProvisionPort } from '../ports/workspaces.ts';
import { QuotaScheduler } from '../core/fanOut/quotaScheduler.ts';
import { readQuery } from '../core/runs/readQuery.ts';
import { RunHistory } from '../core/runs/runHistory.ts';
import { RunService } from '../core/runs/runService.ts';
import { SchemaService } from '../core/schema/schemaService.ts';
import { replaceFile } from '../engine/replaceFile.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import { collectGarbage } from '../engine/store/collectGarbage.ts';
import { DuckRowStore } from '../engine/store/duckRowStore.ts';
import type { WorkerSettings } from '../protocol/settings.ts';
import type { TokenSource } from '../ports/accounts.ts';

/** Everything that lives as long as one cloud and one storage folder do: the worker's composition root. */
export class Session {
  readonly directory: DirectoryPort;
  readonly logs: LogsPort;
  readonly provision: ProvisionPort;
  readonly estate: EstateService;
  readonly schemas: SchemaService;
  readonly runs: RunService;
  readonly scheduler = new QuotaScheduler(SYSTEM_CLOCK);
  /** Every place the customers are read from, replaced as a whole when settings change. */
  customers: WorkerSettings['customersFiles'];
  private readonly clients: AzureClients;
  private readonly tokens: VerifiedTokens;
  private readonly store: DuckRowStore;
  private readonly restored: Promise<void>;

  constructor(settings: WorkerSettings, tokens: TokenSource, log: Log, version: string) {
    this.customers = settings.customersFiles;
    this.tokens = new VerifiedTokens(tokens);
    this.clients = new AzureClients(this.tokens, { cloud: settings.cloud, version, freeMemory: collectGarbage });
    this.directory = new Directory(this.clients);
    this.logs = new LogsClient(this.clients);
    this.provision = new ProvisionClient(this.clients);
    this.estate = new EstateService({
      accounts: this.tokens,
      directory: this.directory,
      clock: SYSTEM_CLOCK,
      cloud: settings.cloud.name,
      log,
      customers: { load: () => this.customersSource().load() },
    });
    const estate = (): ReturnType<EstateService['load']> => this.estate.load();
    this.schemas = new SchemaService({ logs: this.logs, estate, quota: this.scheduler });
    this.store = new DuckRowStore({
      directory: join(settings.storageDirectory, 'runs'),
      persist: settings.persistRuns,
      memoryLimitMb: settings.memoryLimitMb,
    });
    const store: RowStore = this.store;
    this.runs = new RunService({
      logs: this.logs,
      store,
      clock: SYSTEM_CLOCK,
      random: Math.random,
      newId: randomUUID,
      estate,
      readQuery,
      scheduler: this.scheduler,
      ...(settings.persistRuns
        ? { history: new RunHistory(historyFile(join(settings.storageDirectory, 'runs', 'history.jsonl'))) }
        : {}),
    });
    this.restored = settings.persistRuns ? this.restore() : Promise.resolve();
  }

  customersSource(): CustomersSource {
    return new CustomersSource(
      this.customers.map(({ label, text }) => ({
        name: label,
        file: { read: async () => text, write: async () => undefined },
      })),
    );
  }

  /** Resolves when the runs of earlier sessions are known. */
  ready(): Promise<void> {
    return this.restored;
  }

  async close(): Promise<void> {
    await this.runs.close();
    await this.restored;
    await this.store.close();
    this.clients.dispose();
  }

  /** A history that cannot be read costs the history, not the session. */
  private async restore(): Promise<void> {
    try {
      await this.runs.restore();
      await this.store.keepOnly(this.runs.list().map((run) => run.id));
    } catch {
      /* The runs of this session work all the same. */
    }
  }
}

function historyFile(path: string): TextFile {
  return {
    read: () =>
      readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      }),
    write: async (text) => {
      await writeFile(`${path}.new`, text);
      await replaceFile(`${path}.new`, path);
    },
  };
}
