import { effectiveTimeRange } from '../../model/timeRange.ts';
import { Range, Selection, Uri, window, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import { AppError, toAppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { problemsOfLine } from '../../core/estate/scopeLineProblems.ts';
import { codeStart } from '../../kql/scan.ts';
import type { AnswerMode, Run } from '../../model/run.ts';
import type { App } from '../platform/app.ts';
import { askReaders } from './askReaders.ts';
import { askSource } from './askSource.ts';
import { faultInText, faultOf } from '../session/fault.ts';
import type { Fault, QueryOrigin } from '../session/fault.ts';

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
 * Starts a run of the query over its document's scope, or asks the result that the document names. What is wrong with
 * text or scope is refused with its place before anything is sent. `answer`: this once, whatever the document's answers
 * are.
 */
export async function startRun(app: App, query: ChosenQuery, answer?: AnswerMode): Promise<Run> {
  const { document, text, start } = query;
  const offset = start + codeStart(text);
  const { scope, error } = app.scope.of(document, offset);
  const request = {
    query: text,
    scope,
    timeRange: effectiveTimeRange(app.scope.timeRange(document), text),
    answer: answer ?? app.scope.answer(document),
  };
  const origin = originOf(query);
  const asked = await askSource(app, {
    document,
    origin,
    request,
    reveal: (fault) => {
      reveal(document, fault);
    },
  });
  if (asked) return asked;
  const faultAt = (place: Pick<Fault, 'start' | 'end'>): Fault => faultInText(document.getText(), place, text, origin);
  if (error) {
    const refusal = new AppError(
      'input.scopeLine',
      `The scope line cannot be read: ${error.message} Nothing was sent.`,
    );
    app.runs.refuse(request, refusal.toData(), faultAt(error));
    reveal(document, error);
    throw refusal;
  }
  const { estate } = app.estate;
  /** The name of the scope line that a refusal of the scope is about. */
  const faultOfScope = (refusal: AppErrorData): Fault | undefined => {
    const line = app.scope.lineOf(document, offset);
    const [place] =
      refusal.code === 'input.scope' && estate && line ? problemsOfLine(document.getText(), line, estate) : [];
    return place && faultAt(place);
  };
  try {
    return await app.runs.start(await askReaders(app, request), origin, faultOfScope);
  } catch (thrown) {
    const refusal = toAppError(thrown);
    const fault = faultOfScope(refusal.toData()) ?? faultOf(refusal.toData(), text, origin);
    if (fault && (refusal.family === 'query' || refusal.family === 'input')) reveal(document, fault);
    throw refusal;
  }
}

function originOf({ document, start }: ChosenQuery): QueryOrigin {
  const { line, character } = document.positionAt(start);
  const uri = document.uri.toString();
  return { uri, name: document.uri.path.split('/').at(-1) ?? uri, start, line, character };
}

function reveal(document: TextDocument, { start, end }: Pick<Fault, 'start' | 'end'>): void {
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
