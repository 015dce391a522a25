import { DiagnosticSeverity, languages, window, workspace } from 'vscode';
import type { Diagnostic, TextDocument } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { LocalSignal } from '../../base/rpc.ts';
import { scopeLineProblems } from '../../core/estate/scopeLineProblems.ts';
import type { App } from '../platform/app.ts';
import { onSettingsChanged, readSetting } from '../platform/settings.ts';
import { isQueryDocument } from '../session/activeQuery.ts';
import { mayHoldQueries } from '../session/queriesInside.ts';
import { findResultSource, resultProblem } from '../session/resultSource.ts';
import { toDiagnostic, toMark } from './convert.ts';
import { diagnosticsInside } from './insideDiagnostics.ts';
import type { SchemaFeed } from './schemaFeed.ts';

const PAUSE_MS = 250;

/**
 * Squiggles: soon after the person stops typing, for visible queries only, those inside other documents too; a newer
 * text cancels the check of an older one.
 */
export class QueryDiagnostics implements Disposable {
  private readonly collection = languages.createDiagnosticCollection('tenantscope');
  private readonly pending = new Map<string, { readonly timer: NodeJS.Timeout; readonly signal: LocalSignal }>();
  private readonly store = new DisposableStore();
  private readonly app: App;
  private readonly feed: SchemaFeed;

  constructor(app: App, feed: SchemaFeed) {
    this.app = app;
    this.feed = feed;
    const all = (): void => {
      for (const editor of window.visibleTextEditors) this.check(editor.document, 0);
    };
    this.store.add(this.collection);
    this.store.add(
      window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) if (!this.collection.has(document.uri)) this.check(document, 0);
      }),
    );
    this.store.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        if (isQueryDocument(document)) this.feed.wake();
        this.check(document, PAUSE_MS);
      }),
    );
    this.store.add(
      workspace.onDidCloseTextDocument((document) => {
        this.forget(document);
      }),
    );
    this.store.add(feed.onDidChange(all));
    this.store.add(
      app.estate.onDidChange(() => {
        if (app.estate.state === 'loaded') all();
      }),
    );
    this.store.add(
      app.scope.onDidChange(() => {
        if (app.active.document) this.check(app.active.document, PAUSE_MS);
      }),
    );
    this.store.add(
      app.runs.onDidChange((run) => {
        // The list as a whole: the history came, or a result is gone.
        if (run !== undefined) return;
        for (const { document } of window.visibleTextEditors)
          if (isQueryDocument(document) && findResultSource(document.getText(), app.runs)) this.check(document, 0);
      }),
    );
    this.store.add(onSettingsChanged('query.diagnostics', 'query.inOtherFiles')(all));
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
    if (!isQueryDocument(document)) {
      const had = this.collection.has(document.uri);
      if (!had && !this.pending.has(document.uri.toString()) && !mayHoldQueries(document)) return;
    }
    this.stop(document);
    if (readSetting('query.diagnostics') === 'off') {
      this.collection.delete(document.uri);
      return;
    }
    const signal = new LocalSignal();
    const timer = setTimeout(() => {
      void this.app.guard.quiet('editor.diagnostics', () => this.run(document, signal));
    }, pauseMs);
    this.pending.set(document.uri.toString(), { timer, signal });
  }

  private async run(document: TextDocument, signal: LocalSignal): Promise<void> {
    const { version } = document;
    if (!isQueryDocument(document)) {
      const found = await diagnosticsInside(this.app, this.feed, document, signal);
      if (!document.isClosed && document.version === version) this.collection.set(document.uri, found);
      return;
    }
    const question =
      readSetting('query.diagnostics') === 'schema' ? this.feed.questionOf(document) : { text: document.getText() };
    const found = await (await this.app.language()).diagnostics(question, signal);
    if (document.isClosed || document.version !== version) return;
    this.collection.set(document.uri, [
      ...found.map((one) => toMark(document, one)),
      ...this.resultProblems(document),
      ...this.scopeProblems(document),
    ]);
  }

  /** The document asks a result that is not there. */
  private resultProblems(document: TextDocument): Diagnostic[] {
    const problem = resultProblem(document.getText(), this.app.runs);
    if (!problem) return [];
    const diagnostic = toDiagnostic(document, problem, problem.message, DiagnosticSeverity.Error);
    diagnostic.source = 'Tenantscope';
    diagnostic.code = 'unknownResult';
    return [diagnostic];
  }

  /** Names of the scope line that the estate does not have: nothing would be sent. */
  private scopeProblems(document: TextDocument): Diagnostic[] {
    const { estate, state } = this.app.estate;
    if (!estate || state !== 'loaded') return [];
    return scopeLineProblems(document.getText(), estate).map((one) => {
      const diagnostic = toDiagnostic(document, one, one.message, DiagnosticSeverity.Error);
      diagnostic.source = 'Tenantscope';
      diagnostic.code = 'unknownScope';
      return diagnostic;
    });
  }

  private stop(document: TextDocument): void {
    const known = this.pending.get(document.uri.toString());
    if (!known) return;
    clearTimeout(known.timer);
    known.signal.abort();
    this.pending.delete(document.uri.toString());
  }

  private forget(document: TextDocument): void {
    this.stop(document);
    this.collection.delete(document.uri);
  }
}
