import { ViewColumn, commands, l10n, window } from 'vscode';
import type { WebviewPanel, WebviewView } from 'vscode';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { readSetting } from '../platform/settings.ts';
import { pageHandlers } from './pageHandlers.ts';
import { ResultsPageHost } from './resultsPage.ts';

const VIEW = 'tenantscope.results';

/** The Results page in the bottom panel, or beside the editor by setting. It opens as soon as a run is shown. */
export function registerResults(app: App): CommandsOf<'tenantscope.results.show'> {
  const handlers = pageHandlers(app);
  const pages = new Set<ResultsPageHost>();
  let panel: WebviewPanel | undefined;
  const host = (view: WebviewView | WebviewPanel): void => {
    const page = new ResultsPageHost(view.webview, app.extensionUri, app.runs, handlers);
    pages.add(page);
    view.onDidDispose(() => {
      pages.delete(page);
      page.dispose();
    });
  };
  const open = async (preserveFocus: boolean): Promise<void> => {
    if (readSetting('results.location') === 'panel') {
      await commands.executeCommand(`${VIEW}.focus`, { preserveFocus });
      return;
    }
    if (!panel) {
      panel = window.createWebviewPanel(
        VIEW,
        l10n.t('Log Results'),
        { viewColumn: ViewColumn.Beside, preserveFocus },
        { enableScripts: true },
      );
      panel.onDidDispose(() => {
        panel = undefined;
      });
      host(panel);
    } else panel.reveal(undefined, preserveFocus);
  };
  app.store.add(window.registerWebviewViewProvider(VIEW, { resolveWebviewView: host }));
  app.store.add(
    window.registerWebviewPanelSerializer(VIEW, {
      deserializeWebviewPanel: async (restored) => {
        panel = restored;
        restored.onDidDispose(() => {
          panel = undefined;
        });
        host(restored);
      },
    }),
  );
  // Results open with the first snapshot's run, before any row is there, and leave the cursor in the query.
  app.store.add(
    app.runs.onWanted(() => {
      app.guard.background('results.open', () => open(true));
    }),
  );
  app.store.add({
    dispose: () => {
      panel?.dispose();
    },
  });
  return {
    'tenantscope.results.show': async (tab) => {
      await open(false);
      if (tab === 'rows' || tab === 'chart' || tab === 'targets') for (const page of pages) page.showTab(tab);
    },
  };
}
