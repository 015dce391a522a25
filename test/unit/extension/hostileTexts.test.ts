/** Text of others at every place of the editor that shows it: none takes effect, and nothing of it is hidden. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveScope } from '../../../src/core/estate/scope.ts';
import { groupEstate } from '../../../src/core/estate/groupEstate.ts';
import { childrenOf, isScopeNode, toTreeNode } from '../../../src/extension/estateTree/treeNode.ts';
import type { TreeNode } from '../../../src/extension/estateTree/treeNode.ts';
import { textsOf, tooltipOf } from '../../../src/extension/estateTree/treeTexts.ts';
import { plainLabel } from '../../../src/extension/platform/plainLabel.ts';
import { plainMessage } from '../../../src/extension/platform/plainMessage.ts';
import { confirmText } from '../../../src/extension/provision/confirmText.ts';
import {
  ownerItems,
  regionItems,
  subscriptionItems,
  typedRetention,
} from '../../../src/extension/provision/pickItems.ts';
import { capWord, groupWord, nameWord, tagsWord } from '../../../src/core/provision/fieldWords.ts';
import { regionChoices } from '../../../src/core/provision/regionChoices.ts';
import { explainMarkdown } from '../../../src/app/explainMarkdown.ts';
import { explainText } from '../../../src/extension/runs/explainText.ts';
import { textsOfRun } from '../../../src/extension/runs/runTexts.ts';
import { scopePickItems } from '../../../src/extension/session/pickItems.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { toSubscriptionId } from '../../../src/model/ids.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { Run } from '../../../src/model/run.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { cellText } from '../../../src/webviews/grid/cellText.ts';
import { toChartOptions } from '../../../src/webviews/chart/options.ts';
import { HOSTILE_TEXTS, UNSEEN } from '../../fixtures/hostileTexts.ts';
import { sampleEstate } from './sampleEstate.ts';

/** What acts in Markdown: nothing of it is left when what is escaped, or stands as code, is taken away. */
const ACTS = /evil\.example|command:|<[a-z!/]|\]\(|!\[/i;
const INERT = /\\.|(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g;

function isInert(markdown: string, text: string, place: string): void {
  assert.doesNotMatch(markdown, UNSEEN, `${place}: ${JSON.stringify(text)}`);
  assert.doesNotMatch(markdown.replaceAll(INERT, ''), ACTS, `${place}: ${JSON.stringify(text)}`);
}

/** An estate in which everything that others name is called `text`. */
function estateOf(text: string): Estate {
  const estate = sampleEstate();
  return {
    ...estate,
    customers: estate.customers.map((customer) => ({
      ...customer,
      name: text,
      groups: [text],
      tags: { [text]: text },
      declared: { regions: [text] },
    })),
    tenants: estate.tenants.map((tenant) => ({
      ...tenant,
      name: text,
      defaultDomain: text,
      ...(tenant.error ? { error: { ...tenant.error, message: text } } : {}),
    })),
    workspaces: estate.workspaces.map((workspace) => ({
      ...workspace,
      name: text,
      region: text,
      sku: text,
      resourceGroup: text,
      subscriptionName: text,
      tags: { [text]: text },
    })),
  };
}

function nodesOf(estate: Estate): TreeNode[] {
  const all: TreeNode[] = groupEstate(estate, 'customer').map((node) => toTreeNode(node));
  for (const node of all) if (isScopeNode(node)) all.push(...childrenOf(node));
  const workspace = estate.workspaces[0]!;
  const { name } = workspace;
  const table = { name, plan: name, kind: name, retentionDays: 1, totalRetentionDays: 2, classic: true };
  return [
    ...all,
    { kind: 'table', id: 't', workspace, table } as unknown as TreeNode,
    { kind: 'function', id: 'f', workspace, fn: { name, parameters: name, category: name } } as unknown as TreeNode,
  ];
}

/** Every line of the wizard's lists, where all names and regions are called `text`. */
function wizardLines(text: string, estate: Estate): string[] {
  const places = estate.tenants.map((tenant) => ({
    account: estate.accounts[0]!.id,
    issuer: estate.tenants[0]!.id,
    tenant: tenant.id,
    customer: tenant.customer,
    subscription: toSubscriptionId(text),
    name: text,
  }));
  const { customer, tenant } = places[1]!;
  const regions = regionChoices([{ name: text, displayName: text }], estate, customer);
  return [
    ...ownerItems(places, estate),
    ...subscriptionItems(places, `${customer}|${tenant}`, estate),
    ...regionItems(regions),
    typedRetention(text, { customer: text, declared: { retentionDays: 900 } }, [])!,
  ].flatMap((item) => ('heading' in item ? [item.heading] : [item.label, item.description ?? '', item.detail ?? '']));
}

for (const text of HOSTILE_TEXTS) {
  test(`tree, tooltip, pick, plan, explanation, run, message, cell and chart: ${JSON.stringify(text).slice(0, 50)}`, () => {
    const estate = estateOf(text);
    const names = { customerName: () => text, tenantName: () => text, accountLabel: () => text };
    for (const node of nodesOf(estate)) {
      const { label, description = '' } = textsOf(node);
      assert.doesNotMatch(`${label}${description}`, /[\r\n]/);
      assert.doesNotMatch(`${label}${description}`, UNSEEN, `row of ${node.kind}`);
      for (const lastData of [
        { ok: true, value: text },
        { ok: false, error: { code: 'service.failed', message: text, retryable: false } },
      ] as const)
        isInert(tooltipOf(node, names, lastData) ?? '', text, `tooltip of ${node.kind}`);
    }
    for (const item of scopePickItems(estate, EVERYTHING)) {
      if (item.heading !== undefined) continue;
      const line = [item.label.replace(/^\$\([a-z]+\) /, ''), item.description, item.detail ?? ''].join(' ');
      assert.doesNotMatch(line, /\$\(/);
      assert.doesNotMatch(line, UNSEEN);
    }

    for (const line of wizardLines(text, estate)) {
      assert.doesNotMatch(line, /\$\((?!error\)|warning\)|check\))/);
      assert.doesNotMatch(line, UNSEEN, 'wizard');
      assert.doesNotMatch(line, /[\r\n]/);
    }
    const about = [{ what: 'Customer', name: text, id: 'x', main: true }];
    const dialog = plainMessage(confirmText({ about, warnings: [text] } as unknown as Plan));
    assert.doesNotMatch(dialog, /\]\(/);
    assert.doesNotMatch(dialog, UNSEEN);
    // One line a subject and one a warning, whatever they hold.
    assert.equal(dialog.split('\n').length, 3);
    for (const word of [nameWord, groupWord, capWord, tagsWord]) {
      const said = plainMessage(word(text).text);
      assert.doesNotMatch(said, /\]\(/);
      assert.doesNotMatch(said, UNSEEN);
    }
    const scope = { include: [{ kind: 'customer', value: text }], except: [] } as const;
    const explanation = {
      query: text,
      scope,
      resolved: resolveScope(scope, estate),
      timeRange: { kind: 'inQuery' },
      diagnostics: [{ severity: 'error', message: text, start: 0, length: 1 }],
    } as unknown as Parameters<typeof explainText>[0];
    const explained = explainText(explanation, estate);
    isInert(explained, text, 'explanation');
    const planned = explainMarkdown({
      answer: 'across',
      promise: { kind: 'approximate', error: text },
      parts: [
        {
          name: text,
          columns: [{ name: text, type: 'string' }],
          texts: [{ text, targets: [text] }],
          lacking: [text],
        },
      ],
      local: text,
      problems: [{ target: text, message: text }],
    });
    isInert(planned, text, 'plan of a run');

    const run = {
      query: text,
      state: 'running',
      rowCount: 1,
      completeness: { answered: 0, asked: 1 },
    } as unknown as Run;
    assert.doesNotMatch(textsOfRun(run, () => '').label, UNSEEN);
    const message = plainMessage(`There is no customer "${text}".`);
    assert.doesNotMatch(message, /\]\(/);
    assert.doesNotMatch(message, UNSEEN);
    assert.doesNotMatch(plainLabel(text), /\$\(|[\r\n]/);
    assert.doesNotMatch(cellText(text, 'string'), UNSEEN);
    assert.doesNotMatch(cellText(text, 'string'), /[\r\n\t]/);
    for (const kind of ['linechart', 'piechart']) {
      const data = {
        kind,
        xType: 'category',
        xName: text,
        series: [{ name: text, panel: kind === 'linechart' ? text : undefined, x: [text], y: [1] }],
        thinned: false,
      };
      const options = toChartOptions(
        data as Parameters<typeof toChartOptions>[0],
        { visualization: kind, title: text, xTitle: text, yTitle: text },
        { foreground: '', muted: '', line: '', background: '', palette: [] },
      );
      // What the canvas draws: a tooltip as HTML would be markup of others.
      assert.equal((options['tooltip'] as { renderMode: string }).renderMode, 'richText');
      walk(options, (value) => assert.doesNotMatch(value, UNSEEN, 'chart'));
    }
  });
}

function walk(value: unknown, look: (text: string) => void): void {
  if (typeof value === 'string') look(value);
  else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) walk(inner, look);
}
