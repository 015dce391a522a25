import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DISMISS, ScriptedPerson, openQuery, runToEnd, runs, until } from '../workbench.ts';

const README = `# Hunts

\`\`\`kql
// @scope customer:contoso
Heartbeat
| take 1
\`\`\`

\`\`\`kusto
Heartbeat
| where Nothing == 1
\`\`\`

\`\`\`sql
select 1
\`\`\`
`;
const RULE = `name: Beats of a day
queryFrequency: 1h
queryPeriod: 1d
query: |
  Heartbeat
  | take 1
  | project Computer
`;

async function open(language: string, content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document);
  return document;
}

/** Title and line of the product's lenses of a document, and what each calls. */
async function lenses(document: vscode.TextDocument): Promise<(readonly [string, number, vscode.Command])[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    50,
  );
  return found.flatMap(({ command, range }) =>
    command?.command.startsWith('tenantscope.') ? [[command.title, range.start.line, command] as const] : [],
  );
}

const call = ({ command, arguments: given }: vscode.Command): Thenable<unknown> =>
  vscode.commands.executeCommand(command, ...((given ?? []) as unknown[]));

describe('queries inside other files', () => {
  let person: ScriptedPerson;
  before(async () => {
    await vscode.commands.executeCommand('tenantscope.estate.refresh');
  });
  beforeEach(() => {
    person = new ScriptedPerson([]);
  });
  afterEach(async () => {
    person.restore();
    await vscode.workspace.getConfiguration('tenantscope').update('query.inOtherFiles', undefined, true);
  });

  it('each block of Markdown that says it is KQL has its lenses, and runs from there over its scope', async () => {
    const document = await open('markdown', README);
    const shown = await until('the lenses', async () => {
      const now = await lenses(document);
      return now.length === 6 && now;
    });
    assert.deepEqual(
      shown.filter(([title]) => title.endsWith('Run')).map(([, line]) => line),
      [3, 9],
    );
    assert.match(shown.find(([title]) => title.startsWith('Scope'))![0], /^Scope: \d+ workspaces, 1 customer$/);
    const done = await runToEnd(() => call(shown[0]![2]));
    assert.equal(done.state, 'finished');
    assert.ok(done.targets.every(({ customerName }) => customerName === 'Contoso'));
  });

  it('a mistake is marked in its block, names are offered there, and nowhere else', async () => {
    const document = await open('markdown', README);
    const [mark] = await until('the unknown column', () => {
      const now = vscode.languages.getDiagnostics(document.uri);
      return now.length > 0 && now;
    });
    assert.deepEqual([document.getText(mark!.range), mark!.range.start.line], ['Nothing', 10]);
    const offered = async (line: number, character: number): Promise<string[]> => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        new vscode.Position(line, character),
      );
      // Words of the document itself are the editor's own offer.
      const ours = items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Text);
      return ours.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    assert.ok((await offered(5, 2)).includes('summarize'));
    assert.equal((await offered(0, 2)).includes('summarize'), false);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, mark!.range, 'Computer');
    await vscode.workspace.applyEdit(edit);
    // A text is no number: the repaired line has another mark, or none, but not that of an unknown name.
    await until('the mark to go', () =>
      vscode.languages.getDiagnostics(document.uri).every(({ message }) => !message.includes('Nothing')),
    );
  });

  it('a rule runs where it is, for the time it says; an error stands at its line of the file', async () => {
    const document = await open('yaml', RULE);
    const [run] = await until('the lenses', async () => {
      const now = await lenses(document);
      return now.length === 3 && now;
    });
    const done = await runToEnd(() => call(run![2]));
    assert.deepEqual(done.timeRange, { kind: 'last', minutes: 1_440 });
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(5, 4, 5, 8), 'taake');
    await vscode.workspace.applyEdit(edit);
    const before = await runs();
    vscode.window.activeTextEditor!.selection = new vscode.Selection(5, 3, 5, 3);
    await vscode.commands.executeCommand('tenantscope.query.run');
    assert.equal((await runs()).length, before.length, 'nothing was sent');
    assert.deepEqual(vscode.window.activeTextEditor!.selection.active, new vscode.Position(5, 4));
  });

  it('what is no query of logs is left alone, and a setting leaves everything alone', async () => {
    const other = await open('json', '{"query": "{ user { id } }"}');
    assert.deepEqual(await lenses(other), []);
    const document = await open('markdown', README);
    await until('the lenses', async () => (await lenses(document)).length === 6);
    await vscode.workspace.getConfiguration('tenantscope').update('query.inOtherFiles', false, true);
    await until('no lens', async () => (await lenses(document)).length === 0);
    await until('no mark', () => vscode.languages.getDiagnostics(document.uri).length === 0);
  });
});

describe('parameters of a query', () => {
  const QUERY = `// @scope customer:contoso
// @param many:int = 2   How many rows
// @param level:string [low, high]
Heartbeat | take many | extend level = level`;
  const run = (): Thenable<unknown> => vscode.commands.executeCommand('tenantscope.query.run');

  it('are asked for, one box each, and are remembered for the document', async () => {
    const document = await openQuery(QUERY);
    await until('a lens that says so', async () =>
      (await lenses(document)).some(([title]) => title === '$(play) Run...'),
    );
    const person = new ScriptedPerson(['3', 'high', '3', 'low']);
    try {
      const first = await runToEnd(run);
      assert.match(first.query, /let many = int\(3\); let level = "high"; Heartbeat/);
      assert.equal(first.state, 'finished');
      await runToEnd(run);
      assert.deepEqual(
        person.boxes.filter(({ title }) => title.startsWith('many')).map(({ said }) => said),
        ['2', '3'],
        'the default, then what was given last',
      );
      assert.deepEqual(vscode.languages.getDiagnostics(vscode.window.activeTextEditor!.document.uri), []);
    } finally {
      person.restore();
    }
  });

  it('a box that is dismissed sends nothing', async () => {
    await openQuery(QUERY);
    const person = new ScriptedPerson(['3', DISMISS]);
    try {
      const before = (await runs()).length;
      await run();
      assert.equal((await runs()).length, before);
      assert.deepEqual(person.told, []);
    } finally {
      person.restore();
    }
  });
});
