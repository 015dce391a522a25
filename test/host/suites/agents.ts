import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { AGENT_TOOLS } from '../../../src/core/agents/tools.ts';
import { faults, openQuery, registeredTool, runs, until } from '../workbench.ts';

interface Told {
  readonly customers: number;
  readonly completeness: string;
  readonly rowCount: number;
  readonly cut?: string;
  readonly rows: readonly (readonly unknown[])[];
  readonly workspaces: readonly { readonly customer: string }[];
  readonly tables: readonly { readonly name: string }[];
}

/** What a model gets of a tool, as VS Code hands it on; a person says yes to everything. */
async function invoke(
  name: string,
  input: object,
  more: Partial<vscode.LanguageModelToolInvocationOptions<object>> = {},
  token?: vscode.CancellationToken,
): Promise<Told> {
  const result = await vscode.lm.invokeTool(
    `tenantscope_${name}`,
    { input, toolInvocationToken: undefined, ...more },
    token,
  );
  const [part] = result.content as readonly vscode.LanguageModelTextPart[];
  return JSON.parse(part!.value) as Told;
}

describe('tools of language models', () => {
  before(async () => {
    await openQuery('// @scope customer:contoso customer:fabrikam\n\nHeartbeat | take 1');
  });
  afterEach(() => faults([]));

  it('are there for every model, as they are defined', () => {
    const ours = vscode.lm.tools.filter(({ name }) => name.startsWith('tenantscope_'));
    assert.deepEqual(
      ours.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })).sort(byName),
      AGENT_TOOLS.map(({ name, description, inputSchema }) => ({
        name: `tenantscope_${name}`,
        description,
        inputSchema: JSON.parse(JSON.stringify(inputSchema)) as object,
      })).sort(byName),
    );
  });

  it('tell the estate and the tables of the scope of the window', async () => {
    const estate = await invoke('listEstate', {});
    assert.equal(estate.customers, 2);
    assert.deepEqual([...new Set(estate.workspaces.map(({ customer }) => customer))].sort(), ['Contoso', 'Fabrikam']);
    const schema = await invoke('describeSchema', { scope: 'customer:contoso', tables: ['Heartbeat'] });
    assert.deepEqual(
      schema.tables.map(({ name }) => name),
      ['Heartbeat'],
    );
  });

  it('run a query after saying whom it asks, in a run that the person finds in the Runs view', async () => {
    const query =
      'Heartbeat | where TimeGenerated > ago(1d) | summarize n = count() by _Customer | order by _Customer asc';
    const prepared = await registeredTool('tenantscope_runQuery').prepareInvocation?.(
      { input: { query } },
      new vscode.CancellationTokenSource().token,
    );
    assert.match(prepared?.confirmationMessages?.title ?? '', /^Run a query over \d+ workspaces of 2 customers\?$/);
    const message = prepared?.confirmationMessages?.message as vscode.MarkdownString;
    assert.match(message.value, /Contoso, Fabrikam\n\n```kusto\nHeartbeat \| where/);
    assert.match(message.value, /Up to 100 rows of the answer go to the language model/);
    const told = await invoke('runQuery', { query });
    assert.deepEqual(
      told.rows.map(([customer]) => customer),
      ['Contoso', 'Fabrikam'],
    );
    assert.match(told.completeness, /^(\d+) of \1 workspaces answered/);
    const [newest] = await runs();
    assert.equal(newest?.query, query);
  });

  it('answer with as many rows as the model has room for', async () => {
    const tokenizationOptions = { tokenBudget: 400, countTokens: async (text: string) => Math.ceil(text.length / 4) };
    const told = await invoke(
      'runQuery',
      { query: 'Heartbeat | where TimeGenerated > ago(1d) | project TimeGenerated, Computer', limit: 1_000 },
      { tokenizationOptions },
    );
    assert.ok(told.rows.length > 0 && told.rows.length < 100, `${told.rows.length}`);
    assert.match(told.cut ?? '', new RegExp(`^The first ${told.rows.length} of `));
  });

  it('refuse what is outside of the scope, by name', async () => {
    for (const [name, input] of [
      ['listEstate', { scope: 'customer:litware' }],
      ['runQuery', { query: 'Heartbeat', scope: 'customer:litware' }],
      ['runQuery', { query: 'workspace("law-litware").Heartbeat' }],
    ] as const)
      await assert.rejects(invoke(name, input), /There is no customer \\"litware\\"|reaches out of the scope/);
  });

  it('end their run when the model is stopped', async () => {
    await faults([{ match: { service: 'logs', path: '/query' }, fault: { kind: 'hang' } }]);
    const stop = new vscode.CancellationTokenSource();
    const query = 'Heartbeat | summarize stopped = count()';
    const waiting = assert.rejects(invoke('runQuery', { query }, {}, stop.token));
    await until('the run', async () => (await runs())[0]?.query === query);
    stop.cancel();
    await waiting;
    await until('its end', async () => (await runs())[0]?.state === 'cancelled');
  });
});

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
