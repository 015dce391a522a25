import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../base/errors.ts';
import type { Handlers } from '../../base/rpc.ts';
import type { CustomerAssessment } from '../../model/assessment/assessment.ts';
import type { FactSource } from '../../model/assessment/facts.ts';
import type { FindingAction } from '../../model/assessment/findings.ts';
import type { Workspace } from '../../model/estate.ts';
import { toCustomerKey } from '../../model/ids.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { Scope } from '../../model/scope.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import type { AssessmentHost } from '../../protocol/assessmentPage.ts';
import type { App } from '../platform/app.ts';
import { toPageText } from '../platform/page.ts';
import { armDocument, graphDocument, portalAddress, scopeOfOne, timeRangeOf } from './opening.ts';

/** What of VS Code the page's wishes end in. */
export interface PageEnds {
  /** In a new editor, under this scope and no other. */
  openQuery(text: string, scope: Scope, timeRange: TimeRange): Promise<void>;
  openDocument(title: string, markdown: string): Promise<void>;
  openAddress(address: string): Promise<void>;
  openCustomersFile(): Promise<void>;
  /** The wizard for this customer, with the region standing ready. */
  createWorkspace(customer: CustomerKey, region?: string): Promise<void>;
  changeRetention(workspace: Workspace, days: number): Promise<void>;
  changeCap(workspace: Workspace, gb?: number): Promise<void>;
  /** Plans what brings this customer back to its baseline. */
  fixBaseline(customer: CustomerKey): Promise<void>;
  compare(): Promise<void>;
  export(customer?: CustomerKey): Promise<void>;
  copy(text: string): Promise<void>;
}

/** What the handlers need of their feature. */
export interface AssessPageDeps {
  readonly start: (scope: Scope) => Promise<void>;
  /** The customer that somebody wants to see, until a page shows it. */
  readonly wanted: { get(): string | undefined; shown(customer: string): void };
  readonly ends: PageEnds;
}

/**
 * What the assessment's page may have done for it. It only points at what the assessment holds: a query, an address or
 * a workspace that the assessment does not name is refused, whatever the page says of it.
 */
export function pageHandlers(
  app: Pick<App, 'assessments' | 'worker' | 'estate' | 'cloud' | 'guard'>,
  { start, wanted, ends }: AssessPageDeps,
): Handlers<AssessmentHost> {
  const { assessments, worker } = app;
  const load = ({ assessment, customer }: { assessment: unknown; customer: unknown }): Promise<CustomerAssessment> =>
    worker.request('assess.customer', { id: toPageText(assessment), customer: toCustomerKey(toPageText(customer)) });
  return {
    ready: async () => {
      await assessments.restore();
      const customer = wanted.get();
      return { view: assessments.shown, ...(customer === undefined ? {} : { customer }) };
    },
    customer: async (asked) => {
      const found = await load(asked);
      wanted.shown(found.key);
      return found;
    },
    assess: () => {
      app.guard.background('assess.start', () => start(assessments.scope));
      return null;
    },
    cancel: async () => {
      await assessments.cancel();
      return null;
    },
    compare: async () => {
      await ends.compare();
      return null;
    },
    export: async ({ customer }) => {
      await ends.export(customer === undefined ? undefined : toCustomerKey(toPageText(customer)));
      return null;
    },
    openSource: async (asked) => {
      const sources = (await load(asked)).findings.flatMap(({ evidence }) =>
        evidence.map((one) => one.measured.source),
      );
      await openSource(app, ends, ownOf(sources, asked.source));
      return null;
    },
    act: async (asked) => {
      const { key, findings } = await load(asked);
      const known = findings.flatMap(({ actions }) => actions);
      await act(app, ends, key, ownOf(known, asked.action));
      return null;
    },
    copy: async ({ text }) => {
      await ends.copy(toPageText(text));
      return null;
    },
  };
}

/** The assessment's own thing that a page speaks of; what it made up is none. */
function ownOf<T>(known: readonly T[], asked: unknown): T {
  const found = known.find((one) => isDeepStrictEqual(one, asked));
  if (found === undefined)
    throw new AppError('input.unknownEvidence', 'The assessment has nothing like that. Open the customer again.');
  return found;
}

type Ends = Pick<App, 'estate' | 'cloud'>;

/** The query in an editor with its scope set; a call or a row of Resource Graph as a document. */
async function openSource(app: Ends, ends: PageEnds, source: FactSource): Promise<void> {
  switch (source.kind) {
    case 'query':
      await openQuery(app, ends, source);
      return;
    case 'graph':
      await ends.openDocument('Resource Graph query.md', graphDocument(source.query));
      return;
    case 'arm':
      await ends.openDocument('Resource Manager call.md', armDocument(source));
      return;
    case 'declared':
      await ends.openCustomersFile();
      return;
    case 'baseline':
    case 'estate':
      return;
  }
}

async function act(app: Ends, ends: PageEnds, customer: CustomerKey, action: FindingAction): Promise<void> {
  switch (action.kind) {
    case 'provisionWorkspace':
      await ends.createWorkspace(customer, action.region);
      return;
    case 'setRetention':
      await ends.changeRetention(await workspaceOf(app, action.workspace), action.days);
      return;
    case 'setCap':
      await ends.changeCap(await workspaceOf(app, action.workspace), action.gb);
      return;
    case 'openQuery':
      await openQuery(app, ends, action);
      return;
    case 'openPortal':
      await ends.openAddress(portalAddress((await app.cloud()).portal, action.armId, await app.estate.ensure()));
      return;
    case 'openCustomers':
      await ends.openCustomersFile();
      return;
    case 'fixBaseline':
      await ends.fixBaseline(customer);
  }
}

/** Of the workspace it was asked of, over the time it was asked of. */
async function openQuery(
  app: Ends,
  ends: PageEnds,
  { workspace, query, timespan }: { readonly workspace: string; readonly query: string; readonly timespan: string },
): Promise<void> {
  const scope = scopeOfOne(await workspaceOf(app, workspace), await app.estate.ensure());
  await ends.openQuery(query, scope, timeRangeOf(timespan));
}

async function workspaceOf(app: Ends, key: string): Promise<Workspace> {
  const found = (await app.estate.ensure()).workspaces.find((one) => one.key === key);
  if (!found)
    throw new AppError('input.unknownWorkspace', 'This workspace is no longer in your estate. Refresh the estate.');
  return found;
}
