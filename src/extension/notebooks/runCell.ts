import { NotebookCellOutput } from 'vscode';
import type { NotebookCell, NotebookCellExecution, NotebookDocument } from 'vscode';
import { familyOf, toAppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { Run, RunRequest } from '../../model/run.ts';
import type { App } from '../platform/app.ts';
import { toSignal } from '../platform/cancel.ts';
import { readConfidentiality } from '../platform/settings.ts';
import { askReaders } from '../session/askReaders.ts';
import { faultOf, faultInText } from '../session/fault.ts';
import type { Fault, QueryOrigin } from '../session/fault.ts';
import type { CellQuery } from './cellQuery.ts';
import { readCell } from './cellQuery.ts';
import { toCellView, toItems, toRefusedView } from './toOutput.ts';

/** Least time between two redraws of an output while its run goes on, milliseconds. */
const REDRAW_MS = 300;

/**
 * Runs one cell and shows what came of it below the cell, while it comes. What fails is the output; nothing is thrown.
 * The cell has succeeded when its run has ended with an answer.
 */
export async function runCell(
  app: App,
  notebook: NotebookDocument,
  cell: NotebookCell,
  execution: NotebookCellExecution,
): Promise<void> {
  const { document } = cell;
  execution.start(Date.now());
  app.cells.set(document, undefined);
  let query: CellQuery | undefined;
  const faultIn = (error: AppErrorData): Fault | undefined =>
    query && faultInCell(error, query, document.getText(), originOf(cell));
  const output = new NotebookCellOutput([]);
  let isShown = false;
  const show = async (view: Parameters<typeof toItems>[0]): Promise<void> => {
    output.items = toItems(view);
    if (isShown) await execution.replaceOutputItems(output.items, output);
    else await execution.replaceOutput(output);
    isShown = true;
  };
  try {
    query = readCell(app, notebook, cell);
    const results = app.cells.earlier(document, (id) => app.runs.find(id));
    const signal = toSignal(execution.token);
    const start = (request: RunRequest): Promise<Run> =>
      app.runs.startInPlace(request, results, originOf(cell), signal);
    const wanted = { ...query.request, ...readConfidentiality() };
    // Only a cell that goes to workspaces is asked about them: one over earlier rows sends nothing.
    const first = await start(wanted).catch(async (thrown: unknown) => {
      if (toAppError(thrown).data?.['ask'] !== true) throw thrown;
      return start(await askReaders(app, wanted));
    });
    app.cells.set(document, first.id);
    const cancel = (): void => {
      void app.runs.cancel(first.id).catch(() => undefined);
    };
    if (execution.token.isCancellationRequested) cancel();
    const listening = execution.token.onCancellationRequested(cancel);
    const run = await lastOf(app.runs, first, (now) => show(toCellView(now, undefined)));
    listening.dispose();
    const fault = run.error ? faultIn(run.error) : undefined;
    const view = toCellView(run, fault);
    await show(view);
    execution.end(run.state === 'finished' && view.standing !== 'failed', Date.now());
  } catch (thrown) {
    const error = toAppError(thrown).toData();
    if (familyOf(error.code) === 'cancelled') await execution.clearOutput();
    else await show(toRefusedView(error, faultIn(error)));
    execution.end(false, Date.now());
  }
}

/** The last snapshot of a run; `show` is given those before it, now and then. */
function lastOf(
  runs: Pick<App['runs'], 'find' | 'onDidChange'>,
  first: Run,
  show: (run: Run) => Promise<void>,
): Promise<Run> {
  return new Promise((resolve) => {
    let shownAt = 0;
    let showing: Promise<void> = Promise.resolve();
    const look = (run: Run): void => {
      if (run.state !== 'running') {
        subscription.dispose();
        void showing.then(() => {
          resolve(run);
        });
      } else if (Date.now() - shownAt >= REDRAW_MS) {
        shownAt = Date.now();
        showing = showing.then(() => show(run)).catch(() => undefined);
      }
    };
    const subscription = runs.onDidChange((changed) => {
      // Undefined: the list as a whole changed, and the run may have been deleted from it.
      if (changed === undefined || changed.id === first.id)
        look(runs.find(first.id) ?? { ...first, state: 'cancelled' });
    });
    look(runs.find(first.id) ?? first);
  });
}

function originOf({ document, index }: NotebookCell): QueryOrigin {
  return { uri: document.uri.toString(), name: `cell ${index + 1}`, start: 0, line: 0, character: 0 };
}

/** The fault of what was sent, at its place in the cell. */
function faultInCell(
  error: AppErrorData,
  { request, placeInCell }: CellQuery,
  text: string,
  origin: QueryOrigin,
): Fault | undefined {
  const fault = faultOf(error, request.query, origin);
  if (!fault || request.query === text) return fault;
  return faultInText(text, { start: placeInCell(fault.start), end: placeInCell(fault.end) }, text, origin);
}
