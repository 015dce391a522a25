import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { changeHandlers } from '../../../src/app/changeHandlers.ts';
import { BaselineClient } from '../../../src/azure/arm/baseline/baselineClient.ts';
import { TagsClient } from '../../../src/azure/arm/baseline/tagsClient.ts';
import { SavedQueriesClient } from '../../../src/azure/arm/savedQueries.ts';
import { BaselineService } from '../../../src/core/baseline/baselineService.ts';
import { soundBaseline } from '../../../src/core/baseline/soundBaseline.ts';
import { AssessClient } from '../../../src/azure/arm/assess/assessClient.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { AssessmentService } from '../../../src/core/assess/assessmentService.ts';
import { ALL_CHECKS } from '../../../src/core/assess/checks/allChecks.ts';
import { parseCustomers } from '../../../src/core/customers/parseCustomers.ts';
import { EstateService } from '../../../src/core/estate/estateService.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import type { AnswerKey } from '../../../src/emulator/world/answerKey.ts';
import type { SampleOptions } from '../../../src/emulator/world/sample.ts';
import { SYSTEM_CLOCK } from '../../../src/engine/runtime/systemClock.ts';
import type { Assessment } from '../../../src/model/assessment/assessment.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { ROOT } from '../../../scripts/tools.mjs';
import { connect, signedIn } from '../azure/connect.ts';
import { NOW, SampleEmulator } from '../logs/sampleEmulator.ts';

/** What the sample's provider agreed: one customer keeps nothing of it, one all, one lacks a tag, one is to come. */
const AGREED = {
  label: 'baseline.json',
  text: readFileSync(join(ROOT, 'media/samples/.tenantscope/baseline.json'), 'utf8'),
};

const WHERE = 'workspace fabrikam-dev, workspace fabrikam-ops and workspace fabrikam-security';
const NOT_KEPT = [
  `Fabrikam: ${WHERE}, table Heartbeat: Total retention: as the workspace instead of 365 days.`,
  'Fabrikam: resource group rg-fabrikam-logs, collection rule dcr-baseline: missing.',
  'Fabrikam: machine fabri-dev-node02, machine FABRI-DEV-SQL03, machine FABRI-OPS-DC01, machine FABRI-OPS-JUMP05, machine fabri-ops-node02 and 11 more, association with collection rule dcr-baseline: missing.',
  'Fabrikam: workspace fabrikam-dev and workspace fabrikam-ops, diagnostic setting queries: missing.',
  'Fabrikam: subscription Fabrikam production, diagnostic setting activity: missing.',
  'Fabrikam: resource group rg-fabrikam-logs, action group desk: missing.',
  `Fabrikam: ${WHERE}, alert Machine silent: missing.`,
  `Fabrikam: ${WHERE}, function SilentMachines: missing.`,
  `Fabrikam: ${WHERE}, settings: Tag managedBy missing (Northbridge).`,
  'Fabrikam: resource group rg-fabrikam-logs, tags: Tag managedBy missing (Northbridge).',
  `Fabrikam: ${WHERE}, saved query Failed sign-ins by country: missing.`,
  'Graphic Design Institute: resource group rg-graphicdesign-logs, collection rule dcr-servers: missing.',
  'Graphic Design Institute: machine gdi-dc01 and machine gdi-web01, association with collection rule dcr-servers: missing.',
  'Tailspin Toys: workspace tailspin-ops, settings: Tag managedBy missing (Northbridge).',
];

/**
 * The assessment of a whole estate, through the real clients, against a key that was made of the estate's plans and
 * knows nothing of the checks. Nothing may be missing, and nothing more may be there.
 */
