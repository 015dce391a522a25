import { RelativePattern, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri, workspace } from 'vscode';
import type { Event, TreeDataProvider } from 'vscode';
import { visibleLines, visibleText } from '../../base/visibleText.ts';
import { Emitter } from '../../base/event.ts';
import type { App } from '../platform/app.ts';
import { readSetting } from '../platform/settings.ts';
import { readQueries } from './packFiles.ts';
import { toQueryTree } from './queryFiles.ts';
import type { QueryEntry } from './queryFiles.ts';

/** A line of the Queries view: a folder that is open, or the personal ones, with what is below; a file; a query. */
export type PackEntry =
  | { readonly kind: 'root'; readonly id: string; readonly label: string; readonly children: readonly QueryEntry[] }
  | QueryEntry
  | QueryLine;

/** A query of a file. */
export interface QueryLine {
  readonly kind: 'query';
  readonly id: string;
  readonly label: string;
  /** The file's address, and where the query stands in it. */
  readonly uri: string;
  readonly offset: number;
  readonly length: number;
  readonly about: string;
  readonly tags: readonly string[];
}

const MOST_FILES = 2_000;
const ICONS = { file: 'file-code', folder: 'folder', query: 'search' } as const;

/** Packs of the open folders and the person's own: folders, files, and the queries in each file. */
export class PackTree implements TreeDataProvider<PackEntry> {
  private readonly changed = new Emitter<undefined>();
  private readonly app: App;
  private readonly personal: Uri;

  readonly onDidChangeTreeData = this.changed.event as Event<undefined>;

  constructor(app: App, personal: Uri) {
    this.app = app;
    this.personal = personal;
  }

  refresh(): void {
    this.changed.fire(undefined);
  }
  dispose(): void {
    this.changed.dispose();
  }

  async getChildren(entry?: PackEntry): Promise<PackEntry[]> {
    if (entry?.kind === 'query') return [];
    if (entry?.kind === 'file') return this.queriesOf(entry.id);
    if (entry) return [...entry.children];
    const roots: (PackEntry & { readonly kind: 'root' })[] = [];
    for (const folder of workspace.workspaceFolders ?? []) {
      const packs = await Promise.all(
        readSetting('query.packs').map((glob) =>
          workspace.findFiles(new RelativePattern(folder, glob), undefined, MOST_FILES),
        ),
      );
      const base = folder.uri.path.replace(/\/$/, '');
      // Roll-ups and alerts have views of their own.
      const paths = [...new Set(packs.flat().map((uri) => uri.path.slice(base.length + 1)))].filter(
        (path) => !/(?:^|\/)\.tenantscope\/(?:rollups|alerts)\//.test(path),
      );
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
    return roots.length === 1 && only ? [...only.children] : roots;
  }

  getTreeItem(entry: PackEntry): TreeItem {
    const item = new TreeItem(visibleText(entry.label), stateOf(entry));
    item.id = entry.id;
    item.contextValue = entry.kind;
    item.iconPath = new ThemeIcon(iconOf(entry));
    if (entry.kind === 'file')
      item.command = { command: 'tenantscope.queries.open', title: 'Open', arguments: [entry.id] };
    if (entry.kind !== 'query') return item;
    item.description = visibleText(entry.tags.join(', '));
    item.tooltip = visibleLines([entry.label, entry.about].filter((text) => text !== '').join('\n'));
    item.command = { command: 'tenantscope.queries.open', title: 'Open', arguments: [entry.uri, entry.offset] };
    item.accessibilityInformation = { label: visibleText([entry.label, ...entry.tags].join(', ')) };
    return item;
  }

  private async queriesOf(id: string): Promise<PackEntry[]> {
    const queries = (await this.app.guard.quiet('queries.read', () => readQueries(this.app, Uri.parse(id)))) ?? [];
    return queries.map(({ name, description, tags, refusal, schedule, place }, i): QueryLine => ({
      kind: 'query',
      id: `${id}#${i}`,
      label: name,
      uri: id,
      offset: place.start,
      length: place.length,
      about: [
        ...(description ? [description] : []),
        ...(schedule ? [`Meant to run ${schedule}; nothing runs by itself.`] : []),
        ...(refusal ? [`Cannot be run as it is: ${refusal}`] : []),
      ].join('\n'),
      tags,
    }));
  }
}

function stateOf({ kind }: PackEntry): TreeItemCollapsibleState {
  if (kind === 'query') return TreeItemCollapsibleState.None;
  return kind === 'root' ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}

function iconOf(entry: PackEntry): string {
  if (entry.kind === 'root') return entry.id === 'personal' ? 'account' : 'root-folder';
  return ICONS[entry.kind];
}
