import { explainMarkdown } from '../app/explainMarkdown.ts';
import type { Handlers } from '../base/rpc.ts';
import type { RunsContract } from '../protocol/runs.ts';
import type { CurrentSession } from './currentSession.ts';

/** Runs and their rows: started, watched, read in windows, written to files. */
export function runHandlers(current: CurrentSession): Handlers<RunsContract> {
  return {
    'runs.start': (request) => current.live.runs.start(request),
    'runs.explain': async (request, signal) => ({
      markdown: explainMarkdown(await current.live.runs.explain(request, signal)),
    }),
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
    'runs.chart': ({ run, ...question }) => current.live.runs.rows(run).chart(question),
    'runs.export': async ({ run, path, format, ...options }, signal) => ({
      rows: await current.live.runs.rows(run).export(path, format, { ...options, signal }),
    }),
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
