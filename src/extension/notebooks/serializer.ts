import { NotebookCellData, NotebookCellKind, NotebookData } from 'vscode';
import type { NotebookSerializer } from 'vscode';
import { readNotebook } from '../../kql/notebook/notebookCells.ts';
import type { CellSource, NotebookCell, NotebookFile } from '../../kql/notebook/notebookCells.ts';
import { printNotebook } from '../../kql/notebook/printNotebook.ts';

/** What a cell of ours keeps of the file in its metadata. */
interface Kept {
  readonly kind?: NotebookCell['kind'];
  readonly source?: CellSource;
}

/**
 * Markdown files as notebooks. Every cell carries the characters it was read from, so that what nobody changed is
 * written as it was. Throws a sentence for a file that is not UTF-8: another text would be written back.
 */
export const MARKDOWN_SERIALIZER: NotebookSerializer = {
  deserializeNotebook: (content) => toNotebookData(readNotebook(decoded(content))),
  serializeNotebook: (data) => new TextEncoder().encode(printNotebook(toNotebookFile(data))),
};

function decoded(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new Error(
      'This file is not UTF-8, so it cannot be a notebook. Open it as text, choose "Save with Encoding: UTF-8", then open it as a notebook.',
      { cause },
    );
  }
}

/** The cells of a file as VS Code takes them. */
export function toNotebookData({ cells, eol, bom }: NotebookFile): NotebookData {
  const data = new NotebookData(
    cells.map(({ kind, value, source }) => {
      const made =
        kind === 'text'
          ? new NotebookCellData(NotebookCellKind.Markup, value, 'markdown')
          : new NotebookCellData(NotebookCellKind.Code, value, kind === 'query' ? 'kusto' : 'yaml');
      made.metadata = { kind, ...(source ? { source } : {}) } satisfies Kept;
      return made;
    }),
  );
  data.metadata = { eol, bom };
  return data;
}

function toNotebookFile({ cells, metadata }: NotebookData): NotebookFile {
  return {
    eol: metadata?.['eol'] === '\r\n' ? '\r\n' : '\n',
    bom: metadata?.['bom'] === '\uFEFF' ? '\uFEFF' : '',
    cells: cells.map((cell): NotebookCell => {
      const { kind: before, source } = (cell.metadata ?? {}) as Kept;
      const kind = kindOf(cell, before);
      // A cell that was made another kind is a new one: its fence is not that of the other.
      return { kind, value: cell.value, ...(source && before === kind ? { source } : {}) };
    }),
  };
}

function kindOf(
  { kind, languageId }: NotebookCellData,
  before: NotebookCell['kind'] | undefined,
): NotebookCell['kind'] {
  if (kind === NotebookCellKind.Markup) return 'text';
  return languageId === 'yaml' && before === 'frontMatter' ? before : 'query';
}
