import { window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { counted } from '../../base/counted.ts';
import { AppError } from '../../base/errors.ts';
import { toSavedQuery } from '../../core/queryPacks/toSavedQuery.ts';
import type { FileQuery } from '../../kql/queryFiles/queryFile.ts';
import type { SavedQueryBody } from '../../model/savedQuery.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import type { LayPlan } from '../session/layPlan.ts';
import { pickPlace } from './pickPlace.ts';

const TITLE = 'Export Queries';

/**
 * Keeps queries as saved searches of a workspace or in a query pack: which, and where, is asked; then the plan lies
 * open, and nothing is sent before it is carried out.
 */
export async function exportQueries(app: App, lay: LayPlan, queries: readonly FileQuery[]): Promise<void> {
  if (queries.length === 0) throw new AppError('input.noQuery', 'There is no query here to export.');
  const made = queries.map(toSavedQuery);
  const bodies = made.flatMap((one) => ('body' in one ? [one.body] : []));
  const [refused] = made.flatMap((one) => ('refusal' in one ? [one] : []));
  if (bodies.length === 0 && refused)
    throw new AppError('input.file', `"${refused.name}" cannot be kept: ${refused.refusal}`);
  const chosen = bodies.length === 1 && !refused ? bodies : await pickBodies(bodies, made.length - bodies.length);
  if (!chosen || chosen.length === 0) return;
  const place = await pickPlace(app, TITLE);
  if (!place) return;
  const { told, ...asked } = place;
  const plan = await withCancellableProgress(`Looking at ${told}`, (_report, signal) =>
    app.worker.request('savedQueries.planExport', { ...asked, queries: chosen }, { signal }),
  );
  await lay(plan, `${counted(chosen.length, 'query is', 'queries are')} in ${told}.`);
}

async function pickBodies(
  bodies: readonly SavedQueryBody[],
  refused: number,
): Promise<readonly SavedQueryBody[] | undefined> {
  const items = bodies.map((body): QuickPickItem & { readonly body: SavedQueryBody } => ({
    label: plainLabel(body.name),
    ...(body.tags.length > 0 ? { description: plainLabel(body.tags.join(', ')) } : {}),
    detail: plainLabel(body.description ?? body.text.slice(0, 200)),
    picked: true,
    body,
  }));
  const left = refused > 0 ? ` (${counted(refused, 'query', 'queries')} cannot be kept: no value for a parameter)` : '';
  const picked = await window.showQuickPick(items, {
    title: TITLE,
    placeHolder: `Which queries?${left}`,
    canPickMany: true,
    matchOnDescription: true,
  });
  return picked?.map(({ body }) => body);
}
