import { RelativePattern, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri, window, workspace } from 'vscode';
import type { Event, TreeDataProvider } from 'vscode';
import { AppError } from '../../base/errors.ts';
import { Emitter } from '../../base/event.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { onSettingsChanged, readSetting } from '../platform/settings.ts';
import { titleOfQuery } from '../session/queryTitle.ts';
import type { QueryEntry } from './queryFiles.ts';
import { fileNameOf, toQueryTree } from './queryFiles.ts';

type Entry =
  | { readonly kind: 'root'; readonly id: string; readonly label: string; readonly children: readonly QueryEntry[] }
  | QueryEntry;

const MOST_FILES = 2_000;

/** The Queries view: packs of the open folders and the person's own. */
export function registerQueries(
  app: App,
): CommandsOf<'tenantscope.queries.refresh' | 'tenantscope.queries.save' | 'tenantscope.queries.open'> {
  const personal = Uri.joinPath(app.globalStorageUri, 'queries');
  const tree = app.store.add(new QueriesTree(personal));
  app.store.add(window.createTreeView('tenantscope.queries', { treeDataProvider: tree, showCollapseAll: true }));
  const watcher = app.store.add(workspace.createFileSystemWatcher('**/*.{kql,kusto,csl}', false, true, false));
  app.store.add(
    watcher.onDidCreate(() => {
      tree.refresh();
    }),
  );
  app.store.add(
    watcher.onDidDelete(() => {
      tree.refresh();
    }),
  );
  app.store.add(
    workspace.onDidChangeWorkspaceFolders(() => {
      tree.refresh();
    }),
  );
  app.store.add(
    onSettingsChanged('query.packs')(() => {
      tree.refresh();
    }),
  );
  return {
    'tenantscope.queries.refresh': () => {
      tree.refresh();
    },
    'tenantscope.queries.open': async (id) => {
      if (typeof id !== 'string')
        throw new AppError('input.noNode', 'Choose this command on a query of the Queries view.');
      await window.showTextDocument(await workspace.openTextDocument(Uri.parse(id)), { preview: true });
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
      tree.refresh();
    },
  };
}

class QueriesTree implements TreeDataProvider<Entry> {
  private readonly changed = new Emitter<undefined>();
  private readonly personal: Uri;

  readonly onDidChangeTreeData = this.changed.event as Event<undefined>;

  constructor(personal: Uri) {
    this.personal = personal;
  }

  refresh(): void {
    this.changed.fire(undefined);
  }
  dispose(): void {
    this.changed.dispose();
  }

  async getChildren(entry?: Entry): Promise<Entry[]> {
    if (entry) return entry.kind === 'file' ? [] : [...entry.children];
    const roots: Entry[] = [];
    for (const folder of workspace.workspaceFolders ?? []) {
      const packs = await Promise.all(
        readSetting('query.packs').map((glob) =>
          workspace.findFiles(new RelativePattern(folder, glob), undefined, MOST_FILES),
        ),
      );
      const base = folder.uri.path.replace(/\/$/, '');
      const paths = [...new Set(packs.flat().map((uri) => uri.path.slice(base.length + 1)))];
      if (paths.length)
        roots.push({
          kind: 'root',
          id: folder.uri.toString(),
          label: folder.name,
          children: toQueryTree(paths, folder.uri.toString().replace(/\/$/, '')),
        });
    }
    const own = await workspace.fs.readDirectory(this.personal).then(
      (all) => all.map(([name]) => name).filter((name) => name.endsWith('.kql')),
      () => [],
    );
    if (own.length)
      roots.push({
        kind: 'root',
        id: 'personal',
        label: 'Personal',
        children: toQueryTree(own, this.personal.toString()),
      });
    const [only] = roots;
    return roots.length === 1 && only?.kind === 'root' ? [...only.children] : roots;
  }

  getTreeItem(entry: Entry): TreeItem {
    const item = new TreeItem(
      entry.label,
      entry.kind === 'file'
        ? TreeItemCollapsibleState.None
        : entry.kind === 'root'
          ? TreeItemCollapsibleState.Expanded
          : TreeItemCollapsibleState.Collapsed,
    );
    item.id = entry.id;
    item.contextValue = entry.kind;
    item.iconPath = new ThemeIcon(
      entry.kind === 'file'
        ? 'file-code'
        : entry.kind === 'root'
          ? entry.id === 'personal'
            ? 'account'
            : 'root-folder'
          : 'folder',
    );
    if (entry.kind === 'file')
      item.command = { command: 'tenantscope.queries.open', title: 'Open', arguments: [entry.id] };
    return item;
  }
}

async function exists(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
