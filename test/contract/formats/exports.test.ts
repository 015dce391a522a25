/**
 * A plan in every form it is exported in, read back by the languages' own grammars and done by other hands: the same
 * resources, and on the emulator the same estate as the plan itself leaves.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import { visibleText } from '../../../src/base/visibleText.ts';
import { exportPlan } from '../../../src/core/changes/formats/exportPlan.ts';
import { takeApart } from '../../../src/core/changes/formats/planParts.ts';
import type { PlanRequest } from '../../../src/core/changes/formats/planParts.ts';
import { requestUrl } from '../../../src/core/changes/formats/requestUrl.ts';
import type { PreparedPlan } from '../../../src/core/changes/makePlan.ts';
import { PLAN_EXPORT_FORMATS } from '../../../src/model/planExport.ts';
import type { PlanExportFormat } from '../../../src/model/planExport.ts';
import { HOSTILE_TEXTS } from '../../fixtures/hostileTexts.ts';
import { azRequests } from '../../harness/formats/azRequests.ts';
import type { WireRequest } from '../../harness/formats/azRequests.ts';
import { readBicep } from '../../harness/formats/readBicep.ts';
import { readPowershell } from '../../harness/formats/readPowershell.ts';
import { readTerraform } from '../../harness/formats/readTerraform.ts';
import { runBash } from '../../harness/formats/runBash.ts';
import { putsOf } from '../../harness/formats/written.ts';
import type { WrittenResource } from '../../harness/formats/written.ts';
import { NO_SHELL } from '../../harness/system.ts';
import { closeEngine, openEstate, planOf, standingOf, versionOf, WEBHOOK } from './exportedPlan.ts';
import type { OpenedEstate } from './exportedPlan.ts';

/** What a shell, a template, a quote or the CLI itself would take for its own. */
const TEXTS = [
  HOSTILE_TEXTS.join(' '),
  `it's "quoted" \u2018curly\u2019 \u201ctoo\u201d`,
  '`whoami` $(whoami) $env:USER ${HOME} $$ $${x} %{if true} %%{x} %PATH% !x! ^ & | < > ;',
  "'@\n\"@\n@'\nEOF",
  '@/etc/passwd',
  'a=@/etc/passwd',
  "[parameters('x')]",
  '[[doubled]]',
  '--yes',
  '\ud83d\ude00 \\u0041 \\x41 \\\\',
  'ends with \\',
];

/** Waiting for a service that is here takes a few milliseconds. */
const HASTY = { now: Date.now, sleep: (ms: number) => setTimeout(Math.min(ms, 15)) };

let opened: OpenedEstate, prepared: PreparedPlan, subscription: string;
const secrets = { serviceUri1: WEBHOOK };
const textOf = (format: PlanExportFormat, name?: string): string => exportPlan(prepared.plan, format, name)[0]!.text;

before(async () => {
  opened = await openEstate();
  prepared = await planOf(opened, TEXTS);
  subscription = opened.estate.home.subscriptionId;
});
after(async () => {
  await opened.close();
  await closeEngine();
});

/** Does a plan's work by other hands on an estate of its own; what there is then. */
async function standingAfter(work: (there: OpenedEstate) => Promise<void>): Promise<object> {
  const there = await openEstate();
  try {
    await work(there);
    return await standingOf(there, prepared);
  } finally {
    await there.close();
  }
}

async function send(there: OpenedEstate, requests: readonly WireRequest[]): Promise<void> {
  for (const { method, path, body } of requests) {
    const { status, text } = await there.send(method, path, body);
    assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
  }
}

