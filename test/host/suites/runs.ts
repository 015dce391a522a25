import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ScriptedPerson, faults, openQuery, runToEnd, runs, until } from '../workbench.ts';

const run = (): Thenable<unknown> => vscode.commands.executeCommand('tenantscope.query.run');

describe('runs', () => {
  let person: ScriptedPerson;
  before(() => {
    person = new ScriptedPerson([]);
  });
  after(() => {
    person.restore();
  });
  afterEach(async () => {
    await faults([]);
    person.told.length = 0;
  });

  it('asks every workspace of the scope and says how complete the answer is', async () => {
    await openQuery('// @scope all\n\nHeartbeat | where TimeGenerated > ago(1h)');
    const done = await runToEnd(run);
    assert.equal(done.state, 'finished');
    assert.ok(done.completeness.asked >= 20);
    assert.ok(done.rowCount > 0, `${done.completeness.sentence}; ${JSON.stringify(done.targets.slice(0, 3))}`);
    assert.deepEqual(
      done.columns.slice(0, 3).map((column) => column.name),
      ['_Customer', '_Tenant', '_Workspace'],
    );
    assert.equal(
      done.targets.reduce((sum, target) => sum + target.rows, 0),
      done.rowCount,
    );
  });

  it('asks the rows of a run again in a document of their own, and sends nothing', async () => {
    await openQuery('// @scope all\n\n// Machines\nHeartbeat | where TimeGenerated > ago(1h)');
    const source = await runToEnd(run);
    await vscode.commands.executeCommand('tenantscope.runs.askAgain', source);
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.getText(), `// @result ${source.id}  Machines\n\nResults\n| take 100`);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(3, 0, 3, 10), '| where Missing > 1');
    await vscode.workspace.applyEdit(edit);
    const [problem] = await until('the unknown column', () => {
      const found = vscode.languages.getDiagnostics(document.uri);
      return found.length > 0 && found;
    });
    assert.equal(document.getText(problem!.range), 'Missing', 'Results is known, with its columns');
    const repair = new vscode.WorkspaceEdit();
    repair.replace(document.uri, new vscode.Range(3, 0, 3, 19), '| summarize n = count() by _Customer');
    await vscode.workspace.applyEdit(repair);
    await until('no problem', () => vscode.languages.getDiagnostics(document.uri).length === 0);
    await run();
    const [answer] = await runs();
    assert.deepEqual([answer!.of, answer!.state, answer!.completeness], [source.id, 'finished', source.completeness]);
    assert.deepEqual(
      answer!.columns.map(({ name }) => name),
      ['_Customer', 'n'],
    );
    await vscode.commands.executeCommand('tenantscope.runs.discard', source);
    await until('the result to be gone', () =>
      vscode.languages.getDiagnostics(document.uri).some(({ message }) => message.includes('no longer kept')),
    );
    await run();
    assert.equal((await runs())[0]!.id, answer!.id, 'nothing was run');
    assert.match(person.told.join('\n'), /no longer kept/);
  });

  it('tells of many failing targets once', async () => {
    await faults([{ match: { service: 'logs' }, fault: { kind: 'status', status: 502 } }]);
    await openQuery('// @scope all\n\nHeartbeat | take 1');
    const done = await runToEnd(run);
    assert.ok(done.targets.filter((target) => target.state === 'failed').length > 10);
    assert.equal(person.told.length, 1, person.told.join('\n'));
    assert.match(person.told[0] ?? '', /^0 of \d+ workspaces answered/);
  });

  it('asks again only those that failed', async () => {
    const failed = (await runs())[0]!;
    await vscode.commands.executeCommand('tenantscope.runs.retry', failed);
    const again = await until('the retry', async () =>
      (await runs()).find((one) => one.id === failed.id && one.state === 'finished' && one.completeness.answered > 0),
    );
    assert.ok(again.completeness.answered > failed.completeness.answered);
  });

  it('cancels, and keeps what had come', async () => {
    await faults([{ match: { service: 'logs', path: '/query' }, fault: { kind: 'latency', ms: 20_000 }, after: 3 }]);
    await openQuery('// @scope all\n\nHeartbeat | take 1');
    const done = await runToEnd(async () => {
      await run();
      await until('an answer', async () => (await runs())[0]!.completeness.answered > 0);
      await vscode.commands.executeCommand('tenantscope.query.cancel');
    });
    assert.equal(done.state, 'cancelled');
    assert.ok(done.targets.some((target) => target.state === 'cancelled'));
    assert.ok(done.completeness.answered > 0);
  });

  it('sends nothing for a syntax error, and says where it is', async () => {
    const before = (await runs()).length;
    await openQuery('Heartbeat\n| where (');
    await run();
    assert.equal((await runs()).length, before);
    assert.match(person.told.join('\n'), /Nothing was sent/);
  });

  it('sends nothing for a scope line that cannot be read, or a customer nobody has', async () => {
    const before = (await runs()).length;
    for (const line of [
      '// @scope contoso',
      '// @scope customer:no-such-customer',
      '// @scope customer:"[Sign in](command:workbench.action.quit)"',
    ]) {
      person.told.length = 0;
      await openQuery(`${line}\n\nHeartbeat | take 1`);
      await run();
      assert.match(person.told.join('\n'), /Nothing was sent/, line);
      assert.doesNotMatch(person.told.join('\n'), /\]\(command:/, 'a message makes links of such text');
    }
    assert.equal((await runs()).length, before);
  });

  it("answers with one total; each workspace's own is a choice, and labelled", async () => {
    await openQuery('// @scope all\n\nHeartbeat | summarize Rows = count()');
    const total = await runToEnd(run);
    assert.deepEqual([total.answer, total.rowCount, total.plan?.promise], ['across', 1, { kind: 'exact' }]);
    const each = await runToEnd(() => vscode.commands.executeCommand('tenantscope.query.runPerWorkspace'));
    assert.match(each.perWorkspaceNote?.sentence ?? '', /workspace/);
    assert.ok(each.rowCount > 1);
  });

  it('opens its results beside the editor where the person wants them there', async () => {
    const settings = vscode.workspace.getConfiguration('tenantscope');
    await settings.update('results.location', 'beside', vscode.ConfigurationTarget.Global);
    try {
      await openQuery('// @scope all\n\nHeartbeat | take 1');
      await runToEnd(run);
      const tab = await until('the page', () =>
        vscode.window.tabGroups.all
          .flatMap((group) => group.tabs)
          .find((one) => one.input instanceof vscode.TabInputWebview && one.label === 'Log Results'),
      );
      assert.notEqual(tab.group.viewColumn, vscode.ViewColumn.One);
      await vscode.window.tabGroups.close(tab);
    } finally {
      await settings.update('results.location', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('explains what a run would do without doing it', async () => {
    const before = (await runs()).length;
    await openQuery('// @scope all\n\nHeartbeat | take 1');
    await vscode.commands.executeCommand('tenantscope.query.explain');
    const text = await until('the explanation', () =>
      vscode.workspace.textDocuments.find(
        (document) => document.uri.scheme === 'tenantscope-plan' && document.getText().includes('would ask'),
      ),
    );
    assert.match(text.getText(), /\| customer \| tenant \| workspace \|/);
    assert.equal((await runs()).length, before);
  });

  it('explains with the number of rows that each workspace would send, and runs nothing', async () => {
    const before = (await runs()).length;
    await openQuery('// @scope all\n\nHeartbeat | summarize n = count() by Computer');
    await vscode.commands.executeCommand('tenantscope.query.estimateRows');
    await until('the numbers', () =>
      vscode.workspace.textDocuments.find(
        (document) =>
          document.uri.scheme === 'tenantscope-plan' && /Rows: [\d,]+ rows?, counted just now/.test(document.getText()),
      ),
    );
    assert.equal((await runs()).length, before);
  });
});
