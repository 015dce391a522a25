import { languages, window, workspace } from 'vscode';
import { escapeMarkdown } from '../../base/markdown.ts';
import { AppError } from '../../base/errors.ts';
import type { Estate } from '../../model/estate.ts';
import type { Plan } from '../../model/plan.ts';
import { EVERYTHING } from '../../model/scope.ts';
import type { Scope } from '../../model/scope.ts';
import type { App } from '../platform/app.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { withCancellableProgress } from '../platform/progress.ts';
import type { Report } from '../platform/progress.ts';
import type { LayPlan } from '../session/layPlan.ts';
import { pickScope } from '../session/pickScope.ts';
import { findInRepository } from '../session/repositoryFiles.ts';
import { registerBaselineFiles, showDrift } from './baselineFiles.ts';
import { planItem } from './planItem.ts';

type Found = NonNullable<Awaited<ReturnType<typeof findInRepository>>>;

/** What was agreed with customers: checked as a document and problems of its file, and put right by plans. */
export function registerBaseline(
  app: App,
  lay: LayPlan,
): CommandsOf<'tenantscope.baseline.check' | 'tenantscope.baseline.fix'> {
  const collection = app.store.add(languages.createDiagnosticCollection('tenantscope-drift'));
  registerBaselineFiles(app);
  app.store.add(
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      // Of another text its lines say nothing any more.
      if (contentChanges.length > 0) collection.delete(document.uri);
    }),
  );
  return {
    'tenantscope.baseline.check': async () => {
      const found = await baselineFile();
      const scope = await scopeOf(app);
      if (!scope) return;
      const { markdown, drift, sentence } = await withCancellableProgress(
        'Comparing with the baseline',
        (report, signal) =>
          hearing(app, report, () => app.worker.request('baseline.check', { file: found.file, scope }, { signal })),
      );
      showDrift(collection, found.uri, found.file.text, drift);
      await app.documents.showMarkdown('Baseline.md', markdown);
      app.notify.info(sentence);
    },
    'tenantscope.baseline.fix': async (node) => {
      const found = await baselineFile();
      const scope = scopeOfNode(node) ?? (await scopeOf(app));
      if (!scope) return;
      const { plans, left } = await withCancellableProgress('Planning what puts the baseline right', (report, signal) =>
        hearing(app, report, () => app.worker.request('baseline.plans', { file: found.file, scope }, { signal })),
      );
      if (left.length > 0) await app.documents.showMarkdown('Not Fixable.md', leftDocument(left));
      if (plans.length === 0) {
        app.notify.info(left.length > 0 ? 'No plan of ours puts the rest right.' : 'Everything is as agreed.');
        return;
      }
      for (const { customer, plan } of plans.length === 1 ? plans : await choose(plans, await app.estate.ensure()))
        await lay(plan, `${customer} is as agreed in the baseline.`);
    },
  };
}

async function baselineFile(): Promise<Found> {
  const found = await findInRepository('baseline.json');
  if (!found)
    throw new AppError(
      'input.baseline',
      'No open folder has a .tenantscope/baseline.json. Write what was agreed with customers there: VS Code completes it.',
    );
  return found;
}

/** The customer that a finding is about, by shape: features do not know one another's types. */
function scopeOfNode(node: unknown): Scope | undefined {
  const { customer } = (node ?? {}) as { readonly customer?: { readonly key?: unknown } };
  return typeof customer?.key === 'string'
    ? { include: [{ kind: 'customer', value: customer.key }], except: [] }
    : undefined;
}

async function scopeOf(app: App): Promise<Scope | undefined> {
  return pickScope(await app.estate.ensure(), EVERYTHING);
}

/** The worker's progress in a notification. */
async function hearing<T>(app: App, report: Report, work: () => Promise<T>): Promise<T> {
  const progress = app.worker.on('baseline.progress', ({ what, done, total }) => {
    report(total > 0 ? `${what}: ${done} of ${total}` : what);
  });
  try {
    return await work();
  } finally {
    progress.dispose();
  }
}

/** Each plan is read and confirmed by itself: which of them are laid open. */
async function choose<T extends { readonly customer: string; readonly plan: Pick<Plan, 'about' | 'changes'> }>(
  plans: readonly T[],
  estate: Estate,
): Promise<readonly T[]> {
  const items = plans.map((of) => ({ ...planItem(of, estate), of }));
  const chosen = await window.showQuickPick(items, {
    title: 'Fix Baseline: of Whom the Plans Are Opened',
    canPickMany: true,
    placeHolder: 'Nothing is done before a plan is read and carried out',
  });
  return (chosen ?? []).map(({ of }) => of);
}

function leftDocument(left: readonly string[]): string {
  return ['# What no plan of ours puts right', '', ...left.map((line) => `- ${escapeMarkdown(line)}`), ''].join('\n');
}
