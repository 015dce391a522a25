import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ScriptedPerson, until } from '../workbench.ts';

const TEXT = `{
  "groups": { "platinum": {} },
  "customers": {
    "tailspin": {
      "workspace": { "tags": { "managedBy": "Northbridge" } }
    }
  }
}
`;

function inFolder(): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, '.tenantscope', 'baseline.json');
}

/** Marks of ours on the file, `line: message`, those of `code` alone. */
function marks(code: 'baseline' | 'drift'): readonly string[] {
  return vscode.languages
    .getDiagnostics(inFolder())
    .filter((one) => one.source === 'Tenantscope' && one.code === code)
    .map(({ range, message }) => `${range.start.line + 1}: ${message}`);
}

/** The document that a check laid open, as its text. */
async function report(): Promise<string> {
  const found = await until('the report', () =>
    vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith('/Baseline.md')),
  );
  return found.getText();
}

describe('the baseline in the editor', () => {
  let person: ScriptedPerson;
  before(async () => {
    await vscode.workspace.fs.writeFile(inFolder(), new TextEncoder().encode(TEXT));
  });
  after(async () => {
    await vscode.workspace.fs.delete(inFolder());
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  afterEach(() => {
    person?.restore();
  });

  it('says of a group that nobody is in it, and completes the names of customers', async () => {
    const document = await vscode.workspace.openTextDocument(inFolder());
    await vscode.window.showTextDocument(document);
    await until('the remark', () => marks('baseline').length > 0);
    assert.deepEqual(marks('baseline'), ['2: No customer is in a group "platinum".']);
    const inName = document.positionAt(document.getText().indexOf('"tailspin"') + 1);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      inName,
    );
    const item = items.find(({ label }) => label === 'Fabrikam');
    assert.equal(item?.detail, 'customer');
    assert.equal(item.insertText, '"Fabrikam"');
  });

  it('is checked: a document says what differs, and the line that wants it is marked', async () => {
    person = new ScriptedPerson(['Tailspin Toys']);
    await vscode.commands.executeCommand('tenantscope.baseline.check');
    const text = await report();
    assert.match(text, /## Tailspin Toys\n\n0 of 1 setting as agreed/);
    assert.deepEqual(marks('drift'), [
      '5: Tailspin Toys, workspace tailspin-ops, settings: Tag managedBy missing (Northbridge)',
    ]);
  });

  it('is put right from a plan that is read before, and then nothing differs', async () => {
    person = new ScriptedPerson(['Tailspin Toys', 'Tailspin Toys']);
    await vscode.commands.executeCommand('tenantscope.baseline.fix');
    const document = vscode.window.activeTextEditor!.document;
    assert.equal(document.languageId, 'tenantscope-plan');
    assert.match(
      document.getText(),
      /^Make Tailspin Toys.* as the baseline agrees\n\nPLAN - nothing has been done yet/,
    );
    await vscode.commands.executeCommand('tenantscope.plan.carryOut', document.uri);
    await until('the receipt', () => /^(DONE|FAILED|STOPPED)/m.test(document.getText()));
    assert.match(document.getText(), /^DONE - /m);
    await vscode.commands.executeCommand('tenantscope.baseline.check');
    assert.deepEqual(marks('drift'), []);
    assert.ok(person.told.some((message) => message.startsWith('1 of 1 setting of 1 customer as agreed')));
  });
});
