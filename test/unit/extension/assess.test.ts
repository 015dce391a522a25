import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { NEVER } from '../../../src/base/cancel.ts';
import { groupEstate } from '../../../src/core/estate/groupEstate.ts';
import { resolveScope } from '../../../src/core/estate/scope.ts';
import { findScopeLine } from '../../../src/kql/scopeLine.ts';
import { scopeOfEntry } from '../../../src/extension/assess/entryScope.ts';
import {
  armDocument,
  graphDocument,
  portalAddress,
  queryDocument,
  scopeOfOne,
  timeRangeOf,
} from '../../../src/extension/assess/opening.ts';
import { pageHandlers } from '../../../src/extension/assess/pageHandlers.ts';
import type { PageEnds } from '../../../src/extension/assess/pageHandlers.ts';
import { toTreeNode } from '../../../src/extension/estateTree/treeNode.ts';
import type { FactSource } from '../../../src/model/assessment/facts.ts';
import type { FindingAction } from '../../../src/model/assessment/findings.ts';
import { PUBLIC_CLOUD } from '../../../src/model/cloud.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { toCustomerKey, toWorkspaceKey } from '../../../src/model/ids.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { printScope } from '../../../src/kql/scopeLine.ts';
import { assessed } from '../../harness/assessmentSample.ts';
import { healthyCustomer } from '../../harness/customerFacts.ts';
import { sampleEstate, workspace } from './sampleEstate.ts';

const ONE = workspace('law-one');
const GONE = toWorkspaceKey('/subscriptions/sub-9/resourceGroups/rg/providers/x/workspaces/elsewhere');
const QUERY: FactSource = { kind: 'query', workspace: ONE.key, query: 'Usage | count', timespan: 'P30D' };
const SOURCES: readonly FactSource[] = [
  QUERY,
  { kind: 'query', workspace: GONE, query: 'Usage', timespan: 'P1D' },
  { kind: 'graph', query: 'resources | take 1' },
  { kind: 'arm', path: `${ONE.armId}/tables`, apiVersion: '2025-02-01' },
  { kind: 'declared', field: 'regions' },
  { kind: 'estate' },
  { kind: 'baseline' },
];
const ACTIONS: readonly FindingAction[] = [
  { kind: 'provisionWorkspace', region: 'switzerlandnorth' },
  { kind: 'setRetention', workspace: ONE.key, days: 365 },
  { kind: 'setCap', workspace: ONE.key, gb: 7 },
  { kind: 'openQuery', workspace: ONE.key, query: 'Heartbeat', timespan: 'P14D' },
  { kind: 'openPortal', armId: ONE.armId },
  { kind: 'openCustomers' },
  { kind: 'fixBaseline' },
];

/** The page's host over an assessment with one finding, and what of VS Code was used. */
function host(): {
  readonly handlers: ReturnType<typeof pageHandlers>;
  readonly done: unknown[][];
  readonly started: unknown[];
  readonly shown: string[];
} {
  const base = assessed(healthyCustomer());
  const measured = { at: '2026-11-28T09:00:00.000Z', ms: 1, calls: 1 };
  const contoso = {
    ...base,
    key: toCustomerKey('contoso'),
    findings: [
      {
        check: 'capHit',
        severity: 'high' as const,
        subject: { kind: 'workspace' as const, name: ONE.name },
        title: 'law-one hit its cap',
        evidence: SOURCES.map((source) => ({ text: 'so many', measured: { ...measured, source } })),
        why: '',
        remedy: '',
        actions: ACTIONS,
      },
    ],
  };
  const done: unknown[][] = [];
  const [started, shown]: [unknown[], string[]] = [[], []];
  const note =
    (name: string) =>
    async (...args: unknown[]): Promise<void> => {
      done.push([name, ...args]);
    };
  const ends: PageEnds = {
    openQuery: note('openQuery'),
    openDocument: note('openDocument'),
    openAddress: note('openAddress'),
    openCustomersFile: note('openCustomersFile'),
    createWorkspace: note('createWorkspace'),
    changeRetention: note('changeRetention'),
    changeCap: note('changeCap'),
    fixBaseline: note('fixBaseline'),
    compare: note('compare'),
    export: note('export'),
    copy: note('copy'),
  };
  const app = {
    worker: {
      request: async (name: string, { id, customer }: { id: string; customer: string }) => {
        assert.equal(name, 'assess.customer');
        if (id !== 'a1') throw new AppError('input.unknownAssessment', 'Not kept.');
        if (customer !== 'contoso') throw new AppError('input.unknownCustomer', 'Not there.');
        return contoso;
      },
    },
    assessments: { scope: EVERYTHING, shown: {}, restore: async () => undefined, cancel: async () => undefined },
    estate: { ensure: async () => sampleEstate() },
    cloud: async () => PUBLIC_CLOUD,
    guard: { background: (_where: string, work: () => unknown) => void work() },
  } as unknown as Parameters<typeof pageHandlers>[0];
  const handlers = pageHandlers(app, {
    start: async (scope) => {
      started.push(scope);
    },
    wanted: { get: () => 'contoso', shown: (customer) => shown.push(customer) },
    ends,
  });
  return { handlers, done, started, shown };
}
const HERE = { assessment: 'a1', customer: 'contoso' };

