import { Diagnostic, DiagnosticSeverity, Range, languages, window, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { LocalSignal } from '../../base/rpc.ts';
import { visibleLines } from '../../base/visibleText.ts';
import type { App } from '../platform/app.ts';
import { isRollupDocument } from './rollupFiles.ts';

const PAUSE_MS = 400;

/**
 * What is wrong with the roll-up files that are looked at: what their lines say, and once the estate is known also what
 * cannot be asked window by window. Soon after somebody stops typing; a newer text cancels the check of an older one.
 */
export class RollupDiagnostics implements Disposable {
  private readonly collection = languages.createDiagnosticCollection('tenantscope-rollups');
  private readonly pending = new Map<string, { readonly timer: NodeJS.Timeout; readonly signal: LocalSignal }>();
  private readonly store = new DisposableStore();
  private readonly app: App;

  constructor(app: App) {
    this.app = app;
    const all = (): void => {
      for (const { document } of window.visibleTextEditors) this.check(document, 0);
    };
    this.store.add(this.collection);
    this.store.add(window.onDidChangeVisibleTextEditors(all));
    this.store.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        this.check(document, PAUSE_MS);
      }),
    );
    this.store.add(
      workspace.onDidCloseTextDocument((document) => {
        this.stop(document);
        this.collection.delete(document.uri);
      }),
    );
    this.store.add(
      app.estate.onDidChange(() => {
        if (app.estate.state === 'loaded') all();
      }),
    );
    this.store.add(workspace.onDidGrantWorkspaceTrust(all));
    all();
  }

  dispose(): void {
    for (const { timer, signal } of this.pending.values()) {
      clearTimeout(timer);
      signal.abort();
    }
    this.pending.clear();
    this.store.dispose();
  }

  private check(document: TextDocument, pauseMs: number): void {
    if (!workspace.isTrusted || !isRollupDocument(document)) return;
    this.stop(document);
    const signal = new LocalSignal();
    const timer = setTimeout(() => {
      void this.app.guard.quiet('rollups.diagnostics', () => this.run(document, signal));
    }, pauseMs);
    this.pending.set(document.uri.toString(), { timer, signal });
  }

  private async run(document: TextDocument, signal: LocalSignal): Promise<void> {
    const { version } = document;
    const file = { path: document.uri.toString(), text: document.getText() };
    // Nobody is asked for tables because a file lies open: only once the person had the estate loaded.
    const plan = this.app.estate.state === 'loaded';
    const { problems } = await this.app.worker.request('rollups.check', { ...file, plan }, { signal });
    if (document.isClosed || document.version !== version) return;
    this.collection.set(
      document.uri,
      problems.map(({ message, start, end }) => {
        const range = new Range(document.positionAt(start), document.positionAt(end));
        const mark = new Diagnostic(range, visibleLines(message), DiagnosticSeverity.Error);
        mark.source = 'Tenantscope';
        mark.code = 'rollup';
        return mark;
      }),
    );
  }

  private stop(document: TextDocument): void {
    const known = this.pending.get(document.uri.toString());
    if (!known) return;
    clearTimeout(known.timer);
    known.signal.abort();
    this.pending.delete(document.uri.toString());
  }
}
