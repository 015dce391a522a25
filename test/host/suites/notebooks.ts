import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { NotebookRunView } from '../../../src/protocol/notebook.ts';
import { RUN_OUTPUT } from '../../../src/protocol/notebook.ts';
import { ScriptedPerson, faults, runs, until } from '../workbench.ts';

/** As Windows writes it: a mark of the byte order, and line ends of two characters. */
const BOOK = [
  '\uFEFF---',
  'scope: customer:contoso',
  'time: 1d',
  '---',
  '# Beats',
  '',
  '~~~kql',
  '// @name beats',
  'Heartbeat | take 40 | project Computer, TimeGenerated',
  '~~~',
  '',
  'Who they are:',
  '',
  '  ```kusto',
  '  beats',
  '  | summarize n = count() by Computer',
  '  | order by n desc',
  '  | render barchart',
  '  ```',
  '',
  '```kql',
  'beats',
  '| join Heartbeat on Computer',
  '```',
].join('\r\n');

const folder = (): vscode.Uri => vscode.workspace.workspaceFolders![0]!.uri;
const read = async (uri: vscode.Uri): Promise<string> =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));

async function openBook(name: string, text: string): Promise<vscode.NotebookDocument> {
  const uri = vscode.Uri.joinPath(folder(), name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  await vscode.commands.executeCommand('tenantscope.notebook.open', uri);
  return until('the notebook', () => {
    const { activeNotebookEditor } = vscode.window;
    return activeNotebookEditor?.notebook.uri.toString() === uri.toString() && activeNotebookEditor.notebook;
  });
}

/** Runs a cell and gives what stands below it when it has ended. */
async function runOne(notebook: vscode.NotebookDocument, index: number): Promise<NotebookRunView> {
  const cell = notebook.cellAt(index);
  const before = cell.executionSummary?.executionOrder;
  await vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start: index, end: index + 1 }],
    document: notebook.uri,
  });
  await until('the cell to end', () => {
    const { executionOrder, success } = notebook.cellAt(index).executionSummary ?? {};
    return executionOrder !== undefined && executionOrder !== before && success !== undefined;
  });
  return viewOf(notebook.cellAt(index));
}

function viewOf(cell: vscode.NotebookCell): NotebookRunView {
  const item = cell.outputs[0]?.items.find(({ mime }) => mime === RUN_OUTPUT);
  assert.ok(item, 'the cell has an output of ours');
  return JSON.parse(new TextDecoder().decode(item.data)) as NotebookRunView;
}

