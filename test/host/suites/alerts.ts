import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { evaluateAlerts, rows, until } from '../workbench.ts';

const VIEW = 'tenantscope.alerts';

describe('alerts', () => {
  it('shows what has fired customer by customer, and what a person says of one stays said', async () => {
    await vscode.commands.executeCommand('tenantscope.estate.refresh');
    await evaluateAlerts();
    await vscode.commands.executeCommand('tenantscope.alerts.refresh');
    const [customer] = await until('an alert', async () => {
      const shown = await rows(VIEW);
      return shown.length > 0 && shown;
    });
    assert.match(customer!.description, /^\d+ open of \d+$/);
    const [alert] = await rows(VIEW, customer!.node);
    assert.equal(alert!.contextValue, 'alert.new');
    await vscode.commands.executeCommand('tenantscope.alerts.acknowledge', alert!.node);
    await vscode.commands.executeCommand('tenantscope.alerts.refresh');
    const idOf = ({ node }: { readonly node: unknown }): unknown => (node as { readonly id: unknown }).id;
    const again = (await rows(VIEW, (await rows(VIEW))[0]!.node)).find((row) => idOf(row) === idOf(alert!));
    assert.equal(again!.contextValue, 'alert.acknowledged');
    await vscode.commands.executeCommand('tenantscope.alerts.openQuery', again!.node);
    assert.match(vscode.window.activeTextEditor!.document.getText(), /^\/\/ @scope .*\nHeartbeat/s);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
