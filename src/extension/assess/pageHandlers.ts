import { Uri, commands, env } from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { Handlers } from '../../base/rpc.ts';
import { findScopeLine } from '../../kql/scopeLine.ts';
import type { FactSource } from '../../model/assessment/facts.ts';
import type { FindingAction } from '../../model/assessment/findings.ts';
import type { Workspace } from '../../model/estate.ts';
import { toCustomerKey } from '../../model/ids.ts';
import type { Scope } from '../../model/scope.ts';
import type { AssessmentHost } from '../../protocol/assessmentPage.ts';
import type { App } from '../platform/app.ts';
import { openNewQuery } from '../platform/openQuery.ts';
import { toPageText } from '../platform/page.ts';
import { compareAssessments } from './compare.ts';
import { exportReport } from './exportReport.ts';

/** What the handlers need of their feature: to start an assessment, and which customer a new page is to show. */
export interface AssessPageDeps {
  readonly start: (scope: Scope) => Promise<void>;
  readonly wanted: () => string | undefined;
}

/** What the assessment's page may have done for it. Everything it says is looked at. */
export function pageHandlers(app: App, { start, wanted }: AssessPageDeps): Handlers<AssessmentHost> {
  const { assessments, worker } = app;
  return {
    ready: async () => {
      await assessments.restore();
      const customer = wanted();
      return { view: assessments.shown, ...(customer === undefined ? {} : { customer }) };
    },
    customer: ({ assessment, customer }, signal) =>
      worker.request(
        'assess.customer',
        { id: toPageText(assessment), customer: toCustomerKey(toPageText(customer)) },
        { signal },
      ),
    assess: () => {
      app.guard.background('assess.start', () => start(assessments.scope));
      return null;
    },
    cancel: async () => {
      await assessments.cancel();
      return null;
    },
    compare: async () => {
      await compareAssessments(app);
      return null;
    },
    export: async ({ customer }) => {
      await exportReport(app, customer === undefined ? undefined : toCustomerKey(toPageText(customer)));
      return null;
    },
    openSource: async ({ source }) => {
      await openSource(app, source);
      return null;
    },
    act: async ({ action }) => {
      await act(app, action);
      return null;
    },
    copy: async ({ text }) => {
      await env.clipboard.writeText(toPageText(text));
      return null;
    },
  };
}

/** The query in an editor with its scope set; a call or a row of Resource Graph as a document. */
async function openSource(app: App, source: FactSource): Promise<void> {
  switch (source.kind) {
    case 'query':
      await openQuery(app, toPageText(source.workspace), toPageText(source.query));
      return;
    case 'graph':
      await app.documents.showMarkdown(
        'Resource Graph query.md',
        `# Resource Graph query\n\nPaste it into the Resource Graph Explorer of the portal, or \`az graph query -q\`:\n\n${fenced(toPageText(source.query))}\n`,
      );
      return;
    case 'arm':
      await app.documents.showMarkdown(
        'Resource Manager call.md',
        `# Resource Manager call\n\n${fenced(`az rest --method get --url "${toPageText(source.path)}?api-version=${toPageText(source.apiVersion)}"`)}\n`,
      );
      return;
    case 'declared':
      await commands.executeCommand('tenantscope.customers.open');
      return;
    case 'estate':
      return;
  }
}

async function act(app: App, action: FindingAction): Promise<void> {
  switch (action.kind) {
    case 'provisionWorkspace':
      await commands.executeCommand('tenantscope.workspace.create');
      return;
    case 'setRetention':
      await commands.executeCommand('tenantscope.workspace.changeRetention', {
        workspace: workspaceOf(app, action.workspace),
      });
      return;
    case 'setCap':
      await commands.executeCommand('tenantscope.workspace.changeCap', {
        workspace: workspaceOf(app, action.workspace),
      });
      return;
    case 'openQuery':
      await openQuery(app, toPageText(action.workspace), toPageText(action.query));
      return;
    case 'openPortal': {
      const { portal } = await app.cloud();
      await env.openExternal(Uri.parse(`${portal}/#resource${encodeURI(toPageText(action.armId))}`));
      return;
    }
    case 'openCustomers':
      await commands.executeCommand('tenantscope.customers.open');
  }
}

/** Only a query of ours may name a scope: what the page sends gets the scope of the workspace it was asked of. */
async function openQuery(app: App, key: string, query: string): Promise<void> {
  const workspace = workspaceOf(app, key);
  const text = findScopeLine(query) ? query.replace(/^\s*\/\/\s*@scope.*$/gim, '') : query;
  await openNewQuery(text, { include: [{ kind: 'workspace', value: workspace.armId }], except: [] });
}

function workspaceOf(app: App, key: string): Workspace {
  const found = app.estate.estate?.workspaces.find((one) => one.key === key);
  if (!found)
    throw new AppError('input.unknownWorkspace', 'This workspace is no longer in your estate. Refresh the estate.');
  return found;
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `${fence}\n${text}\n${fence}`;
}
