import { Worker } from 'node:worker_threads';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Disposable } from '../../base/disposable.ts';
import { AppError } from '../../base/errors.ts';
import { Channel } from '../../base/rpc.ts';
import type { Handlers, NoRequests, Port } from '../../base/rpc.ts';
import type { LanguageService, SchemaInput, ScopeNames } from './face.ts';
import { LANGUAGE_METHODS } from './messages.ts';
import type { LanguageContract } from './messages.ts';

/** How the language service's thread is started, and how long its answers may take. */
export interface ClientOptions {
  /** The bundle of `process.ts` (a path or file URL). */
  readonly entry: string | URL;
  /** For running from sources: e.g. `['--import', 'tsx']`. */
  readonly execArgv?: readonly string[];
  /** How long one request may take; the first one also waits for the parser to load. */
  readonly deadlineMs?: number;
  /** Told when the thread died and how often; it is started anew with the next request. */
  readonly onCrash?: (reason: string, times: number) => void;
}

interface Connection {
  readonly worker: Worker;
  readonly channel: Channel<NoRequests, LanguageContract>;
  owed: number;
}

/**
 * The language service behind a worker thread: the same face, started with the first request. After a crash or a missed
 * deadline the thread is thrown away and the next request starts another, which is told every schema again. A text that
 * crashes it twice is not sent again; other texts are.
 */
export class LanguageClient implements Disposable {
  private connection: Connection | undefined;
  private disposed = false;
  private crashes = 0;
  private readonly schemas = new Map<string, SchemaInput>();
  private readonly deadly = new Map<string, number>();
  private names: ScopeNames | undefined;
  private readonly options: ClientOptions;
  /** The face; every call is a message. */
  readonly service: LanguageService;

  constructor(options: ClientOptions) {
    this.options = options;
    this.service = Object.fromEntries(
      LANGUAGE_METHODS.map((name) => [name, (input: unknown, signal?: CancelSignal) => this.ask(name, input, signal)]),
    ) as unknown as LanguageService;
  }

  dispose(): void {
    this.disposed = true;
    this.drop('disposed');
  }

  private async ask(name: keyof LanguageService, input: unknown, signal?: CancelSignal): Promise<unknown> {
    if (this.disposed) throw new AppError('cancelled.closed', 'The language service was closed.');
    this.remember(name, input);
    const text = (input as { readonly text?: string }).text;
    const key = text === undefined ? undefined : `${name}\n${text}`;
    if (key !== undefined && (this.deadly.get(key) ?? 0) >= 2)
      throw new AppError(
        'bug.languageService',
        'The language service failed on this text before. Change the text to try again.',
      );
    const connection = this.connect(name, input);
    // Only a thread that owes an answer keeps the process alive.
    if (connection.owed++ === 0) connection.worker.ref();
    try {
      return await connection.channel.request(name, input as never, {
        ...(signal ? { signal } : {}),
        deadlineMs: this.options.deadlineMs ?? 20_000,
      });
    } catch (error) {
      const failed =
        error instanceof AppError && (error.code === 'service.deadline' || error.code === 'bug.languageService');
      if (failed && key !== undefined) this.countDeadly(key);
      if (error instanceof AppError && error.code === 'service.deadline' && this.connection === connection)
        this.drop('deadline');
      throw error;
    } finally {
      if (--connection.owed === 0) connection.worker.unref();
    }
  }

  private connect(name: keyof LanguageService, input: unknown): Connection {
    if (this.connection) return this.connection;
    const { entry, execArgv } = this.options;
    const worker = new Worker(entry, {
      ...(execArgv ? { execArgv: [...execArgv] } : {}),
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    const port: Port = {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a thread has no origin
      post: (message) => {
        worker.postMessage(message);
      },
      onMessage: (listener) => {
        worker.on('message', listener);
        return {
          dispose: () => {
            worker.off('message', listener);
          },
        };
      },
    };
    const channel = new Channel<NoRequests, LanguageContract>(port, {} as Handlers<NoRequests>, {
      set: (callback, ms) => {
        const timer = setTimeout(callback, ms);
        timer.unref();
        return timer;
      },
      clear: (handle) => {
        clearTimeout(handle as NodeJS.Timeout);
      },
    });
    const made: Connection = { worker, channel, owed: 0 };
    worker.on('error', (error) => {
      this.crashed(made, error.message);
    });
    worker.on('exit', () => {
      this.crashed(made, 'the thread ended');
    });
    this.connection = made;
    // What the new thread must know before the request at hand, which may itself be one of these.
    for (const schema of this.schemas.values())
      if (name !== 'setSchema' || schema !== input) void channel.request('setSchema', schema).catch(() => undefined);
    if (this.names && name !== 'setScopeNames')
      void channel.request('setScopeNames', { names: this.names }).catch(() => undefined);
    return made;
  }

  private crashed(connection: Connection, reason: string): void {
    if (this.connection !== connection) return;
    this.crashes++;
    this.drop('crashed');
    this.options.onCrash?.(reason.slice(0, 200), this.crashes);
  }

  private drop(why: 'crashed' | 'deadline' | 'disposed'): void {
    const connection = this.connection;
    this.connection = undefined;
    if (!connection) return;
    connection.channel.close(
      why === 'disposed'
        ? new AppError('cancelled.closed', 'The language service was closed.')
        : new AppError(
            'bug.languageService',
            'The language service stopped and is started again with the next request.',
            { retryable: true },
          ),
    );
    void connection.worker.terminate();
  }

  /** Keeps what a new thread must be told. */
  private remember(name: keyof LanguageService, input: unknown): void {
    if (name === 'setScopeNames') this.names = (input as { names: ScopeNames }).names;
    if (name === 'dropSchema') this.schemas.delete((input as { schemaId: string }).schemaId);
    if (name === 'setSchema') this.schemas.set((input as SchemaInput).schemaId, input as SchemaInput);
  }

  private countDeadly(key: string): void {
    if (this.deadly.size > 50) this.deadly.clear();
    this.deadly.set(key, (this.deadly.get(key) ?? 0) + 1);
  }
}
