/**
 * A plan in every form it is exported in, read back by the languages' own grammars and done by other hands: the same
 * resources, and on the emulator the same estate as the plan itself leaves.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import { exportPlan } from '../../../src/core/changes/formats/exportPlan.ts';
import type { PreparedPlan } from '../../../src/core/changes/makePlan.ts';
import { PLAN_EXPORT_FORMATS } from '../../../src/model/planExport.ts';
import type { PlanExportFormat } from '../../../src/model/planExport.ts';
import { HOSTILE_TEXTS } from '../../fixtures/hostileTexts.ts';
import { azRequests } from '../../harness/formats/azRequests.ts';
import type { WireRequest } from '../../harness/formats/azRequests.ts';
import { readArm } from '../../harness/formats/readArm.ts';
import { readBicep } from '../../harness/formats/readBicep.ts';
import { readPowershell } from '../../harness/formats/readPowershell.ts';
import { readTerraform } from '../../harness/formats/readTerraform.ts';
import { runBash } from '../../harness/formats/runBash.ts';
import { byId } from '../../harness/formats/written.ts';
import type { WrittenResource } from '../../harness/formats/written.ts';
import { NO_SHELL } from '../../harness/system.ts';
import { closeEngine, openEstate, planOf, standingOf, WEBHOOK } from './exportedPlan.ts';
import type { OpenedEstate } from './exportedPlan.ts';

/** What a shell, a template, a quote or the CLI itself would take for its own. */
const TEXTS = [
  ...HOSTILE_TEXTS,
  `it's "quoted" \u2018curly\u2019 \u201ctoo\u201d`,
  '`whoami` $(whoami) $env:USER ${HOME} $$ $${x} %{if true} %%{x} %PATH% !x! ^ & | < > ;',
  "'@\n\"@\n@'\nEOF",
  '@/etc/passwd',
  'a=@/etc/passwd',
  "[parameters('x')]",
  '[[doubled]]',
  '--yes',
  '\ud83d\ude00',
  '\\u0041 \\x41 \\\\',
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

describe("the estate that each export leaves is the plan's, whatever others call things", () => {
  let wanted: object;
  before(async () => {
    wanted = await standingAfter(async (there) => {
      const its = await planOf(there, TEXTS);
      const { result } = await applyPlan(its, {
        handlers: there.handlers,
        clock: HASTY,
        report: () => undefined,
      });
      assert.equal(result.ok, true, result.error?.message);
    });
    assert.ok(!JSON.stringify(wanted).includes('404'), 'everything of the plan is there');
  });

  test('an ARM template that is deployed', async () => {
    assert.deepEqual(await standingAfter((there) => deploy(there, textOf('arm'))), wanted);
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
    const calls = await readPowershell(textOf('powershell'), ['Send-Change', 'New-AzResourceGroup'], secrets);
    const requests = calls.map(({ name, words }): WireRequest => {
      if (name === 'New-AzResourceGroup') {
        const [, group, , location] = words as string[];
        const path = `/subscriptions/${subscription}/resourceGroups/${encodeURIComponent(group!)}?api-version=2025-04-01`;
        return { method: 'PUT', path, body: { location } };
      }
      const [method, path, body] = words as string[];
      return { method: method!, path: path!, ...(body === undefined ? {} : { body: JSON.parse(body) as object }) };
    });
    assert.deepEqual(await standingAfter((there) => send(there, requests)), wanted);
  });

  test('Bicep and Terraform say what the ARM template says', async () => {
    const arm = byId(readArm(textOf('arm'), subscription));
    assert.equal(arm.length, prepared.plan.changes.length);
    const said = (resources: readonly WrittenResource[]): readonly WrittenResource[] =>
      byId(resources).map((one) => ({ ...one, body: lower(one.body) as object }));
    assert.deepEqual(said(await readBicep(exportPlan(prepared.plan, 'bicep'), subscription)), said(arm));
    const terraform = await readTerraform(textOf('terraform'), subscription);
    assert.deepEqual(
      said(terraform).map(({ id, body }) => ({ id, body })),
      said(arm).map(({ id, body }) => ({ id, body })),
    );
    for (const { id, apiVersion } of terraform)
      if (apiVersion !== undefined) assert.equal(apiVersion, arm.find((one) => one.id === id)!.apiVersion, id);
  });
});

/** Services take these without regard to case, and Terraform's providers write them their own way. */
function lower(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body).replaceAll('"location":"Global"', '"location":"global"'));
}

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
