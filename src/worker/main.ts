import { AppError } from '../base/errors.ts';
import { Channel } from '../base/rpc.ts';
import type { HostContract, WorkerContract } from '../protocol/worker.ts';
import { DataWorker } from './dataWorker.ts';

/**
 * The data worker: estate, runs and provisioning in a process of their own, spoken to over the channel its parent
 * opened.
 */
function main(): void {
  if (!process.send) {
    process.stderr.write('This program is the data worker of the extension; it is started by it.\n');
    process.exit(2);
  }
  const worker = new DataWorker(() => channel, VERSION);
  const channel: Channel<WorkerContract, HostContract> = new Channel(
    {
      post: (message) => {
        if (process.connected) process.send!(message, () => undefined);
      },
      onMessage: (listener) => {
        process.on('message', listener);
        return {
          dispose: () => {
            process.off('message', listener);
          },
        };
      },
    },
    worker.handlers,
    {
      set: (callback, ms) => setTimeout(callback, ms),
      clear: (handle) => {
        clearTimeout(handle as NodeJS.Timeout);
      },
    },
  );

  let closing = false;
  const close = (): void => {
    if (closing) return;
    closing = true;
    channel.close(new AppError('cancelled.closed', 'The data worker is closing.'));
    worker
      .close()
      .catch(() => undefined)
      .finally(() => {
        process.exit(0);
      });
  };
  // Without its parent there is nobody to work for.
  process.on('disconnect', close);
  process.on('SIGTERM', close);
  // A terminal sends Ctrl+C to the whole group: the parent decides.
  process.on('SIGINT', () => undefined);
}

/** For the user agent; the bundler puts the version of the package here. */
declare const __VERSION__: string | undefined;
const VERSION = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0';

main();
