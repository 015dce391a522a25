import { Diagnostic, DiagnosticSeverity, Range, window, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { visibleLines } from '../../base/visibleText.ts';
import type { App } from '../platform/app.ts';
import { DocumentChecks } from './documentChecks.ts';

const PAUSE_MS = 400;

/** Something wrong with a file, UTF-16 offsets of it; what only `isNote` stands in the way of nothing that is sure. */
export interface PlacedProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly isNote?: true;
}

/** Files of one kind that are checked, and how. */
export interface CheckedFiles {
  /** The code of their problems. */
  readonly kind: string;
  readonly isOne: (document: TextDocument) => boolean;
  /** Problems at their places. `path` is the file's address. */
  readonly check: (
    file: { readonly path: string; readonly text: string },
    signal: CancelSignal,
  ) => Promise<readonly PlacedProblem[]>;
}

/**
 * What is wrong with the files of a kind that are looked at, as the worker says it. Soon after somebody stops typing; a
 * newer text cancels the check of an older one.
 */
export class FileDiagnostics implements Disposable {
  private readonly checks: DocumentChecks;
  private readonly store = new DisposableStore();
  private readonly files: CheckedFiles;

  constructor(app: App, files: CheckedFiles) {
    this.files = files;
    this.checks = new DocumentChecks(app.guard, {
      collection: `tenantscope-${files.kind}`,
      work: `${files.kind}.diagnostics`,
    });
    const all = (): void => {
      for (const { document } of window.visibleTextEditors) this.check(document, 0);
    };
    this.store.add(this.checks);
    this.store.add(window.onDidChangeVisibleTextEditors(all));
    this.store.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        this.check(document, PAUSE_MS);
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
    this.store.dispose();
  }

  private check(document: TextDocument, pauseMs: number): void {
    if (!workspace.isTrusted || !this.files.isOne(document)) return;
    this.checks.start(document, pauseMs, (signal) => this.find(document, signal));
  }

  private async find(document: TextDocument, signal: CancelSignal): Promise<readonly Diagnostic[]> {
    const file = { path: document.uri.toString(), text: document.getText() };
    const problems = await this.files.check(file, signal);
    return problems.map(({ message, start, end, isNote }) => {
      const range = new Range(document.positionAt(start), document.positionAt(end));
      const mark = new Diagnostic(
        range,
        visibleLines(message),
        isNote ? DiagnosticSeverity.Information : DiagnosticSeverity.Error,
      );
      mark.source = 'Tenantscope';
      mark.code = this.files.kind;
      return mark;
    });
  }
}
