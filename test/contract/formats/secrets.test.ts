/** No secret in anything that is written down of a plan, of every kind of change, and the true one at the service. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '../../../src/base/errors.ts';
import { SecretText, secretsIn } from '../../../src/base/secretText.ts';
import type { WantedActionGroup } from '../../../src/core/alerts/actionGroupHandler.ts';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import type { ChangeHandler, Intent } from '../../../src/core/changes/changeHandler.ts';
import { exportPlan } from '../../../src/core/changes/formats/exportPlan.ts';
import { makePlan } from '../../../src/core/changes/makePlan.ts';
import type { PreparedPlan } from '../../../src/core/changes/makePlan.ts';
import { planSheet } from '../../../src/core/changes/planSheet.ts';
import { Journal } from '../../../src/core/onboard/journal.ts';
import { onboardingReceipt } from '../../../src/core/onboard/onboardingReceipt.ts';
import type { FinishedCustomer } from '../../../src/core/onboard/finishedCustomer.ts';
import type { PlanResult } from '../../../src/model/plan.ts';
import { toPlanId } from '../../../src/model/ids.ts';
import { PLAN_EXPORT_FORMATS } from '../../../src/model/planExport.ts';
import { closeEngine, openEstate, planOf, WEBHOOK } from './exportedPlan.ts';
import type { OpenedEstate } from './exportedPlan.ts';

const HASTY = { now: Date.now, sleep: (ms: number) => setTimeout(Math.min(ms, 15)) };
/** What the secrets of these plans have in them, and nothing else has. */
const CANARY = /cr3t/;

describe('a webhook whose address is a secret', () => {
  let opened: OpenedEstate, prepared: PreparedPlan;
  before(async () => {
    opened = await openEstate();
    prepared = await planOf(opened);
  });
  after(async () => {
    await opened.close();
    await closeEngine();
  });

  /** Carries it out; the result, and everything that is written down on the way. */
  async function carryOut(
    plan: PreparedPlan,
    handlers: readonly ChangeHandler[] = opened.handlers,
  ): Promise<{ readonly result: PlanResult; readonly written: readonly string[] }> {
    const written: string[] = [];
    const append = (line: string): Promise<void> => Promise.resolve(void written.push(line));
    const { result } = await applyPlan(plan, {
      handlers,
      clock: HASTY,
      report: ({ message }) => void written.push(message),
    });
    const journal = new Journal({ read: () => Promise.resolve(undefined), append }, () => 'now');
    await journal.addResult(result);
    const steps = [{ plan: plan.plan, result }];
    const finished = {
      customer: { name: 'Tailspin' },
      state: 'done',
      steps,
      notes: [],
      tables: [],
    } as unknown as FinishedCustomer;
    written.push(JSON.stringify(result), planSheet(plan.plan, { kind: 'over', result }));
    written.push(onboardingReceipt(finished, { attempts: 1, cutOff: new Set(), made: new Map(), interrupted: false }));
    return { result, written };
  }

  /** The same group with another address. */
  function again(address: string, handlers = opened.handlers): Promise<PreparedPlan> {
    const intent = prepared.intents.find(({ resource }) => resource === 'actionGroup') as Intent<WantedActionGroup>;
    const webhookReceivers = [{ name: 'hook', serviceUri: new SecretText(address, 'serviceUri') }];
    const intents = [{ ...intent, after: [], wanted: { ...intent.wanted, webhookReceivers } }] as Intent[];
    const { issuer, owner } = prepared;
    return makePlan(toPlanId('again'), { title: 'Again', issuer, owner, intents }, handlers);
  }

  test('the plan, its sheet and every form of it say what it is', () => {
    const secrets = secretsIn(prepared.intents);
    assert.ok(secrets.length > 0 && secrets.every((one) => CANARY.test(one.reveal())), 'the canary is planted');
    const { plan } = prepared;
    const texts = [
      JSON.stringify(prepared),
      planSheet(plan),
      ...PLAN_EXPORT_FORMATS.flatMap((format) => exportPlan(plan, format).map(({ text }) => text)),
      ...exportPlan(plan, 'az', 'plan.ps1').map(({ text }) => text),
    ];
    for (const text of texts) assert.doesNotMatch(text, CANARY);
    assert.match(
      planSheet(plan),
      /It calls hook at hooks\.example \(secret, 39 characters, SHA-256 [\da-f]{8}\.\.\.\)/,
    );
    assert.match(
      planSheet(plan),
      /az monitor action-group create .* webhook hook "\$SERVICE_URI_1" usecommonalertschema/,
    );
    assert.match(planSheet(plan), /\$SERVICE_URI_1 - to be set before: serviceUri of: Create action group ag-made/);
    assert.match(plan.template, /"serviceUri": "\[parameters\('serviceUri1'\)\]"/);
    assert.match(plan.template, /"serviceUri1": \{\s+"type": "securestring"/);
  });

  test('no kind of change has a plain text where services take a secret', () => {
    const suspicious: string[] = [];
    const look = (value: unknown, path: string): void => {
      if (typeof value === 'string' && /\.(\w*)(secret|password|token|sas|connectionstring|uri|url|key)$/i.test(path))
        suspicious.push(path);
      else if (typeof value === 'object' && value !== null)
        for (const [name, item] of Object.entries(value)) look(item, `${path}.${name}`);
    };
    for (const { resources, requests } of prepared.plan.source.steps) look({ resources, requests }, '');
    assert.deepEqual(suspicious, []);
  });

  test('carried out, the service has the true address, and the receipt and the journal have not', async () => {
    const { result, written } = await carryOut(prepared);
    assert.equal(result.ok, true, result.error?.message);
    const group = [...opened.estate.world.alerting.values()].find((one) => one.kind === 'group');
    assert.deepEqual(
      group?.properties.webhookReceivers?.map(({ serviceUri }) => serviceUri),
      [WEBHOOK],
    );
    for (const text of written) assert.doesNotMatch(text, CANARY);
  });

  test('another address is a difference between two hashes', async () => {
    const changed = await again(`${WEBHOOK}&other`);
    const [change] = changed.plan.changes;
    assert.equal(change!.action, 'update');
    const [before, after] = [
      /SHA-256 (\w+)/.exec(change!.differences[0]!.before!),
      /SHA-256 (\w+)/.exec(change!.differences[0]!.after!),
    ];
    assert.notEqual(before![1], after![1]);
    assert.doesNotMatch(JSON.stringify(changed), CANARY);
    assert.equal((await again(WEBHOOK)).plan.changes[0]!.action, 'none', 'the same address is none');
  });

  test('what the service repeats where it refuses is told without it', async () => {
    const address = `${WEBHOOK}&refused`;
    const refusing = opened.handlers.map((one): ChangeHandler =>
      one.resource === 'actionGroup'
        ? {
            ...one,
            apply: () => Promise.reject(new AppError('service.refused', `${address} is none.`, { data: { address } })),
          }
        : one,
    );
    const { result, written } = await carryOut(await again(address, refusing), refusing);
    assert.equal(result.ok, false);
    assert.match(result.error!.message, /^hooks\.example \(secret, .* is none\./);
    for (const text of written) assert.doesNotMatch(text, CANARY);
    const unread = refusing.map((one) => ({
      ...one,
      read: () => Promise.reject(new AppError('service.refused', `${address} is none.`)),
    }));
    await assert.rejects(again(address, unread), ({ message }: Error) => !CANARY.test(message));
  });
});
