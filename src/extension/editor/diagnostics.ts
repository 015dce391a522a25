import { DiagnosticSeverity, window, workspace } from 'vscode';
import type { Diagnostic, TextDocument } from 'vscode';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { scopeLineProblems } from '../../core/estate/scopeLineProblems.ts';
import type { App } from '../platform/app.ts';
import { onSettingsChanged, readSetting } from '../platform/settings.ts';
import { isQueryDocument } from '../session/activeQuery.ts';
import { DocumentChecks } from '../session/documentChecks.ts';
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
  private readonly checks: DocumentChecks;
  private readonly store = new DisposableStore();
  private readonly app: App;
  private readonly feed: SchemaFeed;

  constructor(app: App, feed: SchemaFeed) {
    this.app = app;
    this.feed = feed;
    this.checks = new DocumentChecks(app.guard, { collection: 'tenantscope', work: 'editor.diagnostics' });
    const all = (): void => {
      for (const editor of window.visibleTextEditors) this.check(editor.document, 0);
    };
    this.store.add(this.checks);
    this.store.add(
      window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) if (!this.checks.isChecked(document)) this.check(document, 0);
      }),
    );
    this.store.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        if (isQueryDocument(document)) this.feed.wake();
        this.check(document, PAUSE_MS);
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
    this.store.dispose();
  }

  private check(document: TextDocument, pauseMs: number): void {
    if (!isQueryDocument(document) && !this.checks.has(document) && !mayHoldQueries(document)) return;
    if (readSetting('query.diagnostics') === 'off') this.checks.forget(document);
    else this.checks.start(document, pauseMs, (signal) => this.find(document, signal));
  }

  private async find(document: TextDocument, signal: CancelSignal): Promise<readonly Diagnostic[]> {
    if (!isQueryDocument(document)) return diagnosticsInside(this.app, this.feed, document, signal);
    const question =
      readSetting('query.diagnostics') === 'schema' ? this.feed.questionOf(document) : { text: document.getText() };
    const found = await (await this.app.language()).diagnostics(question, signal);
    return [
      ...found.map((one) => toMark(document, one)),
      ...this.resultProblems(document),
      ...this.scopeProblems(document),
    ];
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
}
