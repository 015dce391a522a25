import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { AppError } from '../base/errors.ts';
import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/event.ts';
import type { Event } from '../base/event.ts';
import { Channel } from '../base/rpc.ts';
import type { Handlers } from '../base/rpc.ts';
import type { HostContract } from '../protocol/host.ts';
import { WORKER_DEADLINES } from '../protocol/worker.ts';
import type { WorkerContract } from '../protocol/worker.ts';
import { crash } from './crash.ts';

type HostChannel = Channel<HostContract, WorkerContract>;

/** How the process is started, and who answers what it asks back. */
export interface WorkerProcessOptions {
  /** Absolute path of the bundle (`dist/worker.cjs`). */
  readonly entry: string;
  /** Answers the worker's questions for accounts and tokens. */
  readonly host: Handlers<HostContract>;
  readonly execArgv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Hears what the process writes to its error stream: stack traces of a crash, never tokens. */
  readonly onStderr?: (text: string) => void;
}

/**
 * One live worker process. `request` knows each request's deadline; `onExit` fires once, with the reason, after
 * everything waiting was rejected.
 */
export interface WorkerProcess extends Disposable {
  readonly pid: number | undefined;
  readonly request: HostChannel['request'];
  readonly on: HostChannel['on'];
  readonly onExit: Event<AppError>;
}

const EXIT_GRACE_MS = 2_000;
/**
 * MB of each half of the young generation (V8's default is 16): what the worker reads passes through in pages of a few
 * MB, and the rest would only lie there.
 */
const YOUNG_MB = 4;

/**
 * Starts the data worker in a process of its own, so that a 100 MB answer or a native crash never reaches the editor's
 * thread.
 * If it dies, every request that waits rejects with `engine.crashed`.
 */
export function startWorker(options: WorkerProcessOptions): WorkerProcess {
  const child = fork(options.entry, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [`--max-semi-space-size=${YOUNG_MB}`, ...(options.execArgv ?? [])],
    // Inside VS Code `process.execPath` is Electron, which is Node only when told so.
    // Memory that glibc keeps for each thread is no other's: two such heaps are enough (other systems do not know it).
    env: { MALLOC_ARENA_MAX: '2', ...(options.env ?? process.env), ELECTRON_RUN_AS_NODE: '1' },
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    options.onStderr?.(text);
  });
  const channel: HostChannel = new Channel(portOf(child), options.host, {
    set: (callback, ms) => setTimeout(callback, ms),
    clear: (handle) => {
      clearTimeout(handle as NodeJS.Timeout);
    },
  });
  const exited = new Emitter<AppError>();
  let over = false;
  const end = (reason: AppError): void => {
    if (over) return;
    over = true;
    channel.close(reason);
    exited.fire(reason);
  };
  child.once('error', (error) => {
    end(
      new AppError('engine.crashed', `The data worker could not be started: ${error.message.slice(0, 200)}.`, {
        retryable: true,
        cause: error,
      }),
    );
  });
  child.once('exit', (code, signal) => {
    end(crash(code, signal));
  });
  return {
    pid: child.pid,
    onExit: exited.event,
    request: (name, input, requestOptions) =>
      channel.request(name, input, { deadlineMs: WORKER_DEADLINES[name], ...requestOptions }),
    on: (name, listener) => channel.on(name, listener),
    dispose: () => {
      if (over) return;
      over = true;
      channel.close(new AppError('cancelled.closed', 'The data worker was closed.'));
      // The worker ends itself when the line is cut; what does not hear is ended.
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
      }, EXIT_GRACE_MS);
      timer.unref();
      child.once('exit', () => {
        clearTimeout(timer);
      });
    },
  };
}

function portOf(child: ChildProcess): {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): Disposable;
} {
  return {
    // A message to a process that is just dying is lost; its exit says why.
    post: (message) => {
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => {
      child.on('message', listener);
      return {
        dispose: () => {
          child.off('message', listener);
        },
      };
    },
  };
}
