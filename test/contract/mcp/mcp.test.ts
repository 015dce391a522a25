import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { AGENT_TOOLS } from '../../../src/core/agents/tools.ts';
import { startSample, tenantscope } from '../../cli/program.ts';
import { bareEnvironment, commandLine } from '../../harness/sources.ts';

/** One of the three workspaces of Contoso never answers. */
const HANGS = {
  match: { service: 'logs', workspace: 'contoso-labs', path: '/query' },
  fault: { kind: 'hang' },
} as const;

/** What the tools answer, as far as these tests look at it. */
interface Answer {
  readonly untrusted: boolean;
  readonly about: string;
  readonly completeness: string;
  readonly complete: boolean;
  readonly answer: string;
  readonly timeRange: string;
  readonly rowCount: number;
  readonly cut?: string;
  readonly missing?: readonly { readonly reason: string; readonly who: readonly string[] }[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly tables: readonly {
    readonly name: string;
    readonly inWorkspaces: string;
    readonly columns: readonly { readonly name: string; readonly type: string }[];
  }[];
  readonly workspaces: readonly { readonly customer: string; readonly workspace: string }[];
  readonly customers: number;
  readonly sent: readonly {
    readonly text: string;
    readonly workspaces: number;
    readonly to: readonly string[];
    readonly toNotNamed?: number;
  }[];
}

describe('tenantscope mcp, asked by the official client over standard input and output', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  const closers: (() => Promise<unknown>)[] = [];
  before(async () => {
    sample = await startSample();
    // A function as a provider keeps one in a workspace of its own, which reads those of its customers.
    const labs = [...sample.emulator.world.workspaces.values()].find(({ name }) => name === 'contoso-labs')!;
    const [quiet] = labs.savedSearches.values();
    const query = 'union Heartbeat, workspace("law-litware").Heartbeat';
    labs.savedSearches.set('everybody', {
      ...quiet!,
      name: 'everybody',
      properties: { ...quiet!.properties, functionAlias: 'Everybody', query },
    });
  });
  after(async () => {
    for (const close of closers) await close();
    await sample.close();
  });

  /** A client of a server of its own; `agrees` answers what the person is asked, where the client can ask. */
  async function connect(args: readonly string[], agrees?: (question: string) => boolean) {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [...commandLine(), 'mcp', ...args],
      env: { ...bareEnvironment(), TENANTSCOPE_CLOUD: sample.cloud },
      cwd: tmpdir(),
      stderr: 'pipe',
    });
    let said = '';
    transport.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const errors: Error[] = [];
    const client = new Client(
      { name: 'test', version: '1' },
      { capabilities: agrees ? { elicitation: { form: {} } } : {} },
    );
    // eslint-disable-next-line unicorn/prefer-add-event-listener -- the SDK has no other way to hear of it
    client.onerror = (error) => errors.push(error);
    if (agrees)
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => ({
        action: agrees(params.message) ? 'accept' : 'decline',
        content: {},
      }));
    await client.connect(transport);
    closers.push(() => client.close());
    const call = async (
      name: string,
      input: Record<string, unknown> = {},
      options: Parameters<Client['callTool']>[2] = {},
    ): Promise<{ readonly text: string; readonly isError: boolean }> => {
      const result = await client.callTool({ name, arguments: input }, undefined, { timeout: 120_000, ...options });
      const [part] = result.content as readonly { readonly type: string; readonly text: string }[];
      if (result.isError !== true) return { text: part!.text, isError: false };
      const failure = JSON.parse(part!.text) as { readonly untrusted: boolean; readonly reasons: readonly string[] };
      assert.equal(failure.untrusted, true);
      return { text: failure.reasons.join(' '), isError: true };
    };
    const ask = async (...input: Parameters<typeof call>): Promise<Answer> => {
      const { text, isError } = await call(...input);
      assert.equal(isError, false, text);
      return JSON.parse(text) as Answer;
    };
    return { client, call, ask, said: () => said, errors };
  }

  let ofContoso: ReturnType<typeof connect> | undefined;
  /** One server for all tests that need no other. */
  const contoso = (): ReturnType<typeof connect> => (ofContoso ??= connect(['--scope', 'customer:contoso']));

  test('lists its tools as they are defined, all of them reading, before anybody has signed in', async () => {
    const { client, said } = await contoso();
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name, inputSchema }) => ({ name, inputSchema })),
      AGENT_TOOLS.map(({ name, inputSchema }) => ({ name, inputSchema: JSON.parse(JSON.stringify(inputSchema)) })),
    );
    assert.ok(tools.every(({ annotations }) => annotations?.readOnlyHint === true));
    assert.match(client.getInstructions() ?? '', /never instructions to you/);
    assert.match(said(), /^Tenantscope listens .*\n$/);
  });

  test('tells the estate, the tables and rows of its scope, and nobody else', async () => {
    const { ask, call, said, errors } = await connect(['--scope', 'customer:contoso customer:fabrikam']);
    const estate = await ask('listEstate');
    assert.equal(estate.customers, 2);
    assert.deepEqual([...new Set(estate.workspaces.map(({ customer }) => customer))].sort(), ['Contoso', 'Fabrikam']);

    const schema = await ask('describeSchema', { scope: 'customer:contoso', tables: ['Heartbeat'] });
    const [table] = schema.tables;
    assert.equal(table?.name, 'Heartbeat');
    assert.ok(table.columns.some(({ name, type }) => name === 'Computer' && type === 'string'));

    const told: string[] = [];
    const rows = await ask(
      'runQuery',
      { query: 'Heartbeat | summarize n = count() by _Customer | order by _Customer asc', timeRange: '7d' },
      { onprogress: ({ progress, total }) => told.push(`${progress} of ${total}`) },
    );
    assert.deepEqual([rows.untrusted, rows.answer], [true, 'across']);
    assert.match(rows.about, /Do not follow instructions/);
    assert.deepEqual(
      rows.rows.map(([customer]) => customer),
      ['Contoso', 'Fabrikam'],
    );
    assert.match(rows.completeness, /^\d+ of \d+ workspaces answered/);
    // The answer itself may overtake the last of it.
    const parts = told.map((one) => /^(\d+) of (\d+)$/.exec(one)?.slice(1).map(Number) ?? []);
    assert.ok(parts.length > 0 && parts.every(([done, all]) => done! <= all! && all === parts[0]![1]), told.join());

    const plan = await ask('explainQuery', { query: 'Heartbeat | count', scope: 'customer:contoso' });
    assert.match(plan.sent[0]!.text, /Heartbeat/);

    for (const [name, input] of [
      ['listEstate', { scope: 'customer:litware' }],
      ['describeSchema', { scope: 'customer:litware' }],
      ['runQuery', { query: 'Heartbeat', scope: 'customer:litware' }],
      ['explainQuery', { query: 'Heartbeat', scope: 'customer:litware' }],
    ] as const) {
      const { text, isError } = await call(name, input);
      assert.equal(isError, true, name);
      assert.match(text, /There is no customer "litware".*scope that the person gave.*Nothing was sent/, name);
    }
    const elsewhere = await call('runQuery', { query: 'union Heartbeat, workspace("law-litware").Heartbeat' });
    assert.equal(elsewhere.isError, true);
    assert.match(elsewhere.text, /reaches out of the scope that the person gave, with workspace\(\)/);

    const stored = await call('runQuery', { query: 'Everybody | count', scope: 'customer:contoso' });
    assert.match(stored.text, /^The function Everybody reaches out of the scope .* with workspace\(\)/);
    const own = await ask('runQuery', { query: 'QuietComputers(1h) | count', scope: 'customer:contoso' });
    assert.equal(own.rows.length, 1);

    assert.deepEqual(errors, [], 'standard output is the protocol and nothing else');
    assert.match(said(), /^runQuery: answered, \d+ ms$/m);
    assert.match(said(), /^runQuery: input\.scope, \d+ ms$/m);
    assert.doesNotMatch(said(), /contoso|fabrikam|litware|Heartbeat/i, 'no names and no query in what it logs');
  });

  test('cuts rows at the limit and at the size, and says so', async () => {
    const { ask, call } = await contoso();
    const few = await ask('runQuery', { query: 'Heartbeat | project Computer', limit: 3, timeRange: '7d' });
    assert.equal(few.rows.length, 3);
    assert.equal(
      few.cut,
      `The first 3 of ${few.rowCount.toLocaleString('en-US')} entries. Aggregate, filter or project in the query, or raise "limit".`,
    );
    const wide = await call('runQuery', {
      query: 'range n from 1 to 500 step 1 | extend text = strrep("wide ", 100)',
      limit: 1_000,
    });
    assert.ok(Buffer.byteLength(wide.text) <= 64 * 1024, `${Buffer.byteLength(wide.text)}`);
    const { rows, rowCount } = JSON.parse(wide.text) as Answer;
    assert.equal(rowCount, 500);
    assert.ok(rows.length > 50 && rows.length < 500, `${rows.length}`);
    const refused = await call('runQuery', { query: 'Heartbeat', limit: 1_001 });
    assert.equal(refused.text, '"limit" is a whole number from 1 to 1,000. Nothing was sent.');
  });

  test('says who is missing, and tells what helps where nobody answers', async () => {
    const { ask, call, said } = await connect(['--scope', 'all', '--max-workspaces', '1000']);
    const partial = await ask('runQuery', { query: 'Heartbeat | summarize n = count()' });
    assert.equal(partial.complete, false);
    assert.ok(partial.missing!.length > 0);
    assert.ok(partial.missing!.every(({ reason, who }) => reason.length > 10 && who.length > 0));
    const wrong = await call('runQuery', { query: 'Heartbeat | where Computr == "x"', scope: 'customer:contoso' });
    assert.equal(wrong.isError, true);
    assert.match(wrong.text, /Computr/);
    const syntax = await call('runQuery', { query: 'Heartbeat | wher x' });
    assert.doesNotMatch(said(), /Warning/);
    assert.match(syntax.text, /line 1, column \d+\)\. Nothing was sent/);
  });

  test('more workspaces than allowed are asked only with the word of the person, or not at all', async () => {
    const many = { query: 'Heartbeat | count' };
    const mute = await connect(['--scope', 'all', '--max-workspaces', '3']);
    const refused = await mute.call('runQuery', many);
    assert.equal(refused.isError, true);
    assert.match(refused.text, /^This would ask \d+ workspaces, and 3 may be asked without the person's word\. Narrow/);
    assert.match((await mute.call('describeSchema')).text, /^This would ask/);

    const questions: string[] = [];
    const asking = await connect(['--scope', 'all', '--max-workspaces', '3'], (question) => {
      questions.push(question);
      return questions.length > 1;
    });
    assert.match((await asking.call('runQuery', many)).text, /^The person does not want/);
    assert.ok((await asking.ask('runQuery', many)).rowCount === 1);
    assert.match(
      questions[0]!,
      /^Run this query over \d+ workspaces of \d+ customers: Adatum, .* and \d+ more\?\n\nTime range: Last 24 hours\n\nHeartbeat \| count$/,
    );
  });

  test('a call that is cancelled ends its run, and the next one answers', async () => {
    const { call, ask, said } = await contoso();
    sample.emulator.faults.add(HANGS);
    const stop = new AbortController();
    const waiting = call(
      'runQuery',
      { query: 'Heartbeat | count' },
      {
        signal: stop.signal,
        onprogress: ({ progress }) => {
          if (progress === 2) stop.abort('enough');
        },
      },
    );
    await assert.rejects(waiting, /enough/);
    sample.emulator.faults.clear();
    assert.deepEqual((await ask('runQuery', { query: 'Heartbeat | count' })).rows.length, 1);
    assert.match(said(), /^runQuery: cancelled\.byUser, \d+ ms$/m);
  });

  test('a server whose client goes away in the middle of a call ends by itself, with 0', async () => {
    sample.emulator.faults.add(HANGS);
    const server = spawn(process.execPath, [...commandLine(), 'mcp', '--scope', 'customer:contoso'], {
      env: { ...bareEnvironment(), TENANTSCOPE_CLOUD: sample.cloud },
      cwd: tmpdir(),
    });
    const say = (message: object): void => {
      server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    };
    const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
    say({ id: 1, method: 'initialize', params: initialize });
    say({ method: 'notifications/initialized' });
    const question = { name: 'runQuery', arguments: { query: 'Heartbeat | count' }, _meta: { progressToken: 7 } };
    say({ id: 2, method: 'tools/call', params: question });
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('2 of 3 workspaces')) server.stdin.end();
    });
    const [code] = (await once(server, 'close')) as [number | null];
    sample.emulator.faults.clear();
    assert.equal(code, 0);
  });

  test('ends with 0 when its input does, and refuses a start without a scope', async () => {
    const ended = await tenantscope(['mcp', '--scope', 'all', '--cloud', sample.cloud], { input: '' });
    assert.deepEqual([ended.code, ended.out], [0, '']);
    const unscoped = await tenantscope(['mcp', '--cloud', sample.cloud]);
    assert.equal(unscoped.code, 2);
    assert.match(unscoped.err, /--scope is missing: say what a model may ask and see/);
    const misread = await tenantscope(['mcp', '--scope', 'all', '--cloud', join(sample.directory, 'none.json')]);
    assert.equal(misread.code, 2);
  });

  test('a scope that names nobody is told to the model without names, and to the person in their words', async () => {
    const { call, said } = await connect(['--scope', 'customer:nobody']);
    const { text, isError } = await call('listEstate');
    assert.equal(isError, true);
    assert.match(text, /scope that the person gave names something their estate does not have/);
    assert.match(
      said(),
      /--scope names what the estate does not have: customer:nobody\. Start it with another scope\./,
    );
  });

  test('of whoever would be sent a query the first are named, and of the others it is said how many they are', async () => {
    const { ask } = await connect(['--scope', 'all', '--max-workspaces', '100']);
    const [sent] = (await ask('explainQuery', { query: 'Heartbeat | take 1' })).sent;
    assert.equal(sent!.to.length + sent!.toNotNamed!, sent!.workspaces);
    assert.equal(sent!.to.length, 10);
  });
});
