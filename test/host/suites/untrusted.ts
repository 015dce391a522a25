import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMAND_IDS } from '../../../src/extension/platform/commandIds.ts';
import { ScriptedPerson, openQuery, rows, runs, until } from '../workbench.ts';

describe('a folder nobody trusts', () => {
  let person: ScriptedPerson;
  before(async () => {
    const [file] = await vscode.workspace.findFiles('heartbeat.kql');
    await vscode.workspace.openTextDocument(file!);
    await vscode.extensions.getExtension('tenantscope.tenantscope')!.activate();
    person = new ScriptedPerson([]);
  });
  after(() => {
    person.restore();
  });

  it('is what this is', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  it('has every command, so that each can say why it does nothing', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      COMMAND_IDS.filter((id) => !registered.has(id)),
      [],
    );
  });

  it('sends no query and signs in nowhere', async () => {
    await openQuery('// @scope all\n\nHeartbeat | take 1');
    await vscode.commands.executeCommand('tenantscope.query.run');
    assert.match(person.told.join('\n'), /not trusted, so nothing is sent/);
    for (const command of [
      'tenantscope.estate.refresh',
      'tenantscope.signIn.start',
      'tenantscope.workspace.create',
      'tenantscope.doctor.diagnose',
      'tenantscope.assess.start',
      'tenantscope.assess.startHere',
      'tenantscope.rollups.create',
      'tenantscope.rollups.run',
      'tenantscope.rollups.runHere',
      'tenantscope.rollups.refresh',
      'tenantscope.rollups.prepare',
      'tenantscope.rollups.exportPowerBi',
      'tenantscope.rollups.createRunnerHere',
    ]) {
      person.told.length = 0;
      await vscode.commands.executeCommand(command);
      assert.match(person.told.join('\n'), /not trusted/, command);
    }
    assert.deepEqual([await runs(), await rows('tenantscope.estate'), await rows('tenantscope.rollups')], [[], [], []]);
  });

  it('answers no language model', async () => {
    for (const [name, input] of [
      ['listEstate', {}],
      ['runQuery', { query: 'Heartbeat' }],
    ] as const)
      await assert.rejects(
        async () => vscode.lm.invokeTool(`tenantscope_${name}`, { input, toolInvocationToken: undefined }),
        /not trusted/,
        name,
      );
  });

  it('still helps to write a query', async () => {
    const document = await openQuery('Heartbeat\n| where (');
    await until('an error', () =>
      vscode.languages.getDiagnostics(document.uri).some((one) => one.severity === vscode.DiagnosticSeverity.Error),
    );
  });
});
