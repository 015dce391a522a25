import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LocalSignal } from '../../../src/base/rpc.ts';
import type { AgentIntent } from '../../../src/core/agents/agentWorld.ts';
import type { SourceSchema } from '../../../src/kql/scopeSchema.ts';
import type { AppErrorData } from '../../../src/base/errors.ts';
import type { Scope } from '../../../src/model/scope.ts';
import { HOSTILE_TEXTS } from '../../fixtures/hostileTexts.ts';
import { answer, failure } from '../runs/world.ts';
import { estateWithIds, toolsOver } from './toolsOver.ts';

const CUSTOMER_1: Scope = { include: [{ kind: 'customer', value: 'c1' }], except: [] };

describe('runQuery', () => {
  it('asks its scope alone, and answers with rows, how complete they are, and who is missing and why', async () => {
    const { call, logs, store } = toolsOver(
      ({ workspaceGuid }) =>
        workspaceGuid === 'guid-3'
          ? failure('access.denied', 'You may not read ws3.')
          : answer(
              ['Computer:string', 'n'],
              [
                ['a', 1],
                ['b', 2],
              ],
            ),
      estateWithIds(4),
    );
    const scope: Scope = { include: 'all', except: [{ kind: 'customer', value: 'c4' }] };
    const told = await call('runQuery', { query: 'Heartbeat // mine', limit: 3 }, { scope });
    assert.deepEqual(
      [...new Set(logs.asked.map(({ workspaceGuid }) => workspaceGuid))],
      ['guid-1', 'guid-2', 'guid-3'],
    );
    assert.deepEqual(told, {
      untrusted: true,
      about: told['about'],
      completeness: '2 of 3 workspaces answered, 1 no access',
      complete: false,
      answer: 'across',
      timeRange: 'Last 24 hours',
      rowCount: 4,
      missing: [{ reason: 'You may not read ws3.', count: 1, who: ['Customer 3/ws3'] }],
      columns: [
        { name: 'Computer', type: 'string' },
        { name: 'n', type: 'long' },
      ],
      cut: 'The first 3 of 4 entries. Aggregate, filter or project in the query, or raise "limit".',
      rows: [
        ['a', 1],
        ['b', 2],
        ['a', 1],
      ],
    });
    assert.equal(store.rows.size, 0, 'its rows are gone with the answer');
  });

  it('keeps rows as they are, cut where one is too long, for a run that the person may look at', async () => {
    const long = 'x'.repeat(5_000);
    const { call, service } = toolsOver(
      () =>
        answer(
          ['text:string'],
          [...HOSTILE_TEXTS, long].map((text) => [text]),
        ),
      estateWithIds(1),
      { keepsRuns: true },
    );
    const { rows } = await call('runQuery', { query: 'T' });
    assert.deepEqual(
      rows.map(([cell]) => cell),
      [...HOSTILE_TEXTS, `${'x'.repeat(2_000)}… (5,000 characters)`],
    );
    assert.equal(service.list().length, 1);
  });

  it('refuses what reaches out, what is no query and what is out of scope, and sends nothing', async () => {
    const { call, logs } = toolsOver(() => answer(['n'], [[1]]), estateWithIds(2));
    const refused: readonly [object, RegExp][] = [
      [{ query: 'workspace("ws2").T' }, /reaches out of the scope that the person gave, with workspace\(\)/],
      [{ query: 'T | join (externaldata (x: string) ["https://a.example"]) on x' }, /with externaldata\(\)/],
      [{ query: 'evaluate http_request("https://a.example/?q")' }, /with http_request\(\)/],
      [{ query: '// @source resource-graph\nresources | project id' }, /has a "\/\/ @source" line/],
      [{ query: '\n// mine\n// @source elsewhere\nT' }, /has a "\/\/ @source" line/],
      [{ query: '// @scope all\nT' }, /has a "\/\/ @scope" line\. Say it in "scope"/],
      [{ query: '// @result run-1 as R\nR' }, /has a "\/\/ @result" line/],
      [{ query: "fabric('x').T" }, /with fabric\(\)/],
      [{ query: "WORKSPACE('x').T" }, /The query calls WORKSPACE\(\), which neither KQL nor a workspace/],
      [{ query: "union isfuzzy=true workspaces('x').T" }, /calls workspaces\(\)/],
      [{ query: 'T | evaluate R("x")' }, /with R\(\)/],
      [{ query: 'T | wher x' }, /line 1, column 5/],
      [{ query: '// nothing' }, /There is no query to run/],
      [{ query: 'T', scope: 'customer:c2' }, /There is no customer "c2"/],
      [{ query: 'T', scope: 'workspace:ws2' }, /There is no workspace "ws2"/],
    ];
    for (const [input, message] of refused)
      await assert.rejects(call('runQuery', input, { scope: CUSTOMER_1 }), message);
    assert.deepEqual(logs.asked, []);
  });

  it('says itself that workspaces are asked, so that no line of a query can say otherwise', async () => {
    const { call, requests } = toolsOver(() => answer(['n'], [[1]]), estateWithIds(1));
    for (const tool of ['runQuery', 'explainQuery']) await call(tool, { query: 'T' });
    assert.deepEqual(
      requests.map(({ source }) => source),
      ['workspaces', 'workspaces'],
    );
  });

  it('refuses a function of a workspace that reads what is outside, by other functions too', async () => {
    const functions = {
      '/subscriptions/s/ws/1': { Own: 'T | where n > 1', Nested: 'Own | union Everybody' },
      '/subscriptions/s/ws/2': {
        Everybody: 'union T, workspace("ws3").T',
        Own: 'T',
        Loop: 'Loop | take 1',
        Deep: `print ${'('.repeat(2_000)}1${')'.repeat(2_000)}`,
      },
    };
    const { call, logs } = toolsOver(() => answer(['n'], [[1]]), estateWithIds(2), { functions });
    for (const query of ['Everybody | count', 'Nested', 'let f = () { Everybody() }; f', 'T | join Nested on n'])
      await assert.rejects(
        call('runQuery', { query }),
        /The function Everybody reaches out of the scope .*workspace\(\)/,
        query,
      );
    await assert.rejects(call('runQuery', { query: 'Deep' }), /The function Deep cannot be read, so nobody can tell/);
    assert.deepEqual(logs.asked, []);
    for (const query of ['Own | count', 'Loop', 'T | where Everything == 1']) await call('runQuery', { query });
    assert.equal(logs.asked.length, 6);
  });

  it('refuses a stored function that cannot be read wholly, or calls what nobody has', async () => {
    const functions = {
      '/subscriptions/s/ws/1': {
        Broken: 'T | wher x == 1',
        Further: 'T | extend x = elsewhere(1)',
        Braced: '{ let n = 1; T | where n > 1 }',
        BracedOut: '{ workspace("ws3").T }',
        Times: 'n * 2',
        MayCall: 'T | extend m = Times(n), l = _GetWatchlist("VIPs")',
      },
    };
    const { call, logs } = toolsOver(() => answer(['n'], [[1]]), estateWithIds(1), { functions });
    for (const [query, message] of [
      ['Broken', /The function Broken cannot be read, so nobody can tell/],
      ['Further', /The function Further calls elsewhere\(\), which neither KQL/],
      ['BracedOut', /The function BracedOut reaches out of the scope .*workspace\(\)/],
    ] as const)
      await assert.rejects(call('runQuery', { query }), message);
    assert.deepEqual(logs.asked, []);
    const fine = [
      'Braced',
      'MayCall',
      'T | extend m = Times(n)',
      '_GetWatchlist("VIPs")',
      '// @source workspaces\nT',
      'let f = (a: long) { a + 1 }; T | extend n = f(n)',
    ];
    for (const query of fine) await call('runQuery', { query });
    assert.equal(logs.asked.length, fine.length);
  });

  it('does not ask whom nobody knows the functions of, and says so', async () => {
    const functions = { '/subscriptions/s/ws/2': null };
    const { call, logs } = toolsOver(() => answer(['n'], [[1]]), estateWithIds(2), { functions });
    const told = await call('runQuery', { query: 'T' });
    assert.deepEqual(
      [told['completeness'], told['complete'], told['missing']],
      [
        '1 of 1 workspace answered, 1 not asked',
        false,
        [{ reason: 'You may not.', count: 1, who: ['Customer 2/ws2'] }],
      ],
    );
    assert.deepEqual(
      logs.asked.map(({ workspaceGuid }) => workspaceGuid),
      ['guid-1'],
    );
    await assert.rejects(
      call('runQuery', { query: 'T', scope: 'workspace:ws2' }),
      /Nobody answered. You may not. \(1 of 1\)/,
    );
  });

  it('sends nobody the name of another customer, in whichever way it is asked', async () => {
    const { call, logs } = toolsOver(() => answer(['n'], [[1]]), estateWithIds(3));
    for (const query of [
      'T | where Owner == "Customer 2"',
      'T | where Text has "customer-3"',
      'T | where x == "Tenant 1"',
    ])
      await assert.rejects(call('runQuery', { query, answer: 'perWorkspace' }), { code: 'query.namesCustomer' }, query);
    assert.deepEqual(logs.asked, []);
    const own = { query: 'T | where Owner == "Customer 2"', answer: 'perWorkspace', scope: 'customer:c2' };
    await call('runQuery', own);
    assert.deepEqual(
      logs.asked.map(({ workspaceGuid }) => workspaceGuid),
      ['guid-2'],
      'its own name is its own',
    );
  });

  it('asks before it sends, with how many workspaces of whose customers', async () => {
    const { call, logs } = toolsOver(() => answer(['n'], [[1]]), estateWithIds(3));
    const intents: AgentIntent[] = [];
    const allow = async (intent: AgentIntent): Promise<void> => {
      assert.deepEqual(logs.asked, []);
      intents.push(intent);
      throw failure('cancelled.byUser', 'No.');
    };
    await assert.rejects(call('runQuery', { query: 'T | take 1', scope: 'all except customer:c1' }, { allow }), /No\./);
    assert.deepEqual(intents, [
      {
        tool: 'runQuery',
        query: 'T | take 1',
        timeRange: { kind: 'last', minutes: 1440 },
        workspaces: 2,
        customers: ['Customer 2', 'Customer 3'],
      },
    ]);
    assert.deepEqual(logs.asked, []);
  });

  it('fails where nobody answers, with the reasons, and tells its progress until then', async () => {
    const { call } = toolsOver(
      ({ workspaceGuid }) => failure('access.denied', `Not ${workspaceGuid === 'guid-1' ? 'you' : 'now'}.`),
      estateWithIds(3),
    );
    const done: string[] = [];
    await assert.rejects(
      call('runQuery', { query: 'T' }, { progress: (n, total) => done.push(`${n}/${total}`) }),
      (error: AppErrorData) =>
        error.code === 'access.denied' && error.message === 'Nobody answered. Not now. (2 of 3) Not you. (1 of 3)',
    );
    assert.equal(done.at(-1), '3/3');
  });

  it('cancels its run when it is cancelled', async () => {
    const signal = new LocalSignal();
    const { call, store } = toolsOver(
      ({ workspaceGuid }) => (workspaceGuid === 'guid-1' ? answer(['n'], [[1]]) : 'hang'),
      estateWithIds(2),
    );
    const progress = (): void => {
      signal.abort();
    };
    await assert.rejects(call('runQuery', { query: 'T' }, { signal, progress }), { code: 'cancelled.byUser' });
    assert.equal(store.rows.size, 0);
  });
});