describe('a Markdown file as a notebook', () => {
  let notebook: vscode.NotebookDocument;
  let person: ScriptedPerson;
  before(async () => {
    person = new ScriptedPerson([]);
    notebook = await openBook('book.md', BOOK);
  });
  after(() => {
    person.restore();
  });

  it('has its front matter, its text and its queries as cells', () => {
    assert.deepEqual(
      notebook.getCells().map(({ document, kind }) => [vscode.NotebookCellKind[kind], document.languageId]),
      [
        ['Code', 'yaml'],
        ['Markup', 'markdown'],
        ['Code', 'kusto'],
        ['Markup', 'markdown'],
        ['Code', 'kusto'],
        ['Code', 'kusto'],
      ],
    );
    assert.equal(notebook.isDirty, false);
  });

  it('runs a cell over the scope of the file, and a later one over the rows of the first', async () => {
    const first = await runOne(notebook, 2);
    assert.deepEqual([first.standing, first.sentence, first.rowCount], ['complete', '3 of 3 workspaces answered', 40]);
    assert.equal(first.asked, '3 workspaces, 1 customer');
    const second = await runOne(notebook, 4);
    assert.deepEqual([second.standing, second.asked], ['complete', 'the rows of earlier cells'], second.sentence);
    assert.equal(second.render?.visualization, 'barchart');
    const known = await runs();
    assert.equal(known.find(({ id }) => id === second.run)?.of, first.run);
    assert.deepEqual(known.find(({ id }) => id === first.run)?.timeRange, { kind: 'last', minutes: 1440 });
  });

  it('refuses a table of the workspaces beside an earlier cell, with its place', async () => {
    const view = await runOne(notebook, 5);
    assert.match(view.sentence, /^"Heartbeat" is a table of the workspaces, and "beats" the rows of an earlier cell/);
    assert.deepEqual(view.fault, { where: 'Line 2, column 8', code: '| join Heartbeat on Computer' });
    assert.equal(notebook.cellAt(5).executionSummary?.success, false);
  });

  it('completes the columns of an earlier cell, and calls none of its names unknown', async () => {
    const { document } = notebook.cellAt(4);
    await until('the columns', async () => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        new vscode.Position(1, document.lineAt(1).text.indexOf('Computer')),
      );
      const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return labels.includes('Computer') && !labels.includes('Heartbeat');
    });
    const found = vscode.languages.getDiagnostics(document.uri).map(({ message }) => message);
    assert.deepEqual(found, []);
  });

  it('leaves the file as it was, and changes what was changed alone', async () => {
    assert.equal(notebook.isDirty, false, 'outputs are no change');
    assert.equal(await read(notebook.uri), BOOK);
    const edit = new vscode.WorkspaceEdit();
    const { document } = notebook.cellAt(4);
    edit.replace(document.uri, new vscode.Range(1, 0, 1, document.lineAt(1).text.length), '| count');
    await vscode.workspace.applyEdit(edit);
    await notebook.save();
    assert.equal(await read(notebook.uri), BOOK.replace('| summarize n = count() by Computer', '| count'));
  });

  it('says its scope above each cell, and a choice of another is written into the front matter', async () => {
    const { document } = notebook.cellAt(2);
    const titles = async (): Promise<(string | undefined)[]> =>
      (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri)).map(
        ({ command }) => command?.title,
      );
    assert.deepEqual(await titles(), ['Scope: 3 workspaces, 1 customer', 'Explain']);
    // Of the chosen cell, though nobody writes in it.
    vscode.window.activeNotebookEditor!.selection = new vscode.NotebookRange(2, 3);
    await vscode.commands.executeCommand('tenantscope.scope.everything');
    await until('the scope in the file', () => notebook.cellAt(0).document.getText() === 'scope: all\ntime: 1d');
    await vscode.commands.executeCommand('undo');
  });

  it('a scope that cannot be read asks nobody', async () => {
    const bad = await openBook('bad.md', '---\nscope: contoso\n---\n```kql\nHeartbeat\n```\n');
    const before = (await runs()).length;
    const view = await runOne(bad, 1);
    assert.match(view.sentence, /^The scope cannot be read: "contoso" needs to say what it is.* Nothing was sent\.$/);
    assert.equal((await runs()).length, before);
  });

  it('is cancelled where it runs, and keeps what had come', async () => {
    await faults([{ match: { service: 'logs', path: '/query' }, fault: { kind: 'latency', ms: 20_000 }, after: 3 }]);
    const slow = await openBook('slow.md', '```kql\n// @scope all\nHeartbeat | take 1\n```\n');
    const ended = runOne(slow, 0);
    await until('an answer', async () => {
      const [latest] = await runs();
      return latest?.state === 'running' && latest.completeness.answered > 0;
    });
    await vscode.commands.executeCommand('notebook.cell.cancelExecution', {
      ranges: [{ start: 0, end: 1 }],
      document: slow.uri,
    });
    const view = await ended;
    await faults([]);
    assert.equal(view.state, 'cancelled');
    const run = (await runs()).find(({ id }) => id === view.run);
    assert.ok(run && run.completeness.answered > 0 && run.targets.some(({ state }) => state === 'cancelled'));
    assert.equal(view.sentence, run.completeness.sentence);
    assert.equal(slow.cellAt(0).executionSummary?.success, false);
  });

  it('is refused where it is not UTF-8: another text would be written back', async () => {
    const uri = vscode.Uri.joinPath(folder(), 'latin.md');
    await vscode.workspace.fs.writeFile(uri, new Uint8Array([0x23, 0x20, 0xe4, 0x0a]));
    await assert.rejects(async () => vscode.workspace.openNotebookDocument(uri), /not UTF-8/);
  });

  it('a notebook of Azure Data Studio is imported as a new one, and what is left out is said', async () => {
    const uri = vscode.Uri.joinPath(folder(), 'old.ipynb');
    const cells = [
      { cell_type: 'markdown', source: ['# Old'] },
      { cell_type: 'code', source: ['Heartbeat\n', '| take 1'], outputs: [{}] },
    ];
    const text = JSON.stringify({ metadata: { kernelspec: { name: 'KQL' } }, cells });
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await vscode.commands.executeCommand('tenantscope.notebook.import', uri);
    const made = await until('the new notebook', () => {
      const open = vscode.window.activeNotebookEditor?.notebook;
      return open?.isUntitled && open;
    });
    assert.deepEqual(
      made.getCells().map(({ document }) => document.getText()),
      ['# Old', 'Heartbeat\n| take 1'],
    );
    assert.match(person.told.join('\n'), /1 query imported\. The outputs of 1 cell left out/);
  });
});
