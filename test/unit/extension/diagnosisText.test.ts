import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnosisText } from '../../../src/extension/doctor/diagnosisText.ts';
import type { Diagnosis } from '../../../src/model/diagnosis.ts';

const diagnosis: Diagnosis = {
  cloud: 'public',
  version: '1.0.0',
  at: '2026-11-22T08:00:00.000Z',
  checks: [
    {
      probe: 'connection',
      service: 'signIn',
      state: 'works',
      names: { host: 'login.example' },
      detail: 'answers',
      ms: 3,
    },
    {
      probe: 'query',
      service: 'logAnalytics',
      state: 'fails',
      names: { account: 'ann', tenant: '[Contoso](command:x)' },
      detail: 'failed: access.insufficient',
      code: 'access.insufficient',
      message: 'No access for ann.',
      next: 'Ask for Log Analytics Reader.',
      ms: 5,
    },
  ],
};

test('what fails comes first, names of others are text, and the part for support has none', () => {
  const text = diagnosisText(diagnosis);
  const [forPerson, forSupport] = text.split('## For support') as [string, string];
  assert.ok(forPerson.indexOf('No access for ann') < forPerson.indexOf('## Everything'));
  assert.match(forPerson, /1 of 2 checks fail\./);
  assert.ok(!forPerson.includes('[Contoso](command:x)'));
  const { checks } = JSON.parse(/```json\n([^]*)\n```/.exec(forSupport)![1]!) as Diagnosis;
  assert.deepEqual(
    checks.map(({ names, code, next }) => [Object.values(names), code, next]),
    [
      [['host 1'], undefined, undefined],
      [['account 1', 'tenant 1'], 'access.insufficient', 'Ask for Log Analytics Reader.'],
    ],
  );
});
