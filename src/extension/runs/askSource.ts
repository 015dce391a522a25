import type { TextDocument } from 'vscode';
import { AppError, toAppError } from '../../base/errors.ts';
import type { Run, RunRequest } from '../../model/run.ts';
import type { App } from '../platform/app.ts';
import { faultInText, faultOf } from '../session/fault.ts';
import type { Fault, QueryOrigin } from '../session/fault.ts';
import { RESULT_GONE, findResultSource, namedRuns, resultProblem } from '../session/resultSource.ts';

/** A query that asks a result: what is asked, where it stands, and how its document shows a place. */
export interface ResultQuery {
  readonly document: TextDocument;
  readonly origin: QueryOrigin;
  readonly request: RunRequest;
  readonly reveal: (fault: Pick<Fault, 'start' | 'end'>) => void;
}

/**
 * Asks the results that the document's `// @result` lines name, where it has any; resolves to undefined where it has
 * none. A run that is gone is refused with the place of its name, and nothing is sent to anybody in any case.
 */
export async function askSource(
  app: App,
  { document, origin, request, reveal }: ResultQuery,
): Promise<Run | undefined> {
  const text = document.getText();
  const { query } = request;
  const first = findResultSource(text, app.runs);
  if (!first) return undefined;
  if (first.some(({ line, run }) => line.run && !run)) await app.runs.loadHistory();
  const source = findResultSource(text, app.runs)!;
  const named = namedRuns(source);
  const problem = resultProblem(text, { find: (id) => app.runs.find(id), knowsHistory: true });
  const atLine = faultInText(text, problem ?? source[0].line.run ?? source[0].line, query, origin);
  if (!named || problem) {
    const refusal = new AppError('input.resultGone', problem?.message ?? RESULT_GONE);
    app.runs.refuse(request, refusal.toData(), atLine);
    reveal(atLine);
    throw refusal;
  }
  const ofSource = (code: string): Fault | undefined => (code.startsWith('input.') ? atLine : undefined);
  try {
    return await app.runs.askResult(named, query, origin, ({ code }) => ofSource(code));
  } catch (thrown) {
    const refusal = toAppError(thrown);
    const fault = ofSource(refusal.code) ?? faultOf(refusal.toData(), query, origin);
    if (fault && (refusal.family === 'query' || refusal.family === 'input')) reveal(fault);
    throw refusal;
  }
}
