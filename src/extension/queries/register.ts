import { Range, Uri, commands, window, workspace } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { onSettingsChanged } from '../platform/settings.ts';
import type { LayPlan } from '../session/layPlan.ts';
import { titleOfQuery } from '../session/queryTitle.ts';
import { exportQueries } from './exportQueries.ts';
import { importQueries } from './importQueries.ts';
import { filesOf, readPack, readQueries } from './packFiles.ts';
import type { PackEntry, QueryLine } from './packTree.ts';
import { PackTree } from './packTree.ts';
import { fileNameOf } from './queryFiles.ts';
import { runPack } from './runPack.ts';

type QueriesCommand =
  | 'tenantscope.queries.refresh'
  | 'tenantscope.queries.save'
  | 'tenantscope.queries.open'
  | 'tenantscope.queries.runHere'
  | 'tenantscope.queries.runAllHere'
  | 'tenantscope.queries.import'
  | 'tenantscope.queries.export'
  | 'tenantscope.queries.exportHere';

/** The Queries view: packs of the open folders and the person's own, run, taken from Azure and kept there. */
export function registerQueries(app: App, lay: LayPlan): CommandsOf<QueriesCommand> {
  const personal = Uri.joinPath(app.globalStorageUri, 'queries');
  const tree = app.store.add(new PackTree(app, personal));
  app.store.add(window.createTreeView('tenantscope.queries', { treeDataProvider: tree, showCollapseAll: true }));
  const refresh = (): void => {
    tree.refresh();
  };
  const watcher = app.store.add(workspace.createFileSystemWatcher('**/*.{kql,kusto,csl}'));
  app.store.add(watcher.onDidCreate(refresh));
  app.store.add(watcher.onDidChange(refresh));
  app.store.add(watcher.onDidDelete(refresh));
  app.store.add(workspace.onDidChangeWorkspaceFolders(refresh));
  app.store.add(onSettingsChanged('query.packs')(refresh));
  return {
    'tenantscope.queries.refresh': refresh,
    'tenantscope.queries.open': async (id, offset) => {
      if (typeof id !== 'string') throw noEntry('a query');
      const document = await workspace.openTextDocument(Uri.parse(id));
      const at = typeof offset === 'number' ? document.positionAt(offset) : undefined;
      await window.showTextDocument(document, { preview: true, ...(at ? { selection: new Range(at, at) } : {}) });
    },
    'tenantscope.queries.runHere': async (entry) => {
      const { uri, offset, length } = queryOf(entry);
      await workspace.openTextDocument(Uri.parse(uri));
      await commands.executeCommand('tenantscope.query.run', { uri, offset, length });
    },
    'tenantscope.queries.runAllHere': (entry) => {
      const { label, uris } = packOf(entry);
      return runPack(app, label, uris);
    },
    'tenantscope.queries.import': async () => {
      if (await importQueries(app, personal)) refresh();
    },
    'tenantscope.queries.export': async () => {
      const document = window.activeTextEditor?.document ?? app.active.document;
      if (!document)
        throw new AppError('input.noQuery', 'Open a file of queries first, or choose one in the Queries view.');
      const { queries } = await (await app.language()).queries({ path: document.uri.path, text: document.getText() });
      await exportQueries(app, lay, queries);
    },
    'tenantscope.queries.exportHere': async (entry) => {
      if (isQuery(entry)) {
        const queries = await readQueries(app, Uri.parse(entry.uri));
        await exportQueries(
          app,
          lay,
          queries.filter(({ place }) => place.start === entry.offset),
        );
        return;
      }
      const { queries } = await readPack(app, packOf(entry).uris);
      await exportQueries(
        app,
        lay,
        queries.map(({ query }) => query),
      );
    },
    'tenantscope.queries.save': async () => {
      const { document } = app.active;
      if (!document) throw new AppError('input.noQuery', 'Open a query first: its text is what is saved.');
      const name = await window.showInputBox({
        title: 'Save as Personal Query',
        prompt: 'Its name in the Queries view',
        value: titleOfQuery(document.getText()),
        validateInput: (text) => (text.trim() === '' ? 'A query needs a name.' : undefined),
      });
      if (name === undefined) return;
      const target = Uri.joinPath(personal, fileNameOf(name));
      if (
        (await exists(target)) &&
        !(await app.notify.confirm(
          `Replace the query "${name}"?`,
          'A personal query of this name is already there.',
          'Replace',
        ))
      )
        return;
      await workspace.fs.createDirectory(personal);
      await workspace.fs.writeFile(target, new TextEncoder().encode(document.getText()));
      refresh();
    },
  };
}

function isQuery(entry: unknown): entry is QueryLine {
  return typeof entry === 'object' && entry !== null && (entry as { kind?: unknown }).kind === 'query';
}

function queryOf(entry: unknown): QueryLine {
  if (!isQuery(entry)) throw noEntry('a query');
  return entry;
}

/** A folder or file of the view, as the files in it. */
function packOf(entry: unknown): { readonly label: string; readonly uris: readonly Uri[] } {
  const known = ['root', 'folder', 'file'].includes(String((entry as { kind?: unknown } | undefined)?.kind));
  if (!known) throw noEntry('a folder or file');
  const { label } = entry as PackEntry;
  return { label, uris: filesOf(entry as Parameters<typeof filesOf>[0]) };
}

function noEntry(what: string): AppError {
  return new AppError('input.noNode', `Choose this command on ${what} of the Queries view.`);
}

async function exists(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
