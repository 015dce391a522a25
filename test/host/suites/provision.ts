import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ScriptedPerson, allRows, until } from '../workbench.ts';
import type { Row } from '../workbench.ts';

const VIEW = 'tenantscope.estate';
const NAME = 'law-host-test';

async function find(name: string): Promise<Row | undefined> {
  return (await allRows(VIEW, 4)).find((row) => row.contextValue === 'workspace' && row.label === name);
}

describe('provisioning', () => {
  let person: ScriptedPerson;
  afterEach(() => {
    person.restore();
  });

  it('creates a workspace step by step, with a plan to read first', async () => {
    person = new ScriptedPerson(
      [
        '',
        '',
        'New resource group',
        'rg-host-test',
        NAME,
        'West Europe',
        'Pay as you go',
        '90 days',
        '5',
        'env=test',
        'Carry out the plan',
      ],
      'Create',
    );
    await vscode.commands.executeCommand('tenantscope.workspace.create');
    assert.match(person.told.join('\n'), new RegExp(`${NAME} is ready`));
    const plan = vscode.workspace.textDocuments.find(
      (document) => document.uri.scheme === 'tenantscope-plan' && document.getText().includes(NAME),
    );
    assert.match(plan?.getText() ?? '', /az monitor log-analytics workspace create/);
    const row = await until('the workspace in the tree', () => find(NAME));
    assert.match(row.description, /westeurope · 90 d · 5 GB\/day/);
  });

  it('changes its retention', async () => {
    person = new ScriptedPerson(['180 days'], 'Change');
    await vscode.commands.executeCommand('tenantscope.workspace.changeRetention', (await find(NAME))!.node);
    await until('the new retention', async () => /180 d/.test((await find(NAME))?.description ?? ''));
  });

  it('does not delete for good without the name', async () => {
    person = new ScriptedPerson(['law-host'], 'Delete');
    await vscode.commands.executeCommand('tenantscope.workspace.deletePermanently', (await find(NAME))!.node);
    assert.match(person.told.join('\n'), /Nothing was deleted/);
    assert.ok(await find(NAME));
  });

  it('deletes it softly, then offers to recover it under the same name', async () => {
    person = new ScriptedPerson([], 'Delete');
    await vscode.commands.executeCommand('tenantscope.workspace.delete', (await find(NAME))!.node);
    await until('it to be gone', async () => !(await find(NAME)));
    person.restore();
    person = new ScriptedPerson(
      ['', '', 'rg-host-test', NAME, 'Recover it', 'Pay as you go', '90 days', '', '', 'Carry out the plan'],
      'Create',
    );
    await vscode.commands.executeCommand('tenantscope.workspace.create');
    await until('it to be back', () => find(NAME));
  });

  it('deletes it for good when the name is typed', async () => {
    person = new ScriptedPerson([NAME], 'Delete');
    await vscode.commands.executeCommand('tenantscope.workspace.deletePermanently', (await find(NAME))!.node);
    await until('it to be gone', async () => !(await find(NAME)));
    assert.match(person.told.join('\n'), /deleted permanently/);
  });
});