describe('describeSchema', () => {
  const table = (...columns: string[]): SourceSchema => ({
    tables: [
      {
        name: 'Heartbeat',
        hasData: true,
        columns: columns.map((spec) => ({
          name: spec.split(':')[0]!,
          type: (spec.split(':')[1] ?? 'string') as 'string',
        })),
      },
      { name: 'Empty', hasData: false, columns: [] },
      { name: 'Syslog', columns: [{ name: 'Facility', type: 'string' }] },
    ],
  });
  const schemas = new Map([
    ['/subscriptions/s/ws/1', table('Computer', 'Level:long')],
    ['/subscriptions/s/ws/2', table('Computer', 'Level', 'Extra')],
  ]);

  it('lists tables, and describes those that are named: in how many workspaces, and where types differ', async () => {
    const { call, asked } = toolsOver(() => 'hang', estateWithIds(3), { schemas });
    const list = await call('describeSchema', { filter: 'SYS' });
    assert.deepEqual(list['tables'], [{ name: 'Syslog', inWorkspaces: '2 of 2', columns: 1 }]);
    assert.deepEqual(
      [list['completeness'], list['complete'], list['missing']],
      ['2 of 3 workspaces answered', false, [{ reason: 'You may not.', count: 1, who: ['Customer 3/ws3'] }]],
    );
    assert.deepEqual(
      ((await call('describeSchema', {}))['tables'] as { name: string }[]).map(({ name }) => name),
      ['Heartbeat', 'Syslog', 'Empty'],
      'those that are known to be empty come last',
    );
    const described = await call('describeSchema', { tables: ['Heartbeat', 'Hartbeat'] });
    assert.deepEqual(described['noSuchTables'], ['Hartbeat']);
    assert.deepEqual(described['tables'], [
      {
        name: 'Heartbeat',
        inWorkspaces: '2 of 2',
        withRows: 2,
        typesDiffer: ['Level is long in 1, string in 1 of the 2 workspaces that have Heartbeat.'],
        columns: [
          { name: 'Computer', type: 'string' },
          { name: 'Level_long', type: 'long', inWorkspaces: '1 of 2', namedThere: 'Level' },
          { name: 'Level_string', type: 'string', inWorkspaces: '1 of 2', namedThere: 'Level' },
          { name: 'Extra', type: 'string', inWorkspaces: '1 of 2' },
        ],
      },
    ]);
    asked.length = 0;
    await call('describeSchema', {}, { scope: CUSTOMER_1 });
    assert.deepEqual(asked, ['/subscriptions/s/ws/1'], 'nobody outside is asked for tables');
  });
});