/** What has to be done before a template, and what it does not say: by its own words. */
async function besideTemplate(there: OpenedEstate, file: string, work: () => Promise<void>): Promise<void> {
  const said = file.startsWith('{')
    ? (JSON.parse(file) as { metadata: { description: readonly string[] } }).metadata.description
    : file.split('\n').flatMap((line) => (/^(\/\/|#) /.test(line) ? [line.replace(/^(\/\/|#) /, '')] : []));
  const before = said.flatMap((line) => (line.startsWith('- az provider register ') ? [line.slice(5).split(' ')] : []));
  await send(there, azRequests(before));
  await work();
  const at = said.findIndex((line) => line.startsWith('Not in here'));
  const missing = at < 0 ? [] : said.slice(at + 1).map((line) => line.slice(2));
  const { steps } = takeApart(prepared.plan);
  for (const title of missing) {
    const found = steps.find((one) => visibleText(one.title) === title);
    assert.ok(found, `"${title}" is a change of the plan`);
    await send(there, found.requests.map(toWire));
  }
}

function toWire(request: PlanRequest): WireRequest {
  return { method: request.method, path: requestUrl(request), ...(request.body ? { body: request.body } : {}) };
}

async function deploy(there: OpenedEstate, template: string): Promise<void> {
  const at = `/subscriptions/${subscription}/providers/Microsoft.Resources/deployments/plan?api-version=2025-04-01`;
  const properties = {
    mode: 'Incremental',
    template: JSON.parse(template) as object,
    parameters: { serviceUri1: { value: WEBHOOK } },
  };
  const { status, text } = await there.send('PUT', at, { location: 'westeurope', properties });
  assert.equal(status, 201, text);
  for (;;) {
    const made = (await there.send('GET', at)).json<{ properties: { provisioningState: string } }>().properties;
    if (made.provisioningState === 'Succeeded') return;
    assert.match(made.provisioningState, /^(Accepted|Running)$/, JSON.stringify(made));
    await setTimeout(5);
  }
}

/** Makes resources in the last order that their file allows, as Bicep's deployment or a provider of Terraform would. */
async function make(there: OpenedEstate, resources: readonly WrittenResource[]): Promise<void> {
  for (const request of putsOf(resources, secrets, versionOf)) {
    if (request.method !== 'MERGE') await send(there, [request]);
    else {
      const now = (await there.send('GET', request.path)).json<object>();
      await send(there, [{ ...request, method: 'PUT', body: merged(now, request.body) as object }]);
    }
  }
}

function merged(now: unknown, over: unknown): unknown {
  const plain = (one: unknown): one is object => typeof one === 'object' && one !== null && !Array.isArray(one);
  if (!plain(now) || !plain(over)) return over;
  const [before, after] = [now as Record<string, unknown>, over as Record<string, unknown>];
  return {
    ...before,
    ...Object.fromEntries(Object.entries(after).map(([key, one]) => [key, merged(before[key], one)])),
  };
}

describe("the estate that each export leaves is the plan's, whatever others call things", () => {
  let wanted: object;
  before(async () => {
    wanted = await standingAfter(async (there) => {
      const { result } = await applyPlan(await planOf(there, TEXTS), {
        handlers: there.handlers,
        clock: HASTY,
        report: () => undefined,
      });
      assert.equal(result.ok, true, result.error?.message);
    });
    const gone = Object.entries(wanted).flatMap(([target, there]) => (typeof there === 'number' ? [target] : []));
    const removed = prepared.plan.changes.filter(({ action }) => action === 'delete');
    assert.equal(gone.length, removed.length, 'everything is there but what the plan removes');
    assert.deepEqual(
      new Set(prepared.plan.changes.map(({ resource }) => resource)),
      new Set(opened.handlers.map(({ resource }) => resource)),
      'the plan has every kind of change there is',
    );
  });

  test('an ARM template that is deployed', async () => {
    const file = textOf('arm');
    const standing = await standingAfter((there) => besideTemplate(there, file, () => deploy(there, file)));
    assert.deepEqual(standing, wanted);
  });

  test('what the calls of az send', { skip: NO_SHELL }, async () => {
    const calls = runBash(textOf('az'), { SERVICE_URI_1: WEBHOOK });
    assert.deepEqual(await standingAfter((there) => send(there, azRequests(calls))), wanted);
  });

  test('what the calls of az from PowerShell send', async () => {
    const calls = await readPowershell(textOf('az', 'plan.ps1'), ['Invoke-Az'], secrets);
    const words = calls.map(({ words: [all] }) => all as string[]);
    assert.deepEqual(await standingAfter((there) => send(there, azRequests(words))), wanted);
  });

  test('what PowerShell sends', async () => {
    const names = ['Send-Change', 'New-AzResourceGroup', 'Register-AzResourceProvider'];
    const calls = await readPowershell(textOf('powershell'), names, secrets);
    const requests = calls.map(({ name, words }): WireRequest => {
      const [first, second, third, last] = words as string[];
      const at = `/subscriptions/${subscription}`;
      if (name === 'New-AzResourceGroup') {
        const path = `${at}/resourceGroups/${encodeURIComponent(second!)}?api-version=2025-04-01`;
        return { method: 'PUT', path, body: { location: last } };
      }
      if (name === 'Register-AzResourceProvider')
        return { method: 'POST', path: `${at}/providers/${second!}/register?api-version=2025-04-01` };
      return { method: first!, path: second!, ...(third === undefined ? {} : { body: JSON.parse(third) as object }) };
    });
    assert.deepEqual(await standingAfter((there) => send(there, requests)), wanted);
  });

  test('what a deployment of Bicep makes, read by its grammar', async () => {
    const files = exportPlan(prepared.plan, 'bicep');
    const resources = await readBicep(files, subscription);
    const standing = await standingAfter((there) =>
      besideTemplate(there, files[0]!.text, () => make(there, resources)),
    );
    assert.deepEqual(standing, wanted);
  });

  test("what Terraform's providers make, read by HCL's parser", async () => {
    const file = textOf('terraform');
    const resources = await readTerraform(file, subscription);
    const standing = await standingAfter((there) => besideTemplate(there, file, () => make(there, resources)));
    assert.deepEqual(standing, wanted);
  });
});

for (const format of PLAN_EXPORT_FORMATS)
  test(`${format}: no secret in it, the same text each time, nothing unseen, and a header that says what it does`, () => {
    for (const name of [undefined, ...(format === 'az' ? ['plan.ps1'] : [])]) {
      const files = exportPlan(prepared.plan, format, name);
      assert.deepEqual(files, exportPlan(prepared.plan, format, name));
      for (const { text } of files) {
        assert.ok(!/cr3t/.test(text), 'the address of the webhook is asked for');
        // eslint-disable-next-line no-control-regex
        assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/);
      }
      assert.match(files[0]!.text, /Made by Tenantscope of a plan\. What it does:/);
      assert.match(files[0]!.text, /Create workspace law-made/);
      assert.match(files[0]!.text, /serviceUri1/i);
    }
  });
