import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ScriptedPerson, openQuery, runToEnd, until } from '../workbench.ts';

const TEXT = [
  '// @scope customer:contoso',
  '// @source resource-graph',
  "resources | where type =~ 'microsoft.operationalinsights/workspaces' | project name",
  '',
  'Heartbeat | take 1',
].join('\n');
const run = (): Thenable<unknown> => vscode.commands.executeCommand('tenantscope.query.run');

function putCursor(document: vscode.TextDocument, text: string): void {
  const at = document.positionAt(document.getText().indexOf(text));
  vscode.window.activeTextEditor!.selection = new vscode.Selection(at, at);
}

describe('Resource Graph as a source', () => {
  let person: ScriptedPerson;
  before(() => {
    person = new ScriptedPerson([]);
  });
  after(() => {
    person.restore();
  });

  it('F5 in a query headed by the line asks about the subscriptions of its scope, and in the next one the workspaces', async () => {
    const document = await openQuery(TEXT);
    putCursor(document, 'resources');
    const graph = await runToEnd(run);
    assert.deepEqual([graph.source, graph.state, graph.rowCount], ['resourceGraph', 'finished', 3]);
    assert.deepEqual(
      graph.columns.map(({ name }) => name),
      ['_Customer', '_Tenant', '_Subscription', 'name'],
    );
    assert.equal(graph.completeness.sentence, '2 of 2 tenants answered');
    putCursor(document, 'Heartbeat');
    const logs = await runToEnd(run);
    assert.deepEqual([logs.source, logs.targets.every(({ kind }) => kind === 'workspace')], [undefined, true]);
  });

  it('a part of such a query that is selected asks Resource Graph, too', async () => {
    const document = await openQuery(TEXT);
    const start = document.positionAt(TEXT.indexOf('resources'));
    vscode.window.activeTextEditor!.selection = new vscode.Selection(start, start.translate(0, 'resources'.length));
    assert.equal((await runToEnd(run)).source, 'resourceGraph');
  });

  it('its lens counts subscriptions, its tables and columns are completed, and a name they have not is underlined', async () => {
    const document = await openQuery(`${TEXT.replace('project name', 'project nam')}\n`);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const titles = lenses.map(({ command }) => command?.title ?? '');
    assert.ok(titles.includes('Scope: 2 subscriptions, 1 customer'), titles.join('\n'));
    assert.ok(titles.includes('Run per tenant'));
    const found = await until('the column', () =>
      vscode.languages.getDiagnostics(document.uri).find(({ range }) => document.getText(range) === 'nam'),
    );
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.positionAt(document.getText().indexOf('nam\n')),
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const name of ['subscriptionId', '_Subscription']) assert.ok(labels.includes(name), name);
  });
});
