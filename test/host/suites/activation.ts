import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { COMMAND_IDS } from '../../../src/extension/platform/commandIds.ts';
import { rows } from '../workbench.ts';

const ID = 'tenantscope.tenantscope';

describe('activation', () => {
  it('leaves the extension asleep until something of it is used', () => {
    assert.equal(vscode.extensions.getExtension(ID)?.isActive, false);
  });

  it('wakes for a query document, quickly', async () => {
    const [file] = await vscode.workspace.findFiles('heartbeat.kql');
    const document = await vscode.workspace.openTextDocument(file!);
    assert.equal(document.languageId, 'kusto');
    const start = performance.now();
    await vscode.extensions.getExtension(ID)!.activate();
    assert.ok(performance.now() - start < 1000);
  });

  it('registers every command', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      COMMAND_IDS.filter((id) => !registered.has(id)),
      [],
    );
  });

  it('has asked nobody for anything yet', async () => {
    assert.deepEqual(await rows('tenantscope.estate'), []);
  });
});
