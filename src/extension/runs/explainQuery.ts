import { AppError } from '../../base/errors.ts';
import { resolveRows } from '../../core/estate/scope.ts';
import { resolveSubscriptions } from '../../core/estate/scopeSubscriptions.ts';
import { asksLake, asksResourceGraph } from '../../kql/sourceLine.ts';
import type { App } from '../platform/app.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import { readConfidentiality } from '../platform/settings.ts';
import { findCellReads } from '../session/cellReads.ts';
import { titleOfQuery } from '../session/queryTitle.ts';
import { findResultSource } from '../session/resultSource.ts';
import type { GivenValues } from './askParameters.ts';
import { findQuery } from './chosenQuery.ts';
import { explainCell } from './explainCell.ts';
import { explainText } from './explainText.ts';
import { readyQuery } from './readyQuery.ts';

/**
 * Shows what running a query would do, as a document, after its parameters were asked. `count`: the workspaces are
 * asked how many rows they would send. Throws `input.*` where there is nothing to explain, and when cancelled.
 */
export async function explainQuery(
  app: App,
  place: unknown,
  given: GivenValues,
  { count = false } = {},
): Promise<void> {
  const chosen = await findQuery(app, place);
  if (!chosen.inside && findResultSource(chosen.document.getText(), app.runs))
    throw new AppError('input.ofResult', 'This query asks a result that is here: nobody would be sent anything.');
  const query = await readyQuery(app, chosen, given);
  if (!query) return;
  const { ready: text, timeRange } = query;
  if (query.source === 'lake' || asksLake(text))
    throw new AppError('input.ofLake', 'This query asks what roll-ups have stored: nobody would be sent anything.');
  const ofCells = query.inside ? undefined : await findCellReads(app, query.document, text);
  if (ofCells) {
    const syntax = await (await app.language()).diagnostics({ text });
    await showExplained(app, text, explainCell(text, ofCells, syntax));
    return;
  }
  const estate = await app.estate.ensure();
  const { scope, error } = query.scope;
  if (error) throw new AppError('input.scopeLine', `The scope line cannot be read: ${error.message}`);
  const asksGraph = query.source === 'resourceGraph' || asksResourceGraph(text);
  const subscriptions = asksGraph ? resolveSubscriptions(scope, estate) : undefined;
  const resolved = { ...resolveRows(scope, estate), ...subscriptions };
  const diagnostics = await (await app.language()).diagnostics({ text });
  const sound = resolved.problems.length === 0 && !diagnostics.some(({ severity }) => severity === 'error');
  const answer = app.scope.answer(query.document);
  const request = {
    query: text,
    scope,
    timeRange,
    answer,
    ...readConfidentiality(),
    ...(query.source ? { source: query.source } : {}),
    ...(count ? { count } : {}),
  };
  const plan = sound
    ? await withCancellableProgress(count ? 'Counting the rows of the run' : 'Planning the run', (_report, signal) =>
        app.worker.request('runs.explain', request, { signal }),
      )
    : undefined;
  const told = explainText(
    {
      query: text,
      scope,
      resolved,
      ...(subscriptions ? { subscriptions } : {}),
      timeRange,
      diagnostics,
      ...(plan ? { plan: plan.markdown } : {}),
    },
    estate,
  );
  await showExplained(app, text, told);
}

async function showExplained(app: App, query: string, told: string): Promise<void> {
  await app.documents.showMarkdown(`${titleOfQuery(query)} - explained.md`, told);
}
