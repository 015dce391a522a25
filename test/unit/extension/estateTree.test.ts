import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupEstate } from '../../../src/core/estate/groupEstate.ts';
import { scopeAfterTicks, scopeOfNode } from '../../../src/extension/estateTree/nodeScope.ts';
import type { ScopeNode, TreeNode } from '../../../src/extension/estateTree/treeNode.ts';
import { childrenOf, problemNodes, toTreeNode } from '../../../src/extension/estateTree/treeNode.ts';
import { textsOf, tooltipOf, workspaceBadges } from '../../../src/extension/estateTree/treeTexts.ts';
import { AppError } from '../../../src/base/errors.ts';
import type { Outcome } from '../../../src/base/outcome.ts';
import type { Worker } from '../../../src/extension/platform/dataWorker.ts';
import { WorkspaceDetails } from '../../../src/extension/estateTree/workspaceDetails.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { sampleEstate, workspace } from './sampleEstate.ts';

const estate = sampleEstate();
const roots = groupEstate(estate, 'customer').map((node) => toTreeNode(node));
const NAMES = { customerName: (key: string) => key, tenantName: (id: string) => id, accountLabel: (id: string) => id };

function find(label: string, nodes: readonly TreeNode[] = roots): TreeNode {
  for (const node of nodes) {
    if (textsOf(node).label === label) return node;
    try {
      return find(label, childrenOf(node));
    } catch {
      /* not below this one */
    }
  }
  throw new Error(`No ${label}`);
}

test('badges say at a glance how a workspace is reached, where it is and what hurts', () => {
  assert.deepEqual(workspaceBadges(estate.workspaces[1]!), ['home', 'northeurope', '90 d', '5 GB/day hit', 'Sentinel']);
  assert.deepEqual(workspaceBadges(estate.workspaces[2]!)[0], 'Lighthouse and guest');
});

test('a tenant that cannot be entered says why in its place, with its sign-in', () => {
  const locked = find(
    'Locked',
    roots.flatMap((root) => childrenOf(root)).flatMap((node) => childrenOf(node)),
  );
  assert.deepEqual(
    [textsOf(locked).description, textsOf(locked).contextValue],
    ['sign-in required', 'tenant.signInRequired'],
  );
  const [reason] = childrenOf(locked);
  assert.deepEqual(
    [reason?.kind, reason && textsOf(reason).label],
    ['message', 'Locked wants multi-factor sign-in. Sign in to it.'],
  );
});

test('a customer says at its closed row which of its tenants stayed shut', () => {
  const customers = new Map(
    roots
      .flatMap((root) => [root, ...childrenOf(root)])
      .filter((node) => node.kind === 'customer')
      .map((node) => [textsOf(node).label, textsOf(node)]),
  );
  const shut = [...customers.values()].filter((texts) => texts.icon.colour !== undefined);
  assert.deepEqual(
    shut.map((texts) => [texts.label, texts.description]),
    [['Locked', 'sign-in required']],
  );
  assert.ok(
    [...customers.values()].some(
      (texts) => texts.icon.colour === undefined && /^\d+ workspaces?$/.test(texts.description ?? ''),
    ),
  );
});

test('problems without a place are rows while they are few, and one row that opens the list when they are many', () => {
  const problems = ['a', 'b', 'c', 'd'].map(
    (where) => ({ where, error: { code: 'network.reset', message: 'Cut.', retryable: true } }) as const,
  );
  assert.deepEqual(
    problemNodes(problems.slice(0, 2)).map((node) => textsOf(node).label),
    ['a: Cut.', 'b: Cut.'],
  );
  assert.deepEqual(
    problemNodes(problems).map((node) => [textsOf(node).label, node.kind === 'message' && node.showsProblems]),
    [['4 problems while reading the estate', true]],
  );
});

test('every node has an id of its own and knows its parent', () => {
  const seen = new Set<string>();
  const walk = (node: TreeNode, parent?: TreeNode): void => {
    assert.ok(!seen.has(node.id), node.id);
    seen.add(node.id);
    assert.equal(node.parent, parent);
    for (const child of childrenOf(node)) walk(child, node);
  };
  for (const root of roots) walk(root);
});

