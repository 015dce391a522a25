import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openQuery, until } from '../workbench.ts';

describe('editor', () => {
  it('underlines a syntax error at its place', async () => {
    const document = await openQuery('Heartbeat\n| where (Computer == "a"');
    const found = await until('an error', () =>
      vscode.languages.getDiagnostics(document.uri).find((one) => one.severity === vscode.DiagnosticSeverity.Error),
    );
    assert.equal(found.range.start.line, 1);
    assert.equal(found.source, 'Kusto');
  });

  it('offers the columns of a table of the scope', async () => {
    const document = await openQuery('Heartbeat | where ');
    const labels = await until('a column', async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        new vscode.Position(0, 18),
      );
      const all = list.items.map((item) => (typeof item.label === 'string' ? item.label : item.label.label));
      return all.includes('Computer') && all;
    });
    assert.ok(labels.includes('TimeGenerated'));
  });

  it('calls a table that nobody has unknown, once the schema is there', async () => {
    const document = await openQuery('NoSuchTableAnywhere | take 1');
    const found = await until('an unknown table', () =>
      vscode.languages.getDiagnostics(document.uri).find((one) => one.message.includes('NoSuchTableAnywhere')),
    );
    assert.equal(found.range.start.character, 0);
  });

  it('explains a function under the mouse', async () => {
    const document = await openQuery('print x = strlen("abc")');
    const [hover] = await until('a hover', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        new vscode.Position(0, 12),
      );
      return hovers.length > 0 && hovers;
    });
    assert.match(
      (hover!.contents[0] as vscode.MarkdownString).value,
      /strlen[^]*How many characters[^]*\]\(https:\/\/learn\.microsoft\.com\/kusto\/query\/strlen-function\)/,
    );
  });

  it('says beside an item of the list what it does', async () => {
    const document = await openQuery('Heartbeat | summ');
    const found = await until('the item with its text', async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        new vscode.Position(0, 16),
        undefined,
        100,
      );
      const item = list.items.find(
        (one) => (typeof one.label === 'string' ? one.label : one.label.label) === 'summarize',
      );
      return item?.documentation && (item.documentation as vscode.MarkdownString).value;
    });
    assert.match(found, /One row per group[^]*summarize-operator/);
  });

  it('repairs a comparison that reads as a name', async () => {
    const text = 'Heartbeat | where Computer = "a"';
    const document = await openQuery(text);
    await until('the error', () =>
      vscode.languages.getDiagnostics(document.uri).find((one) => one.severity === vscode.DiagnosticSeverity.Error),
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(0, 18, 0, text.length),
    );
    const repair = actions.find((one) => one.title === 'Compare with ==');
    assert.ok(repair?.edit, actions.map((one) => one.title).join());
    await vscode.workspace.applyEdit(repair.edit);
    assert.equal(document.getText(), 'Heartbeat | where Computer == "a"');
  });

  it('formats a query', async () => {
    const document = await openQuery('Heartbeat|where Computer=="a"|take 5');
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      'vscode.executeFormatDocumentProvider',
      document.uri,
      { tabSize: 4, insertSpaces: true },
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    await vscode.workspace.applyEdit(edit);
    assert.deepEqual(
      document
        .getText()
        .split('\n')
        .map((line) => line.trim()),
      ['Heartbeat', '| where Computer == "a"', '| take 5'],
    );
  });

  it('stands above each query with what can be done with it', async () => {
    const document = await openQuery('Heartbeat | take 1\n\n// Errors\nEvent | take 2\n');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      20,
    );
    assert.deepEqual([...new Set(lenses.map((lens) => lens.range.start.line))], [0, 2]);
    const titles = lenses.filter((lens) => lens.range.start.line === 0).map((lens) => lens.command?.title ?? '');
    assert.deepEqual([titles[0], titles[1], titles[3]], ['$(play) Run', 'Run per workspace', 'Explain']);
    assert.match(titles[2] ?? '', /^Scope: \d+ workspaces, \d+ customers$/);
  });

  it('renames a variable everywhere in its query', async () => {
    const document = await openQuery('let limit = 5;\nHeartbeat | take limit');
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      new vscode.Position(0, 5),
      'most',
    );
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), 'let most = 5;\nHeartbeat | take most');
  });
});
