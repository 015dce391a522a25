import { env, notebooks } from 'vscode';
import type { NotebookEditor } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import { Channel } from '../../base/rpc.ts';
import type { Handlers, NoRequests } from '../../base/rpc.ts';
import type { RunId } from '../../model/ids.ts';
import { toRunId } from '../../model/ids.ts';
import type { NotebookHost } from '../../protocol/notebook.ts';
import type { App } from '../platform/app.ts';
import { toPageText } from '../platform/page.ts';

/** The renderer of the manifest. */
const RENDERER = 'tenantscope.run';

/** Serves the outputs of open notebooks: each editor has a channel of its own, and rows go by in windows. */
export function registerOutputHosts(app: App): Disposable {
  const store = new DisposableStore();
  const messaging = notebooks.createRendererMessaging(RENDERER);
  const editors = new WeakMap<NotebookEditor, Emitter<unknown>>();
  const handlers = outputHandlers(app);
  const timers = {
    set: (callback: () => void, ms: number) => setTimeout(callback, ms),
    clear: (handle: unknown) => {
      clearTimeout(handle as NodeJS.Timeout);
    },
  };
  const heardOf = (editor: NotebookEditor): Emitter<unknown> => {
    const known = editors.get(editor);
    if (known) return known;
    const heard = new Emitter<unknown>();
    editors.set(editor, heard);
    const post = (message: unknown): void => {
      void messaging.postMessage(message, editor);
    };
    store.add(new Channel<NotebookHost, NoRequests>({ post, onMessage: heard.event }, handlers, timers));
    return heard;
  };
  store.add(
    messaging.onDidReceiveMessage(({ editor, message }) => {
      heardOf(editor).fire(message);
    }),
  );
  return store;
}

/** What an output may have done for it. Everything it says is looked at, as with a page. */
function outputHandlers({ worker, runs }: Pick<App, 'worker' | 'runs'>): Handlers<NotebookHost> {
  const runOf = (id: unknown): RunId => {
    const run = runs.find(toRunId(toPageText(id)));
    if (!run) throw new AppError('input.runGone', 'This run is no longer there. Run the cell again.');
    return run.id;
  };
  return {
    rows: (input, signal) => worker.request('runs.rows', { ...input, run: runOf(input.run) }, { signal }),
    chart: (input, signal) => worker.request('runs.chart', { ...input, run: runOf(input.run) }, { signal }),
    copy: async ({ text }) => {
      await env.clipboard.writeText(toPageText(text));
      return null;
    },
    open: ({ run }) => {
      runs.show(runOf(run));
      return null;
    },
  };
}
