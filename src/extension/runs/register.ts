import { commands, window } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { RunId } from '../../model/ids.ts';
import { toRunId } from '../../model/ids.ts';
import type { Run } from '../../model/run.ts';
import { cellOf, notebookOf } from '../session/notebookCells.ts';
import { openResult } from '../session/openResult.ts';
import { pickScope } from '../session/pickScope.ts';
import { retryRun } from '../session/retryRun.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { openNewQuery } from '../platform/openQuery.ts';
import { findQuery } from './chosenQuery.ts';
import { compareRuns } from './compareRuns.ts';
import { explainQuery } from './explainQuery.ts';
import type { GivenValues } from './askParameters.ts';
import { followRun } from './followRun.ts';
import { labelRun } from './labelRun.ts';
import { runAgain } from './runAgain.ts';
import { RunsTree } from './runsTree.ts';
import { startRun } from './startRun.ts';
import type { Wanted } from './startRun.ts';

const VIEW = 'tenantscope.runs';

type RunCommand =
  | 'tenantscope.query.run'
  | 'tenantscope.query.runPerWorkspace'
  | 'tenantscope.query.runPassing'
  | 'tenantscope.query.cancel'
  | 'tenantscope.query.explain'
  | 'tenantscope.query.estimateRows'
  | 'tenantscope.runs.open'
  | 'tenantscope.runs.openQuery'
  | 'tenantscope.runs.askAgain'
  | 'tenantscope.runs.runAgain'
  | 'tenantscope.runs.runAgainOver'
  | 'tenantscope.runs.label'
  | 'tenantscope.runs.compare'
  | 'tenantscope.results.compare'
  | 'tenantscope.runs.retry'
  | 'tenantscope.runs.discard'
  | 'tenantscope.runs.clear';

/** Running queries, following runs to their end, and the Runs view. */
export function registerRuns(app: App): CommandsOf<RunCommand> {
  const tree = app.store.add(new RunsTree(app.runs));
  const view = app.store.add(window.createTreeView(VIEW, { treeDataProvider: tree, canSelectMany: true }));
  const followed = new Set<RunId>();
  const given: GivenValues = new Map();

  const history = (): void => {
    if (view.visible) void app.guard.quiet('runs.list', () => app.runs.loadHistory());
  };
  app.store.add(view.onDidChangeVisibility(history));
  app.store.add(
    app.estate.onDidChange(() => {
      if (app.estate.state === 'loaded') history();
    }),
  );
  app.store.add(
    app.runs.onDidChange((run) => {
      tree.refresh();
      void commands.executeCommand('setContext', 'tenantscope.running', app.runs.running.length > 0);
      if (run?.state === 'running' && !followed.has(run.id)) followRun(app, run, followed);
    }),
  );

  const run = async (place: unknown, wanted: Wanted = {}): Promise<void> => {
    const query = await findQuery(app, place);
    const notebook = notebookOf(query.document);
    if (!notebook) await startRun(app, query, given, wanted);
    else if (wanted.answer)
      throw new AppError('input.cell', 'Choose how a notebook answers in the status bar, then run its cell.');
    else if (wanted.passing)
      throw new AppError('input.cell', 'The answers of a notebook are kept: run this query in a document of its own.');
    else {
      const index = cellOf(notebook, query.document)!.index;
      const cell = { ranges: [{ start: index, end: index + 1 }], document: notebook.uri };
      await commands.executeCommand('notebook.cell.execute', cell);
    }
  };

  return {
    'tenantscope.query.run': (place) => run(place),
    'tenantscope.query.runPerWorkspace': (place) => run(place, { answer: 'perWorkspace' }),
    'tenantscope.query.runPassing': (place) => run(place, { passing: true }),
    'tenantscope.query.cancel': async () => {
      const { running, shown } = app.runs;
      if (shown && app.runs.isStarting(shown.id)) {
        await app.runs.cancel(shown.id);
        return;
      }
      // Shift+F5 in a document ends what was run from there.
      const here = running.filter((one) => app.runs.originOf(one.id)?.uri === app.active.document?.uri.toString());
      const wanted = here.length
        ? here
        : running
            .filter((one) => one.id === shown?.id)
            .concat(running)
            .slice(0, 1);
      await Promise.all(wanted.map((one) => app.runs.cancel(one.id)));
    },
    'tenantscope.query.explain': (place) => explainQuery(app, place, given),
    'tenantscope.query.estimateRows': (place) => explainQuery(app, place, given, { count: true }),
    'tenantscope.runs.open': (run_) => {
      app.runs.show(runOf(app, run_).id);
    },
    'tenantscope.runs.openQuery': async (run_) => {
      const { query, scope } = runOf(app, run_);
      await openNewQuery(query, scope);
    },
    'tenantscope.runs.askAgain': (run_) => openResult(runOf(app, run_)),
    'tenantscope.runs.retry': async (run_) => {
      const { id } = runOf(app, run_);
      app.runs.show(id);
      await retryRun(app, id);
    },
    'tenantscope.runs.runAgain': (run_) => runAgain(app, runOf(app, run_)),
    'tenantscope.runs.runAgainOver': async (run_) => {
      const again = runOf(app, run_);
      const scope = await pickScope(await app.estate.ensure(), again.scope);
      if (scope) await runAgain(app, again, scope);
    },
    'tenantscope.runs.label': (run_) => labelRun(app, runOf(app, run_)),
    'tenantscope.runs.compare': (run_, selected) => compareRuns(app, runsOf(app, run_, selected)),
    'tenantscope.results.compare': () => {
      const shown = app.runs.beforeRefusal;
      if (!shown) throw new AppError('input.noRun', 'Run a query first, or show the results of a run to compare.');
      return compareRuns(app, [shown]);
    },
    'tenantscope.runs.discard': async (run_, selected) => {
      for (const one of runsOf(app, run_, selected)) await app.runs.discard(one.id);
    },
    'tenantscope.runs.clear': async () => {
      const done = app.runs.runs.filter((one) => one.state !== 'running');
      if (
        !done.length ||
        !(await app.notify.confirm(
          `Delete ${done.length} runs and their rows?`,
          'This cannot be undone. Files exported from them stay.',
          'Delete',
        ))
      )
        return;
      for (const one of done) await app.runs.discard(one.id);
    },
  };
}

/** The runs a menu was opened on: all that are selected, where the entry is one of them. */
function runsOf(app: App, argument: unknown, selected: unknown): readonly Run[] {
  const one = runOf(app, argument);
  const all = Array.isArray(selected) ? selected.map((entry: unknown) => runOf(app, entry)) : [];
  return all.some(({ id }) => id === one.id) ? all : [one];
}

function runOf(app: App, argument: unknown): Run {
  const id = typeof argument === 'object' && argument !== null ? (argument as { id?: unknown }).id : undefined;
  const run = typeof id === 'string' ? app.runs.find(toRunId(id)) : undefined;
  if (!run) throw new AppError('input.noRun', 'Choose this command on an entry of the Runs view.');
  return run;
}
