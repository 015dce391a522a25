import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EmulatedClock } from '../../../src/emulator/clock.ts';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { answerKey, type AnswerKey } from '../../../src/emulator/world/answerKey.ts';
import { assessEstate } from '../../../src/emulator/world/assessEstate.ts';
import { PROVIDER_CUSTOMERS } from '../../../src/emulator/world/defaultEstate.ts';
import { addSampleEstate } from '../../../src/emulator/world/sample.ts';

/**
 * Reviewed line by line against the specification of the checks: a change of the estate that changes it is a decision.
 */
const FROZEN = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/assess/sampleKey.json'), 'utf8'),
) as AnswerKey;

/** The checks of the specification, in its order. */
const CHECKS = [
  'rowsUnattributable',
  'blockAlone',
  'capHit',
  'ingestionStopped',
  'silentTable',
  'silentMachines',
  'retentionBelowDeclared',
  'regionOutsideResidency',
  'reachableTwice',
  'delegationTooBroad',
  'delegationCannotWork',
  'delegationCannotEnd',
  'guestOnly',
  'auditOffWhereShared',
  'auditShowsQueries',
  'legacyAgents',
  'keysOpen',
  'classicTables',
  'estatePastLimits',
  'payAsYouGo',
  'commitmentUnused',
  'paidTwice',
  'tableUnreadable',
  'customerCannotRead',
  'unlocked',
  'workspaceEmpty',
  'crossRegion',
  'uncollected',
  'exportOff',
  'tenantUnreachable',
  'flowsAcross',
  'noCap',
  'baselineDrift',
];
const checksOf = (key: AnswerKey): string[] =>
  Object.values(key.customers).flatMap(({ findings }) => findings.map((line) => line.slice(0, line.indexOf(':'))));

test('the key of the sample estate is the one that was reviewed', () => {
  assert.deepEqual(answerKey(PROVIDER_CUSTOMERS), FROZEN);
});

test('the sample estate has every check, every state, every fit, and somebody with nothing wrong', () => {
  const answers = Object.values(FROZEN.customers);
  assert.deepEqual([...new Set(checksOf(FROZEN))].sort(), [...CHECKS].sort());
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
  assert.deepEqual(FROZEN.customers['litware'], { today: 'distributed', best: 'distributed', findings: [] });
});

test('an application enters where a person is asked for more factors, and is nobody’s guest', () => {
  const { customers } = answerKey(PROVIDER_CUSTOMERS, 'automation');
  const expected = Object.fromEntries(
    Object.entries(FROZEN.customers).map(([key, answer]) => [
      key,
      { ...answer, findings: answer.findings.filter((line) => !line.startsWith('guestOnly:')) },
    ]),
  );
  expected['proseware'] = { today: 'distributed', findings: [] };
  assert.deepEqual(customers, expected);
});

test('each seed makes another estate, the same one every time, and its first customer has nothing wrong', async () => {
  const keys = [1, 2, 3, 4, 5, 6].map((seed) => answerKey(assessEstate(seed, 20)));
  assert.deepEqual(answerKey(assessEstate(4, 20)), keys[3]);
  assert.equal(new Set(keys.map((key) => JSON.stringify(key))).size, keys.length);
  for (const key of keys) {
    assert.equal(Object.keys(key.customers).length, 21);
    assert.ok(new Set(checksOf(key)).size >= 22, [...new Set(checksOf(key))].join(' '));
    assert.deepEqual(key.customers['contosotoys']?.findings, []);
  }
  const all = keys.flatMap(checksOf);
  for (const check of CHECKS)
    assert.ok(all.includes(check) || ['estatePastLimits', 'baselineDrift'].includes(check), check);
  const world = emptyWorld({ seed: 1, clock: new EmulatedClock(Date.parse('2026-03-02T10:00:00Z'), true) });
  const { customersFile, answers } = await addSampleEstate(world, { assess: { seed: 4, count: 20 } });
  assert.deepEqual(answers('engineer'), keys[3]);
  assert.deepEqual(
    (JSON.parse(customersFile) as { customers: { key: string }[] }).customers.map(({ key }) => key).sort(),
    Object.keys(keys[3]!.customers).sort(),
  );
});

test('a plan that does not say on which side of a limit it ends is refused by name', () => {
  const [provider, ...others] = PROVIDER_CUSTOMERS;
  const near = others.map((customer) =>
    customer.key === 'trey'
      ? {
          ...customer,
          tenants: customer.tenants.map((tenant) => ({
            ...tenant,
            workspaces: tenant.workspaces.map((plan) => ({ ...plan, gbPerDay: 115 })),
          })),
        }
      : customer,
  );
  assert.throws(() => answerKey([provider!, ...near]), /Volume of trey-research is .*too near/);
});
