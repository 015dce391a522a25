/**
 * Texts made of what means something to a shell, a template or a quote, in every place of a plan where others choose a
 * text, and read back by each language's own grammar: the same texts, and nothing beside them. `HOSTILE_SEED=N` for one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportPlan } from '../../../src/core/changes/formats/exportPlan.ts';
import { templateText } from '../../../src/core/changes/export.ts';
import { asTemplateTexts } from '../../../src/core/changes/asTemplateTexts.ts';
import type { PlanExportFormat, PlanSource } from '../../../src/model/planExport.ts';
import { readBicep } from '../../harness/formats/readBicep.ts';
import { readPowershell } from '../../harness/formats/readPowershell.ts';
import { readTerraform } from '../../harness/formats/readTerraform.ts';
import { runBash } from '../../harness/formats/runBash.ts';
import { SeededRandom } from '../../harness/seededRandom.ts';
import { NO_SHELL } from '../../harness/system.ts';

const PIECES = [
  ...["'", '"', '`', '\\', '$', '${x}', '$${x}', '$(whoami)', '%{if true}', '%%{', '%PATH%', '!x!', '{', '}', '[', ']'],
  ...["'@", "@'", '"@', '@"', '\n', '\r\n', '\t', '#', '//', '/*', '*/', '<#', '#>', '<<EOF', 'EOF', ';', '&', '|'],
  ...['--%', '--yes', '@file', '=', ',', ' ', '\\n', '\\u{41}', '\\u0041', "''", "'''", '\u2018', '\u201d', '\u2028'],
  ...[
    '\u202e',
    '\u200b',
    '\ufeff',
    '\u0007',
    '\u001b[31m',
    '\ud83d\ude00',
    'e\u0301',
    'null',
    'true',
    '-1',
    '??',
    'a',
    'Z9',
  ],
];
const SEEDS = process.env['HOSTILE_SEED'] ? [Number(process.env['HOSTILE_SEED'])] : [1, 2, 3];
const TEXTS_A_PLAN = 40;
const SUBSCRIPTION = '11111111-1111-4111-8111-111111111111';

interface Hostile {
  readonly texts: readonly string[];
  readonly title: string;
  readonly source: PlanSource;
  /** What each resource says beside its name. */
  readonly bodies: readonly object[];
}

function hostilePlan(seed: number): Hostile {
  const random = new SeededRandom(seed);
  const text = (): string => Array.from({ length: random.int(1, 6) }, () => random.pick(PIECES)).join('');
  const texts = [
    ...Array.from({ length: TEXTS_A_PLAN }, text),
    "it's",
    '@/etc/passwd',
    'ends with \\',
    '[[a]',
    "['x']",
  ];
  const named = Object.fromEntries(texts.map((one, at) => [`${one}${at}`, one]));
  const [group, title] = [`rg'$(x)`, texts.join(' ')];
  const target = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Some/things/a`;
  const thing = { location: 'westeurope', properties: { list: texts, named, deep: [{ one: { two: texts[0] } }] } };
  const tags = Object.fromEntries(texts.map((one, at) => [`tag ${one}${at}`, one]));
  const workspace = {
    location: 'westeurope',
    tags,
    properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30, workspaceCapping: { dailyQuotaGb: -1 } },
  };
  const resource = (type: string, name: string, body: object): object => ({
    type,
    apiVersion: '2024-01-01',
    name: templateText(name),
    ...(asTemplateTexts(body) as object),
  });
  const step = { title, action: 'create', target, requests: [] } as const;
  return {
    texts,
    title,
    bodies: [thing, workspace],
    source: {
      tenant: 'tenant-1',
      secrets: [],
      steps: [
        {
          ...step,
          resources: [resource('Microsoft.Some/things', 'a', thing)],
          commands: [['some', 'command', '--texts', ...texts, '--more', ...texts.map((one) => `name=${one}`)]],
        },
        {
          ...step,
          resources: [resource('Microsoft.OperationalInsights/workspaces', 'law', workspace)],
          commands: [],
        },
      ],
    },
  };
}

const textOf = (plan: Hostile, format: PlanExportFormat, name?: string): string =>
  exportPlan(plan, format, name)[0]!.text;

for (const seed of SEEDS) {
  const plan = hostilePlan(seed);
  const { texts, bodies } = plan;
  const words = ['some', 'command', '--texts', ...texts, '--more', ...texts.map((one) => `name=${one}`)];

  test(`seed ${seed}: ARM`, () => {
    const { resources } = JSON.parse(textOf(plan, 'arm')) as { resources: Record<string, unknown>[] };
    assert.deepEqual(
      resources.map(({ type: _type, apiVersion: _version, name: _name, ...body }) => body),
      bodies.map(asTemplateTexts),
    );
  });

  test(`seed ${seed}: Bicep`, async () => {
    const read = await readBicep(exportPlan(plan, 'bicep'), SUBSCRIPTION, `rg'$(x)`);
    assert.deepEqual(
      read.map(({ body }) => body),
      bodies,
    );
  });

  test(`seed ${seed}: Terraform, azapi and azurerm`, async () => {
    const read = await readTerraform(textOf(plan, 'terraform'), SUBSCRIPTION);
    const of = (type: string): Record<string, unknown> =>
      read.find(({ id }) => id.includes(type))!.body as Record<string, unknown>;
    // Terraform's strings are normalized, and the file says so.
    const [thing, workspace] = JSON.parse(JSON.stringify(bodies).normalize('NFC')) as [object, { tags: object }];
    assert.equal(read.length, 2);
    assert.deepEqual(of('Microsoft.Some'), thing);
    assert.deepEqual(of('workspaces')['tags'], workspace.tags);
    const isComposed = JSON.stringify(bodies) === JSON.stringify(bodies).normalize('NFC');
    assert.equal(/composes characters/.test(textOf(plan, 'terraform')), !isComposed);
  });

  test(`seed ${seed}: bash with the Azure CLI`, { skip: NO_SHELL }, () => {
    const calls = runBash(textOf(plan, 'az'));
    assert.deepEqual(
      calls.map(([first]) => first),
      ['account', 'some', 'rest'],
    );
    assert.deepEqual(calls[1], words);
    assert.deepEqual(JSON.parse(calls[2]!.at(-1)!), bodies[1]);
  });

  test(`seed ${seed}: PowerShell, with Az and with the Azure CLI`, async () => {
    const sent = await readPowershell(textOf(plan, 'powershell'), ['Send-Change'], {});
    assert.deepEqual(
      sent.map(({ words: [, , payload] }) => JSON.parse(payload as string) as object),
      bodies,
    );
    const calls = await readPowershell(textOf(plan, 'az', 'plan.ps1'), ['Invoke-Az'], {});
    assert.equal(calls.length, 3);
    assert.deepEqual(calls[1]!.words[0], words);
  });
}
