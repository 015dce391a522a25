import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceOnEach, architectureAdvice } from '../../../src/core/onboard/architectureAdvice.ts';
import type { CustomerAssessment } from '../../../src/model/assessment/assessment.ts';
import type { Fit } from '../../../src/model/assessment/verdict.ts';
import { toCustomerKey, toTenantId } from '../../../src/model/ids.ts';

const tenant = toTenantId('11111111-1111-4111-8111-111111111111');
const coming = { name: 'Tailspin', key: 'tailspin', tenant, architecture: 'distributed' } as const;
const assessed = (key: string, fit: Partial<Fit>) => ({
  at: '2026-11-28T10:00:00.000Z',
  customers: [{ key: toCustomerKey(key), name: 'Tailspin Toys', fit } as CustomerAssessment],
});
const scores = { distributed: 40.4, central: 12, hybrid: 81.6 };

test('another architecture fits better: said, with both scores, and left to the person', () => {
  assert.equal(
    architectureAdvice(coming, assessed(tenant, { best: 'hybrid', scores })),
    'The assessment of 2026-11-28 finds that hybrid fits better (82 of 100), and distributed 40. It is yours to say: "architecture" in the file.',
  );
  const same = architectureAdvice(
    { ...coming, architecture: 'hybrid' },
    assessed('Tailspin', { best: 'hybrid', scores }),
  );
  assert.equal(same, 'The assessment of 2026-11-28 finds that hybrid fits best (82 of 100), too.');
});

test('nothing is made up where too little is known, or the customer is not', () => {
  assert.match(architectureAdvice(coming, assessed('tailspin', {}))!, /knows too little/);
  assert.equal(architectureAdvice(coming, assessed('wingtip', { best: 'hybrid' })), undefined);
});

test('each architecture has its score beside it, the best one says so; nothing where too little is known', () => {
  const { architecture: _, ...who } = coming;
  assert.deepEqual(adviceOnEach(who, assessed(tenant, { best: 'hybrid', scores })), {
    distributed: '40 of 100',
    central: '12 of 100',
    hybrid: 'fits best, says the assessment of 2026-11-28: 82 of 100',
  });
  assert.equal(adviceOnEach(who, assessed(tenant, { scores })), undefined);
  assert.equal(adviceOnEach(who, assessed('wingtip', { best: 'hybrid' })), undefined);
});
