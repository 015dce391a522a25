import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ScriptedPerson, allRows, rows, until } from '../workbench.ts';

const ESTATE = 'tenantscope.estate';

/** The text of a document of this name that was not there `before`, by its address. */
async function newDocument(name: string, before: ReadonlySet<string>): Promise<string> {
  const found = await until(`a document ${name}`, () =>
    vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith(`/${name}`) && !before.has(uri.toString())),
  );
  return found.getText();
}

const documents = (): ReadonlySet<string> => new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));

describe('access', () => {
  let person: ScriptedPerson | undefined;
  before(async () => {
    await vscode.commands.executeCommand('tenantscope.estate.refresh');
  });
  afterEach(async () => {
    person?.restore();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('of a customer is a document, and what its administrator has to do can be copied', async () => {
    const customer = (await allRows(ESTATE, 2)).find(({ label }) => label === 'Contoso')!;
    person = new ScriptedPerson([]);
    const before = documents();
    await vscode.commands.executeCommand('tenantscope.access.explainHere', customer.node);
    const text = await newDocument('Access.md', before);
    assert.match(text, /### Who of yours can read it\n\n.*\n.*\n\| Northbridge Operations \| group \|/);
    assert.match(text, /\| Member of Northbridge Operations \|/);
    assert.match(text, /\n# To send\n/);
    await until('word of what is to do', () =>
      person!.told.find((one) => one.startsWith('An administrator of Contoso')),
    );
    await vscode.env.clipboard.writeText('');
    await vscode.commands.executeCommand('tenantscope.access.copyRequest');
    assert.match(await vscode.env.clipboard.readText(), /^To the administrator of Azure .*az role assignment list/s);
  });

  it('of a tenant that nobody can enter says why', async () => {
    const closed = (await allRows(ESTATE, 3)).find((row) => /^tenant\.(noAccess|failed)$/.test(row.contextValue))!;
    const [reason] = await rows(ESTATE, closed.node);
    person = new ScriptedPerson([]);
    // From the tenant, and from the line below it that says why.
    for (const node of [closed.node, reason!.node]) {
      const before = documents();
      await vscode.commands.executeCommand('tenantscope.access.explainHere', node);
      assert.match(await newDocument('Access.md', before), /Nothing of tenant `[\da-f-]{36}` is visible: /);
    }
  });

  it('partner customers: one that is not onboarded is written into the file of customers to come, once', async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const file = vscode.Uri.joinPath(folder, '.tenantscope', 'customers-to-come.json');
    for (const _again of [1, 2]) {
      person = new ScriptedPerson(['Lamna Healthcare', 'Onboard']);
      await vscode.commands.executeCommand('tenantscope.access.showPartnerCustomers');
      person.restore();
    }
    const { customers } = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file))) as {
      customers: { name: string; subscription: string }[];
    };
    assert.deepEqual(
      customers.map(({ name, subscription }) => [name, subscription]),
      [['Lamna Healthcare', '']],
    );
    await vscode.workspace.fs.delete(file);
  });
});
