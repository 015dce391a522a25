import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startSample, tenantscope } from './program.ts';

describe('alerts of the sample estate', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let env: Record<string, string>;
  let folder: string;
  const run = (...args: string[]) => tenantscope(['alert', ...args], { env, cwd: folder });
  before(async () => {
    sample = await startSample();
    folder = join(sample.directory, 'repository');
    env = { TENANTSCOPE_CLOUD: sample.cloud, TENANTSCOPE_LAKE: join(sample.directory, 'lake') };
    await mkdir(join(folder, '.tenantscope', 'alerts'), { recursive: true });
    const write = (name: string, text: string): Promise<void> =>
      writeFile(join(folder, '.tenantscope', 'alerts', name), text);
    const inbox = `${sample.emulator.url}/_emulator/inbox`;
    await write(
      'Beats.kql',
      `// @scope customer:contoso
// @condition count > 0
// @severity error
// @frequency 15m
// @deliver webhook ${inbox}/siem
// @deliver webhook ${inbox}/fabrikam for fabrikam
// @deliver jsonLines alerts.jsonl
// @deliver ticket ticket.md
Heartbeat
`,
    );
    await write('ticket.md', '# {{alert}} at {{customer}}\n\n{{rule}}: {{value}}\n');
  });
  after(() => sample.close());

  test('plan, apply and drift: a rule in each workspace, and what differs with its exit code', async () => {
    const applied = await run('apply', 'Beats', '--yes', '--json');
    assert.equal(applied.code, 0, applied.err);
    const { results } = JSON.parse(applied.out) as { results: { ok: boolean; done: string[] }[] };
    assert.ok(results.length > 0 && results.every(({ ok }) => ok));
    assert.match(applied.err, /Create alert rule Beats-contoso-prod/);
    assert.match(applied.err, /az rest --method put/);
    const rules = [...sample.emulator.world.alerting.values()].flatMap((one) => (one.kind === 'rule' ? [one] : []));
    rules[0]!.properties.severity = 4;
    sample.emulator.world.touch();
    const drift = await run('drift', 'Beats', '--json');
    assert.equal(drift.code, 10, drift.err);
    const told = JSON.parse(drift.out) as { drift: { action: string; differences: { name: string }[] }[] };
    assert.deepEqual(
      told.drift.map(({ action, differences }) => [action, differences.map(({ name }) => name)]),
      [['update', ['Severity']]],
    );
  });

  test('list: what has fired at all customers, with whose it is', async () => {
    await sample.emulator.evaluateAlerts(true);
    const listed = await run('list', '--json');
    assert.ok(listed.code === 0 || listed.code === 4, listed.err);
    const { alerts } = JSON.parse(listed.out) as { alerts: { guid: string; customerName: string; state: string }[] };
    assert.ok(alerts.length > 0);
    assert.deepEqual([...new Set(alerts.map(({ customerName }) => customerName))], ['Contoso']);
  });

  test('evaluate: nothing leaves for an address that nobody approved; then each delivery once', async () => {
    // The rules call the same addresses, on the emulator's own clock.
    sample.emulator.world.alerting.clear();
    sample.emulator.inbox.clear();
    const first = await run('evaluate', 'Beats', '--out', join(folder, 'out'));
    assert.equal(first.code, 4, first.err);
    assert.match(first.err, /1 fired, 0 resolved, 1 open/);
    assert.match(first.err, /was never approved/);
    assert.equal(sample.emulator.inbox.at('siem').length, 0);
    const approved = await run(
      'evaluate',
      '--out',
      join(folder, 'out'),
      '--approve',
      new URL(sample.emulator.url).host,
    );
    assert.equal(approved.code, 0, approved.err);
    const [posted, ...more] = sample.emulator.inbox.at('siem');
    assert.deepEqual(more, []);
    assert.equal(posted!.headers['authorization'], undefined);
    assert.match(posted!.body, /"alertRule":"Beats".*"customer":"Contoso"/);
    assert.equal(sample.emulator.inbox.at('fabrikam').length, 0, "another customer's");
    const lines = (await readFile(join(folder, 'out', 'alerts.jsonl'), 'utf8')).trim().split('\n');
    assert.equal(lines.length, 1);
    const tickets = (await readdir(join(folder, 'out'))).filter((name) => name.endsWith('.md'));
    assert.equal(tickets.length, 1);
    assert.match(
      await readFile(join(folder, 'out', tickets[0]!), 'utf8'),
      /^# Beats at Contoso\n\ncount \\> 0: \d+\n$/,
    );
  });
});
