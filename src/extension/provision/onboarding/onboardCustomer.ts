import { Uri, window, workspace } from 'vscode';
import type { CustomerPaper } from '../../../protocol/onboarding.ts';
import type { App } from '../../platform/app.ts';
import { withCancellableProgress } from '../../platform/progress.ts';
import { readSetting } from '../../platform/settings.ts';
import { runWizard } from '../wizard.ts';
import { accessSteps } from './accessSteps.ts';
import type { CustomerDesk } from './customerDesk.ts';
import { architectureSteps, whoSteps } from './customerSteps.ts';
import { toComing } from './onboardAnswers.ts';
import type { OnboardAnswers } from './onboardAnswers.ts';
import { findCustomersFile, onboardingPlace, readBaseline, readComing, writeComing } from './onboardingPlace.ts';
import type { OnboardingPlace } from './onboardingPlace.ts';
import { whereSteps } from './whereSteps.ts';

/**
 * Asks which customer, writes a new one into the file of customers to come, looks at it, and lays open what comes of
 * that. Stops quietly wherever the person gives up; what was written by then stays.
 */
export async function onboardCustomer(app: App, desk: CustomerDesk): Promise<void> {
  const place = await onboardingPlace();
  const text = await readComing(place);
  const [estate, view] = await Promise.all([
    app.estate.ensure(),
    app.worker.request('onboarding.read', { text, folder: place.onboarding }),
  ]);
  const nothing = view.customers.length === 0 && view.problems.length === 0;
  const answers = await runWizard<OnboardAnswers>(
    ({ chosen, name, tenantName }) =>
      chosen === 'new' && name !== undefined
        ? `Onboard ${name}${tenantName === undefined || tenantName === name ? '' : ` (${tenantName})`}`
        : 'Onboard Customer',
    [
      ...whoSteps(app.worker, estate, view),
      ...accessSteps(estate, view),
      ...architectureSteps(app.worker, estate, view),
      ...whereSteps(app.worker, estate, view, {
        region: readSetting('workspace.defaultRegion'),
        retentionDays: readSetting('workspace.defaultRetentionDays'),
      }),
    ],
    nothing ? { chosen: 'new' } : {},
    {
      chosen: 'new',
      otherTenant: false,
      access: view.defaults.access ?? 'lighthouse',
      architecture: view.defaults.architecture ?? 'distributed',
    },
  );
  if (!answers) return;
  if (answers.chosen === 'mend') {
    await window.showTextDocument(await workspace.openTextDocument(place.file));
    return;
  }
  const keys =
    answers.chosen === 'new' ? [await addAnswered(app, place, answers as OnboardAnswers)] : answers.chosen?.keys;
  await lookAt(app, desk, place, keys ?? []);
}

/** Looks at customers of the file by their keys and lays each one's document open. */
export async function lookAt(
  app: App,
  desk: CustomerDesk,
  place: OnboardingPlace,
  keys: readonly string[],
): Promise<void> {
  const papers = await prepare(app, place, keys);
  for (const paper of papers) {
    if (papers.length === 1) await showHandedOver(paper);
    await desk.lay(paper, {
      again: async () => (await prepare(app, place, [paper.key]))[0],
      carryOut: ({ id }) => Promise.resolve(() => app.worker.request('onboarding.finish', { id })),
    });
  }
}

async function addAnswered(app: App, place: OnboardingPlace, answers: OnboardAnswers): Promise<string> {
  // Read again: it may be another one since the wizard began.
  const text = await readComing(place);
  const view = await app.worker.request('onboarding.read', { text, folder: place.onboarding });
  const added = await app.worker.request('onboarding.add', { text, answers: toComing(answers, view) });
  await writeComing(place, added.text);
  return added.key;
}

async function prepare(app: App, place: OnboardingPlace, keys: readonly string[]): Promise<readonly CustomerPaper[]> {
  const [text, baseline, customers] = await Promise.all([
    readComing(place),
    readBaseline(place),
    findCustomersFile(place),
  ]);
  const title =
    keys.length === 1 ? 'Looking at what there is, and what may be in the way' : `Looking at ${keys.length} customers`;
  return withCancellableProgress(title, (_report, signal) =>
    app.worker.request(
      'onboarding.prepare',
      {
        text,
        keys,
        folder: place.onboarding,
        ...(baseline ? { baseline } : {}),
        ...(customers === undefined ? {} : { customers }),
      },
      { signal },
    ),
  );
}

/** The files for the customer's administrator, behind the document that says what they are for. */
async function showHandedOver({ folder, handedOver }: CustomerPaper): Promise<void> {
  for (const name of handedOver)
    await window.showTextDocument(await workspace.openTextDocument(Uri.joinPath(Uri.file(folder), name)), {
      preview: false,
      preserveFocus: true,
    });
}
