import { NotebookCellKind, workspace } from 'vscode';
import type { NotebookCell, NotebookDocument, TextDocument } from 'vscode';
import { cellName } from '../../kql/notebook/cellName.ts';
import { readFrontMatter } from '../../kql/queryFiles/frontMatter.ts';
import type { FrontMatter } from '../../kql/queryFiles/frontMatter.ts';
import type { RunId } from '../../model/ids.ts';
import type { EarlierResult, Run } from '../../model/run.ts';

/** The type of our notebooks, as the manifest contributes it. */
export const NOTEBOOK_TYPE = 'tenantscope-notebook';
/** What the cell of a file's front matter carries in its metadata, as `kind`. */
export const FRONT_MATTER = 'frontMatter';

const CELL_SCHEME = 'vscode-notebook-cell';

/** The notebook of ours that a document is a cell of. */
export function notebookOf(document: TextDocument): NotebookDocument | undefined {
  if (document.uri.scheme !== CELL_SCHEME) return undefined;
  return workspace.notebookDocuments.find(
    (notebook) => notebook.notebookType === NOTEBOOK_TYPE && cellOf(notebook, document) !== undefined,
  );
}

/** The cell of a notebook that a document is. */
export function cellOf(notebook: NotebookDocument, document: TextDocument): NotebookCell | undefined {
  return notebook.getCells().find((cell) => cell.document === document);
}

/** Whether a cell is a query, and no text and no front matter. */
export function isQueryCell(cell: NotebookCell): boolean {
  return cell.kind === NotebookCellKind.Code && cell.document.languageId === 'kusto';
}

/** What a notebook's front matter says, and the document of its cell, where its places are. */
export function frontMatterOf(
  notebook: NotebookDocument,
): { readonly document: TextDocument; readonly said: FrontMatter } | undefined {
  const [first] = notebook.cellCount > 0 ? notebook.getCells() : [];
  if (!first || first.metadata['kind'] !== FRONT_MATTER) return undefined;
  return { document: first.document, said: readFrontMatter(first.document.getText()) };
}

/** Which run each cell was answered with last, as long as the notebook is open. */
export class CellRuns {
  private readonly byCell = new WeakMap<TextDocument, RunId>();

  set(document: TextDocument, run: RunId | undefined): void {
    if (run === undefined) this.byCell.delete(document);
    else this.byCell.set(document, run);
  }

  /**
   * What a cell may name as tables: the cells above it that have a name, and the ended runs they were answered with, as
   * far as `find` still knows them.
   */
  earlier(document: TextDocument, find: (id: RunId) => Run | undefined): readonly EarlierResult[] {
    const notebook = notebookOf(document);
    if (!notebook) return [];
    const cells = notebook.getCells();
    const until = cells.findIndex((cell) => cell.document === document);
    return cells.slice(0, until).flatMap((cell): EarlierResult[] => {
      const name = isQueryCell(cell) ? cellName(cell.document.getText()) : undefined;
      if (name === undefined) return [];
      const id = this.byCell.get(cell.document);
      const run = id === undefined ? undefined : find(id);
      return [run && run.state !== 'running' ? { name, run: run.id } : { name }];
    });
  }
}
