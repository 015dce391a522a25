import { AppError } from '../base/errors.ts';
import { Channel } from '../base/rpc.ts';
import { CurrentSession } from './currentSession.ts';
import { workerHandlers } from './handlers.ts';
import type { HostChannel } from './tokens.ts';

/**
 * The data worker: estate, runs and provisioning in a process of their own, spoken to over the channel its parent
 * opened.
 */
function main(): void {
  if (!process.send) {
    process.stderr.write('This program is the data worker of the extension; it is started by it.\n');
    process.exit(2);
  }
  const current = new CurrentSession(() => channel, VERSION);
  const channel: HostChannel = new Channel(
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
    workerHandlers(current, () => channel),
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
    current
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
