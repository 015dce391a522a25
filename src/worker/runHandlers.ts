import { addableIn } from '../app/addableIn.ts';
import { explainMarkdown } from '../app/explainMarkdown.ts';
import { keysOfRuns, presentComparison } from '../core/runs/compareRuns.ts';
import { SYSTEM_CLOCK } from '../engine/runtime/systemClock.ts';
import type { Handlers } from '../base/rpc.ts';
import { exportPerCustomer, exportRun } from '../app/exportRun.ts';
import type { RunsContract } from '../protocol/runs.ts';
import type { CurrentSession } from './currentSession.ts';

/** Least time between two tellings of how far an export is, milliseconds. */
const PROGRESS_EVERY_MS = 200;

/** Runs and their rows: started, watched, read in windows, written to files. `exporting` hears how far a file is. */
export function runHandlers(
  current: CurrentSession,
  exporting: (progress: RunsContract['events']['run.exporting']) => void,
): Handlers<RunsContract> {
  return {
    'runs.start': (request, signal) => current.live.runs.start(request, signal),
    'runs.readers': (request, signal) => current.live.runs.readers(request, signal),
    'runs.explain': async ({ count, ...request }, signal) => ({
      markdown: explainMarkdown(await current.live.runs.explain(request, signal, count)),
    }),
    'runs.askResult': async (question, signal) => {
      await current.live.ready();
      return current.live.runs.askResult(question, signal);
    },
    'runs.comparisonKeys': async ({ before, after }) => {
      await current.live.ready();
      return keysOfRuns(current.live.runs, before, after);
    },
    'runs.compare': async (question, signal) => {
      await current.live.ready();
      return presentComparison(current.live.runs, question, SYSTEM_CLOCK, signal);
    },
    'runs.label': async ({ run, label }) => {
      await current.live.ready();
      return current.live.runs.label(run, label);
    },
    'runs.startWith': async ({ results, ...request }, signal) => {
      await current.live.ready();
      return current.live.runs.startWith(request, results, signal);
    },
    'runs.cancel': ({ run }) => {
      current.live.runs.cancel(run);
      return null;
    },
    'runs.retry': ({ run, scan }) => {
      current.live.runs.retry(run, scan);
      return null;
    },
    'runs.rows': ({ run, ...question }) => current.live.runs.rows(run).window(question),
    'runs.statistics': ({ run, column, filters, search }) =>
      current.live.runs.rows(run).statistics(column, filters, search),
    'runs.groups': ({ run, ...question }) => current.live.runs.rows(run).groups(question),
    'runs.find': ({ run, ...question }) => current.live.runs.rows(run).find(question),
    'runs.chart': async ({ run, ...question }) => {
      const { runs } = current.live;
      return runs.rows(run).chart({ ...question, ...(await addableIn(runs.get(run), question.kind)) });
    },
    'runs.export': ({ run, perCustomer, ...request }, signal) => {
      const { runs } = current.live;
      const write = perCustomer ? exportPerCustomer : exportRun;
      let toldAt = 0;
      return write(runs.get(run), runs.rows(run), request, {
        signal,
        progress: (progress) => {
          const now = Date.now();
          if (now - toldAt < PROGRESS_EVERY_MS) return;
          toldAt = now;
          exporting({ run, path: request.path, ...progress });
        },
      });
    },
    'runs.prepare': async () => {
      await current.live.prepare();
      return null;
    },
    'runs.list': async () => {
      await current.live.ready();
      return current.live.runs.list();
    },
    'runs.discard': async ({ run }) => {
      await current.live.runs.discard(run);
      return null;
    },
  };
}