describe('what a page of an assessment may have done', () => {
  it('opens what gave a fact: a query under the scope and the time it was asked of', async () => {
    const { handlers, done } = host();
    await handlers.openSource({ ...HERE, source: QUERY }, NEVER);
    assert.deepEqual(done, [
      [
        'openQuery',
        'Usage | count',
        { include: [{ kind: 'workspace', value: 'Contoso Ltd/law-one' }], except: [] },
        { kind: 'last', minutes: 30 * 1440 },
      ],
    ]);
  });

  it('opens documents and files for what is no query', async () => {
    const { handlers, done } = host();
    for (const source of SOURCES.slice(2)) await handlers.openSource({ ...HERE, source }, NEVER);
    assert.deepEqual(
      done.map(([name, title]) => [name, title]),
      [
        ['openDocument', 'Resource Graph query.md'],
        ['openDocument', 'Resource Manager call.md'],
        ['openCustomersFile', undefined],
      ],
    );
  });

  it('does what a finding offers, each by its own end', async () => {
    const { handlers, done } = host();
    for (const action of ACTIONS) await handlers.act({ ...HERE, action }, NEVER);
    assert.deepEqual(
      done.map(([name]) => name),
      [
        'createWorkspace',
        'changeRetention',
        'changeCap',
        'openQuery',
        'openAddress',
        'openCustomersFile',
        'fixBaseline',
      ],
    );
    assert.deepEqual(done[6]!.slice(1), ['contoso']);
    // What the finding found goes along as a proposal, for the customer it was found at.
    assert.deepEqual(done[0]!.slice(1), ['contoso', 'switzerlandnorth']);
    assert.deepEqual([(done[1]![1] as { key: string }).key, done[1]![2]], [ONE.key, 365]);
    assert.deepEqual([(done[2]![1] as { key: string }).key, done[2]![2]], [ONE.key, 7]);
    assert.equal(done[4]![1], `https://portal.azure.com/#@contoso.example/resource${ONE.armId}`);
  });

  const hostile: readonly (readonly [string, 'openSource' | 'act', unknown])[] = [
    ['a query of its own', 'openSource', { ...QUERY, query: 'SecurityEvent | take 1' }],
    ['another workspace for a known query', 'openSource', { ...QUERY, workspace: workspace('law-three').key }],
    ['another time for a known query', 'openSource', { ...QUERY, timespan: 'P365D' }],
    ['a field beside a known query', 'openSource', { ...QUERY, scope: 'all' }],
    ['a call of its own', 'openSource', { kind: 'arm', path: '/x"; rm -rf ~ #', apiVersion: '1' }],
    ['an address of its own', 'act', { kind: 'openPortal', armId: '@evil.example/' }],
    ['another command', 'act', { kind: 'deleteWorkspace', workspace: ONE.key }],
    ['a cap elsewhere', 'act', { kind: 'setCap', workspace: GONE }],
    ['nothing', 'act', undefined],
    ['a text', 'openSource', 'query'],
    ['a class of its own', 'act', Object.create({ kind: 'openCustomers' })],
  ];
  for (const [what, name, value] of hostile)
    it(`refuses ${what}`, async () => {
      const { handlers, done } = host();
      const input = { ...HERE, source: value, action: value } as never;
      await assert.rejects(async () => handlers[name](input, NEVER), { code: 'input.unknownEvidence' });
      assert.deepEqual(done, []);
    });

  it('refuses a workspace that left the estate, another assessment, another customer, and what is no text', async () => {
    const { handlers, done } = host();
    const open = (input: unknown) => async () => handlers.openSource(input as never, NEVER);
    await assert.rejects(open({ ...HERE, source: SOURCES[1] }), { code: 'input.unknownWorkspace' });
    await assert.rejects(open({ ...HERE, assessment: 'a2', source: QUERY }), { code: 'input.unknownAssessment' });
    await assert.rejects(open({ ...HERE, customer: 'fabrikam', source: QUERY }), { code: 'input.unknownCustomer' });
    for (const wrong of [{ ...HERE, customer: { key: 'contoso' } }, { ...HERE, assessment: 7 }, {}])
      await assert.rejects(open({ ...wrong, source: QUERY }), { code: 'bug.pageMessage' });
    await assert.rejects(async () => handlers.copy({ text: ['x'] } as never, NEVER), { code: 'bug.pageMessage' });
    await assert.rejects(async () => handlers.export({ assessment: 'a1', customer: 5 } as never, NEVER), {
      code: 'bug.pageMessage',
    });
    await assert.rejects(async () => handlers.customer({ assessment: 'a1', customer: null } as never, NEVER), {
      code: 'bug.pageMessage',
    });
    assert.deepEqual(done, []);
  });

  it('assesses again what was assessed, whatever the page says, and forgets whom it was to show once it does', async () => {
    const { handlers, started, shown } = host();
    await handlers.assess(
      { scope: { include: [{ kind: 'customer', value: 'fabrikam' }], except: [] } } as never,
      NEVER,
    );
    assert.deepEqual(started, [EVERYTHING]);
    assert.deepEqual(await handlers.ready({ version: 1 }, NEVER), { view: {}, customer: 'contoso' });
    assert.deepEqual(shown, []);
    await handlers.customer(HERE, NEVER);
    assert.deepEqual(shown, ['contoso']);
  });
});

