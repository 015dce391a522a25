import { Channel } from '../../base/rpc.ts';
import type { Contract, NoRequests, Port } from '../../base/rpc.ts';

/** What VS Code puts into every webview; the state is the little a page keeps of where it looks. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The page's end of the channel to the extension host, and its own small state. */
export interface PageHost<Theirs extends Contract> {
  readonly channel: Channel<NoRequests, Theirs>;
  readState(): Record<string, unknown>;
  writeState(state: Record<string, unknown>): void;
}

/** Connects the page to its host. VS Code allows this once in the life of a page. */
export function connectHost<Theirs extends Contract>(): PageHost<Theirs> {
  const api = acquireVsCodeApi();
  const port: Port = {
    post: (message) => {
      api.postMessage(message);
    },
    onMessage(listener) {
      const hear = (event: MessageEvent): void => {
        listener(event.data);
      };
      window.addEventListener('message', hear);
      return {
        dispose: () => {
          window.removeEventListener('message', hear);
        },
      };
    },
  };
  return {
    channel: new Channel(
      port,
      {},
      {
        set: (callback, ms) => setTimeout(callback, ms),
        clear: (handle) => {
          clearTimeout(handle as number);
        },
      },
    ),
    readState() {
      const state = api.getState();
      return typeof state === 'object' && state !== null ? { ...state } : {};
    },
    writeState(state) {
      api.setState(state);
    },
  };
}
