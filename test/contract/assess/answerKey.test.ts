import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
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
    const service = new AssessmentService({
      logs: connection.logs,
      assess: new AssessClient(connection.clients),
      directory: connection.directory,
      scheduler: new QuotaScheduler(SYSTEM_CLOCK),
      clock,
      estate: new EstateService({
        accounts: connection.tokens,
        directory: connection.directory,
        customers,
        clock: SYSTEM_CLOCK,
        cloud: 'emulator',
      }),
      customers,
      newId: () => 'assessment',
    });
    return { assessment: await service.assess({ scope: EVERYTHING }), key: answers('engineer') };
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
