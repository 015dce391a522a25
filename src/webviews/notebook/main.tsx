import type { ActivationFunction } from 'vscode-notebook-renderer';
import { Channel } from '../../base/rpc.ts';
import type { NoRequests, Port } from '../../base/rpc.ts';
import type { NotebookHost, NotebookRunView } from '../../protocol/notebook.ts';
import { showTextPlainly } from '../shell/shownText.ts';
import { render } from '../shell/view.ts';
import { RunOutput } from './runOutput.tsx';
import './notebook.css';

/** What VS Code calls for the first output of ours in a notebook; its outputs share one page with those of others. */
export const activate: ActivationFunction = async (context) => {
  showTextPlainly();
  const port: Port = {
    post: (message) => {
      context.postMessage?.(message);
    },
    onMessage: (listener) => context.onDidReceiveMessage?.(listener) ?? { dispose: () => undefined },
  };
  const channel = new Channel<NoRequests, NotebookHost>(
    port,
    {},
    {
      set: (callback, ms) => setTimeout(callback, ms),
      clear: (handle) => {
        clearTimeout(handle as number);
      },
    },
  );
  await loadStyles();
  const drawn = new Map<string, HTMLElement>();
  return {
    renderOutputItem(item, element) {
      drawn.set(item.id, element);
      element.classList.add('tenantscope-run');
      render(<RunOutput channel={channel} run={item.json() as NotebookRunView} />, element);
    },
    disposeOutputItem(id) {
      for (const [known, element] of drawn)
        if (id === undefined || id === known) {
          render(null, element);
          drawn.delete(known);
        }
    },
  };
};

/** The sheet beside this module; resolves when it is there, or cannot be had. */
function loadStyles(): Promise<void> {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = new URL('notebook.css', import.meta.url).href;
  document.head.append(link);
  return new Promise((resolve) => {
    const done = (): void => {
      resolve();
    };
    link.addEventListener('load', done);
    link.addEventListener('error', done);
  });
}
