import { AppError } from '../../base/errors.ts';
import type { ResultsHost } from '../../protocol/results.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { PagePlaces } from '../platform/pagePlaces.ts';
import { readSetting } from '../platform/settings.ts';
import { openResult } from '../session/openResult.ts';
import { followRuns } from './followRuns.ts';
import { pageHandlers } from './pageHandlers.ts';

/** The Results page in the bottom panel, or beside the editor by setting. It opens as soon as a run is shown. */
export function registerResults(app: App): CommandsOf<'tenantscope.results.show' | 'tenantscope.results.askAgain'> {
  const pages = app.store.add(
    new PagePlaces<ResultsHost>(
      app.extensionUri,
      {
        id: 'tenantscope.results',
        view: true,
        name: 'results',
        title: 'Log Results',
        laterScripts: { chart: 'chart.js' },
        handlers: pageHandlers(app),
        follow: (page) => followRuns(page, app),
      },
      (where, error) => {
        app.log.failure(where, error);
      },
    ),
  );
  const open = (preserveFocus: boolean): Promise<void> =>
    pages.open(readSetting('results.location') === 'panel' ? 'view' : 'beside', preserveFocus);
  // Results open with the first snapshot's run, before any row is there, and leave the cursor in the query.
  app.store.add(
    app.runs.onWanted(() => {
      app.guard.background('results.open', () => open(true));
    }),
  );
  return {
    'tenantscope.results.askAgain': async () => {
      const run = app.runs.beforeRefusal;
      if (!run)
        throw new AppError('input.noRun', 'Run a query first, or show the results of a run: they are asked again.');
      await openResult(run);
    },
    'tenantscope.results.show': async (tab) => {
      await open(false);
      if (tab === 'rows' || tab === 'chart' || tab === 'targets' || tab === 'plan') pages.emit('tab', tab);
    },
  };
}
