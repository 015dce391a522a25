import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startSample, tenantscope } from './program.ts';

interface Answer {
  readonly source: string;
  readonly completeness: { readonly sentence: string; readonly complete: boolean };
  readonly plan: { readonly parts: readonly { readonly text: string }[]; readonly local?: string };
  readonly targets: readonly { readonly kind: string; readonly name?: string; readonly tenantName: string }[];
  readonly rows: readonly Record<string, unknown>[];
}

describe('query of Resource Graph on the sample estate', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let env: Record<string, string>;
  before(async () => {
    sample = await startSample();
    env = { TENANTSCOPE_CLOUD: sample.cloud };
  });
  after(() => sample.close());

  test("a file's own line is honoured: rows of two tenants, each with whose it is", async () => {
    const file = join(sample.directory, 'workspaces.kql');
    await writeFile(
      file,
      `// Workspaces\n// @source resource-graph\n// @scope customer:contoso\nresources\n| where type =~ 'microsoft.operationalinsights/workspaces'\n| project name\n| sort by name asc`,
    );
    const answer = await tenantscope(['query', file, '--format', 'json'], { env });
    assert.equal(answer.code, 0, answer.err);
    const { source, rows, completeness, targets, plan } = JSON.parse(answer.out) as Answer;
    assert.equal(source, 'resourceGraph');
    assert.deepEqual(rows, [
      { _Customer: 'Contoso', _Tenant: 'Contoso', _Subscription: 'Contoso production', name: 'contoso-apps' },
      { _Customer: 'Contoso', _Tenant: 'Contoso Labs', _Subscription: 'Contoso Labs production', name: 'contoso-labs' },
      { _Customer: 'Contoso', _Tenant: 'Contoso', _Subscription: 'Contoso production', name: 'contoso-prod' },
    ]);
    assert.equal(completeness.sentence, '2 of 2 tenants answered');
    assert.deepEqual([...new Set(targets.map(({ kind }) => kind))], ['subscriptions']);
    assert.match(plan.parts[0]!.text, /^resources\n/);
  });

  test('each customer gets a file of its own resources', async () => {
    const folder = join(sample.directory, 'handover');
    const answer = await tenantscope(
      ['query', '-', '--scope', 'customer:contoso', '--format', 'csv', '--per-customer', folder],
      { input: '// @source resource-graph\nresources | project name', env },
    );
    assert.equal(answer.code, 0, answer.err);
    const [head, first] = (await readFile(join(folder, 'Contoso.csv'), 'utf8')).split('\r\n');
    assert.equal(head, '_Customer,_Tenant,_Subscription,name');
    assert.match(first!, /^Contoso,Contoso/);
  });

  test('--source says it for a query without the line, and the total lacks who could not be entered', async () => {
    const query = 'Resources | summarize n = count() by _Customer | summarize customers = count(), n = sum(n)';
    const answer = await tenantscope(['query', '-', '--source', 'resource-graph', '--format', 'json'], {
      input: query,
      env,
    });
    assert.equal(answer.code, 4, answer.err);
    const { rows, completeness } = JSON.parse(answer.out) as Answer;
    assert.ok(Number(rows[0]!['customers']) > 10 && Number(rows[0]!['n']) > 100, JSON.stringify(rows));
    assert.match(completeness.sentence, /^\d+ of \d+ tenants answered; the total lacks 1 tenant not entered/);
  });

  test('a source there is not is refused: in the line with its place, as an option as a usage', async () => {
    const line = await tenantscope(['query', '-'], { input: '// @source graph\nresources', env });
    assert.deepEqual([line.code, line.out], [2, '']);
    assert.match(line.err, /There is no source "graph"\..*line 1, column 12/);
    const option = await tenantscope(['query', '-', '--source', 'arg'], { input: 'resources', env });
    assert.equal(option.code, 2);
    assert.match(option.err, /--source.*workspaces.*resource-graph|resource-graph.*workspaces/);
  });

  test('--explain tells what would be sent about whom, and asks nobody', async () => {
    sample.emulator.calls.clear();
    const told = await tenantscope(['query', '-', '--explain', '--scope', 'customer:contoso'], {
      input: '// @source resource-graph\nresources | mv-expand zones | summarize count() by tostring(zones)',
      env,
    });
    assert.equal(told.code, 0, told.err);
    assert.match(told.out, /To 2 tenants: Contoso\/Contoso Labs production, Contoso\/Contoso production/);
    assert.doesNotMatch(told.out.split('# Made of it here')[0]!, /mv-expand/);
  });
});
