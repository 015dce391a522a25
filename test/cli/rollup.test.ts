import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { workspaceScope } from '../../src/emulator/armId.ts';
import { questionsOfM } from '../harness/powerBiQuestions.ts';
import { startSample, tenantscope } from './program.ts';

const BEATS = `// Heartbeats of every machine, by the hour
// @scope group:gold
Heartbeat
| summarize Beats = count(), Last = max(TimeGenerated) by Hour = bin(TimeGenerated, 1h), Computer
`;

interface Report {
  readonly rollup: string;
  readonly workspaces: readonly { readonly state: string; readonly windows: number; readonly customer: string }[];
}

describe('roll-ups of the sample estate', () => {
  let sample: Awaited<ReturnType<typeof startSample>>;
  let env: Record<string, string>;
  let folder: string;
  const run = (...args: string[]) => tenantscope(args, { env, cwd: folder });
  before(async () => {
    sample = await startSample();
    folder = join(sample.directory, 'repository');
    env = { TENANTSCOPE_CLOUD: sample.cloud, TENANTSCOPE_LAKE: join(sample.directory, 'lake') };
    await mkdir(folder);
    await writeFile(join(folder, 'Beats.kql'), BEATS);
    await writeFile(join(folder, 'Top.kql'), 'Heartbeat | top 5 by TimeGenerated');
  });
  after(() => sample.close());

  test('create: a dry run of the last window, then the file; what cannot be one is refused with why', async () => {
    const { code, out, err } = await run('rollup', 'create', 'Beats.kql');
    assert.ok(code === 0 || code === 4, err);
    assert.match(out, /Beats: the last window of 60 minutes/);
    assert.match(out, /Contoso/);
    assert.equal(
      await readFile(join(folder, '.tenantscope', 'rollups', 'Beats.kql'), 'utf8'),
      `// @name Beats\n// @window 1h\n// @lateness 10m\n// @schedule every 1h\n${BEATS}`,
    );
    const again = await run('rollup', 'create', 'Beats.kql');
    assert.equal(again.code, 2);
    assert.match(again.err, /is there already/);
    const top = await run('rollup', 'create', 'Top.kql');
    assert.equal(top.code, 6);
    assert.match(top.err, /asked window by window, and take or top cannot be: it chooses among all rows/);
    assert.deepEqual(await readdir(join(folder, '.tenantscope', 'rollups')), ['Beats.kql']);
  });

  test('run: every window that is over, once; then nothing is due; the lake answers as the estate does', async () => {
    const hour = 3_600_000;
    const to = Math.floor(Date.now() / hour) * hour - hour;
    const range = [to - 3 * hour, to].map((ms) => new Date(ms).toISOString()).join('/');
    const { code, out, err } = await run('rollup', 'run', '--backfill', range, '--json');
    assert.ok(code === 0 || code === 4, err);
    const [report] = JSON.parse(out) as [Report];
    const stored = report.workspaces.filter(({ state }) => state === 'stored');
    assert.ok(stored.length >= 5, out);
    const due = await run('rollup', 'run', '--due', '--json');
    const [second] = JSON.parse(due.out) as [Report];
    assert.deepEqual([...new Set(second.workspaces.map(({ windows }) => windows))], [0], 'nothing is stored twice');
    // The central answer against the answer over the estate, of hours that lie in the windows whole.
    const [begin, end] = [to - 2 * hour, to].map((ms) => `datetime(${new Date(ms).toISOString()})`);
    await writeFile(
      join(folder, 'centre.kql'),
      `Beats | where Hour >= ${begin!} and Hour < ${end!} | summarize Beats = sum(Beats), Machines = dcount(Computer)`,
    );
    await writeFile(
      join(folder, 'estate.kql'),
      `Heartbeat | where TimeGenerated >= ${begin!} and TimeGenerated < ${end!} | summarize Beats = count(), Machines = dcount(Computer)`,
    );
    const centre = await run('kql', 'centre.kql', '--data', env['TENANTSCOPE_LAKE']!, '--format', 'csv');
    assert.equal(centre.code, 0, centre.err);
    const estate = await run('query', 'estate.kql', '--scope', 'group:gold', '--format', 'csv', '--reachable');
    assert.equal(estate.code, 0, estate.err);
    assert.match(centre.out, /^Beats,Machines\r?\n\d{2,},\d+/);
    assert.equal(centre.out, estate.out);
  });

  test('a centre of Log Analytics: approved, prepared and filled, it answers as the estate does', async () => {
    const workspace = [...sample.emulator.world.workspaces.values()].find(({ name }) => name === 'nb-soc')!;
    const tenant = sample.emulator.world.subscriptions.get(workspace.subscriptionId)!.tenantId;
    const centre = { kind: 'logAnalytics', tenant, workspace: workspaceScope(workspace) };
    await writeFile(join(folder, '.tenantscope', 'centres.json'), JSON.stringify({ centres: { centre } }));
    const definition = `// @scope customer:contoso\n// @sink centre\n${BEATS.replace('// @scope group:gold\n', '')}`;
    await writeFile(join(folder, '.tenantscope', 'rollups', 'Central.kql'), definition);
    const unapproved = await run('rollup', 'prepare', 'Central', '--yes');
    assert.equal(unapproved.code, 2);
    assert.match(unapproved.err, /sends rows of customers to centre: .*nb-soc.*Nothing was sent/);
    const approved = ['--approve', 'centre'];
    const prepared = await run('rollup', 'prepare', 'Central', '--writer', 'me', '--yes', ...approved);
    assert.equal(prepared.code, 0, prepared.err);
    assert.match(prepared.err, /Create data collection rule .* - done[^]*centre is ready for Central/);
    const hour = 3_600_000;
    const to = Math.floor(Date.now() / hour) * hour - hour;
    const [from, end] = [to - hour, to].map((ms) => new Date(ms).toISOString());
    const filled = await run('rollup', 'run', 'Central', '--backfill', `${from}/${end}`, ...approved);
    assert.equal(filled.code, 0, filled.err + filled.out);
    const rows = '| summarize Beats = sum(Beats), Machines = dcount(Computer)';
    const whole = `>= datetime(${from}) and`;
    await writeFile(join(folder, 'asked.kql'), `Central | where Hour == datetime(${from}) ${rows}`);
    await writeFile(
      join(folder, 'customers.kql'),
      `Heartbeat | where TimeGenerated ${whole} TimeGenerated < datetime(${end}) | summarize Beats = count() by Computer ${rows}`,
    );
    const [asked, customers] = [
      await run('query', 'asked.kql', '--scope', 'workspace:nb-soc', '--format', 'csv'),
      await run('query', 'customers.kql', '--scope', 'customer:contoso', '--format', 'csv', '--reachable'),
    ];
    const numbers = (csv: string): string[] => csv.trim().split(/\r?\n/).at(-1)!.split(',').slice(-2);
    assert.match(numbers(asked.out).join(' '), /^[1-9]\d* [1-9]\d*$/, asked.err + asked.out);
    assert.deepEqual(numbers(asked.out), numbers(customers.out));
    // Power BI knows it by the ID that the estate tells, and has its parts merged by the workspace itself.
    const central = join(sample.directory, 'central');
    const written = await run('rollup', 'powerbi', '--centre', 'centre', '--out', central, ...approved);
    assert.equal(written.code, 0, written.err);
    const folderOf = join(central, 'centre.SemanticModel', 'definition');
    const text = await readFile(join(folderOf, 'expressions.tmdl'), 'utf8');
    const { properties } = [...sample.emulator.world.workspaces.values()].find(({ name }) => name === 'nb-soc')!;
    assert.ok(
      text.includes(`"${properties.customerId}" meta`) &&
        text.includes(`Web.Contents("${sample.emulator.cloud.logAnalytics}`),
      text,
    );
    const [kql] = questionsOfM(
      await readFile(join(folderOf, 'tables', 'Central.tmdl'), 'utf8'),
      '2000-01-01T00:00:00Z',
      '2100-01-01T00:00:00Z',
    );
    await writeFile(join(folder, 'question.kql'), `${kql!} | summarize Beats = sum(Beats) by _Customer`);
    const answer = await run('query', 'question.kql', '--scope', 'workspace:nb-soc', '--format', 'csv');
    assert.match(answer.out, /Contoso,[1-9]\d*\r?\n$/, answer.err);
    // The tests after it are about the lake alone.
    await rm(join(folder, '.tenantscope', 'centres.json'));
    await rm(join(folder, '.tenantscope', 'rollups', 'Central.kql'));
  });

  test('powerbi: a project over the lake, in a folder that has nothing in it', async () => {
    const project = join(sample.directory, 'project');
    const { code, err } = await run('rollup', 'powerbi', 'Beats', '--out', project, '--customer', 'Contoso');
    assert.equal(code, 0, err);
    const model = join(project, 'lake.SemanticModel', 'definition');
    assert.match(
      await readFile(join(model, 'tables', 'Beats.tmdl'), 'utf8'),
      /ReadLake\("Beats-[0-9a-f]{8}".*\n.*\n\s+Merged = Table\.Group\(.*each List\.Sum\(List\.Transform\(\[Beats\]/,
    );
    assert.ok((await readFile(join(model, 'expressions.tmdl'), 'utf8')).includes(env['TENANTSCOPE_LAKE']!));
    assert.deepEqual(await readdir(join(model, 'roles')), ['Contoso.tmdl', 'Customer_by_sign-in.tmdl']);
    const again = await run('rollup', 'powerbi', 'Beats', '--out', project);
    assert.equal(again.code, 2);
    assert.match(again.err, /has files already/);
  });

  test('status, pause, off and erase: what is stored is told, kept from growing, and removed with a receipt', async () => {
    const status = await run('rollup', 'status');
    assert.equal(status.code, 0, status.err);
    assert.match(status.out, /Beats-[0-9a-f]{8}\s+Contoso\s+\S+\s+lake\s/);
    assert.equal((await run('rollup', 'pause', 'Beats')).code, 0);
    const paused = JSON.parse((await run('rollup', 'run', 'Beats', '--json')).out) as [Report];
    assert.deepEqual([...new Set(paused[0].workspaces.map(({ state }) => state))].sort(), ['off']);
    assert.equal((await run('rollup', 'resume', 'Beats')).code, 0);
    const unasked = await run('rollup', 'erase', 'Contoso');
    assert.equal(unasked.code, 2, 'nobody is erased without a word');
    const erased = await run('rollup', 'erase', 'Contoso', '--yes');
    assert.equal(erased.code, 0, erased.err);
    assert.match(erased.out, /lake: Contoso was erased at .*\n {2}Beats-[0-9a-f]{8}: \d+ windows?, \d+ rows?\n/);
    await writeFile(join(folder, 'left.kql'), 'Beats_parts | where _Customer == "Contoso" | count');
    const left = await run('kql', 'left.kql', '--data', env['TENANTSCOPE_LAKE']!, '--format', 'csv');
    assert.match(left.out, /^Count\r?\n0\r?\n$/);
    // Nothing of it was ever read: the customers file names it.
    const unread = await run('rollup', 'off', 'Litware');
    assert.equal(unread.code, 0, unread.err);
    const unknown = await run('rollup', 'off', 'Nobody');
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /No roll-up knows a customer "Nobody", only /);
  });

  test('a file with a mistake is told at its place, and the others run', async () => {
    await writeFile(join(folder, '.tenantscope', 'rollups', 'Wrong.kql'), '// @window 7h\nHeartbeat');
    const { code, out, err } = await run('rollup', 'list');
    assert.equal(code, 4);
    assert.match(err, /Wrong\.kql:1:12: A window is a part of a day/);
    assert.match(out, /Beats/);
  });
});
