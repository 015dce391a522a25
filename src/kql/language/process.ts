/**
 * The language service's own thread: Microsoft's parser loads here and nowhere near the editor. Started by `client.ts`.
 */
import { parentPort } from 'node:worker_threads';
import { Channel } from '../../base/rpc.ts';
import type { Handlers, NoRequests, Port } from '../../base/rpc.ts';
import type { LanguageService } from './face.ts';
import { LANGUAGE_METHODS } from './messages.ts';
import type { LanguageContract } from './messages.ts';
import { LocalLanguageService } from './service.ts';
import { Turns } from './turns.ts';

const thread = parentPort;
if (!thread) throw new Error('The language service runs as a worker thread.');
const service = new LocalLanguageService();

const port: Port = {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a thread has no origin
  post: (message) => {
    thread.postMessage(message);
  },
  onMessage: (listener) => {
    thread.on('message', listener);
    return {
      dispose: () => {
        thread.off('message', listener);
      },
    };
  },
};

type Method = (input: unknown, signal: unknown) => Promise<unknown>;
const turns = new Turns(setImmediate);
/** What shows up under the cursor while a person types. */
const URGENT: ReadonlySet<string> = new Set([
  'setSchema',
  'dropSchema',
  'setScopeNames',
  'completion',
  'describe',
  'signatureHelp',
  'hover',
] satisfies (keyof LanguageService)[]);
const handlers = Object.fromEntries(
  LANGUAGE_METHODS.map((name) => [
    name,
    async (input: unknown, signal: unknown) => {
      await turns.mine(URGENT.has(name));
      return (service[name] as Method).call(service, input, signal);
    },
  ]),
);

const channel = new Channel<LanguageContract, NoRequests>(port, handlers as unknown as Handlers<LanguageContract>, {
  set: (callback, ms) => setTimeout(callback, ms),
  clear: (handle) => {
    clearTimeout(handle as NodeJS.Timeout);
  },
});
channel.emit('ready', {});
