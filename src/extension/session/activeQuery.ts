import { window, workspace } from 'vscode';
import type { TextDocument, TextEditor } from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import { NOTEBOOK_TYPE, isQueryCell, notebookOf } from './notebookCells.ts';

/** Queries people write: not read-only documents of ours, not the two sides of a diff. */
export function isQueryDocument(document: TextDocument): boolean {
  return (
    document.languageId === 'kusto' &&
    (document.uri.scheme === 'file' || document.uri.scheme === 'untitled' || document.uri.scheme.startsWith('vscode-'))
  );
}

/**
 * The query document the person is working on: the active one, and still the same while a view or a page has the focus.
 */
export class ActiveQuery implements Disposable {
  private current: TextDocument | undefined;
  private readonly changed = new Emitter<void>();
  private readonly store = new DisposableStore();

  /** Another document became the active one, or its text changed. */
  readonly onDidChange = this.changed.event;

  constructor() {
    this.look(window.activeTextEditor);
    this.store.add(
      window.onDidChangeActiveTextEditor((editor) => {
        this.look(editor);
      }),
    );
    this.store.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document === this.current) this.changed.fire();
      }),
    );
    this.store.add(
      workspace.onDidCloseTextDocument((document) => {
        if (document === this.current) {
          this.current = undefined;
          this.changed.fire();
        }
      }),
    );
    this.store.add(
      workspace.onDidOpenTextDocument((document) => {
        if (document === window.activeTextEditor?.document) this.look(window.activeTextEditor);
      }),
    );
    // A cell that is chosen and not written in has no text editor.
    const lookAtCell = (): void => {
      this.lookAtCell();
    };
    this.store.add(window.onDidChangeActiveNotebookEditor(lookAtCell));
    this.store.add(window.onDidChangeNotebookEditorSelection(lookAtCell));
    this.store.add(this.changed);
  }

  get document(): TextDocument | undefined {
    return this.current;
  }

  /** Its editor, where one is visible. */
  get editor(): TextEditor | undefined {
    const { activeTextEditor, visibleTextEditors } = window;
    if (activeTextEditor && activeTextEditor.document === this.current) return activeTextEditor;
    return visibleTextEditors.find((editor) => editor.document === this.current);
  }

  dispose(): void {
    this.store.dispose();
  }

  private look(editor: TextEditor | undefined): void {
    if (!editor || editor.document.uri.scheme === 'output') return;
    if (isQueryDocument(editor.document)) this.become(editor.document);
    else if (notebookOf(editor.document)) this.lookAtCell();
    else this.become(undefined);
  }

  /** In a notebook of ours: the chosen query, else the first one. */
  private lookAtCell(): void {
    const { activeNotebookEditor: editor } = window;
    if (editor?.notebook.notebookType !== NOTEBOOK_TYPE) return;
    const { notebook, selection } = editor;
    const cell = notebook.getCells(selection).find(isQueryCell) ?? notebook.getCells().find(isQueryCell);
    if (cell) this.become(cell.document);
  }

  private become(next: TextDocument | undefined): void {
    // A text editor of another kind takes the scope back to the default; a view or a page (no editor) does not.
    if (next === this.current) return;
    this.current = next;
    this.changed.fire();
  }
}
