import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportAssessment } from '../../../src/app/assessmentExport.ts';
import { compareAssessments } from '../../../src/core/assess/compareAssessments.ts';
import { slimAssessment } from '../../../src/core/assess/slim.ts';
import type { Assessment } from '../../../src/model/assessment/assessment.ts';
import type { Estate } from '../../../src/model/estate.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import { assessmentOf, called, sampleCustomers } from '../../harness/assessmentSample.ts';
import {
  dayAgo,
  healthyCustomer,
  hoursAgo,
  usageOf,
  withOwn,
  without,
  workspace,
} from '../../harness/customerFacts.ts';

const VERSION = '1.2.3';
const WOODGROVE = toCustomerKey('woodgrove');
const ESTATE: Estate = {
  cloud: 'emulator',
  accounts: [],
  customers: [],
  tenants: [],
  workspaces: [
    workspace('law-woodgrove'),
    workspace('msp-centre', { customer: toCustomerKey('provider') }),
    workspace('law-secretive', { customer: toCustomerKey('secretive-foods') }),
  ],
  seenAt: '2026-11-28T09:00:00.000Z',
  problems: [],
};
const withProvider = (assessment: Assessment): Assessment => ({
  ...assessment,
  customers: [
    ...assessment.customers,
    ...assessmentOf([{ ...called('Provider', healthyCustomer()), provider: true }]).customers,
    ...assessmentOf([called('Secretive Foods', healthyCustomer())]).customers,
  ],
});
const write = (assessment: Assessment, format: 'html' | 'md' | 'json' | 'sarif', customer?: string): Promise<string> =>
  exportAssessment(assessment, ESTATE, {
    format,
    version: VERSION,
    ...(customer === undefined ? {} : { customer: toCustomerKey(customer) }),
  });

describe('a report for one customer', () => {
  for (const format of ['html', 'md', 'json', 'sarif'] as const)
    it(`holds no byte of another customer, and no name of the provider's workspaces: ${format}`, async () => {
      const text = await write(withProvider(assessmentOf()), format, 'woodgrove');
      if (format !== 'sarif') assert.match(text, /Woodgrove Bank/);
      for (const secret of ['Secretive', 'law-secretive', 'Fabrikam', 'Alpine', 'msp-centre', 'srv09.fabrikam'])
        assert.ok(!text.toLowerCase().includes(secret.toLowerCase()), `${secret} is in the ${format}`);
    });

  it('leaves out what is the provider’s own business, costs above all', async () => {
    const facts = withOwn(healthyCustomer(), {
      configuration: {
        sku: 'CapacityReservation',
        commitmentGb: 100,
        retentionDays: 365,
        cap: 'none',
        localAuth: false,
        resourcePermissions: true,
        dataActionsOnly: false,
        sentinel: false,
        publicIngestion: true,
        publicQuery: true,
      },
    });
    const declared = { ...facts.customer.declared, billing: 'provider' as const };
    const assessment = assessmentOf([{ ...facts, customer: { ...facts.customer, declared } }]);
    const [customer] = assessment.customers;
    assert.ok(
      customer!.findings.some(({ internal }) => internal),
      'the sample has something internal',
    );
    const internal = customer!.findings.filter((one) => one.internal === true);
    const text = await write(assessment, 'json', 'woodgrove');
    for (const { title, check } of internal) {
      assert.ok(!text.includes(title), title);
      assert.ok(!text.includes(`"${check}"`), check);
    }
  });

  it('is refused for a customer that the assessment does not have', async () => {
    await assert.rejects(write(assessmentOf(), 'html', 'nobody'), { code: 'input.unknownCustomer' });
  });

  it('of a healthy customer says so in few words', async () => {
    const html = await write(assessmentOf([healthyCustomer()]), 'html', 'woodgrove');
    assert.match(html, /Nothing is wrong that the checks look for/);
    assert.match(html, /<b>Hybrid<\/b> today, and that fits\./);
  });
});

