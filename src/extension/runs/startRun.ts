import { effectiveTimeRange } from '../../model/timeRange.ts';
import { Range, Selection, Uri, window, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import { AppError, toAppError } from '../../base/errors.ts';
import type { Run } from '../../model/run.ts';
import type { App } from '../platform/app.ts';

/** The query a command is about: the text that would be sent and where it stands. */
export interface ChosenQuery {
  readonly document: TextDocument;
  readonly text: string;
  readonly start: number;
}

/** A CodeLens says its place; a key or the palette means the selection, else the block at the cursor. */
export async function findQuery(app: App, place: unknown): Promise<ChosenQuery> {
  const given = readPlace(place);
  const document = given ? await workspace.openTextDocument(Uri.parse(given.uri)) : app.active.document;
  if (!document) throw new AppError('input.noQuery', 'There is no query to run. Open a .kql file or make a new query.');
  const editor = app.active.document === document ? app.active.editor : undefined;
  if (!given && editor && !editor.selection.isEmpty) {
    return { document, text: document.getText(editor.selection), start: document.offsetAt(editor.selection.start) };
  }
  const block = await app.blocks.at(
    document,
    given?.offset ?? (editor ? document.offsetAt(editor.selection.active) : 0),
  );
  if (!block)
    throw new AppError('query.empty', 'There is no query here: the text is empty or only comments. Nothing was sent.');
  return { document, text: block.text, start: block.start };
}

/**
 * Starts a run of the query over its document's scope. What is wrong with text or scope is refused with its place
 * before anything is sent.
 */
export async function startRun(app: App, query: ChosenQuery): Promise<Run> {
  const { document, text, start } = query;
  const { scope, error } = app.scope.of(document);
  if (error) {
    reveal(document, error.start, error.end);
    throw new AppError('input.scopeLine', `The scope line cannot be read: ${error.message} Nothing was sent.`);
  }
  try {
    return await app.runs.start({
      query: text,
      scope,
      timeRange: effectiveTimeRange(app.scope.timeRange(document), text),
    });
  } catch (thrown) {
    const refusal = toAppError(thrown);
    const { start: at, length } = refusal.data ?? {};
    if (refusal.family === 'query' && typeof at === 'number')
      reveal(document, start + at, start + at + (typeof length === 'number' ? length : 0));
    throw refusal;
  }
}

function reveal(document: TextDocument, start: number, end: number): void {
  const editor = window.visibleTextEditors.find((one) => one.document === document);
  if (!editor) return;
  const range = new Range(document.positionAt(start), document.positionAt(end));
  editor.selection = new Selection(range.start, range.start);
  editor.revealRange(range);
}

function readPlace(place: unknown): { readonly uri: string; readonly offset: number } | undefined {
  if (typeof place !== 'object' || place === null) return undefined;
  const { uri, offset } = place as { uri?: unknown; offset?: unknown };
  return typeof uri === 'string' && typeof offset === 'number' ? { uri, offset } : undefined;
}
