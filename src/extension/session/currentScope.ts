import { Range, WorkspaceEdit, window, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import { documentBlocks } from '../../kql/language/blocks.ts';
import { asksResourceGraph, findSourceLines } from '../../kql/sourceLine.ts';
import { readDocumentScopes, scopeLineAt } from '../../kql/documentScopes.ts';
import type { DocumentScopes } from '../../kql/documentScopes.ts';
import { readFrontComment } from '../../kql/queryFiles/frontComment.ts';
import { printFrontMatterScope } from '../../kql/queryFiles/frontMatter.ts';
import { codeStart } from '../../kql/scan.ts';
import { scopeLineChange } from '../../kql/scopeLine.ts';
import type { ScopeLine } from '../../kql/scopeLine.ts';
import type { AnswerMode } from '../../model/run.ts';
import type { Scope } from '../../model/scope.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import type { ActiveQuery } from './activeQuery.ts';
import { blockAt } from './queryBlocks.ts';
import { frontMatterOf, isQueryCell, notebookOf } from './notebookCells.ts';
import type { DocumentScope, ScopeBook } from './scopeBook.ts';

/**
 * The scope, time range and answer mode of the query the person is working on, which is the one at the cursor; the
 * default of new ones while there is none.
 */
export class CurrentScope implements Disposable {
  private readonly changed = new Emitter<void>();
  private readonly store = new DisposableStore();
  private readonly book: ScopeBook;
  private readonly active: ActiveQuery;
  private readonly read = new WeakMap<TextDocument, { readonly version: number; readonly scopes: DocumentScopes }>();
  /** Where the line begins that counted when the cursor was last looked at. */
  private graphAtCursor = false;
  private lineAtCursor: number | undefined;

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
        this.lineAtCursor = this.lineOf(active.document, this.cursor())?.start;
        this.graphAtCursor = this.asksGraph();
        this.changed.fire();
      }),
    );
    this.store.add(
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor.document !== active.document || textEditor !== active.editor) return;
        const line = this.lineOf(active.document, this.cursor())?.start;
        const asksGraph = this.asksGraph();
        if (line === this.lineAtCursor && asksGraph === this.graphAtCursor) return;
        this.lineAtCursor = line;
        this.graphAtCursor = asksGraph;
        this.changed.fire();
      }),
    );
    this.store.add(
      workspace.onDidChangeNotebookDocument(({ notebook }) => {
        if (active.document && notebookOf(active.document) === notebook) this.changed.fire();
      }),
    );
    this.store.add(this.changed);
  }

  get(): DocumentScope {
    return this.of(this.active.document, this.cursor());
  }
  /**
   * Of the query at an offset; without one, of the document's queries that have no line of their own. A cell without a
   * line follows its notebook.
   */
  of(document: TextDocument | undefined, offset?: number): DocumentScope {
    const line = this.lineOf(document, offset);
    if (document && !line) return this.book.scopeOf(keyOf(document), this.notebookLine(document)?.line);
    const own = line !== undefined && (line !== this.linesOf(document!).top || this.isCellsOwn(document!, line));
    return this.book.scopeOf(document && keyOf(document), line, own);
  }

  /** Of a query inside a document of another language: by its own scope line, else as chosen for the document. */
  ofInside(document: TextDocument, line: ScopeLine | undefined): DocumentScope {
    return this.ofFile(document.uri.toString(), line);
  }

  /** The same of a query in a file that need not be open. */
  ofFile(uri: string, line: ScopeLine | undefined): DocumentScope {
    return this.book.scopeOf(uri, line, line !== undefined);
  }
  /** The time range that was chosen for a file, which need not be open. */
  timeRangeOfFile(uri: string): TimeRange {
    return this.book.timeRangeOf(uri);
  }

  /** The `// @scope` line that counts there, if there is one. */
  lineOf(document: TextDocument | undefined, offset?: number): ScopeLine | undefined {
    const scopes = document && this.linesOf(document);
    return offset === undefined ? scopes?.top : scopes && scopeLineAt(scopes, offset);
  }

  /** The document's scope lines and the queries that follow them, read once per version of its text. */
  linesOf(document: TextDocument): DocumentScopes {
    const { version } = document;
    const known = this.read.get(document);
    if (known?.version === version) return known.scopes;
    const scopes = readDocumentScopes(document.getText());
    this.read.set(document, { version, scopes });
    return scopes;
  }

  /** Whether the query at an offset asks Resource Graph, by its `// @source` line. */
  asksGraph(document = this.active.document, offset = this.cursor()): boolean {
    if (!document || offset === undefined) return false;
    const text = document.getText();
    if (findSourceLines(text).length === 0) return false;
    const block = blockAt(documentBlocks(text), offset);
    return block !== undefined && asksResourceGraph(text.slice(block.start, block.end));
  }

  /** Where the person is in the active document, as an offset. */
  cursor(): number | undefined {
    const { editor, document } = this.active;
    return editor && document?.offsetAt(editor.selection.active);
  }

  /** Into the `// @scope` line that counts there where there is one, else beside the document. */
  async set(scope: Scope, document = this.active.document, offset = this.cursor()): Promise<void> {
    if (!document || this.lineOf(document, offset)) {
      if (document) await this.writeLine(scope, document, offset);
      else await this.book.setScope(undefined, scope);
      return;
    }
    const placed = this.notebookLine(document);
    if (!placed) await this.book.setScope(keyOf(document), scope);
    else if (placed.isFrontMatter) await replace(placed.document, placed.line, printFrontMatterScope(scope));
    else await this.writeLine(scope, placed.document, placed.line.start);
  }

  /** Keeps a scope beside a document of another language. */
  async setInside(scope: Scope, document: TextDocument): Promise<void> {
    await this.book.setScope(document.uri.toString(), scope);
  }

  /** Writes the scope into the text, for everybody who gets the file: into the line that counts there, or a new one. */
  async writeLine(scope: Scope, document: TextDocument, offset = this.cursor()): Promise<void> {
    const change = scopeLineChange(document.getText(), scope, this.lineOf(document, offset));
    await replace(document, change, change.newText);
  }

  /** What a notebook says for its cells, as they do for themselves, goes before what was chosen. */
  timeRange(document: TextDocument | undefined = this.active.document): TimeRange {
    const notebook = document && notebookOf(document);
    const said = notebook && (readFrontComment(document.getText()).time ?? frontMatterOf(notebook)?.said.time);
    return said ?? this.book.timeRangeOf(document && keyOf(document));
  }
  async setTimeRange(range: TimeRange, document: TextDocument | undefined = this.active.document): Promise<void> {
    await this.book.setTimeRange(document && keyOf(document), range);
  }

  answer(document: TextDocument | undefined = this.active.document): AnswerMode {
    return this.book.answerOf(document && keyOf(document));
  }
  async setAnswer(answer: AnswerMode, document: TextDocument | undefined = this.active.document): Promise<void> {
    await this.book.setAnswer(document && keyOf(document), answer);
  }

  async move(from: string, to: string): Promise<void> {
    await this.book.move(from, to);
  }

  dispose(): void {
    this.store.dispose();
  }

  /** The scope of a cell's notebook: of its front matter, else the line above its first query. */
  private notebookLine(
    document: TextDocument,
  ): { readonly document: TextDocument; readonly line: ScopeLine; readonly isFrontMatter: boolean } | undefined {
    const notebook = notebookOf(document);
    if (!notebook) return undefined;
    const front = frontMatterOf(notebook);
    if (front?.said.scope) return { document: front.document, line: front.said.scope, isFrontMatter: true };
    const first = notebook.getCells().find(isQueryCell)?.document;
    const line = first && this.linesOf(first).top;
    return line && line.start < codeStart(first.getText())
      ? { document: first, line, isFrontMatter: false }
      : undefined;
  }

  /** Whether a line of a cell is for this cell alone. */
  private isCellsOwn(document: TextDocument, line: ScopeLine): boolean {
    return notebookOf(document) !== undefined && this.notebookLine(document)?.line !== line;
  }
}

/** What is kept of a document's scope is kept under this: of a cell, under its notebook. */
function keyOf(document: TextDocument): string {
  return (notebookOf(document) ?? document).uri.toString();
}

async function replace(
  document: TextDocument,
  { start, end }: { readonly start: number; readonly end: number },
  text: string,
): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(document.positionAt(start), document.positionAt(end)), text);
  await workspace.applyEdit(edit);
}
