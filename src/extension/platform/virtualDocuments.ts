import { EventEmitter, Uri, commands, window, workspace } from 'vscode';
import { DisposableStore } from '../../base/disposable.ts';
import type { Disposable } from '../../base/disposable.ts';

/** The URI scheme of documents that are made on the spot. */
export const PLAN_SCHEME = 'tenantscope-plan';
const KEPT = 50;

/**
 * Read-only documents made on the spot: a provisioning plan, the explanation of a run. Only the newest are kept: one
 * closed long ago comes back empty.
 */
export class VirtualDocuments implements Disposable {
  private readonly texts = new Map<string, string>();
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new EventEmitter<Uri>());
  private opened = 0;

  constructor() {
    this.store.add(
      workspace.registerTextDocumentContentProvider(PLAN_SCHEME, {
        onDidChange: this.changed.event,
        provideTextDocumentContent: (uri) => this.texts.get(uri.toString()) ?? '',
      }),
    );
  }

  /** The rendered form of a Markdown document, as people read it; its source is one click away there. */
  async showMarkdown(title: string, text: string): Promise<Uri> {
    const uri = this.keep(title, text);
    try {
      await commands.executeCommand('markdown.showPreview', uri);
    } catch {
      // Without the built-in Markdown extension the source is readable too.
      await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
    }
    return uri;
  }

  /** The address of a read-only document, for whoever opens it. */
  keep(title: string, text: string): Uri {
    const uri = Uri.from({ scheme: PLAN_SCHEME, path: `/${++this.opened}/${title.replace(/[/\\?#]+/g, ' ')}` });
    this.texts.set(uri.toString(), text);
    for (const oldest of this.texts.keys())
      if (this.texts.size > KEPT) this.texts.delete(oldest);
      else break;
    return uri;
  }

  /** Another text for a document that is kept; whoever has it open sees it. */
  rewrite(uri: Uri, text: string): void {
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
  }

  dispose(): void {
    this.store.dispose();
    this.texts.clear();
  }
}
