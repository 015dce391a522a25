import type { CancelSignal } from './cancel.ts';
import { AppError, toAppError } from './errors.ts';
import type { AppErrorData } from './errors.ts';
import type { Disposable } from './disposable.ts';

/**
 * One typed channel for every boundary: worker thread, child process, webview page. A contract is two plain maps,
 * `requests` (name -> { input, output }) and `events` (name -> payload). Payloads are structured-cloneable data.
 */
export interface Contract {
  readonly requests: Record<string, { readonly input: unknown; readonly output: unknown }>;
  readonly events: Record<string, unknown>;
}

/** The wire: anything that can post a message and hear one. */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): Disposable;
}

/**
 * One handler for each request of a contract: a missing one does not compile. Each may reject; the asker gets its
 * AppError.
 */
export type Handlers<C extends Contract> = {
  readonly [K in keyof C['requests']]: (
    input: C['requests'][K]['input'],
    signal: CancelSignal,
  ) => Promise<C['requests'][K]['output']> | C['requests'][K]['output'];
};

/** No handlers, for an end that only asks. */
export type NoRequests = { requests: Record<never, never>; events: Record<never, never> };

type Envelope =
  | { readonly kind: 'request'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: AppErrorData }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'event'; readonly name: string; readonly payload: unknown };

/**
 * What a request that hears nothing back ends with, unless the call says otherwise. Long work passes its own deadline
 * or Infinity.
 */
const DEFAULT_DEADLINE_MS = 60_000;

/** Timers of the platform, so that a channel's deadlines need none of their own. */
export interface Timers {
  set(callback: () => void, ms: number): unknown;
  clear(handle: unknown): void;
}

/**
 * Both ends of a channel are this class: `Mine` is what this end answers and emits, `Theirs` what it may ask and hear.
 */
export class Channel<Mine extends Contract, Theirs extends Contract> implements Disposable {
  private nextId = 1;
  private closed: AppError | undefined;
  private readonly waiting = new Map<number, { resolve(value: unknown): void; reject(error: AppError): void }>();
  private readonly running = new Map<number, () => void>();
  private readonly listeners = new Map<string, Set<(payload: unknown) => void>>();
  private readonly subscription: Disposable;

  private readonly port: Port;
  private readonly handlers: Handlers<Mine>;
  private readonly timers: Timers;

  constructor(port: Port, handlers: Handlers<Mine>, timers: Timers) {
    this.port = port;
    this.handlers = handlers;
    this.timers = timers;
    this.subscription = port.onMessage((message) => {
      this.receive(message);
    });
  }

  /**
   * Asks the other end. Rejects with its AppError, `service.deadline` after `deadlineMs`, or `cancelled.byUser` when
   * the signal fires.
   */
  request<K extends keyof Theirs['requests'] & string>(
    name: K,
    input: Theirs['requests'][K]['input'],
    options: { signal?: CancelSignal; deadlineMs?: number } = {},
  ): Promise<Theirs['requests'][K]['output']> {
    const { signal, deadlineMs = DEFAULT_DEADLINE_MS } = options;
    if (this.closed) return Promise.reject(this.closed);
    if (signal?.aborted) return Promise.reject(new AppError('cancelled.byUser', 'Cancelled.'));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const abandon = (error: AppError): void => {
        this.port.post({ kind: 'abort', id } satisfies Envelope);
        settle();
        reject(error);
      };
      const onAbort = (): void => {
        abandon(new AppError('cancelled.byUser', 'Cancelled.'));
      };
      const timer = Number.isFinite(deadlineMs)
        ? this.timers.set(() => {
            abandon(
              new AppError(
                'service.deadline',
                `No answer to "${name}" within ${Math.round(deadlineMs / 1000)} s. Try again.`,
                { retryable: true },
              ),
            );
          }, deadlineMs)
        : undefined;
      const settle = (): void => {
        this.waiting.delete(id);
        signal?.removeEventListener('abort', onAbort);
        if (timer !== undefined) this.timers.clear(timer);
      };
      this.waiting.set(id, {
        resolve: (value) => {
          settle();
          resolve(value as Theirs['requests'][K]['output']);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      signal?.addEventListener('abort', onAbort);
      try {
        this.port.post({ kind: 'request', id, name, input } satisfies Envelope);
      } catch (error) {
        settle();
        reject(toAppError(error));
      }
    });
  }

  emit<K extends keyof Mine['events'] & string>(name: K, payload: Mine['events'][K]): void {
    if (!this.closed) this.port.post({ kind: 'event', name, payload } satisfies Envelope);
  }

  on<K extends keyof Theirs['events'] & string>(name: K, listener: (payload: Theirs['events'][K]) => void): Disposable {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set);
    const entry = listener as (payload: unknown) => void;
    set.add(entry);
    return {
      dispose: () => {
        set.delete(entry);
      },
    };
  }

  /** Ends the channel: everything still waiting fails with `reason`, everything running here is aborted. */
  close(reason: AppError): void {
    if (this.closed) return;
    this.closed = reason;
    this.subscription.dispose();
    for (const entry of [...this.waiting.values()]) entry.reject(reason);
    for (const abort of [...this.running.values()]) abort();
  }

  dispose(): void {
    this.close(new AppError('cancelled.closed', 'The other side was closed.'));
  }

  private receive(message: unknown): void {
    if (!isEnvelope(message)) return;
    switch (message.kind) {
      case 'request':
        void this.serve(message.id, message.name, message.input);
        return;
      case 'reply':
        this.waiting.get(message.id)?.resolve(message.output);
        return;
      case 'error':
        this.waiting.get(message.id)?.reject(AppError.fromData(message.error));
        return;
      case 'abort':
        this.running.get(message.id)?.();
        return;
      case 'event':
        for (const listener of [...(this.listeners.get(message.name) ?? [])]) listener(message.payload);
    }
  }

  private async serve(id: number, name: string, input: unknown): Promise<void> {
    const signal = new LocalSignal();
    this.running.set(id, () => {
      signal.abort();
    });
    try {
      // Own properties only: a page must not be able to call what a prototype carries.
      const handler = Object.hasOwn(this.handlers, name) ? this.handlers[name] : undefined;
      if (!handler) throw new AppError('bug.unknownRequest', `There is no request "${name.slice(0, 60)}".`);
      const output = await handler(input as never, signal);
      if (!this.closed) this.port.post({ kind: 'reply', id, output } satisfies Envelope);
    } catch (error) {
      if (!this.closed) this.port.post({ kind: 'error', id, error: toAppError(error).toData() } satisfies Envelope);
    } finally {
      this.running.delete(id);
    }
  }
}

/** A signal of our own, so that `base` needs neither Node nor a DOM. */
export class LocalSignal implements CancelSignal {
  aborted = false;
  private readonly listeners = new Set<() => void>();

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.add(listener);
  }
  removeEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.delete(listener);
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of [...this.listeners]) listener();
    this.listeners.clear();
  }
}

function isEnvelope(message: unknown): message is Envelope {
  if (typeof message !== 'object' || message === null) return false;
  const { kind, id, name } = message as { kind?: unknown; id?: unknown; name?: unknown };
  if (kind === 'event') return typeof name === 'string';
  if (kind === 'request') return typeof id === 'number' && typeof name === 'string';
  return (kind === 'reply' || kind === 'error' || kind === 'abort') && typeof id === 'number';
}
