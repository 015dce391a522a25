import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remedyFor } from '../../../src/core/central/remedy.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { customer, sampleEstate, tenant } from '../estate/sampleEstate.ts';

const estate: Estate = {
  ...sampleEstate(),
  customers: [customer('coho', 1, { name: 'Coho Winery' }), customer('fourth', 2, { name: 'Fourth Coffee' })],
  tenants: [tenant('coho', 1), tenant('fourth', 2)],
};
const machine = (computer: string): string => remedyFor({ computer, resource: '' }, [], estate);

test('a domain that is called as one customer is proposed as its, for a person to say so', () => {
  assert.equal(
    machine('dc01.cohowinery.com'),
    `If cohowinery.com is Coho Winery's, a rule: {"customer": "coho", "computer": "cohowinery.com"}`,
  );
});

test('a domain that is called as nobody, or only resembles somebody, names nobody', () => {
  for (const domain of ['corp.local', 'cohowinery2.com', 'coffee.example'])
    assert.equal(machine(`pc.${domain}`), `Rule: {"customer": "...", "computer": "${domain}"}`);
});

test('a domain that two customers are called as names neither', () => {
  const { customers } = estate;
  const both = { ...estate, customers: [...customers, customer('cohowinery', 3, { name: 'Coho Winery Europe' })] };
  assert.match(remedyFor({ computer: 'a.cohowinery.com', resource: '' }, [], both), /"customer": "\.\.\."/);
});
