import { commands, env, window, workspace } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { Handlers } from '../../base/rpc.ts';
import type { RunId } from '../../model/ids.ts';
import { toRunId } from '../../model/ids.ts';
import { isColumnLayout } from '../../model/columnLayout.ts';
import { targetKey } from '../../model/run.ts';
import type { ResultsHost } from '../../protocol/results.ts';
import type { App } from '../platform/app.ts';
import { toPageText } from '../platform/page.ts';
import { layoutName } from '../session/layoutBook.ts';
import { openResult } from '../session/openResult.ts';
import { retryRun } from '../session/retryRun.ts';
import { rollupRowOf } from '../session/rollupRow.ts';
import { exportEnds } from './exportEnds.ts';
import { exportRows } from './exportRows.ts';
import { revealFault } from './revealFault.ts';
import { toShownView } from './toRunView.ts';

/**
 * What the Results page may have done for it. Everything it says is looked at: a page is never trusted with more than
 * its own run.
 */
export function pageHandlers(app: App): Handlers<ResultsHost> {
  const { worker, runs, layouts } = app;
  const runOf = (input: { readonly run: string }): RunId => known(runs.find(toRunId(input.run))).id;
  const ofRun = <T extends { readonly run: string }>(input: T): T & { run: RunId } => ({ ...input, run: runOf(input) });
  return {
    ready: () => (runs.shown ? toShownView(runs.shown, { runs, layouts }, Date.now()) : null),
    // A run that is only starting has no rows, and nobody to ask for them.
    rows: (input, signal) =>
      runs.isStarting(toRunId(input.run))
        ? { first: input.first, total: 0, columns: [], rows: [] }
        : worker.request('runs.rows', ofRun(input), { signal }),
    statistics: (input, signal) => worker.request('runs.statistics', ofRun(input), { signal }),
    groups: (input, signal) => worker.request('runs.groups', ofRun(input), { signal }),
    find: (input, signal) => worker.request('runs.find', ofRun(input), { signal }),
    keepLayout: async ({ run, layout }) => {
      if (!isColumnLayout(layout)) throw new AppError('bug.pageMessage', 'A page sent a layout that is none.');
      const id = toRunId(run);
      await layouts.keep(layoutName(known(runs.isStarting(id) ? runs.shown : runs.find(id))), layout);
      return null;
    },
    chart: (input, signal) => worker.request('runs.chart', ofRun(input), { signal }),
    copy: async ({ text }) => {
      await env.clipboard.writeText(toPageText(text));
      return null;
    },
    export: (input) => exportRows({ worker, ends: exportEnds() }, known(runs.find(toRunId(input.run))), input),
    askAgain: async (input) => {
      await openResult(known(runs.find(toRunId(input.run))));
      return null;
    },
    showOrigin: async ({ row, ...input }) => {
      const found = await worker.request('runs.rows', { ...ofRun(input), first: row, count: 1 });
      const origin = rollupRowOf(found.columns, found.rows[0] ?? []);
      if (!origin) throw new AppError('input.rollup', 'This row does not say which roll-up brought it, and when.');
      await commands.executeCommand('tenantscope.rollups.showOrigin', origin);
      return null;
    },
    retry: async (input) => {
      await retryRun(app, runOf(input));
      return null;
    },
    cancel: async (input) => {
      const id = toRunId(input.run);
      await runs.cancel(runs.isStarting(id) ? id : runOf(input));
      return null;
    },
    openCell: async ({ text }) => {
      await openCell(toPageText(text));
      return null;
    },
    reveal: async (input) => {
      const { shown } = runs;
      await revealFault(known(shown && shown.id === toRunId(input.run) ? runs.faultOf(shown) : undefined));
      return null;
    },
    showBefore: () => {
      runs.showBefore();
      return null;
    },
    signIn: async (input) => {
      const run = known(runs.find(toRunId(input.run)));
      const target = known(run.targets.find((one) => targetKey(one) === input.workspace));
      await app.signIn({ tenant: target.tenant });
      await runs.retry(run.id);
      return null;
    },
  };
}

async function openCell(cell: string): Promise<void> {
  const json = parsed(cell);
  const document = await workspace.openTextDocument(
    json === undefined
      ? { content: cell, language: 'plaintext' }
      : { content: JSON.stringify(json, null, 2), language: 'json' },
  );
  await window.showTextDocument(document, { preview: true });
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new AppError('input.runGone', 'This run is no longer there. Run the query again.');
  return value;
}

/** The value of a JSON array or object; undefined for any other text, also for one that is a JSON number or string. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