async function assess(options: SampleOptions): Promise<{ assessment: Assessment; key: AnswerKey }> {
  const sample = await SampleEmulator.start(options);
  const { engineer, customersFile, answers } = sample.sample;
  const person = signedIn(sample.emulator, engineer, engineer.password!);
  const connection = connect(sample.emulator, person);
  // The emulator's time stands still; waiting goes by the wall's.
  const clock: Clock = { now: () => Date.parse(NOW), sleep: (ms, signal) => SYSTEM_CLOCK.sleep(ms, signal) };
  try {
    const customers = { load: async () => parseCustomers(customersFile, 'customers.json') };
    const estate = new EstateService({
      accounts: connection.tokens,
      directory: connection.directory,
      customers,
      clock: SYSTEM_CLOCK,
      cloud: 'emulator',
    });
    const assess = new AssessClient(connection.clients);
    const service = new AssessmentService({
      logs: connection.logs,
      assess,
      directory: connection.directory,
      scheduler: new QuotaScheduler(SYSTEM_CLOCK),
      clock,
      estate,
      customers,
      newId: () => 'assessment',
      baseline: new BaselineService({
        assess,
        savedQueries: new SavedQueriesClient(connection.clients),
        baseline: new BaselineClient(connection.clients),
        tags: new TagsClient(connection.clients),
        handlers: changeHandlers(connection.clients),
        clock,
        estate,
        changes: { plan: () => Promise.reject(new Error('An assessment changes nothing.')) },
      }),
    });
    const baseline = options.assess ? {} : { baseline: soundBaseline(AGREED) };
    return { assessment: await service.assess({ scope: EVERYTHING, ...baseline }), key: answers('engineer') };
  } finally {
    connection.dispose();
    person.close();
    await sample.emulator.close();
  }
}

/** What an assessment says, as the key says it; what fits only where the key expects something. */
function said(assessment: Assessment, key: AnswerKey): AnswerKey {
  return {
    customers: Object.fromEntries(
      assessment.customers
        .map((one) => {
          const { best } = key.customers[one.key] ?? {};
          const findings = one.findings.map(({ check, subject, severity }) => `${check}:${subject.name}:${severity}`);
          return [
            one.key,
            {
              today: one.today.state,
              ...(best === undefined || one.fit.best === undefined ? {} : { best: one.fit.best }),
              findings: findings.sort(),
            },
          ] as const;
        })
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

describe('the hand-made estate', () => {
  it('is assessed as its frozen key says, has a customer for every check and every verdict, and one that is well', async () => {
    const { assessment } = await assess({});
    const key = JSON.parse(readFileSync(join(ROOT, 'test/fixtures/assess/sampleKey.json'), 'utf8')) as AnswerKey;
    assert.deepEqual(said(assessment, key), key);
    const agreed = assessment.customers.flatMap(({ name, checks }) =>
      checks
        .filter(({ check, state }) => check === 'baselineDrift' && state !== 'notApplicable')
        .map((one) => ({ name, ...one })),
    );
    assert.deepEqual(agreed.map(({ name, state, unknown }) => `${name} ${state} ${unknown.length}`).sort(), [
      'Fabrikam found 0',
      'Graphic Design Institute found 0',
      'Litware passed 0',
      'Tailspin Toys found 0',
    ]);
    const told = agreed.flatMap(({ name, findings }) =>
      findings.flatMap(({ evidence }) => evidence.map(({ text }) => `${name}: ${text}`)),
    );
    // Every kind of setting, once for all places where it differs alike.
    assert.deepEqual(
      told.map((text) => text.replace(/ Not changed in the last 89 days\.$/, '')),
      NOT_KEPT,
    );
    const answers = Object.values(key.customers);
    const found = new Set(answers.flatMap(({ findings }) => findings.map((line) => line.split(':')[0])));
    assert.deepEqual(
      ALL_CHECKS.map(({ id }) => id).filter((id) => !found.has(id)),
      [],
      'every check is found somewhere',
    );
    assert.deepEqual([...new Set(answers.map(({ today }) => today))].sort(), [
      'central',
      'distributed',
      'hybrid',
      'mixed',
      'none',
      'unknown',
    ]);
    assert.deepEqual([...new Set(answers.flatMap(({ best }) => best ?? []))].sort(), [
      'central',
      'distributed',
      'hybrid',
    ]);
    assert.ok(
      answers.some(({ findings }) => findings.length === 0),
      'one customer has nothing wrong',
    );
  });
});

describe('an estate of another seed', () => {
  for (const seed of [7, 20261129])
    it(`is assessed as the key of its plans says: seed ${seed}`, async () => {
      const { assessment, key } = await assess({ assess: { seed, count: 12 } });
      assert.deepEqual(said(assessment, key), key);
    });
});
