import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Event, TreeDataProvider } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import type { RollupBook, RollupRunning } from './rollupBook.ts';
import { toRollupTree } from './rollupNode.ts';
import type { RollupEntry } from './rollupNode.ts';
import { textsOfRollup } from './rollupTexts.ts';

/** The view's id. */
export const ROLLUPS_VIEW = 'tenantscope.rollups';

/** The Roll-ups view: each roll-up, the customers it is stored of, and their workspaces. */
export class RollupsTree implements TreeDataProvider<RollupEntry>, Disposable {
  private readonly changed = new Emitter<undefined>();
  private readonly book: RollupBook;
  private readonly load: () => Promise<unknown>;

  readonly onDidChangeTreeData = this.changed.event as Event<undefined>;

  /** `load` has the book look where nothing is known yet; it never rejects. */
  constructor(book: RollupBook, load: () => Promise<unknown>) {
    this.book = book;
    this.load = load;
  }

  refresh(): void {
    this.changed.fire(undefined);
  }
  dispose(): void {
    this.changed.dispose();
  }

  async getChildren(entry?: RollupEntry): Promise<RollupEntry[]> {
    if (entry) return entry.kind === 'workspace' ? [] : [...entry.children];
    if (!this.book.picture) await this.load();
    return this.book.picture ? toRollupTree(this.book.picture) : [];
  }

  getTreeItem(entry: RollupEntry): TreeItem {
    const { running } = this.book;
    const own = entry.kind === 'rollup' && running?.rollup === entry.name ? toldOf(running) : undefined;
    const texts = textsOfRollup(entry, Date.now(), own);
    const item = new TreeItem(texts.label, stateOfItem(entry));
    item.id = entry.id;
    item.description = texts.description;
    item.iconPath = new ThemeIcon(
      texts.icon.id,
      texts.icon.colour === undefined ? undefined : new ThemeColor(texts.icon.colour),
    );
    item.contextValue = texts.contextValue;
    item.tooltip = new MarkdownString(texts.tooltip);
    item.accessibilityInformation = { label: texts.spoken };
    // A look at it: the keys stay with the tree.
    if (entry.kind === 'rollup' && entry.path !== undefined)
      item.command = { command: 'tenantscope.rollups.openHere', title: 'Open Definition', arguments: [entry, true] };
    return item;
  }
}

function toldOf({ done, total }: RollupRunning): string {
  return total === 0 ? 'running' : `running, ${done} of ${total}`;
}

function stateOfItem(entry: RollupEntry): TreeItemCollapsibleState {
  if (entry.kind === 'workspace' || entry.children.length === 0) return TreeItemCollapsibleState.None;
  return TreeItemCollapsibleState.Collapsed;
}
