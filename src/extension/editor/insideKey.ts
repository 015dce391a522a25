import { commands, window, workspace } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { App } from '../platform/app.ts';

/** Whether the cursor is in a query of a document of another language, for `when` clauses. */
const IN_QUERY = 'tenantscope.inQuery';

/** Keeps `tenantscope.inQuery` true while the cursor is in such a query: the keys that run one mean it only there. */
export function watchInside(app: App): Disposable {
  const store = new DisposableStore();
  let told = false,
    prepared = false,
    latest = 0;
  /** Who stands in a query will run it: the first run is to take no longer than any other. */
  const prepare = (): void => {
    if (prepared || !workspace.isTrusted) return;
    prepared = true;
    void app.guard.quiet('runs.prepare', () => app.worker.request('runs.prepare', null));
  };
  const look = (): void => {
    const turn = ++latest;
    void app.guard.quiet('editor.inQuery', async () => {
      const inside = (await app.inside.find(undefined)) !== undefined;
      if (turn !== latest || inside === told) return;
      told = inside;
      if (inside) prepare();
      await commands.executeCommand('setContext', IN_QUERY, inside);
    });
  };
  store.add(window.onDidChangeActiveTextEditor(look));
  store.add(window.onDidChangeTextEditorSelection(look));
  store.add(
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document === window.activeTextEditor?.document) look();
    }),
  );
  look();
  return store;
}
