import type { Disposable } from '../../base/disposable.ts';
import { AppError } from '../../base/errors.ts';
import { Emitter } from '../../base/event.ts';
import type { Event } from '../../base/event.ts';
import type { Channel, Handlers } from '../../base/rpc.ts';
import type { HostContract } from '../../protocol/host.ts';
import type { CustomersProblem } from '../../model/customersProblem.ts';
import type { WorkerSettings } from '../../protocol/settings.ts';
import type { WorkerContract } from '../../protocol/worker.ts';

type WorkerChannel = Channel<HostContract, WorkerContract>;
type Events = WorkerContract['events'];

/** What features ask the data worker; tests hand in a plain object. */
export interface Worker {
  readonly request: WorkerChannel['request'];
  readonly on: <K extends keyof Events>(name: K, listener: (payload: Events[K]) => void) => Disposable;
  /** The process died, and with it whatever was going on there; the next request starts it anew. */
  readonly onExit: Event<AppError>;
}

/** One live worker process, however it was started. */
export interface WorkerConnection extends Disposable {
  readonly request: WorkerChannel['request'];
  readonly on: WorkerChannel['on'];
  /** The process is gone; everything waiting has been rejected. */
  readonly onExit: Event<AppError>;
}

/** How the worker is started, what it is told first, and what it may ask back. */
export interface WorkerOptions {
  connect(host: Handlers<HostContract>): WorkerConnection | Promise<WorkerConnection>;
  readonly host: Handlers<HostContract>;
  settings(): Promise<WorkerSettings>;
  /** False in a folder nobody trusts: then no request leaves the extension host. */
  allowed(): boolean;
  onProblems(problems: readonly CustomersProblem[]): void;
}

/**
 * The data worker as the features see it: started at the first request, configured before anything else, started again
 * by the next request after it died. What was waiting when it died fails with the reason; nothing is sent twice behind
 * the person's back.
 */
export class DataWorker implements Worker, Disposable {
  private live: Promise<WorkerConnection> | undefined;
  private disposed = false;
  private readonly emitters: { readonly [K in keyof Events]: Emitter<Events[K]> } = {
    'estate.changed': new Emitter(),
    'run.changed': new Emitter(),
    'run.exporting': new Emitter(),
    'rollups.progress': new Emitter(),
    'provision.progress': new Emitter(),
    'onboarding.progress': new Emitter(),
    'onboarding.agreed': new Emitter(),
    'assess.progress': new Emitter(),
    'baseline.progress': new Emitter(),
    'reports.progress': new Emitter(),
    log: new Emitter(),
  };
  private readonly exited = new Emitter<AppError>();
  private readonly options: WorkerOptions;

  readonly onExit = this.exited.event;

  constructor(options: WorkerOptions) {
    this.options = options;
  }

  readonly request: Worker['request'] = async (name, input, options) => {
    if (!this.options.allowed()) throw untrusted();
    const connection = await this.connection();
    return connection.request(name, input, options);
  };

  readonly on: Worker['on'] = (name, listener) => this.emitters[name].event(listener);

  /** Tells a running worker what changed; one that is not running learns it when it starts. */
  async reconfigure(): Promise<void> {
    if (!this.live || !this.options.allowed()) return;
    const connection = await this.live;
    await this.configure(connection);
  }

  dispose(): void {
    this.disposed = true;
    const { live } = this;
    this.live = undefined;
    if (live) void closeWhenUp(live);
  }

  private connection(): Promise<WorkerConnection> {
    if (this.disposed) throw new AppError('cancelled.closed', 'The window is closing.');
    this.live ??= this.start().catch((error: unknown) => {
      this.live = undefined;
      throw error;
    });
    return this.live;
  }

  private async start(): Promise<WorkerConnection> {
    const connection = await this.options.connect(this.options.host);
    connection.onExit((reason) => {
      this.live = undefined;
      if (!this.disposed) this.exited.fire(reason);
    });
    for (const name of Object.keys(this.emitters) as (keyof Events)[])
      connection.on(name, (payload) => {
        (this.emitters[name] as Emitter<unknown>).fire(payload);
      });
    try {
      await this.configure(connection);
    } catch (error) {
      connection.dispose();
      throw error;
    }
    return connection;
  }

  private async configure(connection: WorkerConnection): Promise<void> {
    const { problems } = await connection.request('configure', await this.options.settings());
    this.options.onProblems(problems);
  }
}

/** Why nothing is sent and nobody signs in here. */
export function untrusted(): AppError {
  return new AppError(
    'input.untrusted',
    'This folder is not trusted, so nothing is sent. Trust it to sign in and to run queries.',
  );
}

async function closeWhenUp(live: Promise<WorkerConnection>): Promise<void> {
  try {
    (await live).dispose();
  } catch {
    /* It never came up: nothing to close. */
  }
}
