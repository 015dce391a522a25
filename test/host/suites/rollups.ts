import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Workspace } from '../../../src/model/estate.ts';
import { ScriptedPerson, allRows, openQuery, rows, runToEnd, until } from '../workbench.ts';
import type { Row } from '../workbench.ts';

const VIEW = 'tenantscope.rollups';
const folder = (): vscode.Uri =>
  vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, '.tenantscope', 'rollups');
const execute = (command: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...args);
const HOUR = 3_600_000;

/** Does something while the person answers so; resolves to what they were told. */
async function answering(answers: readonly string[], work: () => unknown, button?: string): Promise<readonly string[]> {
  const person = new ScriptedPerson(answers, button);
  try {
    await work();
    return person.told;
  } finally {
    person.restore();
  }
}
/** Writes a file below the folder of roll-ups. */
const write = (name: string, text: string): Thenable<void> =>
  vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder(), name), new TextEncoder().encode(text));
const rowOf = async (label: string, depth = 3): Promise<Row> =>
  until(`${label} in the view`, async () => (await allRows(VIEW, depth)).find((row) => row.label === label));

describe('roll-ups', () => {
  before(async () => {
    await execute('tenantscope.estate.refresh');
  });
  after(async () => {
    await vscode.workspace.fs.delete(folder(), { recursive: true });
  });

  it('the view is empty until there is a file', async () => {
    assert.deepEqual(await rows(VIEW), []);
  });

  it('one is made of a query: name, window and schedule are asked, the dry run is shown, the file is written', async () => {
    await openQuery('// @scope customer:contoso\n\n// Machine beats\nHeartbeat\n| project TimeGenerated, Computer');
    await answering(['Machines', '1 hour', '1 hour'], () => execute('tenantscope.rollups.create'), 'Write the File');
    const file = vscode.Uri.joinPath(folder(), 'Machines.kql');
    assert.equal(
      new TextDecoder().decode(await vscode.workspace.fs.readFile(file)),
      '// @name Machines\n// @window 1h\n// @lateness 10m\n// @schedule every 1h\n// @scope customer:contoso\n// Machine beats\nHeartbeat\n| project TimeGenerated, Computer\n',
    );
    const { description, contextValue } = await rowOf('Machines');
    assert.deepEqual([description, contextValue], ['never run', 'rollup.file.going.empty']);
  });

  it('runs and fills again from there; the view tells what is stored of whom', async () => {
    const { node } = await rowOf('Machines');
    const end = Math.floor(Date.now() / HOUR) * HOUR - HOUR;
    const range = [end - 2 * HOUR, end].map((ms) => new Date(ms).toISOString()).join('/');
    const told = await answering([range], () => execute('tenantscope.rollups.backfillHere', node));
    assert.match(told.join('\n'), /Machines: \d+ windows of \d+ workspaces stored, [\d,]+ rows/);
    const customer = await rowOf('Contoso');
    assert.match(customer.description, /lag .* · [\d,]+ rows? last/);
    assert.equal(customer.contextValue, 'customer.on');
    assert.ok((await rows(VIEW, customer.node)).length >= 1, 'its workspaces');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      vscode.Uri.joinPath(folder(), 'Machines.kql'),
    );
    assert.ok(lenses.some(({ command }) => command?.title === 'Show Rows'));
  });

  it('its rows are asked here, and a row leads back to the definition and the customer’s own rows', async () => {
    const stored = await runToEnd(async () =>
      execute('tenantscope.rollups.showRowsHere', (await rowOf('Contoso')).node),
    );
    assert.deepEqual([stored.source, stored.completeness.complete], ['lake', true]);
    assert.ok(stored.rowCount > 0);
    // What a cell says becomes the name of a column, which a run tells.
    const told = await runToEnd(async () => {
      await openQuery(
        "// @source lake\n// @scope all\nMachines | take 1 | project n = 1, k = strcat_delim('|', _RollupId, _Customer, _Workspace, tostring(_WindowStart), tostring(_WindowEnd)) | evaluate pivot(k, sum(n))",
      );
      await execute('tenantscope.query.run');
    });
    const [rollup, customer, workspace, from, to] = told.columns[0]!.name.split('|');
    await execute('tenantscope.rollups.showOrigin', { id: rollup, customer, workspace, from, to });
    const { document } = vscode.window.activeTextEditor!;
    assert.match(document.getText(), /^\/\/ @scope workspace:\S+\n\n\/\/ What Machines was made of in /);
    assert.match(
      document.getText(),
      /Heartbeat\s*\| where ingestion_time\(\) >= datetime\(.*\) and ingestion_time\(\) < /,
    );
    const open = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
    assert.ok(open.includes('Machines.kql'), open.join(', '));
    const behind = await runToEnd(() => execute('tenantscope.query.run'));
    assert.deepEqual(
      [...new Set(behind.targets.map((one) => one.kind === 'workspace' && one.workspaceName))],
      [workspace],
    );
    assert.ok(behind.rowCount > 0);
  });

  it('a file says what is wrong with it where it stands, offers its settings, and has lenses', async () => {
    const file = vscode.Uri.joinPath(folder(), 'Wrong.kql');
    await vscode.workspace.fs.writeFile(
      file,
      new TextEncoder().encode('// @window 7h\n// @\nHeartbeat | top 5 by Computer'),
    );
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const [problem] = await until('a problem', () => {
      const found = vscode.languages.getDiagnostics(file).filter(({ code }) => code === 'rollup');
      return found.length > 0 && found;
    });
    assert.equal(document.getText(problem!.range), '7h');
    assert.equal((await rowOf('Wrong', 1)).contextValue, 'rollup.unread.going.empty');
    const offered = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      file,
      new vscode.Position(1, 4),
    );
    const labels = offered.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const setting of ['window', 'lateness', 'sinks']) assert.ok(labels.includes(setting), setting);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file);
    const titles = lenses.map(({ command }) => command?.title);
    for (const title of ['$(sync) Run Now', 'Dry Run', 'Backfill...']) assert.ok(titles.includes(title), title);
    const told = await answering([], () => execute('tenantscope.rollups.runHere', { uri: file.toString(), offset: 0 }));
    assert.match(told.join('\n'), /Wrong cannot be run: A window is a part of a day/);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(file, new vscode.Range(0, 0, 2, 0), '');
    await vscode.workspace.applyEdit(edit);
    const planned = await until('what the planner says', () =>
      vscode.languages.getDiagnostics(file).find(({ message }) => message.includes('take or top cannot be')),
    );
    assert.match(document.getText(planned.range), /top 5/);
    await document.save();
  });

  it('goes to a centre of the repository: what it costs, the plan of what is lacking, and a question before rows', async () => {
    const nodes = (await allRows('tenantscope.estate', 5)).map(
      ({ node }) => node as { readonly workspace?: Workspace },
    );
    const { armId, tenant } = nodes.find(({ workspace }) => workspace?.name === 'nb-soc')!.workspace!;
    const main = { kind: 'logAnalytics', workspace: armId, tenant };
    await write('../centres.json', JSON.stringify({ centres: { main } }));
    await write(
      'Central.kql',
      '// @sink main\n// @scope customer:contoso\nHeartbeat | project TimeGenerated, Computer',
    );
    await execute('tenantscope.rollups.refresh');
    const { node } = await rowOf('Central', 1);
    await execute('tenantscope.rollups.dryRunHere', node);
    const preview = await until('the dry run', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.path.includes('Central - dry run')),
    );
    assert.match(preview.getText(), /USD a month \|[^]*\| Contoso \|/);
    const told = await answering(['Me'], () => execute('tenantscope.rollups.prepareHere', node), 'Approve');
    assert.match(told.join('\n'), /^Rows of \d+ workspaces? would go to main\.$/m);
    const plan = await until('the plan', () => vscode.window.activeTextEditor?.document);
    assert.equal(plan.languageId, 'tenantscope-plan');
    assert.match(plan.getText(), /Monitoring Metrics Publisher|data collection rule/i);
    const again = await answering(['Me'], () => execute('tenantscope.rollups.prepareHere', node));
    assert.deepEqual(again, [], 'nobody is asked a second time');
    await write('../centres.json', JSON.stringify({ centres: { main: { ...main, workspace: `${armId}-2` } } }));
    const refused = await answering([], () => execute('tenantscope.rollups.runHere', node));
    assert.match(refused.join('\n'), /would go to main/, 'another address is another question');
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder(), '..', 'centres.json'));
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder(), 'Central.kql'));
  });

  it('gives a Power BI project to the folder that is picked', async () => {
    const to = vscode.Uri.joinPath(folder(), '..', '..', 'power-bi');
    const { showOpenDialog } = vscode.window;
    Object.assign(vscode.window, { showOpenDialog: () => Promise.resolve([to]) });
    try {
      const { node } = await rowOf('Machines', 1);
      const told = await answering([], () => execute('tenantscope.rollups.exportPowerBiHere', node));
      assert.match(told.join('\n'), /The Power BI project of Machines was written to .*power-bi/);
    } finally {
      Object.assign(vscode.window, { showOpenDialog });
    }
    const names = (await vscode.workspace.fs.readDirectory(to)).map(([name]) => name);
    assert.ok(
      names.some((name) => name.endsWith('.pbip')),
      names.join(', '),
    );
    await vscode.workspace.fs.delete(to, { recursive: true });
  });

  it('has alerts beside it, whose files say what is wrong with them, too', async () => {
    const alerts = vscode.Uri.joinPath(folder(), '..', 'alerts');
    const file = vscode.Uri.joinPath(alerts, 'Silent.kql');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode('// @severity 9\nHeartbeat | count'));
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const problem = await until('a problem', () =>
      vscode.languages.getDiagnostics(file).find(({ code }) => code === 'alert'),
    );
    assert.match(document.getText(problem.range), /9/);
    await vscode.workspace.fs.delete(alerts, { recursive: true });
  });

  it('a customer is switched off after a question, and erased for its typed name alone', async () => {
    const node = async (): Promise<unknown> => (await rowOf('Contoso')).node;
    await answering([], async () => execute('tenantscope.rollups.switchOffHere', await node()), 'Switch Off');
    assert.equal((await rowOf('Contoso')).contextValue, 'customer.off');
    const wrong = await answering(
      ['Contos'],
      async () => execute('tenantscope.rollups.eraseHere', await node()),
      'Erase',
    );
    assert.match(wrong.join('\n'), /Nothing was erased: the name did not match/);
    await answering(['Contoso'], async () => execute('tenantscope.rollups.eraseHere', await node()), 'Erase');
    assert.match((await rowOf('Contoso')).description, /^switched off$/);
    await answering([], async () => execute('tenantscope.rollups.switchOnHere', await node()), 'Switch On');
    await execute('tenantscope.rollups.pauseHere', (await rowOf('Machines', 1)).node);
    assert.match((await rowOf('Machines', 1)).description, /paused/);
    await execute('tenantscope.rollups.resumeHere', (await rowOf('Machines', 1)).node);
  });
});