describe('the query a page opens', () => {
  const means = (text: string, estate: Estate): readonly string[] =>
    resolveScope(findScopeLine(text)!.scope!, estate).workspaces.map(({ name }) => name);

  it('names its workspace as people do, and by its resource ID where that would mean another or none', () => {
    const estate = sampleEstate();
    assert.equal(printScope(scopeOfOne(ONE, estate)), 'workspace:"Contoso Ltd/law-one"');
    const twin = workspace('law-one', { subscription: 'sub-2' as never });
    const crowded = { ...estate, workspaces: [...estate.workspaces, twin] };
    for (const one of [ONE, twin]) {
      const scope = scopeOfOne(one, crowded);
      assert.equal(printScope(scope), `workspace:${one.armId}`);
      assert.deepEqual(resolveScope(scope, crowded).workspaces, [one]);
    }
  });

  for (const name of ['A\n// @scope all', 'A\r\u2028B', `"'`, 'except', 'all, customer:Fabrikam', '/'])
    it(`stays in its scope with a customer called ${JSON.stringify(name)}`, () => {
      const estate = sampleEstate();
      const named = { ...estate, customers: estate.customers.map((one, at) => (at === 0 ? { ...one, name } : one)) };
      assert.deepEqual(means(queryDocument('Usage', scopeOfOne(ONE, named)), named), ['law-one']);
    });

  for (const query of [
    '// @scope all\nUsage',
    '\uFEFF// @scope all\nUsage',
    '  //@SCOPE customer:Fabrikam',
    '\r// @scope all\r\nUsage',
    '\u2028// @scope all\nUsage',
    '\n\n// @scope\n',
  ])
    it(`is asked of its own workspace, whatever it says itself: ${JSON.stringify(query)}`, () => {
      const estate = sampleEstate();
      assert.deepEqual(means(queryDocument(query, scopeOfOne(ONE, estate)), estate), ['law-one']);
    });

  it('covers the days it was asked of', () => {
    assert.deepEqual(timeRangeOf('P14D'), { kind: 'last', minutes: 14 * 1440 });
    assert.deepEqual(timeRangeOf('P1D/now'), { kind: 'inQuery' });
  });
});

