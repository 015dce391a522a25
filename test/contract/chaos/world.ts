import { OutgoingMessage, ClientRequest } from 'node:http';
import type { CancelSignal } from '../../../src/base/cancel.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { cancelled } from '../../../src/base/errors.ts';
import type { Log } from '../../../src/base/log.ts';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import { readQuery } from '../../../src/core/runs/readQuery.ts';
import { RunHistory } from '../../../src/core/runs/runHistory.ts';
import { RunService } from '../../../src/core/runs/runService.ts';
import { TableCatalog } from '../../../src/core/schema/tableCatalog.ts';
import { DuckRowStore } from '../../../src/engine/store/duckRowStore.ts';
import { KEEP_LIMITS } from '../../../src/model/keepLimits.ts';
import { connect, signedIn } from '../azure/connect.ts';
import type { Connection } from '../azure/connect.ts';
import { chaosEstate } from './estate.ts';
import type { ChaosEstate } from './estate.ts';
import { startService } from './service.ts';
import type { ChaosService } from './service.ts';

/** The emulator's time, which a sleep moves on: both sides of the wire agree, and nobody waits. */
class SharedClock implements Clock {
  private skipped = 0;
  private readonly service: ChaosService;
  constructor(service: ChaosService) {
    this.service = service;
  }
  now(): number {
    return Date.now() + this.skipped;
  }
  async sleep(ms: number, signal?: CancelSignal): Promise<void> {
    const until = this.now() + ms;
    await new Promise((later) => {
      setImmediate(later);
    });
    if (signal?.aborted) throw cancelled();
    const missing = Math.max(0, until - this.now());
    this.skipped += missing;
    await this.service.advance(missing);
  }
}

/** The product as a front door composes it, against the emulator over TLS, and everything it lets out but rows. */
export interface ChaosWorld {
  readonly estateOf: ChaosEstate;
  readonly service: ChaosService;
  readonly runs: RunService;
  /** Another picture of the estate, read afresh through new clients with nothing of the old ones. */
  fresh(): Promise<EstateService>;
  /** What was sent, logged and kept beside the rows since the last look. */
  said(): string;
  close(): Promise<void>;
}

/** One emulator and one product for all seeds: what one seed leaves behind meets the next. */
export async function openChaosWorld(directory: string): Promise<ChaosWorld> {
  const estateOf = chaosEstate();
  const service = await startService();
  const wire = listenToWire();
  const clock = new SharedClock(service);
  let said = '';
  const hear = (message: string, fields?: object): void => {
    said += `${message} ${JSON.stringify(fields ?? {})}\n`;
  };
  const log: Log = { debug: hear, info: hear, warn: hear };
  const far = { cloud: service.cloud, now: () => clock.now() };
  const person = signedIn(far, estateOf.engineer, 'pass');
  let connection: Connection = connect(far, person);
  const newEstate = (): EstateService =>
    new EstateService({
      accounts: connection.tokens,
      directory: connection.directory,
      customers: { load: async () => ({ customers: [], problems: [] }) },
      clock,
      cloud: 'emulator',
      log,
    });
  let estate = newEstate();
  const rows = new DuckRowStore({ directory, persist: true, memoryLimitMb: 256, threads: 1 });
  let history: string | undefined;
  let ids = 0;
  const runs = new RunService({
    logs: { query: (...args) => connection.logs.query(...args), schema: (...args) => connection.logs.schema(...args) },
    catalog: new TableCatalog({ tables: (...args) => connection.directory.tables(...args) }, clock),
    store: rows,
    clock,
    random: () => 1,
    newId: () => `run-${++ids}`,
    estate: () => estate.load(),
    readQuery,
    limits: () => ({ ...KEEP_LIMITS, runs: 3 }),
    history: new RunHistory({
      read: async () => history,
      write: async (text) => {
        history = text;
      },
    }),
  });
  return {
    estateOf,
    service,
    runs,
    fresh: async () => {
      connection.dispose();
      connection = connect(far, person);
      estate = newEstate();
      await estate.load();
      return estate;
    },
    said: () => {
      const all = `${said}${wire.take()}${history ?? ''}`;
      said = '';
      return all;
    },
    close: async () => {
      await runs.close();
      await rows.close();
      wire.stop();
      connection.dispose();
      person.close();
      service.close();
    },
  };
}

/** Every byte that this process sends as a client, whatever the client: headers and bodies as they are written. */
function listenToWire(): { take(): string; stop(): void } {
  const { write, end } = OutgoingMessage.prototype;
  let sent = '';
  const hear = (message: OutgoingMessage, piece: unknown): void => {
    if (!(message instanceof ClientRequest)) return;
    sent += `${message.path} ${JSON.stringify(message.getHeaders())}\n`;
    if (typeof piece === 'string' || piece instanceof Uint8Array)
      sent += `${Buffer.from(piece as string).toString()}\n`;
  };
  OutgoingMessage.prototype.write = function (this: OutgoingMessage, ...args: unknown[]) {
    hear(this, args[0]);
    return Reflect.apply(write, this, args) as boolean;
  } as typeof write;
  OutgoingMessage.prototype.end = function (this: OutgoingMessage, ...args: unknown[]) {
    hear(this, args[0]);
    return Reflect.apply(end, this, args) as OutgoingMessage;
  } as typeof end;
  return {
    take: () => {
      const all = sent;
      sent = '';
      return all;
    },
    stop: () => {
      Object.assign(OutgoingMessage.prototype, { write, end });
    },
  };
}
