import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { parseScope } from '../../../src/kql/scopeLine.ts';
import type { AgentAnswer } from '../../../src/model/agentTool.ts';
import type { Scope } from '../../../src/model/scope.ts';
import type { App } from '../../../src/extension/platform/app.ts';
import { confirmText } from '../../../src/extension/agents/confirmText.ts';
import { HOSTILE_TEXTS, UNSEEN } from '../../fixtures/hostileTexts.ts';
import { tools, useFakeVscode } from '../../harness/fakeVscode.ts';
import { sampleEstate } from '../estate/sampleEstate.ts';

useFakeVscode();
const { registerAgents } = await import('../../../src/extension/agents/register.ts');

interface Prepared {
  readonly invocationMessage: string;
  readonly confirmationMessages?: { readonly title: string; readonly message: { readonly value: string } };
}
interface Tool {
  prepareInvocation(options: { input: object }): Promise<Prepared>;
  invoke(options: object, token: object): Promise<{ readonly content: readonly { readonly value: string }[] }>;
}
interface Asked {
  readonly tool: string;
  readonly input: object;
  readonly scope: Scope;
}

const TOKEN = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
const ANSWER: AgentAnswer = { facts: {}, list: { name: 'rows', items: [], total: 0, more: '' } };

describe('tools of language models in the editor', () => {
  let given: { scope: Scope; error?: unknown };
  let asked: Asked[];
  let logged: string[];
  let answer: () => AgentAnswer;
  let trusted: boolean;
  const scopeTo = (text: string): void => {
    given = { scope: parseScope(text).scope! };
  };
  const namesOf = ({ scope }: Asked): string[] =>
    scope.include === 'all' ? ['all'] : scope.include.map(({ value }) => value.split('/').at(-1)!);
  const tool = (name: string): Tool => {
    registerAgents({
      store: { add: () => undefined },
      scope: { get: () => given },
      estate: {
        ensure: async () => {
          if (!trusted) throw new AppError('input.untrusted', 'This folder is not trusted.');
          return sampleEstate();
        },
      },
      worker: {
        request: async (_name: string, input: Asked) => {
          asked.push(input);
          return answer();
        },
      },
      log: { failure: (where: string, { code }: AppError) => logged.push(`${where} ${code}`) },
    } as unknown as App);
    return tools.get(`tenantscope_${name}`) as Tool;
  };
  beforeEach(() => {
    [asked, logged, trusted, answer] = [[], [], true, () => ANSWER];
    scopeTo('group:gold');
  });

  it('a query runs over exactly what the person was shown, whatever the window shows by then', async () => {
    const input = { query: 'Heartbeat', scope: 'customer:contoso', limit: 5, timeRange: '7d' };
    const run = tool('runQuery');
    const { invocationMessage, confirmationMessages } = await run.prepareInvocation({ input });
    assert.equal(invocationMessage, 'Running a query over 2 workspaces of 1 customer');
    assert.equal(confirmationMessages?.title, 'Run a query over 2 workspaces of 1 customer?');
    assert.equal(
      confirmationMessages.message.value,
      '**2 workspaces** of 1 customer: Contoso Ltd\n\n```kusto\nHeartbeat\n```\n\nTime range: Last 7 days. Up to 5 rows of the answer go to the language model, with the names in them.',
    );
    scopeTo('all');
    await run.invoke({ input: { ...input } }, TOKEN);
    assert.deepEqual(namesOf(asked[0]!), ['law-main', 'law-test']);
  });

  it('nothing is run that was not shown, and each word counts once', async () => {
    const input = { query: 'Heartbeat' };
    const run = tool('runQuery');
    await assert.rejects(run.invoke({ input }, TOKEN), /The person has not been shown yet whom this asks/);
    await run.prepareInvocation({ input });
    await run.invoke({ input }, TOKEN);
    await assert.rejects(run.invoke({ input }, TOKEN), /has not been shown/);
    // Shown over everybody, and refused; then shown over one, and agreed to.
    scopeTo('all');
    await run.prepareInvocation({ input });
    scopeTo('customer:litware');
    await run.prepareInvocation({ input });
    await run.invoke({ input }, TOKEN);
    assert.deepEqual(asked.map(namesOf), [['law-main', 'law-test', 'law-main'], ['law-litware']]);
  });

  it('what cannot be shown is not asked about, and the call says why', async () => {
    const run = tool('runQuery');
    const refuse = async (input: object, message: RegExp): Promise<void> => {
      assert.equal((await run.prepareInvocation({ input })).confirmationMessages, undefined);
      await assert.rejects(run.invoke({ input }, TOKEN), message);
    };
    await refuse({ query: 'T', scope: 'customer:litware' }, /There is no customer \\"litware\\"/);
    await refuse({ query: 1 }, /\\"query\\" is a text/);
    given = { scope: { include: 'all', except: [] }, error: { message: 'x' } };
    await refuse({ query: 'T' }, /The scope line of the open query cannot be read/);
    trusted = false;
    scopeTo('all');
    await refuse({ query: 'T' }, /This folder is not trusted/);
    assert.deepEqual(asked, []);
    assert.deepEqual(logged, [
      'agents.runQuery input.scope',
      'agents.runQuery input.tool',
      'agents.runQuery input.scopeLine',
      'agents.runQuery input.untrusted',
    ]);
  });

  it('what only looks asks within the scope of the window, and answers as the model has room', async () => {
    answer = () => ({ facts: {}, list: { name: 'tables', items: ['a'.repeat(400), 'b'], total: 2, more: 'Filter.' } });
    const describe_ = tool('describeSchema');
    assert.equal((await describe_.prepareInvocation({ input: {} })).confirmationMessages, undefined);
    const tokenizationOptions = { tokenBudget: 300, countTokens: async (text: string) => text.length };
    const { content } = await describe_.invoke({ input: {}, tokenizationOptions }, TOKEN);
    assert.deepEqual((JSON.parse(content[0]!.value) as { tables: string[] }).tables, []);
    // The settings that say what workspaces may learn go along; the stand-in has `true` for each.
    const confidentiality = { shared: true, audited: true };
    assert.deepEqual(asked[0], { tool: 'describeSchema', input: {}, scope: given.scope, confidentiality });
  });

  it('failures are told as others’ words, nothing unseen in them', async () => {
    answer = () => {
      throw new AppError('query.semantic', HOSTILE_TEXTS.join(' '));
    };
    await assert.rejects(tool('listEstate').invoke({ input: {} }, TOKEN), ({ message }: Error) => {
      assert.doesNotMatch(message, UNSEEN);
      const { untrusted, reasons } = JSON.parse(message) as { untrusted: boolean; reasons: string[] };
      assert.deepEqual([untrusted, reasons], [true, [HOSTILE_TEXTS.join(' ')]]);
      return true;
    });
    assert.deepEqual(logged, ['agents.listEstate query.semantic'], 'nothing but a code is logged');
  });

  it('what the person reads acts on nothing, whatever customers and queries are called', () => {
    for (const text of HOSTILE_TEXTS) {
      const told = confirmText(
        { workspaces: 20, customers: Array.from({ length: 12 }, () => text) },
        { query: text, timeRange: text, limit: 1 },
      );
      assert.doesNotMatch(told.markdown.replaceAll(/\n/g, ''), UNSEEN);
      assert.doesNotMatch(
        told.markdown.replaceAll(/\\.|(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, ''),
        /evil\.example|command:|<[a-z!/]|\]\(|!\[/i,
        text,
      );
      assert.match(told.markdown, /and 2 more/);
      assert.equal(told.title, 'Run a query over 20 workspaces of 12 customers?');
    }
  });
});
