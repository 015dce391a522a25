import { randomBytes } from 'node:crypto';
import { Uri } from 'vscode';
import type { Webview } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Channel } from '../../base/rpc.ts';
import type { Handlers } from '../../base/rpc.ts';
import type { Run } from '../../model/run.ts';
import type { ResultsHost, ResultsPage, ResultsTab } from '../../protocol/results.ts';
import type { RunBook } from '../session/runBook.ts';
import { resultsPageHtml } from './pageHtml.ts';
import { toRunView } from './toRunView.ts';

/** One page in one webview, wherever VS Code put it: its HTML, its channel, and the snapshots of the shown run. */
export class ResultsPageHost implements Disposable {
  private readonly store = new DisposableStore();
  private readonly channel: Channel<ResultsHost, ResultsPage>;
  private readonly runs: RunBook;

  constructor(webview: Webview, extensionUri: Uri, runs: RunBook, handlers: Handlers<ResultsHost>) {
    this.runs = runs;
    const dist = Uri.joinPath(extensionUri, 'dist');
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    this.channel = this.store.add(
      new Channel<ResultsHost, ResultsPage>(
        {
          post: (message) => {
            void webview.postMessage(message);
          },
          onMessage: (listener) => webview.onDidReceiveMessage(listener),
        },
        handlers,
        {
          set: (callback, ms) => setTimeout(callback, ms),
          clear: (handle) => {
            clearTimeout(handle as NodeJS.Timeout);
          },
        },
      ),
    );
    this.store.add(
      runs.onDidChange((run) => {
        if (run === undefined || run.id === runs.shown?.id) this.send(runs.shown);
      }),
    );
    this.store.add(
      runs.onDidShow((run) => {
        this.send(run);
      }),
    );
    const address = (file: string): string => webview.asWebviewUri(Uri.joinPath(dist, file)).toString();
    webview.html = resultsPageHtml({
      script: address('results.js'),
      chartScript: address('chart.js'),
      style: address('results.css'),
      cspSource: webview.cspSource,
      nonce: randomBytes(18).toString('base64url'),
    });
  }

  showTab(tab: ResultsTab): void {
    this.channel.emit('tab', tab);
  }
  dispose(): void {
    this.store.dispose();
  }

  private send(run: Run | undefined): void {
    this.channel.emit('run', run ? toRunView(run, Date.now()) : null);
  }
}
