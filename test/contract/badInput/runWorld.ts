import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../src/base/clock.ts';
import { cancelled } from '../../../src/base/errors.ts';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import type { LogsPort, LogsQuery } from '../../../src/ports/logs.ts';
import type { RowStore } from '../../../src/ports/rows.ts';
import { loadPlanner } from '../../../src/core/runs/across/planner.ts';
import { AssessClient } from '../../../src/azure/arm/assess/assessClient.ts';
import { QueryAudits } from '../../../src/core/runs/queryReaders.ts';
import { readQuery } from '../../../src/core/runs/readQuery.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { SchemaService } from '../../../src/core/schema/schemaService.ts';
import { TableCatalog } from '../../../src/core/schema/tableCatalog.ts';
import { RunService } from '../../../src/core/runs/runService.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { targetName } from '../../../src/model/run.ts';
import type { Run, RunRequest, Target } from '../../../src/model/run.ts';
import { connect, signedIn } from '../azure/connect.ts';
import type { Connection } from '../azure/connect.ts';
import { heartbeats } from '../azure/rows.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import type { SmallEstate } from '../emulator/smallEstate.ts';
import type { TokenSource } from '../../../src/ports/accounts.ts';

/** Real time, but nobody waits: a sleep moves the clock on by itself. */
class HurriedClock implements Clock {
  private skipped = 0;
  now(): number {
    return Date.now() + this.skipped;
  }
  sleep(ms: number, signal?: { readonly aborted: boolean }): Promise<void> {
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        this.skipped += ms;
        if (signal?.aborted) reject(cancelled());
        else resolve();
      });
    });
  }
}

/**
 * Runs as a front door composes them: the real clients against a running emulator, rows in DuckDB. Three workspaces:
 * law-provider, law-contoso, law-fabrikam.
 */
export interface RunWorld {
  readonly small: SmallEstate;
  readonly emulator: Emulator;
  readonly person: ReturnType<typeof signedIn>;
  readonly directory: string;
  readonly connection: Connection;
  readonly estate: EstateService;
  readonly runs: RunService;
  /** Every question the query API was asked. */
  readonly sent: readonly LogsQuery[];
  /** Asks everybody; `more` is what else is asked for. */
  play(query: string, more?: Partial<RunRequest>): Promise<Run>;
  /** Another composition against the same emulator, with the tokens of another source. */
  with(
    source: TokenSource,
  ): Promise<Pick<RunWorld, 'connection' | 'estate' | 'runs' | 'sent' | 'play'> & { close(): Promise<void> }>;
  close(): Promise<void>;
}

/**
 * `across`: one answer over all three where a query can have one; else each answers for itself. `logs` hold rows;
 * `furnish` adds to the estate, whose other workspaces have the same rows.
 */
export async function openRunWorld({
  across = false,
  logs = heartbeats,
  furnish,
}: {
  readonly across?: boolean;
  readonly logs?: typeof heartbeats;
  readonly furnish?: (small: SmallEstate) => void;
} = {}): Promise<RunWorld> {
  const small = smallEstate();
  furnish?.(small);
  const emulator = await startSmall(small, {
    engine: () => openEngine(),
    logs: logs([...small.world.workspaces.values()].map((workspace) => workspace.properties.customerId)),
  });
  const person = signedIn(emulator, small.engineer, 'pass');
  const directory = await mkdtemp(join(tmpdir(), 'bad-input-'));
  const compose = async (source: TokenSource) => {
    const connection = connect(emulator, source);
    const estate = new EstateService({
      accounts: connection.tokens,
      directory: connection.directory,
      customers: { load: async () => ({ customers: [], problems: [] }) },
      clock: new HurriedClock(),
      cloud: 'emulator',
    });
    const rows = new DuckRowStore({ memoryLimitMb: 200 });
    const store: RowStore = rows;
    let ids = 0;
    const catalog = new TableCatalog(connection.directory, new HurriedClock());
    const sent: LogsQuery[] = [];
    const logsPort: LogsPort = {
      query: (request, signal) => {
        sent.push(request);
        return connection.logs.query(request, signal);
      },
      schema: (...question) => connection.logs.schema(...question),
    };
    const schemas = new SchemaService({
      logs: connection.logs,
      catalog,
      estate: () => estate.load(),
      quota: new QuotaScheduler(new HurriedClock()),
    });
    const runs = new RunService({
      logs: logsPort,
      catalog,
      store,
      clock: new HurriedClock(),
      random: () => 1,
      newId: () => `run-${++ids}`,
      estate: () => estate.load(),
      readQuery,
      audits: new QueryAudits(new AssessClient(connection.clients), new HurriedClock()),
      ...(across ? { across: { schemas, planner: loadPlanner } } : {}),
    });
    const play = async (query: string, more: Partial<RunRequest> = {}): Promise<Run> => {
      const timeRange = { kind: 'last', minutes: 60 } as const;
      const { id } = await runs.start({ query, scope: EVERYTHING, timeRange, ...more });
      return runs.ended(id);
    };
    return {
      connection,
      estate,
      runs,
      sent,
      play,
      close: async () => {
        await runs.close();
        await rows.close();
        connection.dispose();
      },
    };
  };
  const own = await compose(person);
  return {
    ...own,
    small,
    emulator,
    person,
    directory,
    with: compose,
    close: async () => {
      await own.close();
      person.close();
      await emulator.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function targetOf(run: Run, workspace: string): Target {
  return run.targets.find((target) => targetName(target) === workspace)!;
}

/** A whole answer of the query API as a fault gives it in place of the service's own. */
export function answered(
  columns: readonly (readonly [name: string, type: string])[],
  rows: readonly (readonly unknown[])[],
): { kind: 'status'; status: number; body: string; contentType: string } {
  return {
    kind: 'status',
    status: 200,
    contentType: 'application/json',
    body: JSON.stringify({
      tables: [{ name: 'PrimaryResult', columns: columns.map(([name, type]) => ({ name, type })), rows }],
    }),
  };
}

/** A failure as the services word it. */
export function refused(
  status: number,
  code: string,
  message: string,
): { kind: 'status'; status: number; body: string; contentType: string } {
  return {
    kind: 'status',
    status,
    contentType: 'application/json',
    body: JSON.stringify({ error: { code, message } }),
  };
}
