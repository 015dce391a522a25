import { Range, WorkspaceEdit, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import { findScopeLine, scopeLineChange } from '../../kql/scopeLine.ts';
import type { Scope } from '../../model/scope.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import type { ActiveQuery } from './activeQuery.ts';
import type { DocumentScope, ScopeBook } from './scopeBook.ts';

/** The scope and time range of the query the person is working on; the default of new ones while there is none. */
export class CurrentScope implements Disposable {
  private readonly changed = new Emitter<void>();
  private readonly store = new DisposableStore();
  private readonly book: ScopeBook;
  private readonly active: ActiveQuery;

  readonly onDidChange = this.changed.event;

  constructor(book: ScopeBook, active: ActiveQuery) {
    this.book = book;
    this.active = active;
    this.store.add(
      book.onDidChange(() => {
        this.changed.fire();
      }),
    );
    this.store.add(
      active.onDidChange(() => {
        this.changed.fire();
      }),
    );
    this.store.add(this.changed);
  }

  get(): DocumentScope {
    return this.of(this.active.document);
  }
  of(document: TextDocument | undefined): DocumentScope {
    return this.book.scopeOf(document && { uri: document.uri.toString(), text: document.getText() });
  }

  /** Into the document's `// @scope` line where it has one, else beside the document. */
  async set(scope: Scope, document = this.active.document): Promise<void> {
    if (document && findScopeLine(document.getText())) await this.writeLine(scope, document);
    else await this.book.setScope(document?.uri.toString(), scope);
  }

  /** Writes the scope into the text, for everybody who gets the file. */
  async writeLine(scope: Scope, document: TextDocument): Promise<void> {
    const change = scopeLineChange(document.getText(), scope);
    const edit = new WorkspaceEdit();
    edit.replace(
      document.uri,
      new Range(document.positionAt(change.start), document.positionAt(change.end)),
      change.newText,
    );
    await workspace.applyEdit(edit);
  }

  timeRange(document: TextDocument | undefined = this.active.document): TimeRange {
    return this.book.timeRangeOf(document?.uri.toString());
  }
  async setTimeRange(range: TimeRange, document: TextDocument | undefined = this.active.document): Promise<void> {
    await this.book.setTimeRange(document?.uri.toString(), range);
  }

  async move(from: string, to: string): Promise<void> {
    await this.book.move(from, to);
  }

  dispose(): void {
    this.store.dispose();
  }
}
