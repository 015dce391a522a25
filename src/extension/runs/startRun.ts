import { Range, Selection, window } from 'vscode';
import type { TextDocument } from 'vscode';
import { AppError, toAppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { problemsOfLine } from '../../core/estate/scopeLineProblems.ts';
import type { AnswerMode, Run } from '../../model/run.ts';
import type { App } from '../platform/app.ts';
import { askReaders } from '../session/askReaders.ts';
import { readSetting } from '../platform/settings.ts';
import { askSource } from './askSource.ts';
import { faultInText, faultOf } from '../session/fault.ts';
import type { Fault } from '../session/fault.ts';
import type { GivenValues } from './askParameters.ts';
import type { ChosenQuery } from './chosenQuery.ts';
import { readyQuery } from './readyQuery.ts';

/** What is wanted this once, whatever the document's answers are, and whether nothing of the run is to be kept. */
export interface Wanted {
  readonly answer?: AnswerMode;
  readonly passing?: true;
}

/**
 * Starts a run of the query over its document's scope, or asks the result that the document names, after its parameters
 * were asked; undefined where the person gave up there. What is wrong with text or scope is refused with its place
 * before anything is sent.
 */
export async function startRun(
  app: App,
  chosen: ChosenQuery,
  given: GivenValues,
  { answer, passing }: Wanted = {},
): Promise<Run | undefined> {
  const query = await readyQuery(app, chosen, given);
  if (!query) return undefined;
  const { document, ready: text, offset, inside, timeRange, origin } = query;
  const { scope, error } = query.scope;
  const request = {
    query: text,
    scope,
    timeRange,
    answer: answer ?? app.scope.answer(document),
    maxRows: readSetting('query.maxRowsPerWorkspace'),
    ...(passing ? { passing } : {}),
    ...(query.source ? { source: query.source } : {}),
  };
  const asked = inside
    ? undefined
    : await askSource(app, {
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
    const line = inside ? query.query.scope : undefined;
    app.runs.refuse(request, refusal.toData(), faultAt(line ?? error));
    reveal(document, line ?? error);
    throw refusal;
  }
  const { estate } = app.estate;
  /** The name of the scope line that a refusal of the scope is about. */
  const faultOfScope = (refusal: AppErrorData): Fault | undefined => {
    if (refusal.code !== 'input.scope' || !estate) return undefined;
    // Inside a file of another form the line has its place, and its names have none of their own.
    if (inside) return query.query.scope && faultAt(query.query.scope);
    const line = app.scope.lineOf(document, offset);
    const [place] = line ? problemsOfLine(document.getText(), line, estate) : [];
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

function reveal(document: TextDocument, { start, end }: Pick<Fault, 'start' | 'end'>): void {
  const editor = window.visibleTextEditors.find((one) => one.document === document);
  if (!editor) return;
  const range = new Range(document.positionAt(start), document.positionAt(end));
  editor.selection = new Selection(range.start, range.start);
  editor.revealRange(range);
}
