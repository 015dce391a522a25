import { window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { ComparisonKeys, Run } from '../../model/run.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import { titleOfRun } from '../session/queryTitle.ts';
import { othersToCompare } from './othersToCompare.ts';
import { clock, textsOfRun } from './runTexts.ts';

/**
 * Compares two runs of which the person chose one or both: asks for the other and for the columns that say which row is
 * which, then shows what changed. Nobody chosen, nothing done.
 */
export async function compareRuns(app: App, chosen: readonly Run[]): Promise<void> {
  const [one, another, ...more] = chosen;
  if (!one || more.length > 0) throw new AppError('input.noRun', 'Choose one or two runs to compare.');
  const other = another ?? (await pickOther(app.runs.runs, one));
  if (!other) return;
  const [before, after] = [one, other].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt)) as [Run, Run];
  const runs = { before: before.id, after: after.id };
  const key = await pickKey(await app.worker.request('runs.comparisonKeys', runs));
  if (!key) return;
  app.runs.showMade(
    await withCancellableProgress('Comparing two runs', (_report, signal) =>
      app.worker.request('runs.compare', { ...runs, key }, { signal }),
    ),
  );
}

async function pickOther(runs: readonly Run[], one: Run): Promise<Run | undefined> {
  const others = othersToCompare(runs, one);
  if (others.length === 0)
    throw new AppError(
      'input.noRun',
      'There is no other run with an answer to compare with. Run the query again first.',
    );
  const items = others.map((run): QuickPickItem & { readonly run: Run } => ({
    label: plainLabel(titleOfRun(run)),
    description: plainLabel(textsOfRun(run, clock).description),
    run,
  }));
  const picked = await window.showQuickPick(items, {
    title: plainLabel(`Compare with: ${titleOfRun(one)}`),
    placeHolder: 'The earlier of the two is what was, the later one what is',
    matchOnDescription: true,
  });
  return picked?.run;
}

/** The names of the chosen columns; undefined where nobody chose. */
async function pickKey({ columns, suggested }: ComparisonKeys): Promise<readonly string[] | undefined> {
  const items = columns.map(({ name, type }) => ({
    label: plainLabel(name),
    description: type,
    picked: suggested.includes(name),
    name,
  }));
  const picked = await window.showQuickPick(items, {
    title: 'Which columns say which row is which?',
    placeHolder: 'None: whole rows are compared, and a changed row is one gone and one added',
    canPickMany: true,
  });
  return picked?.map(({ name }) => name);
}