describe('listEstate', () => {
  it('tells who there is, with the names a scope can say, and who could not be entered', async () => {
    const estate = estateWithIds(3, (one) => ({
      ...one,
      tenants: one.tenants.map((tenant) =>
        tenant.customer === 'c3'
          ? { ...tenant, state: 'signInRequired', error: failure('auth.signInRequired', 'Sign in to it.').toData() }
          : tenant,
      ),
      workspaces: one.workspaces.slice(0, 2),
    }));
    const { call } = toolsOver(() => 'hang', estate);
    const told = await call('listEstate', {});
    assert.deepEqual(
      [told['customers'], told['groups'], told['notEntered']],
      [3, ['gold'], [{ tenant: 'Tenant 3', customer: 'Customer 3', reason: 'Sign in to it.' }]],
    );
    assert.deepEqual((told['workspaces'] as unknown[])[0], {
      customer: 'Customer 1',
      groups: ['gold'],
      tenant: 'Tenant 1',
      workspace: 'ws1',
      workspaceId: 'guid-1',
      region: 'westeurope',
      access: 'Lighthouse',
      retentionDays: 30,
    });
    const found = await call('listEstate', { filter: 'ws2' });
    assert.deepEqual(
      (found['workspaces'] as { workspace: string }[]).map(({ workspace }) => workspace),
      ['ws2'],
    );
    const one = await call('listEstate', {}, { scope: CUSTOMER_1 });
    assert.doesNotMatch(JSON.stringify(one), /Customer 2|ws2|Tenant 3/);
  });
});

it('what is no tool is refused with those that are', async () => {
  const { call } = toolsOver(() => 'hang', estateWithIds(1));
  await assert.rejects(
    call('deleteWorkspace', {}),
    /There is no tool "deleteWorkspace", there are listEstate, describeSchema, explainQuery, runQuery\./,
  );
});

it('a model’s query goes to nobody who keeps its text where the person refuses that, or wants to be asked', async () => {
  const { call, logs } = toolsOver(() => answer(['n'], [[1]]), estateWithIds(1), {
    audits: {
      of: async (planned) => ({
        asked: planned.length,
        audited: [{ target: 'Customer 1/ws1', keptIn: ['law-audit'] }],
        unseen: [],
      }),
    },
  });
  for (const audited of ['refuse', 'ask'] as const)
    await assert.rejects(
      call('runQuery', { query: 'Heartbeat' }, { confidentiality: { audited } }),
      (error: AppErrorData) => error.code === 'query.audited' && error.message.includes('Customer 1/ws1'),
    );
  assert.equal(logs.asked.length, 0);
  await call('runQuery', { query: 'Heartbeat' }, { confidentiality: { audited: 'allow' } });
  assert.equal(logs.asked.length, 1);
});