describe('what a page shows of a call', () => {
  it('is a command that a shell takes for what it is, and a query that cannot end its own fence', () => {
    const text = armDocument({ path: '/subscriptions/a"$(rm x)`y`\'/b c?d#e', apiVersion: '1&x' });
    const [, url] = /--url "([^"\n]*)"\n/.exec(text) ?? assert.fail(text);
    assert.match(url!, /^\/subscriptions\/[\w%/-]+\?api-version=1%26x$/);
    const graph = graphDocument('resources\n```\n# [click](command:x)');
    assert.match(graph, /\n````kusto\n[^]*\n````\n$/);
  });

  it('is an address of the portal, and of nothing else', () => {
    const estate = sampleEstate();
    const address = (armId: string) => portalAddress('https://portal.azure.com', armId, estate);
    const offer = '/subscriptions/s/providers/Microsoft.ManagedServices/registrationAssignments/1';
    assert.equal(address(offer), `https://portal.azure.com/#resource${offer}`);
    // A delegated workspace opens in the directory whose token reaches it: our own.
    assert.match(address(workspace('law-three').armId), /#@contoso\.example\/resource\/subscriptions/);
    for (const wrong of [
      '',
      '/',
      '@evil.example',
      '//evil.example',
      'https://evil.example',
      '/evil',
      '/subscriptions/',
    ])
      assert.throws(() => address(wrong), { code: 'input.unknownResource' }, wrong);
    const odd = new URL(address('/subscriptions/a b"#?<x>'));
    assert.deepEqual([odd.origin, odd.search], ['https://portal.azure.com', '']);
    assert.match(odd.hash, /^#resource\/subscriptions\/a%20b%22%23%3F%3Cx%3E$/);
  });
});

describe('an assessment from an entry of the tree', () => {
  const estate = sampleEstate();
  const entry = (by: Parameters<typeof groupEstate>[1], label: string) => {
    const nodes = groupEstate(estate, by).map((source) => toTreeNode(source));
    const all = [
      ...nodes,
      ...nodes.flatMap((one) =>
        (one.source.kind === 'group' ? one.source.children : []).map((child) => toTreeNode(child, one)),
      ),
    ];
    return all.find(
      (one) => (one.kind === 'group' ? one.label : one.kind === 'customer' ? one.customer.name : '') === label,
    );
  };
  const scope = (node: unknown): string => printScope(scopeOfEntry(node, estate));

  it('is of that customer, of that group, or of the customers below', () => {
    assert.equal(scope(entry('customer', 'Fabrikam')), 'customer:fabrikam');
    assert.equal(scope(entry('customer', 'gold')), 'group:gold');
    assert.equal(scope(entry('region', 'northeurope')), 'customer:contoso');
    assert.equal(scope(entry('region', 'westeurope')), 'customer:contoso customer:fabrikam');
    assert.equal(scope(entry('customer', 'No group')), 'customer:fabrikam customer:locked');
    assert.equal(scope(entry('region', 'Not entered')), 'customer:locked');
  });

  it('is of everything without one, and names nobody the estate does not have', () => {
    assert.equal(scope(undefined), 'all');
    assert.equal(scope({ kind: 'customer', customer: { key: 'nobody' } }), 'all');
    assert.equal(scope({ kind: 'group', label: 'gold', source: null }), 'group:gold');
    assert.equal(scopeOfEntry({ kind: 'group', label: 'gold' }, undefined), EVERYTHING);
  });
});
