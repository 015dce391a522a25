import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ScriptedPerson, allRows, rows, runToEnd, runs, until } from '../workbench.ts';

const VIEW = 'tenantscope.queries';
const PACK = `// @name Machines
// @description Who reports
// @tags operations
// @scope customer:contoso
Heartbeat | take 1

// @name Broken
// @scope customer:contoso
Heartbeat | taake 1

// @name Asks
// @param who:string
Heartbeat | where Computer == who
`;
const folder = (): vscode.Uri => vscode.workspace.workspaceFolders![0]!.uri;
const uri = (...parts: string[]): vscode.Uri => vscode.Uri.joinPath(folder(), ...parts);
const write = (to: vscode.Uri, text: string): Thenable<void> =>
  vscode.workspace.fs.writeFile(to, new TextEncoder().encode(text));
const read = async (from: vscode.Uri): Promise<string> =>
  new TextDecoder().decode(await vscode.workspace.fs.readFile(from));

describe('query packs', () => {
  before(async () => {
    await write(uri('hunts', 'pack.kql'), PACK);
    await vscode.commands.executeCommand('tenantscope.estate.refresh');
  });
  after(async () => {
    await vscode.workspace.fs.delete(uri('hunts'), { recursive: true });
  });

  const rowOf = (label: string): Promise<unknown> =>
    until(`${label} in the view`, async () => (await allRows(VIEW, 4)).find((row) => row.label === label)?.node);

  it('the view shows folders, files, and each query with its tags', async () => {
    const file = await rowOf('pack');
    assert.deepEqual(
      (await rows(VIEW, file)).map(({ label, description, contextValue }) => [label, description, contextValue]),
      [
        ['Machines', 'operations', 'query'],
        ['Broken', '', 'query'],
        ['Asks', '', 'query'],
      ],
    );
  });

  it('a query runs from there, whole, over its own scope', async () => {
    const node = await rowOf('Machines');
    const done = await runToEnd(() => vscode.commands.executeCommand('tenantscope.queries.runHere', node));
    assert.match(done.query, /^\/\/ @name Machines/);
    assert.ok(done.targets.every(({ customerName }) => customerName === 'Contoso'));
  });

  it('a folder runs whole: a line for each query, and one message for all of them', async () => {
    const person = new ScriptedPerson([]);
    try {
      const before = (await runs()).length;
      await vscode.commands.executeCommand('tenantscope.queries.runAllHere', await rowOf('hunts'));
      const summary = await until('the summary', () =>
        vscode.workspace.textDocuments.find(({ uri: one }) => one.path.includes('summary')),
      );
      const text = summary.getText();
      assert.match(text, /1 of 3 queries answered in full/);
      assert.match(text, /\| Machines \| Answered \| \d+ of \d+ workspaces? answered.* \| 1 \|/);
      assert.match(text, /\| Broken \| Failed \| /);
      assert.match(text, /\| Asks \| Not asked \| who needs a value \| {2}\|/);
      assert.equal((await runs()).length, before + 1, 'what is refused is no run');
      assert.deepEqual(person.told, []);
    } finally {
      person.restore();
    }
  });

  it('saved searches become files, and a file of another text is replaced only on request', async () => {
    const target = uri('queries', 'Billable volume by table.kql');
    const answers = ['contoso-prod', 'Saved searches', 'Billable volume', folder().path.split('/').at(-1)!];
    const importing = async (button?: string): Promise<readonly string[]> => {
      const person = new ScriptedPerson(answers, button);
      try {
        await vscode.commands.executeCommand('tenantscope.queries.import');
        return [...person.told];
      } finally {
        person.restore();
      }
    };
    try {
      await importing();
      assert.match(await read(target), /^\/\/ @name Billable volume by table\n\/\/ @tags Northbridge\nUsage\n/);
      await write(target, 'mine');
      assert.match((await importing()).join('\n'), /Replace 1 file\?/);
      assert.equal(await read(target), 'mine');
      await importing('Replace');
      assert.match(await read(target), /^\/\/ @name Billable/);
    } finally {
      await vscode.workspace.fs.delete(uri('queries'), { recursive: true });
    }
  });

  it('a query is kept in a workspace by a plan that lies open first', async () => {
    const person = new ScriptedPerson(['contoso-prod', 'Saved searches'], 'Carry Out');
    try {
      await vscode.commands.executeCommand('tenantscope.queries.exportHere', await rowOf('Machines'));
      const plan = await until('the plan', () => {
        const document = vscode.window.activeTextEditor?.document;
        return document?.uri.scheme === 'tenantscope-plan' && document;
      });
      assert.match(plan.getText(), /PLAN - nothing has been done yet/);
      assert.match(plan.getText(), /1\. Save query Machines/);
      assert.doesNotMatch(plan.getText(), /@scope/);
      await vscode.commands.executeCommand('tenantscope.plan.carryOut', plan.uri);
      await until('the receipt', () => /^DONE/m.test(plan.getText()));
    } finally {
      person.restore();
    }
  });
});