describe('names and cells of a workspace in a report', () => {
  it('are inert text', async () => {
    const html = await write(assessmentOf(), 'html');
    assert.ok(!html.includes('<img'), 'no element of a name');
    assert.match(html, /&lt;img src=x onerror=alert\(1\)> Ltd/);
    assert.ok(!/<script/i.test(html));
    assert.match(html, /default-src 'none'/);
    const markdown = await write(assessmentOf(), 'md');
    assert.ok(!/(?<!\\)<img/.test(markdown), 'HTML is escaped');
    assert.match(markdown, /\\<img src=x/);
  });
});

describe('SARIF', () => {
  it('tells two tables of one workspace apart', async () => {
    const usage = usageOf({ Perf: 1, Event: 1, Syslog: 1 });
    const last = { ...usage.last, Perf: hoursAgo(50), Event: hoursAgo(50) };
    const volumes = usage.volumes.filter(({ table, day }) => table === 'Syslog' || day < dayAgo(2));
    const silent = withOwn(healthyCustomer(), { usage: { ...usage, volumes, last } });
    const sarif = await write(assessmentOf([silent]), 'sarif');
    const prints = sarif.match(/"tenantscope\/v1": "[^"]*silentTable[^"]*"/g)!;
    assert.equal(new Set(prints).size, 2);
  });

  it('has a rule for every result, a level, and fingerprints that stay', async () => {
    const sarif = JSON.parse(await write(assessmentOf(), 'sarif')) as {
      runs: {
        tool: { driver: { rules: { id: string }[]; version: string } };
        results: { ruleId: string; level: string; fingerprints: Record<string, string> }[];
        invocations: { executionSuccessful: boolean; toolExecutionNotifications: unknown[] }[];
      }[];
    };
    const [run] = sarif.runs;
    const rules = new Set(run!.tool.driver.rules.map(({ id }) => id));
    assert.ok(run!.results.length > 2);
    for (const { ruleId, level } of run!.results) {
      assert.ok(rules.has(ruleId), ruleId);
      assert.ok(['error', 'warning', 'note'].includes(level));
    }
    const prints = run!.results.map(({ fingerprints }) => fingerprints['tenantscope/v1']);
    assert.equal(new Set(prints).size, prints.length);
    assert.equal(run!.invocations[0]!.toolExecutionNotifications.length, 1);
  });
});

describe('two assessments compared', () => {
  const before = assessmentOf([healthyCustomer()]);
  const capped = withOwn(healthyCustomer(), { operations: { capDays: ['2026-11-20'], rateLimited: 0 } });

  it('show what appeared and what is gone', () => {
    const after = assessmentOf([capped], { id: 'assessment-2' });
    assert.deepEqual(
      compareAssessments(before, after).appeared.map(({ finding }) => finding.check),
      ['capHit'],
    );
    assert.deepEqual(
      compareAssessments(after, before).gone.map(({ finding }) => finding.check),
      ['capHit'],
    );
  });
  it('do not call a finding gone that nobody could look for', () => {
    const after = assessmentOf([without(capped, 'operations')], { id: 'assessment-2' });
    assert.deepEqual(compareAssessments(assessmentOf([capped]), after).gone, []);
  });
  it('show customers that came and went, and verdicts that moved', () => {
    const after = assessmentOf([{ ...healthyCustomer(), central: [] }, called('Fabrikam', healthyCustomer())]);
    const difference = compareAssessments(before, after);
    assert.deepEqual(difference.newCustomers, ['fabrikam']);
    assert.deepEqual(difference.moved[0]?.today, { before: 'hybrid', after: 'distributed' });
    assert.deepEqual(compareAssessments(after, before).goneCustomers, ['fabrikam']);
  });
});

describe('an assessment for the estate’s page', () => {
  it('is small: what the page asks for by customer stays away', () => {
    const whole = assessmentOf(sampleCustomers());
    const slim = slimAssessment(whole);
    assert.ok(JSON.stringify(slim).length < JSON.stringify(whole).length / 5);
    assert.deepEqual(
      slim.customers.map(({ key, sentence, findings }) => [key, sentence, findings.length]),
      whole.customers.map(({ key, sentence, findings }) => [key, sentence, findings.length]),
    );
    assert.equal(whole.customers.find(({ key }) => key === WOODGROVE)?.findings.length, 0);
  });
});
