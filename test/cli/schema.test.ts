import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startSample, tenantscope } from './program.ts';

describe('schema of the sample estate', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let env: Record<string, string>;
  before(async () => {
    sample = await startSample();
    env = { TENANTSCOPE_CLOUD: sample.cloud };
  });
  after(() => sample.close());
  const schema = (...args: string[]) => tenantscope(['schema', ...args], { env });

  test('a row a table, a column a workspace: who has it, on which plan, filled or only known', async () => {
    const { out, err, code } = await schema('--scope', 'customer:contoso', '--format', 'csv');
    assert.equal(code, 0, err);
    const [head, ...rows] = out.trimEnd().split('\r\n');
    assert.equal(
      head,
      'Table,Workspaces,Filled,Plans,RetentionDays,DifferingColumns,contoso-apps,contoso-labs,contoso-prod',
    );
    assert.ok(rows.includes('Heartbeat,3,3,Analytics,90,0,filled,filled,filled'), out);
    assert.ok(rows.includes('Usage,3,3,Analytics,90,0,filled,filled,filled'), out);
    assert.ok(rows.includes('AzureActivity,3,2,Analytics,90,0,filled,known,filled'), out);
    assert.ok(rows.includes('Firewall_CL,1,1,Analytics,90,0,,,filled'), out);
    assert.match(err, /filled: received data in the last 30 days/);
    assert.match(err, /3 of 3 workspaces answered; \d+ rows\n$/);
  });

  test('columns that differ, with the fewer of those who have them and who have not', async () => {
    const { out, err, code } = await schema('Firewall_CL', '--view', 'differences', '--reachable', '--format', 'csv');
    assert.equal(code, 0, err);
    assert.deepEqual(out.trimEnd().split('\r\n').slice(0, 3), [
      'Table,Column,Type,Workspaces,Of,Who',
      'Firewall_CL,Severity,long,4,6,"not fabrikam-ops, humongous-us"',
      'Firewall_CL,Severity,string,2,6,"only fabrikam-ops, humongous-us"',
    ]);
  });

  test('columns of a table; a table nobody has, and a view of no kind, are refused', async () => {
    const { out, code } = await schema('Firewall_CL', '--format', 'csv', '--reachable');
    assert.equal(code, 0);
    assert.match(out, /^Column,Types,Workspaces,adatum-logs,/);
    assert.match(out, /\r\nSeverity,"long, string",6,/);
    const lower = await schema('firewall_cl', '--format', 'csv', '--reachable');
    assert.deepEqual([lower.code, lower.out], [0, out], 'names there differ by more than case');
    const near = await schema('SigninLog', '--scope', 'customer:contoso');
    assert.match(near.err, /has one named SigninLog\. Did you mean .*"SigninLogs"/);
    const none = await schema('Nobody_CL', '--scope', 'customer:contoso');
    assert.notEqual(none.code, 0);
    assert.match(none.err, /No workspace of the scope that told its tables has one named Nobody_CL/);
    assert.match((await schema('--view', 'columns', '--scope', 'customer:contoso')).err, /Name the table/);
    assert.match((await schema('--view', 'all')).err, /--view is one of tables, differences, list, columns/);
  });
});