test('names of others are text in a tooltip, whatever they hold', () => {
  const hostile = workspace('law', {
    tags: { note: '`x` <img src=x> [a](command:evil)' },
    region: '![x](https://evil.example/p.png)',
  });
  const node = toTreeNode({ kind: 'workspace', id: 'w', workspace: hostile });
  const text = tooltipOf(node, { ...NAMES, customerName: () => '**bold** [link](command:evil)' }) ?? '';
  assert.match(text, /Customer: \\\*\\\*bold\\\*\\\* \\\[link\\\]\\\(command\\:evil\\\)/);
  assert.match(text, /Region: \\!\\\[x\\\]/);
  assert.match(text, /``note=`x` <img src=x> \[a\]\(command:evil\)``/);
});

test('a tooltip says when data came last, that none did, or why that is not known', async () => {
  const answers: Outcome<string | null>[] = [
    { ok: false, error: { code: 'access.insufficient', message: 'You may not query it.', retryable: false } },
    { ok: true, value: '2026-11-29T03:00:00Z' },
  ];
  let refused = 0;
  const details = (wanted: boolean): WorkspaceDetails =>
    new WorkspaceDetails(
      {
        request: (async (_name: string, { workspaces }: { workspaces: string[] }) => {
          const lastData = answers.shift();
          if (lastData) return [{ workspace: workspaces[0], lastData }];
          refused++;
          throw new AppError('network.unreachable', 'No network.');
        }) as unknown as Worker['request'],
        on: () => ({ dispose: () => undefined }),
        onExit: () => ({ dispose: () => undefined }),
      },
      () => wanted,
    );
  const node = find('law-one') as ScopeNode & { kind: 'workspace' };
  const line = (lastData: Outcome<string | null> | undefined): string | undefined =>
    /^Last data: .*$/m.exec(tooltipOf(node, NAMES, lastData) ?? '')?.[0].trimEnd();
  const some = details(true);
  assert.equal(line(await some.lastDataOf(node.workspace)), 'Last data: unknown: You may not query it\\.');
  assert.equal(
    line(await some.lastDataOf(node.workspace)),
    String.raw`Last data: 2026\-11\-29T03\:00\:00Z`,
    'a failure is not kept',
  );
  assert.equal(
    line(await some.lastDataOf(node.workspace)),
    String.raw`Last data: 2026\-11\-29T03\:00\:00Z`,
    'an answer is',
  );
  assert.equal(line({ ok: true, value: null }), 'Last data: none');
  assert.equal(line(await details(true).lastDataOf(node.workspace)), 'Last data: unknown: No network\\.');
  assert.equal(line(await details(false).lastDataOf(node.workspace)), undefined);
  assert.equal(refused, 1, 'who does not want it asked is not asked');
});

test('a group is written as the group it is, a hidden part of it by what is shown', () => {
  const gold = find('gold') as ScopeNode;
  assert.deepEqual(scopeOfNode(gold, estate), { include: [{ kind: 'group', value: 'gold' }], except: [] });
  const filtered = { ...gold, workspaces: gold.workspaces.slice(0, 1) };
  assert.deepEqual(scopeOfNode(filtered, estate).include, [{ kind: 'workspace', value: 'law-one' }]);
});

test('a cleared box takes its workspaces out of the scope, a ticked one puts them in', () => {
  const fabrikam = roots
    .flatMap((root) => childrenOf(root))
    .find((node) => node.kind === 'customer' && node.customer.key === 'fabrikam') as ScopeNode;
  const without = scopeAfterTicks([{ node: fabrikam, checked: false }], EVERYTHING, estate);
  assert.deepEqual(without, { include: 'all', except: [{ kind: 'customer', value: 'fabrikam' }] });
  assert.deepEqual(scopeAfterTicks([{ node: fabrikam, checked: true }], without, estate), EVERYTHING);
});

test('five thousand workspaces become rows by looking at each of them some times, and only those that are open', () => {
  let looks = 0;
  const counted = new Proxy(workspace('law'), {
    get: (one, property, self): unknown => {
      looks++;
      return Reflect.get(one, property, self);
    },
  });
  const many = { ...estate, workspaces: Array.from({ length: 5000 }, () => counted) };
  const [gold] = groupEstate(many, 'customer').map((node) => toTreeNode(node));
  const rows = childrenOf(childrenOf(childrenOf(gold!)[0]!)[0]!);
  for (const row of rows) textsOf(row);
  assert.equal(rows.length, 5000);
  // Sorting is thirteen comparisons each; whoever looks through all for each would need millions.
  assert.ok(looks < 5000 * 200, `${looks} looks`);
});
