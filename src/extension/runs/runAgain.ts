import type { Run } from '../../model/run.ts';
import type { Scope } from '../../model/scope.ts';
import type { App } from '../platform/app.ts';
import { readSetting } from '../platform/settings.ts';
import { askReaders } from '../session/askReaders.ts';

/**
 * Runs the query of a run again as it was asked, over the same scope unless another is given, as the person's settings
 * are now: who may be asked together, and who may read the text.
 */
export async function runAgain(app: App, run: Run, scope: Scope = run.scope): Promise<void> {
  const { query, timeRange, asked, answer, passing, source } = run;
  const request = {
    query,
    scope,
    timeRange,
    answer: asked ?? answer,
    maxRows: readSetting('query.maxRowsPerWorkspace'),
    ...(passing ? { passing } : {}),
    ...(source ? { source } : {}),
  };
  await app.runs.start(await askReaders(app, request));
}
