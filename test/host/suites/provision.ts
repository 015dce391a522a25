import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ScriptedPerson, allRows, until } from '../workbench.ts';
import type { Row } from '../workbench.ts';

const VIEW = 'tenantscope.estate';
const NAME = 'law-host-test';

async function find(name: string): Promise<Row | undefined> {
  return (await allRows(VIEW, 4)).find((row) => row.contextValue === 'workspace' && row.label === name);
}

interface Owner {
  readonly key: string;
  readonly name: string;
}

/** The plan that lies open in front. */
function sheet(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  assert.equal(document?.uri.scheme, 'tenantscope-plan');
  assert.equal(document.languageId, 'tenantscope-plan');
  return document;
}

/** What stands above a plan to be clicked. */
async function lenses({ uri }: vscode.TextDocument): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
  return found.map(({ command }) => command?.title ?? '');
}

/** Carries out the plan in front, as its lens does, and waits for the receipt in the same document. */
async function carryOut(): Promise<string> {
  const document = sheet();
  await vscode.commands.executeCommand('tenantscope.plan.carryOut', document.uri);
  return until('the receipt', () => /^(DONE|FAILED|STOPPED|NOTHING)/m.test(document.getText()) && document.getText());
}

/** Exports the plan of a document, as its lens does; the text of the file that is shown then. */
async function exportPlan(format: string, { uri }: vscode.TextDocument, name: string): Promise<string> {
  const [folder] = vscode.workspace.workspaceFolders!;
  const target = vscode.Uri.joinPath(folder!.uri, name);
  const person = new ScriptedPerson([format], undefined, target);
  try {
    await vscode.commands.executeCommand('tenantscope.plan.exportAs', uri);
    const { document } = vscode.window.activeTextEditor!;
    assert.equal(document.uri.toString(), target.toString());
    return document.getText();
  } finally {
    person.restore();
    await vscode.workspace.fs.delete(target);
  }
}

describe('provisioning', () => {
  let person: ScriptedPerson;
  afterEach(() => {
    person.restore();
  });

  it('lays the plan of a workspace open, whole, and carries it out from there; the document is the receipt', async () => {
    person = new ScriptedPerson([
      '',
      '',
      'New resource group',
      'rg-host-test',
      NAME,
      'West Europe',
      'Pay as you go',
      '400',
      '5',
      'env=test',
    ]);
    await vscode.commands.executeCommand('tenantscope.workspace.create');
    const plan = sheet();
    assert.match(plan.getText(), /^Create workspace law-host-test for .+ \(.+\)\n\nPLAN - nothing has been done yet/);
    assert.match(plan.getText(), /az monitor log-analytics workspace create/);
    assert.match(plan.getText(), / {5}Retention +400 days\n/);
    assert.match((await lenses(plan))[0] ?? '', /Carry out this plan/);
    assert.equal(await find(NAME), undefined, 'nothing has been done');
    // From the second box on its title says for whom, and every text has had its word.
    for (const { title } of person.boxes.slice(1)) assert.match(title, /^Create Workspace for .+ \(.+\)$/);
    const said = person.boxes.map((box) => box.said).join('\n');
    for (const word of [/Name: 13 of 63/, /Daily cap: After 5 GB further logs/, /Tags: 1 of 50 tags: env is test/])
      assert.match(said, word);

    const file = await exportPlan('Bicep', plan, 'law-host-test.bicep');
    assert.match(file, /Made by Tenantscope of a plan[^]*\/\/ - Create workspace law-host-test\n/);
    assert.match(file, /az deployment sub create .*--template-file law-host-test\.bicep/);
    await vscode.window.showTextDocument(plan);

    const receipt = await carryOut();
    assert.match(
      receipt,
      /\nDONE - .*\n[^]*Create workspace law-host-test - done\n[^]* {5}Workspace ID +[\da-f-]{36}\n/,
    );
    assert.match(person.told.join('\n'), new RegExp(`${NAME} is ready`));
    assert.ok(!(await lenses(plan)).some((title) => title.includes('Carry out')), 'once');
    const row = await until('the workspace in the tree', () => find(NAME));
    assert.match(row.description, /westeurope · 400 d · 5 GB\/day/);
    await vscode.commands.executeCommand('tenantscope.plan.carryOut', plan.uri);
    assert.match(person.told.at(-1)!, /no plan to carry out in this document/);
  });

  it('changes its retention from a plan, with what a finding proposes standing ready', async () => {
    person = new ScriptedPerson(['180 days']);
    const workspace = (await find(NAME))!.node as object;
    await vscode.commands.executeCommand('tenantscope.workspace.changeRetention', {
      ...workspace,
      proposed: { days: 222 },
    });
    assert.equal(person.boxes[0]?.said, '222 days');
    assert.match(sheet().getText(), / {5}Retention +400 days -> 180 days\n/);
    await carryOut();
    await until('the new retention', async () => /180 d/.test((await find(NAME))?.description ?? ''));
  });

  it('takes the region that a finding proposes into the wizard, for the customer it is about', async () => {
    const { customer } = (await allRows(VIEW, 3))
      .map(({ node }) => node as { customer?: Owner })
      .find((node) => node.customer?.name === 'Contoso') as { customer: Owner };
    // Nobody answers the box after the region: that ends the wizard.
    person = new ScriptedPerson(['', '', 'New resource group', 'rg-proposed', 'law-proposed', 'West Europe']);
    await vscode.commands.executeCommand('tenantscope.workspace.createHere', {
      customer: { key: customer.key },
      proposed: { region: 'East US' },
    });
    const region = person.boxes.find(({ said }) => said === 'East US');
    assert.ok(region?.title.includes(customer.name), JSON.stringify(person.boxes));
  });

  it('does not delete for good without the name', async () => {
    person = new ScriptedPerson(['law-host'], 'Delete Permanently');
    await vscode.commands.executeCommand('tenantscope.workspace.deletePermanently', (await find(NAME))!.node);
    assert.match(sheet().getText(), /! Lost for good: the logs of law-host-test of up to 180 days/);
    await vscode.commands.executeCommand('tenantscope.plan.carryOut', sheet().uri);
    assert.match(person.told.join('\n'), /^Delete workspace law-host-test of .+ \(.+\) permanently\?/);
    assert.match(person.told.join('\n'), /Nothing was deleted/);
    assert.ok(await find(NAME));
  });

  it('deletes it softly, then offers to recover it under the same name', async () => {
    person = new ScriptedPerson([], 'Delete');
    await vscode.commands.executeCommand('tenantscope.workspace.delete', (await find(NAME))!.node);
    assert.match(await carryOut(), /Delete workspace law-host-test - done/);
    await until('it to be gone', async () => !(await find(NAME)));
    person.restore();
    person = new ScriptedPerson(['', '', 'rg-host-test', NAME, 'Recover it', 'Pay as you go', '90 days', '', '']);
    await vscode.commands.executeCommand('tenantscope.workspace.create');
    await carryOut();
    await until('it to be back', () => find(NAME));
  });

  it('deletes it for good when the name is typed', async () => {
    person = new ScriptedPerson([NAME], 'Delete Permanently');
    await vscode.commands.executeCommand('tenantscope.workspace.deletePermanently', (await find(NAME))!.node);
    await carryOut();
    await until('it to be gone', async () => !(await find(NAME)));
    assert.match(person.told.join('\n'), /deleted permanently/);
  });
});
