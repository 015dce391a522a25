import { languages, workspace } from 'vscode';
import type { Diagnostic, DiagnosticCollection, TextDocument } from 'vscode';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { LocalSignal } from '../../base/rpc.ts';
import type { Guard } from '../platform/guard.ts';

/** What a collection of diagnostics, and the work that fills it, are called. */
export interface CheckNames {
  readonly collection: string;
  readonly work: string;
}

/**
 * Checks of documents and the diagnostics that they find. A document has one check at a time: a newer one cancels the
 * older, and what is found for a text that is not the document's any more is not shown. A closed document has none.
 */
export class DocumentChecks implements Disposable {
  private readonly collection: DiagnosticCollection;
  private readonly pending = new Map<string, { readonly timer: NodeJS.Timeout; readonly signal: LocalSignal }>();
  private readonly store = new DisposableStore();
  private readonly guard: Guard;
  private readonly work: string;

  constructor(guard: Guard, { collection, work }: CheckNames) {
    this.guard = guard;
    this.work = work;
    this.collection = languages.createDiagnosticCollection(collection);
    this.store.add(this.collection);
    this.store.add(
      workspace.onDidCloseTextDocument((document) => {
        this.forget(document);
      }),
    );
  }

  /** Whether a document was found to have something or nothing. */
  isChecked(document: TextDocument): boolean {
    return this.collection.has(document.uri);
  }

  /** Whether a document was or is to be checked. */
  has(document: TextDocument): boolean {
    return this.isChecked(document) || this.pending.has(document.uri.toString());
  }

  /** Checks a document after a pause, unless something newer comes; `find` says what is wrong with it then. */
  start(document: TextDocument, pauseMs: number, find: (signal: CancelSignal) => Promise<readonly Diagnostic[]>): void {
    this.stop(document);
    const signal = new LocalSignal();
    const timer = setTimeout(() => {
      void this.guard.quiet(this.work, async () => {
        const { version } = document;
        const found = await find(signal);
        if (!document.isClosed && document.version === version) this.collection.set(document.uri, found);
      });
    }, pauseMs);
    this.pending.set(document.uri.toString(), { timer, signal });
  }

  /** Cancels the check of a document and shows nothing for it. */
  forget(document: TextDocument): void {
    this.stop(document);
    this.collection.delete(document.uri);
  }

  dispose(): void {
    for (const { timer, signal } of this.pending.values()) {
      clearTimeout(timer);
      signal.abort();
    }
    this.pending.clear();
    this.store.dispose();
  }

  private stop(document: TextDocument): void {
    const known = this.pending.get(document.uri.toString());
    if (!known) return;
    clearTimeout(known.timer);
    known.signal.abort();
    this.pending.delete(document.uri.toString());
  }
}
