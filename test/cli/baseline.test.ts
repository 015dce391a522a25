import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { DriftReport } from '../../src/model/drift.ts';
import { startSample, tenantscope } from './program.ts';

const BASELINE = {
  provider: {
    workspace: { tags: { managedBy: 'Northbridge' } },
    tables: { Syslog: { totalRetentionDays: 365 } },
    functions: { Silent: { query: ['Heartbeat', '| summarize LastSeen = max(TimeGenerated) by Computer'] } },
    diagnosticSettings: { activity: { on: 'subscription', categories: ['Administrative'] } },
  },
  customers: { Fabrikam: { main: 'fabrikam-ops' }, fabricam: {} },
};

describe('baseline', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let repository: string;
  const write = (text: string) => writeFile(join(repository, '.tenantscope', 'baseline.json'), text);
  const baseline = (...args: string[]) =>
    tenantscope(['baseline', ...args, '--cloud', sample.cloud], { cwd: repository });
  const check = (...args: string[]) => baseline('check', '--scope', 'workspace:fabrikam-ops', ...args);
  before(async () => {
    sample = await startSample();
    repository = join(sample.directory, 'repository');
    await mkdir(join(repository, '.tenantscope'), { recursive: true });
  });
  after(() => sample.close());

  test('a file with mistakes is told line by line, and nobody is asked', async () => {
    await write('{\n  "provider": {\n    "workspace": { "retentionDays": 5 },\n    "tables": { "Sylog": {} }\n  }\n}');
    const validated = await baseline('validate');
    assert.equal(validated.code, 2);
    assert.match(
      validated.out,
      /^.*baseline\.json:3: "retentionDays" is a whole number from 30 to 730\.\n.*baseline\.json:4: Azure has no table "Sylog".*\n$/,
    );
    assert.match(validated.err, /1 wrong, 1 doubtful/);
    await writeFile(
      join(repository, 'customers.json'),
      '{"customers": [{"name": "Fabrikam", "groups": ["gold"], "tenants": []}]}',
    );
    await write('{\n  "groups": { "Gold": {}, "golden": {} },\n  "customers": { "fabrikam": {}, "Fabrikm": {} }\n}');
    const named = await baseline('validate', '--customers', 'customers.json');
    assert.deepEqual(
      named.out.split('\n').map((line) => line.replace(/^.*baseline\.json:/, '')),
      [
        '2: No customer is in a group "golden" in customers.json.',
        '3: No customer is called "Fabrikm" in customers.json.',
        '',
      ],
    );
    await write('{\n  "provider": {\n    "workspace": { "retentionDays": 5 }\n  }\n}');
    const { code, err } = await check();
    assert.equal(code, 2);
    assert.match(
      err,
      /baseline\.json:3: "retentionDays" is a whole number from 30 to 730\.\n.*a mistake\. Nothing was sent/,
    );
  });

  test('exported for another tool: a folder for each customer, and nothing is done', async () => {
    await write(JSON.stringify({ provider: { workspace: { tags: { managedBy: 'Northbridge' } } } }));
    const scope = 'workspace:fabrikam-ops workspace:litware-everything';
    const refused = await baseline('fix', '--scope', scope, '--out', 'plans');
    assert.deepEqual([refused.code, /takes --out DIR with --export only/.test(refused.err)], [2, true], refused.err);
    const { code, out, err } = await baseline('fix', '--scope', scope, '--export', 'az', '--out', 'plans');
    assert.deepEqual([code, out], [0, ''], err);
    const script = (customer: string) => readFile(join(repository, 'plans', customer, 'baseline.sh'), 'utf8');
    assert.match(await script('Fabrikam'), /fabrikam-ops/);
    assert.doesNotMatch(await script('Fabrikam'), /litware/i);
    assert.match(await script('Litware'), /litware-everything/);
    assert.match(err, /Wrote plans.Fabrikam.baseline\.sh\. Nothing was done\./);
  });

  test('checked for a pipeline, fixed, and checked again', async () => {
    await write(JSON.stringify(BASELINE, null, 2));
    const found = await check('--sarif', '--fail-on', 'high');
    assert.equal(found.code, 10, found.err);
    assert.match(found.err, /baseline\.json:\d+: No customer is called "fabricam"\./);
    const { runs } = JSON.parse(found.out) as { runs: { results: { ruleId: string; level: string }[] }[] };
    assert.deepEqual([...new Set(runs[0]!.results.map(({ ruleId, level }) => `${ruleId} ${level}`))].sort(), [
      'baseline/diagnosticSettings error',
      'baseline/functions warning',
      'baseline/tables error',
      'baseline/workspace note',
    ]);

    const fixed = await baseline('fix', '--scope', 'workspace:fabrikam-ops', '--yes');
    assert.equal(fixed.code, 0, fixed.err);
    assert.match(fixed.err, /Change table Syslog of fabrikam-ops/);
    assert.match(fixed.err, /\nDONE - /);

    const again = await check('--json', '--plan', '--fail-on', 'any');
    assert.equal(again.code, 0, again.err);
    const report = JSON.parse(again.out) as DriftReport & { plans: unknown[] };
    assert.deepEqual([report.drift, report.unknown, report.plans], [[], [], []]);
    assert.deepEqual(
      report.customers.map(({ name, layers, settings, kept }) => ({ name, layers, all: settings === kept })),
      [{ name: 'Fabrikam', layers: ['provider', 'customer Fabrikam'], all: true }],
    );
    assert.match(again.err, /(\d+) of \1 settings of 1 customer as agreed\./);
  });
});
