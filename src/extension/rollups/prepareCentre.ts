import { window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { isGuid } from '../../model/ids.ts';
import type { CentreWriterWish } from '../../protocol/centres.ts';
import type { App } from '../platform/app.ts';
import { plainLabel } from '../platform/plainLabel.ts';
import { withViewProgress } from '../platform/progress.ts';
import type { LayPlan } from '../session/layPlan.ts';
import { withApproval } from './approveCentres.ts';
import { ROLLUPS_VIEW } from './rollupsTree.ts';
import type { RunnableRollup } from './runRollup.ts';

/**
 * Lays the plan open of what a roll-up needs in its centres of Log Analytics: tables, rule, role and functions. It is
 * read and carried out like every other plan; other centres need nothing of the kind.
 */
export async function prepareCentre(app: App, lay: LayPlan, { name, file }: RunnableRollup): Promise<void> {
  const sinks = await app.worker.request('centres.of', file);
  if (!sinks.some(({ kind }) => kind === 'logAnalytics')) {
    const names = sinks.map((sink) => sink.name).join(' and ');
    app.notify.info(`${name} is stored in ${names}, which needs no preparation: the first run makes what is missing.`);
    return;
  }
  const writer = await askWriter(name);
  if (writer === undefined) return;
  const plans = await withApproval(app, () =>
    withViewProgress(ROLLUPS_VIEW, () => app.worker.request('centres.plan', { ...file, writer })),
  );
  for (const { centre, plan } of plans)
    if (plan)
      await lay(
        plan,
        `${centre} is ready for ${name}. A role may take half an hour until it counts, a new table a quarter of one.`,
      );
}

async function askWriter(name: string): Promise<CentreWriterWish | undefined> {
  const title = plainLabel(`Prepare Centre for ${name}`);
  const items: readonly (QuickPickItem & { readonly wish: 'me' | 'nobody' | 'other' })[] = [
    { label: 'Me', detail: 'The account that is signed in, to run it from here', wish: 'me' },
    { label: 'An Identity...', detail: 'A service principal or managed identity of a runner', wish: 'other' },
    { label: 'Nobody Now', detail: 'Who runs it has the role already', wish: 'nobody' },
  ];
  const placeHolder = 'Who is to send rows to the centre? The plan gives the role Monitoring Metrics Publisher.';
  const picked = await window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true });
  if (!picked) return undefined;
  if (picked.wish !== 'other') return picked.wish;
  const objectId = await window.showInputBox({
    title,
    prompt: 'The object ID of the identity in the tenant of the centre',
    ignoreFocusOut: true,
    validateInput: (text) => (isGuid(text.trim()) ? undefined : 'An object ID is a guid.'),
  });
  return objectId === undefined ? undefined : { objectId: objectId.trim() };
}
