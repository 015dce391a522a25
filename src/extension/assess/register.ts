import { ProgressLocation, window } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { CustomerKey } from '../../model/ids.ts';
import { toCustomerKey } from '../../model/ids.ts';
import { EVERYTHING } from '../../model/scope.ts';
import type { Scope } from '../../model/scope.ts';
import type { AssessmentHost } from '../../protocol/assessmentPage.ts';
import type { App } from '../platform/app.ts';
import { toSignal } from '../platform/cancel.ts';
import type { CommandsOf } from '../platform/commands.ts';
import { PagePlaces } from '../platform/pagePlaces.ts';
import { plainMessage } from '../platform/plainMessage.ts';
import { compareAssessments } from './compare.ts';
import { scopeOfEntry } from './entryScope.ts';
import { exportReport } from './exportReport.ts';
import { pageEnds } from './pageEnds.ts';
import { pageHandlers } from './pageHandlers.ts';

type AssessCommand =
  | 'tenantscope.assess.start'
  | 'tenantscope.assess.startHere'
  | 'tenantscope.assess.show'
  | 'tenantscope.assess.showCustomer'
  | 'tenantscope.assess.compare'
  | 'tenantscope.assess.export';

/** Architecture fit: the page, and the commands that lead to it. */
export function registerAssess(app: App): CommandsOf<AssessCommand> {
  const { assessments } = app;
  /** Which customer somebody wants to see, until a page shows it. */
  let wanted: string | undefined;
  const start = (scope: Scope): Promise<void> => assess(app, scope);
  const pages = app.store.add(
    new PagePlaces<AssessmentHost>(
      app.extensionUri,
      {
        id: 'tenantscope.assessment',
        view: false,
        name: 'assessment',
        title: 'Architecture Fit',
        handlers: pageHandlers(app, {
          start,
          ends: pageEnds(app),
          wanted: {
            get: () => wanted,
            shown: (customer) => {
              if (customer === wanted) wanted = undefined;
            },
          },
        }),
        follow: (page) =>
          assessments.onDidChange((view) => {
            page.emit('view', view);
          }),
      },
      (where, error) => {
        app.log.failure(where, error);
      },
    ),
  );
  const show = async (customer?: string): Promise<void> => {
    wanted = customer;
    await pages.open('editor', false);
    pages.emit('show', customer === undefined ? {} : { customer });
  };
  return {
    'tenantscope.assess.start': async () => {
      await show();
      await start(EVERYTHING);
    },
    'tenantscope.assess.startHere': async (node) => {
      await show();
      await start(scopeOfEntry(node, app.estate.estate));
    },
    'tenantscope.assess.show': () => show(),
    'tenantscope.assess.showCustomer': (node) => show(customerOf(node)),
    'tenantscope.assess.compare': () => compareAssessments(app),
    'tenantscope.assess.export': () => exportReport(app),
  };
}

/** Assesses with its progress in the window and on the page; cancelling either keeps what was measured. */
async function assess(app: App, scope: Scope): Promise<void> {
  const { assessments } = app;
  const assessment = await window.withProgress(
    { location: ProgressLocation.Notification, title: 'Assessing architecture fit', cancellable: true },
    async (progress, token) => {
      const signal = toSignal(token);
      let told = 0;
      const following = assessments.onDidChange(({ progress: now }) => {
        if (!now) return;
        const done = now.total > 0 ? Math.min(100, (100 * now.done) / now.total) : 0;
        progress.report({ message: plainMessage(`${now.done} of ${now.total}`), increment: Math.max(0, done - told) });
        told = Math.max(told, done);
      });
      const onAbort = (): void => {
        app.guard.background('assess.cancel', () => assessments.cancel());
      };
      signal.addEventListener('abort', onAbort);
      try {
        return await assessments.run(scope);
      } finally {
        following.dispose();
        signal.removeEventListener('abort', onAbort);
      }
    },
  );
  if (assessment.cancelled) app.notify.info('The assessment was cancelled: what was measured by then is shown.');
}

/** What an entry of the tree tells, by shape: features do not know one another's types. */
interface NodeShape {
  readonly kind?: unknown;
  readonly customer?: { readonly key?: unknown };
}

function customerOf(node: unknown): CustomerKey {
  const key = (node as NodeShape | undefined)?.customer?.key;
  if (typeof key !== 'string')
    throw new AppError('input.noNode', 'Choose this command on a customer of the Estate view.');
  return toCustomerKey(key);
}
