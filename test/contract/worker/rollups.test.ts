import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../../src/base/errors.ts';
import { workspaceScope } from '../../../src/emulator/armId.ts';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { sampleAccounts, startEmulator } from '../../../src/emulator/emulator.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { findSubscription } from '../../../src/emulator/lookup.ts';
import { findDatabase } from '../../../src/emulator/populateStores.ts';
import { addSampleEstate } from '../../../src/emulator/world/sample.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { parseScope } from '../../../src/kql/scopeLine.ts';
import type { Run } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import type { NotApproved } from '../../../src/protocol/centres.ts';
import type { RollupText } from '../../../src/protocol/rollups.ts';
import { startWorker } from '../../../src/worker/client.ts';
import type { WorkerProcess } from '../../../src/worker/client.ts';
import { RUNS_SOURCES } from '../../harness/sources.ts';

const ENTRY = resolve(import.meta.dirname, '../../../src/worker/main.ts');
const HOUR = 3_600_000;
const nobody = () => {
  throw new AppError('auth.signInRequired', 'Nobody is signed in.');
};
const file = (name: string, text: string): RollupText => ({ path: `file:///r/.tenantscope/rollups/${name}`, text });
const BEATS = file(
  'Beats.kql',
  `// @scope customer:contoso customer:adatum
Heartbeat
| summarize Beats = count() by Hour = bin(TimeGenerated, 1h), Computer`,
);
const MACHINES = file(
  'Machines.kql',
  '// @scope customer:contoso\nHeartbeat | where OSType != "" | project TimeGenerated, Computer',
);
const WRONG = file('Wrong.kql', '// @window 7h\nHeartbeat');

