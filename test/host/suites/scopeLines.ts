import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { faultOf } from '../../../src/extension/session/fault.ts';
import { ActiveQuery } from '../../../src/extension/session/activeQuery.ts';
import { CurrentScope } from '../../../src/extension/session/currentScope.ts';
import { ScopeBook } from '../../../src/extension/session/scopeBook.ts';
import { printScope } from '../../../src/kql/scopeLine.ts';
import { revealFault } from '../../../src/extension/results/revealFault.ts';
import { ScriptedPerson, openQuery, runToEnd, until } from '../workbench.ts';

const TEXT = [
  '// @scope customer:contoso',
  'Heartbeat | take 1',
  '',
  '// @scope customer:fabrikam',
  'Heartbeat | take 2',
  '',
  'Heartbeat | take 3',
].join('\n');
const run = (): Thenable<unknown> => vscode.commands.executeCommand('tenantscope.query.run');

function putCursor(document: vscode.TextDocument, text: string): void {
  const at = document.positionAt(document.getText().indexOf(text));
  vscode.window.activeTextEditor!.selection = new vscode.Selection(at, at);
}

describe('scope lines of single queries', () => {
  let person: ScriptedPerson;
  before(() => {
    person = new ScriptedPerson([]);
  });
  after(() => {
    person.restore();
  });
  afterEach(() => {
    person.told.length = 0;
  });

  it('each query runs over its own scope, the rest over that at the top', async () => {
    const document = await openQuery(TEXT);
    for (const [query, customer] of [
      ['take 2', 'Fabrikam'],
      ['take 3', 'Contoso'],
      ['take 1', 'Contoso'],
    ] as const) {
      putCursor(document, query);
      const done = await runToEnd(run);
      assert.deepEqual([...new Set(done.targets.map(({ customerName }) => customerName))], [customer], query);
    }
  });

  it('the lenses say it above each, and choosing a scope writes into the line of the query at the cursor', async () => {
    const document = await openQuery(TEXT);
    const scopes = async (): Promise<string[]> =>
      (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri)).flatMap(
        ({ command }) => (command?.title.startsWith('Scope: ') ? [command.tooltip ?? command.title] : []),
      );
    assert.deepEqual(await scopes(), [
      'Choose the scope of this document',
      'Choose the scope of this query',
      'Choose the scope of this document',
    ]);
    putCursor(document, 'take 2');
    await vscode.commands.executeCommand('tenantscope.scope.everything');
    assert.equal(document.getText(), TEXT.replace('customer:fabrikam', 'all'));
    putCursor(document, 'take 3');
    await vscode.commands.executeCommand('tenantscope.scope.everything');
    assert.equal(document.getText(), TEXT.replace('customer:fabrikam', 'all').replace('customer:contoso', 'all'));
  });

  it('what the status bar shows follows the cursor, and only where another line counts', async () => {
    const document = await openQuery(TEXT);
    const [active, book] = [
      new ActiveQuery(),
      new ScopeBook({ get: () => undefined, set: async () => undefined }, () => ({ kind: 'inQuery' })),
    ];
    const scope = new CurrentScope(book, active);
    const heard: string[] = [];
    scope.onDidChange(() => heard.push(`${scope.get().origin} ${printScope(scope.get().scope)}`));
    try {
      for (const [query, told] of [
        ['take 2', 'ownLine customer:fabrikam'],
        ['| take 2', 'ownLine customer:fabrikam'],
        ['take 3', 'line customer:contoso'],
        ['take 1', 'line customer:contoso'],
        ['take 2', 'ownLine customer:fabrikam'],
      ] as const) {
        putCursor(document, query);
        await until(`${told} at ${query}`, () => heard.at(-1) === told);
      }
      assert.deepEqual(
        heard.filter((told, i) => told === heard[i - 1]),
        [],
        'nothing is told where the same line counts',
      );
    } finally {
      for (const one of [scope, active, book]) one.dispose();
    }
  });

  it('underlines a name of any line, a line without a query, and a query nobody gets through', async () => {
    const deep = `print ${'('.repeat(400)}1${')'.repeat(400)}`;
    const document = await openQuery(
      `Heartbeat | take 1\n\n// @scope customer:contosso\nHeartbeat | take 2\n\n${deep}\n\n// @scope all`,
    );
    const found = await until('three diagnostics', () => {
      const all = vscode.languages.getDiagnostics(document.uri);
      const codes = all.map(({ code }) => String(code));
      return ['unknownScope', 'scope.noQuery', 'query.tooComplex'].every((code) => codes.includes(code)) && all;
    });
    const places = Object.fromEntries(
      found.map(({ code, range, message }) => [String(code), [document.getText(range), message] as const]),
    );
    assert.equal(places['unknownScope']?.[0], 'customer:contosso');
    assert.match(places['unknownScope'][1], /Did you mean "Contoso"\?/);
    assert.match(places['query.tooComplex']?.[1] ?? '', /brackets inside one another/);
  });

  it('a table that nobody has is told once, with the nearest name and its place, and nobody is to be asked again', async () => {
    await openQuery('// @scope all\n\nHeartbeatt | take 1');
    const done = await runToEnd(run);
    assert.equal(done.state, 'failed');
    assert.match(done.error?.message ?? '', /^None of the \d+ workspaces .* Did you mean "Heartbeat"\?$/);
    assert.equal(person.told.length, 1, person.told.join('\n'));
    const origin = { uri: '', name: '', start: 15, line: 2, character: 0 };
    const fault = faultOf(done.error!, done.query, origin);
    assert.deepEqual([fault?.line, fault?.column, fault?.code], [3, 1, 'Heartbeatt | take 1']);
  });

  it('the way to a fault opens its document and selects it, wherever the query has moved', async () => {
    const document = await openQuery('Heartbeat\n| where (');
    const query = document.getText();
    const origin = { uri: document.uri.toString(), name: 'q', start: 0, line: 0, character: 0 };
    const error = { code: 'query.syntax', message: '', retryable: false, data: { start: 12, length: 5 } } as const;
    await openQuery('print 1');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '// moved\n\n');
    await vscode.workspace.applyEdit(edit);
    await revealFault(faultOf(error, query, origin)!);
    const { document: shown, selection } = vscode.window.activeTextEditor!;
    assert.deepEqual([shown.uri.toString(), shown.getText(selection)], [origin.uri, 'where']);
  });
});
