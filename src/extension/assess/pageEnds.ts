import { Uri, commands, env } from 'vscode';
import type { CommandId } from '../platform/commandIds.ts';
import type { App } from '../platform/app.ts';
import { openNewQuery } from '../platform/openQuery.ts';
import { compareAssessments } from './compare.ts';
import { exportReport } from './exportReport.ts';
import { queryDocument } from './opening.ts';
import type { PageEnds } from './pageHandlers.ts';

/** What the page's wishes end in, of VS Code. */
export function pageEnds(app: App): PageEnds {
  const run = async (command: CommandId, ...args: readonly unknown[]): Promise<void> => {
    await commands.executeCommand(command, ...args);
  };
  return {
    openQuery: async (text, scope, timeRange) => {
      const document = await openNewQuery(queryDocument(text, scope));
      await app.scope.setTimeRange(timeRange, document);
    },
    openDocument: async (title, markdown) => {
      await app.documents.showMarkdown(title, markdown);
    },
    openAddress: async (address) => {
      await env.openExternal(Uri.parse(address));
    },
    openCustomersFile: () => run('tenantscope.customers.open'),
    createWorkspace: (customer, region) =>
      run('tenantscope.workspace.createHere', { customer: { key: customer }, proposed: { region } }),
    changeRetention: (workspace, days) =>
      run('tenantscope.workspace.changeRetention', { workspace, proposed: { days } }),
    changeCap: (workspace, gb) => run('tenantscope.workspace.changeCap', { workspace, proposed: { gb } }),
    fixBaseline: (customer) => run('tenantscope.baseline.fix', { customer: { key: customer } }),
    compare: () => compareAssessments(app),
    export: (customer) => exportReport(app, customer),
    copy: async (text) => {
      await env.clipboard.writeText(text);
    },
  };
}
