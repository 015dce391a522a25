import { Uri, ViewColumn, commands, window } from 'vscode';
import type { WebviewPanel, WebviewView } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import type { AppError } from '../../base/errors.ts';
import type { Contract } from '../../base/rpc.ts';
import { Page } from './page.ts';
import type { PageKind } from './page.ts';

/** A page and where it may be: package.json names `id` as a view (if `view`) and in `onWebviewPanel:ID`. */
export interface PlacedPage<Host extends Contract> extends PageKind<Host> {
  /** The id of the view, and the type of the panel. */
  readonly id: string;
  /** Whether it has a view of its own, beside being a panel among the editors. */
  readonly view: boolean;
  /** What every open page is kept told of; it ends with the page. */
  readonly follow?: (page: Page<Host>) => Disposable;
}

/** One page in all its places: the view, at most one panel beside the editor, and a panel of an earlier window. */
export class PagePlaces<Host extends Contract> implements Disposable {
  private readonly placed: PlacedPage<Host>;
  private readonly dist: Uri;
  private readonly failed: (where: string, error: AppError) => void;
  private readonly store = new DisposableStore();
  private readonly pages = new Set<Page<Host>>();
  private panel: WebviewPanel | undefined;

  constructor(extensionUri: Uri, placed: PlacedPage<Host>, failed: (where: string, error: AppError) => void) {
    this.placed = placed;
    this.failed = failed;
    this.dist = Uri.joinPath(extensionUri, 'dist');
    const resolveWebviewView = (view: WebviewView): void => {
      this.fill(view);
    };
    if (placed.view) this.store.add(window.registerWebviewViewProvider(placed.id, { resolveWebviewView }));
    const deserializeWebviewPanel = async (restored: WebviewPanel): Promise<void> => {
      this.adopt(restored);
    };
    this.store.add(window.registerWebviewPanelSerializer(placed.id, { deserializeWebviewPanel }));
  }

  /** Opens the page or brings it to the front: in its view, among the editors, or beside them. */
  async open(where: 'view' | 'editor' | 'beside', preserveFocus: boolean): Promise<void> {
    const { id, title } = this.placed;
    if (where === 'view') await commands.executeCommand(`${id}.focus`, { preserveFocus });
    else if (this.panel) this.panel.reveal(undefined, preserveFocus);
    else {
      const column = { viewColumn: where === 'editor' ? ViewColumn.Active : ViewColumn.Beside, preserveFocus };
      this.adopt(window.createWebviewPanel(id, title, column, { enableScripts: true }));
    }
  }

  /** Tells every open page. */
  emit<K extends keyof Host['events'] & string>(name: K, payload: Host['events'][K]): void {
    for (const page of this.pages) page.emit(name, payload);
  }

  dispose(): void {
    this.panel?.dispose();
    this.store.dispose();
  }

  private adopt(panel: WebviewPanel): void {
    this.panel = panel;
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = undefined;
    });
    this.fill(panel);
  }

  private fill(place: WebviewView | WebviewPanel): void {
    const page = new Page(place.webview, this.dist, this.placed, this.failed);
    const following = this.placed.follow?.(page);
    this.pages.add(page);
    place.onDidDispose(() => {
      this.pages.delete(page);
      following?.dispose();
      page.dispose();
    });
  }
}
