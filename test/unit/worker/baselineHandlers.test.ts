import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { NEVER } from '../../../src/base/cancel.ts';
import type { BaselineService } from '../../../src/core/baseline/baselineService.ts';
import { customersOf } from '../../../src/core/customers/customersTexts.ts';
import type { DriftReport } from '../../../src/model/drift.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { baselineHandlers } from '../../../src/worker/baselineHandlers.ts';

const FILE = { label: 'baseline.json', text: '{\n"provider": {\n"tables": { "Syslog": { "retentionDays": 90 } } } }' };
const place = { customer: 'contoso', customerName: 'Contoso [x](y)', where: 'workspace law', target: '/law' };
const REPORT = {
  ...{ at: '2026-11-29T10:00:00.000Z', ms: 1, calls: 3, cancelled: false },
  customers: [
    { key: 'contoso', name: 'Contoso [x](y)', layers: ['provider'], settings: 2, kept: 0 },
    { key: 'other', name: 'Other', layers: ['provider'], settings: 0, kept: 0 },
  ],
  drift: [
    {
      ...{ ...place, section: 'tables', name: 'Syslog', severity: 'high', title: '', missing: false },
      differences: [{ name: 'Retention', before: '30 days', after: '90 days' }],
    },
    {
      ...{ ...place, section: 'locks', name: 'keep', severity: 'high', title: '', missing: true, differences: [] },
      blocked: 'Only the customer can set it.',
    },
  ],
  unknown: [],
} as unknown as DriftReport;

function handlers(plan: BaselineService['plan']) {
  const told: string[] = [];
  const draft = { title: 'Bring Contoso back', about: [{ what: 'Customer', name: 'Contoso' }] };
  const baseline = {
    check: async (_request: unknown, _signal: unknown, tell: (what: string, done: number, total: number) => void) => {
      tell('Reading what is there', 1, 2);
      return { report: REPORT, drifted: [] };
    },
    drafts: async () => [draft, draft],
    plan,
  } as unknown as BaselineService;
  const customers = { customers: [{ name: 'Contoso', key: 'contoso', tenants: ['contoso.com'], groups: ['gold'] }] };
  const session = {
    baseline,
    estate: { current: undefined },
    customersSource: () => customersOf([{ label: 'customers.json', text: JSON.stringify(customers) }]),
  };
  const made = baselineHandlers(
    () => session,
    ({ what, done, total }) => told.push(`${what} ${done}/${total}`),
  );
  return { made, told };
}
const refused = () => Promise.reject(new AppError('access.insufficient', 'Nobody may.'));

describe('baselines in the worker', () => {
  it('are looked at with the customers that their file declares, and without asking anybody of Azure', async () => {
    const { made } = handlers(refused);
    const text = '{\n"groups": { "gold": {}, "goldd": {} },\n"customers": 5 }';
    assert.deepEqual(await made['baseline.look']({ text }, NEVER), [
      { line: 3, message: '"customers" is an object: {"NAME": {...}}.', weight: 'wrong' },
      { line: 2, message: 'No customer is in a group "goldd".', weight: 'doubtful' },
    ]);
    const offset = text.indexOf('goldd') + 5;
    assert.deepEqual((await made['baseline.complete']({ text, offset }, NEVER))?.names, ['gold']);
  });

  it('come as a document in which names are text, with what differs at its line', async () => {
    const { made, told } = handlers(refused);
    const { markdown, drift } = await made['baseline.check']({ file: FILE, scope: EVERYTHING }, NEVER);
    assert.deepEqual(drift[0], {
      line: 3,
      message: 'Contoso [x](y), workspace law, table Syslog: Retention: 30 days instead of 90 days',
      isLow: false,
    });
    assert.match(markdown, /## Contoso \\\[x\\\]\\\(y\\\)/);
    assert.match(markdown, /0 of 2 settings as agreed in: provider/);
    assert.match(markdown, /Nothing is agreed with 1 further customer/);
    assert.deepEqual(told, ['Reading what is there 1/2']);
  });

  it('are planned customer by customer: one that cannot be planned stops no other, and is said', async () => {
    let asked = 0;
    const { made } = handlers(async () => {
      if (++asked === 1) return refused();
      return { title: 'Bring Contoso back' } as Awaited<ReturnType<BaselineService['plan']>>;
    });
    const { plans, left } = await made['baseline.plans']({ file: FILE, scope: EVERYTHING }, NEVER);
    assert.deepEqual(
      plans.map(({ customer }) => customer),
      ['Contoso'],
    );
    assert.deepEqual(left, [
      'Contoso [x](y), workspace law, lock keep: Only the customer can set it.',
      'Bring Contoso back: Nobody may.',
    ]);
  });

  it('with a mistake are refused whole, by line', async () => {
    const { made } = handlers(refused);
    const file = { label: 'baseline.json', text: '{\n"provider": { "workspace": { "retentionDays": 5 } } }' };
    await assert.rejects(async () => made['baseline.check']({ file, scope: EVERYTHING }, NEVER), {
      code: 'input.baseline',
      message: /^baseline\.json:2: "retentionDays" is a whole number/,
    });
  });
});