describe('roll-ups in the data worker, on the sample estate', () => {
  let emulator: Emulator;
  let directory: string;
  let worker: WorkerProcess;
  /** The hours that are over whole, the last three of them. */
  const to = Math.floor(Date.now() / HOUR) * HOUR - HOUR;
  const backfill = { from: to - 3 * HOUR, to };

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'worker-rollups-'));
    const world = emptyWorld();
    const sample = await addSampleEstate(world);
    emulator = await startEmulator({ world, logs: sample.logs, engine: () => openEngine() });
    worker = startWorker({
      entry: ENTRY,
      host: { accounts: nobody, token: nobody },
      execArgv: RUNS_SOURCES,
      env: { ...process.env, XDG_STATE_HOME: join(directory, 'own') },
    });
    await worker.request('configure', {
      cloud: emulator.cloud,
      signIn: { kind: 'clientSecret', accounts: sampleAccounts(emulator.world) },
      customersFiles: [{ label: 'customers.json', text: sample.customersFile }],
      storageDirectory: join(directory, 'storage'),
      lakeDirectory: join(directory, 'lake'),
      memoryLimitMb: 200,
      persistRuns: false,
    });
  });
  after(async () => {
    worker.dispose();
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
  });

  const ended = async (first: Run): Promise<Run> => {
    for (let run: Run | undefined = first; ; run = await nextOf(first.id)) if (run.state !== 'running') return run;
  };
  const nextOf = (id: Run['id']): Promise<Run> =>
    new Promise((done) => {
      const listening = worker.on('run.changed', (run) => {
        if (run.id !== id) return;
        listening.dispose();
        done(run);
      });
    });
  const cells = async (run: Run): Promise<readonly (readonly unknown[])[]> =>
    (await worker.request('runs.rows', { run: run.id, first: 0, count: 500 })).rows;
  const ask = async (query: string, scope = EVERYTHING): Promise<Run> =>
    ended(await worker.request('runs.start', { query, scope, timeRange: { kind: 'inQuery' } }));

  test('files are read with what is wrong with them at its place; nothing is stored yet', async () => {
    const { files, lines, names, lake } = await worker.request('rollups.look', { files: [BEATS, WRONG] });
    assert.deepEqual([lines, names, lake], [[], [], join(directory, 'lake')]);
    assert.match(files[0]!.id ?? '', /^Beats-[0-9a-f]{8}$/);
    const [problem] = files[1]!.problems;
    assert.equal(WRONG.text.slice(problem!.start, problem!.end), '7h');
    const twins = await worker.request('rollups.look', {
      files: [BEATS, file('beats2.kql', '// @name beats\nHeartbeat')],
    });
    assert.match(twins.files[1]!.problems[0]!.message, /^Beats\.kql is called beats, too/);
    await assert.rejects(ask('// @source lake\nBeats'), { code: 'input.noLake' });
  });

  test('what cannot be asked window by window is told where it stands in the file, over the tables of its scope', async () => {
    const top = file('Top.kql', '// @scope customer:contoso\nHeartbeat\n| top 5 by TimeGenerated');
    const { problems } = await worker.request('rollups.check', { ...top, plan: true });
    assert.match(problems[0]!.message, /take or top cannot be/);
    assert.match(top.text.slice(problems[0]!.start, problems[0]!.end), /top 5/);
    const unplanned = await worker.request('rollups.check', { ...top, plan: false });
    assert.deepEqual(unplanned.problems, [], 'nobody is asked for tables');
    const sound = await worker.request('rollups.check', { ...BEATS, plan: true });
    assert.deepEqual([sound.problems, sound.kind], [[], 'summary']);
    assert.deepEqual(sound.columns?.map(({ name }) => name).slice(-3), ['Hour', 'Computer', 'Beats']);
  });

  test('a dry run stores nothing; a run stores each window once, one run at a time, and tells how far it is', async () => {
    const dry = await worker.request('rollups.dryRun', BEATS);
    assert.ok(dry.run.workspaces.some(({ rows }) => rows > 0));
    assert.match(dry.document, /\| Contoso \|.*\n[^]*\| Beats \| long \|/);
    assert.deepEqual((await worker.request('rollups.look', { files: [] })).lines, []);
    const heard: number[] = [];
    const listening = worker.on('rollups.progress', ({ rollup, done }) => {
      if (rollup === 'Beats') heard.push(done);
    });
    const stop = new AbortController();
    const stopped = worker.request('rollups.run', { ...BEATS, backfill }, { signal: stop.signal });
    stop.abort();
    await assert.rejects(stopped, (error: AppError) => error.family === 'cancelled');
    const running = worker.request('rollups.run', { ...BEATS, backfill });
    await assert.rejects(worker.request('rollups.run', MACHINES), { code: 'input.rollupBusy' });
    const run = await running;
    listening.dispose();
    assert.equal(run.error, undefined);
    assert.equal(heard.at(-1), run.workspaces.length);
    const machines = await worker.request('rollups.run', { ...MACHINES, backfill });
    assert.ok(machines.workspaces.some(({ windows }) => windows >= 3));
    const { lines, names } = await worker.request('rollups.look', { files: [BEATS, MACHINES] });
    assert.ok(lines.every(({ until, last }) => until !== undefined && last !== undefined));
    assert.deepEqual(
      names.map(({ kind, rows, answer }) => [kind, rows, answer]),
      [
        ['summary', 'Beats_parts', 'Beats'],
        ['portion', 'Machines', 'Machines'],
      ],
    );
  });

  test('the lake is one more source: its answer is the estate’s, whoever of the scope counts', async () => {
    const hours = `between (datetime(${new Date(to - 2 * HOUR).toISOString()}) .. datetime(${new Date(to - 1).toISOString()}))`;
    const stored = await ask(
      `// @source lake\nBeats | where Hour ${hours} | summarize n = sum(Beats) by Computer | sort by Computer asc`,
    );
    const live = await ask(
      `Heartbeat | where TimeGenerated ${hours} | summarize n = count() by Computer | sort by Computer asc`,
      parseScope('customer:contoso customer:adatum').scope!,
    );
    assert.deepEqual(await cells(stored), await cells(live));
    assert.deepEqual([stored.source, stored.completeness.complete], ['lake', true]);
    assert.match(stored.completeness.sentence, /workspaces answered, as stored until \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
    const one = await ask(
      '// @source lake\nBeats_parts | distinct _Customer',
      parseScope('customer:adatum customer:coho').scope!,
    );
    assert.deepEqual(await cells(one), [['Adatum']]);
    assert.deepEqual(
      [...new Set(one.targets.map(({ customerName, state }) => `${customerName} ${state}`))],
      ['Adatum answered', 'Coho Winery skipped'],
    );
    await assert.rejects(ask('// @source lake\nBeats | wher Hour > ago(1d)'), { code: 'query.syntax' });
  });

  test('a stored row leads back to the customer’s rows of its window', async () => {
    const row = await ask(
      '// @source lake\nMachines | sort by _WindowStart asc, _Workspace asc | take 1 | project _RollupId, _Customer, _Workspace, _WindowStart, _WindowEnd',
    );
    const [[id, customer, workspace, from, end] = []] = (await cells(row)) as readonly string[][];
    const origin = await worker.request('rollups.origin', {
      id: id!,
      customer: customer!,
      workspace: workspace!,
      from: from!,
      to: end!,
      paths: [],
    });
    assert.equal(origin.rollup, 'Machines');
    const behind = await ask(origin.query, origin.scope);
    const there = await ask(
      `// @source lake\nMachines | where _Workspace == "${workspace!}" and _WindowStart == datetime(${from!})`,
    );
    assert.equal(behind.rowCount, there.rowCount);
    assert.ok(behind.rowCount > 0);
    assert.deepEqual([...new Set(behind.targets.map((one) => one.customerName))], ['Contoso']);
    await assert.rejects(
      worker.request('rollups.origin', {
        id: '../switches',
        customer: '',
        workspace: '',
        from: from!,
        to: end!,
        paths: [],
      }),
      { code: 'input.rollup' },
    );
  });

  test('paused, switched off and erased: each is seen, and nothing more is stored', async () => {
    await worker.request('rollups.pause', { rollup: 'Beats', paused: true });
    const paused = await worker.request('rollups.look', { files: [BEATS] });
    assert.deepEqual(paused.paused, ['Beats']);
    await worker.request('rollups.pause', { rollup: 'Beats', paused: false });
    const { customer } = paused.lines.find(({ customerName }) => customerName === 'Contoso')!;
    await worker.request('rollups.switch', { customer, on: false, paths: [] });
    const run = await worker.request('rollups.run', { ...BEATS, backfill });
    assert.deepEqual(
      [...new Set(run.workspaces.filter((one) => one.customer === 'Contoso').map(({ state }) => state))],
      ['off'],
    );
    const off = await worker.request('rollups.look', { files: [BEATS] });
    assert.ok(off.lines.filter((one) => one.customer === customer).every((one) => one.off));
    const { receipts, document } = await worker.request('rollups.erase', { customer, name: 'Contoso', paths: [] });
    const [receipt] = receipts;
    assert.match(document, /^# Contoso was erased/);
    assert.ok(receipt!.tables.some(({ rows }) => rows > 0));
    const left = await ask('// @source lake\nBeats_parts | where _Customer == "Contoso" | count');
    assert.deepEqual(await cells(left), [[0]]);
    await worker.request('rollups.switch', { customer, on: true, paths: [] });
  });

  /** A roll-up of a repository on disk, whose file of centres names `adx`, `main` and where the state is. */
  const inRepository = async (name: string, sinks: string, database = 'central'): Promise<RollupText> => {
    const folder = join(directory, 'repository', '.tenantscope');
    await mkdir(folder, { recursive: true });
    const workspace = [...emulator.world.workspaces.values()].find((one) => one.name === 'nb-soc')!;
    const tenant = findSubscription(emulator.world, workspace.subscriptionId)!.tenantId;
    const adx = { kind: 'dataExplorer', tenant, cluster: emulator.url, database, ingestion: 'streaming' };
    const main = { kind: 'logAnalytics', tenant, workspace: workspaceScope(workspace) };
    const state = { tenant, container: `${emulator.url}/stemunorthbridge/rollups` };
    await writeFile(join(folder, 'centres.json'), JSON.stringify({ centres: { adx, main }, state }));
    const text = `// @scope customer:adatum\n// @sink ${sinks}\nHeartbeat | project TimeGenerated, Computer`;
    return { path: pathToFileURL(join(folder, 'rollups', `${name}.kql`)).href, text };
  };
  const refusedFor = async (work: Promise<unknown>): Promise<NotApproved> => {
    const thrown = await work.then(
      () => assert.fail('It was done.'),
      (error: unknown) => error as AppError,
    );
    assert.equal(thrown.code, 'input.notApproved', thrown.message);
    return thrown.data as unknown as NotApproved;
  };

  test('rows go to a centre of the repository once the person approved exactly its address', async () => {
    const file = await inRepository('Central', 'adx');
    const database = findDatabase(emulator.world, 'central')!;
    const asked = await refusedFor(worker.request('rollups.run', { ...file, backfill }));
    assert.match(asked.question, /^Rows of \d+ workspaces? would go to adx\.$/);
    assert.deepEqual(
      asked.places.map(({ name }) => name),
      ['adx', 'state'],
    );
    assert.equal(database.tables.size, 0, 'nothing was sent');
    const before = await worker.request('rollups.look', { files: [file] });
    assert.match(before.notes.join(' '), /keeps the state of roll-ups in .*You have not approved that/);
    const [place, ...others] = asked.places;
    await assert.rejects(worker.request('centres.approve', { ...place!, address: 'https://elsewhere' }), {
      code: 'input.centre',
    });
    for (const one of [place!, ...others]) await worker.request('centres.approve', one);
    const run = await worker.request('rollups.run', { ...file, backfill });
    assert.deepEqual([run.error, run.workspaces[0]?.state], [undefined, 'stored']);
    assert.ok(database.tables.size > 0);
    const { lines, notes, names } = await worker.request('rollups.look', { files: [file] });
    assert.deepEqual(notes, []);
    const own = lines.find(({ sink }) => sink === 'adx')!;
    assert.equal(own.customerName, 'Adatum');
    assert.ok(!names.some(({ answer }) => answer === 'Central'), 'no table of the lake');
    await worker.request('rollups.pause', { rollup: 'Central', paused: true, path: file.path });
    assert.deepEqual((await worker.request('rollups.look', { files: [file] })).paused, ['Central']);
    await worker.request('rollups.switch', { customer: own.customer, on: false, paths: [file.path] });
    assert.ok(
      (await worker.request('rollups.look', { files: [file] })).lines.every(({ off, sink }) => off || sink !== 'adx'),
    );
    // As the command line would ask.
    const kept = await readFile(join(directory, 'own', 'tenantscope', 'centres.json'), 'utf8');
    assert.match(kept, /"name": "adx"/);
    const wish = { customer: own.customer, name: 'Adatum', paths: [file.path] };
    const { receipts } = await worker.request('rollups.erase', wish);
    assert.deepEqual(
      receipts.map(({ sink, remains }) => [sink, /not approved/.test(remains.join(' '))]),
      [
        ['lake', false],
        ['adx', false],
        ['main', true],
      ],
    );
    const moved = await inRepository('Central', 'adx', 'Central');
    assert.match((await refusedFor(worker.request('rollups.run', moved))).places[0]!.address, /\/Central \(tenant/);
    await assert.rejects(worker.request('rollups.run', { ...moved, text: moved.text.replace('adx', 'nowhere') }), {
      code: 'input.centre',
      message: /centres\.json names no centre "nowhere"/,
    });
  });

  test('a centre of Log Analytics is prepared by a plan, and a dry run tells what it will cost', async () => {
    const file = await inRepository('Beating', 'main');
    const { document } = await worker.request('rollups.dryRun', file);
    assert.match(document, /USD a month[^]*\| Adatum \|.*\d\.\d\d \|/);
    assert.deepEqual(await worker.request('centres.of', file), [{ name: 'main', kind: 'logAnalytics' }]);
    const asked = await refusedFor(worker.request('centres.plan', { ...file, writer: 'me' }));
    for (const one of asked.places) await worker.request('centres.approve', one);
    const [planned] = await worker.request('centres.plan', { ...file, writer: 'me' });
    const kinds = planned!.plan!.changes.map(({ action, resource }) => `${action} ${resource}`);
    assert.deepEqual(kinds, [
      'create customTable',
      'create customTable',
      'create dataCollectionRule',
      // Its scope is to be made, and whoever is signed in has the role on what will be around it.
      'none roleAssignment',
      'create savedQuery',
    ]);
    const { text } = await worker.request('centres.runner', { files: [file], all: true, kind: 'github' });
    assert.match(text, /cron: "7 \* \* \* \*"[^]*rollup run --due/);
  });

  test('a Power BI project is written to an empty folder, or a new one in it', async () => {
    const folder = join(directory, 'reports');
    const wish = { files: [MACHINES], centre: 'lake', folder };
    assert.equal((await worker.request('centres.powerBi', wish)).folder, folder);
    assert.ok((await readdir(folder)).some((name) => name.endsWith('.pbip')));
    const again = await worker.request('centres.powerBi', wish);
    assert.equal(again.folder, join(folder, 'Machines Power BI'));
  });

  test('an alert’s file is told what is wrong with it at its place, and what only a rule cannot be', async () => {
    const path = 'file:///r/.tenantscope/alerts/Silent.kql';
    const text = '// @severity 9\n// @window 10m\nHeartbeat | evaluate bag_unpack(x)';
    const [severity, ...others] = await worker.request('alerts.check', { path, text: text.replace('9', '2') + '' });
    assert.equal(severity!.isNote, true);
    assert.match(severity!.message, /^Not as a rule in each workspace/);
    assert.deepEqual(others, []);
    const [wrong] = await worker.request('alerts.check', { path, text });
    assert.equal(wrong!.isNote, undefined);
    assert.match(text.slice(wrong!.start, wrong!.end), /9/);
  });
});
