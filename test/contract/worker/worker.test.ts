import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ClientSecretTokens } from '../../../src/azure/identity/azureIdentity.ts';
import { AppError } from '../../../src/base/errors.ts';
import { addLock } from '../../../src/emulator/populate.ts';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { sampleAccounts, startEmulator } from '../../../src/emulator/emulator.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addSampleEstate } from '../../../src/emulator/world/sample.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { targetName } from '../../../src/model/run.ts';
import type { Run } from '../../../src/model/run.ts';
import type { SignIn } from '../../../src/protocol/settings.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { RunBook } from '../../../src/extension/session/runBook.ts';
import { startWorker } from '../../../src/worker/client.ts';
import type { WorkerProcess } from '../../../src/worker/client.ts';
import { RUNS_SOURCES } from '../../harness/sources.ts';
import { KILLED } from '../../harness/system.ts';

const ENTRY = resolve(import.meta.dirname, '../../../src/worker/main.ts');
const NOBODY = {
  accounts: () => {
    throw new AppError('auth.signInRequired', 'Nobody is signed in.');
  },
  token: () => {
    throw new AppError('auth.signInRequired', 'Nobody is signed in.');
  },
};
/** One result under the name that a document gives it unasked. */
const as = (run: Run['id']) => [{ run, name: 'Results' }];
const REQUEST = { scope: EVERYTHING, timeRange: { kind: 'last', minutes: 1440 } } as const;

describe('the data worker as a process, on the sample estate', () => {
  let emulator: Emulator;
  let directory: string;
  let customersFile: string;
  const workers: WorkerProcess[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'worker-'));
    const world = emptyWorld();
    const sample = await addSampleEstate(world);
    customersFile = sample.customersFile;
    emulator = await startEmulator({ world, logs: sample.logs, engine: () => openEngine() });
  });
  after(async () => {
    for (const worker of workers) worker.dispose();
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function start(
    name: string,
    signIn: SignIn = { kind: 'clientSecret', accounts: sampleAccounts(emulator.world) },
    host: Parameters<typeof startWorker>[0]['host'] = NOBODY,
  ): Promise<WorkerProcess> {
    const worker = startWorker({ entry: ENTRY, host, execArgv: RUNS_SOURCES });
    workers.push(worker);
    await worker.request('configure', {
      cloud: emulator.cloud,
      signIn,
      customersFiles: [{ label: 'customers.json', text: customersFile }],
      storageDirectory: join(directory, name),
      memoryLimitMb: 200,
      persistRuns: false,
    });
    return worker;
  }

  /** Databases in a worker's storage. */
  async function filesOf(name: string): Promise<string[]> {
    const files = await readdir(join(directory, name, 'runs')).catch(() => []);
    return files.filter((file) => file.endsWith('.duckdb'));
  }

  /** Runs to the end: the last snapshot. */
  function play(worker: WorkerProcess, query: string, answer: Run['answer'] = 'across'): Promise<Run> {
    return new Promise((resolve, reject) => {
      const listener = worker.on('run.changed', (run) => {
        if (run.state !== 'running') {
          listener.dispose();
          resolve(run);
        }
      });
      worker.request('runs.start', { ...REQUEST, query, answer }).catch(reject);
    });
  }

  test('estate, run, rows, export', async () => {
    const worker = await start('a');
    const estate = await worker.request('estate.load', { refresh: false });
    assert.ok(estate.workspaces.length >= 20, `${estate.workspaces.length} workspaces`);
    const run = await play(worker, 'Heartbeat | take 3 | project TimeGenerated, Computer', 'perWorkspace');
    assert.equal(run.error, undefined);
    assert.ok(run.completeness.answered >= 20, run.completeness.sentence);
    assert.ok(run.rowCount > 20);
    assert.deepEqual(
      run.columns.map((column) => column.name),
      ['_Customer', '_Tenant', '_Workspace', 'TimeGenerated', 'Computer'],
    );
    const window = await worker.request('runs.rows', {
      run: run.id,
      first: 0,
      count: 5,
      sort: [{ column: 'Computer', descending: false }],
    });
    assert.equal(window.total, run.rowCount);
    assert.equal(window.rows.length, 5);
    const path = join(directory, 'out.csv');
    assert.deepEqual(await worker.request('runs.export', { run: run.id, path, format: 'csv' }), {
      rows: run.rowCount,
      files: 1,
      notes: [],
    });
    assert.equal((await readFile(path, 'utf8')).trimEnd().split('\r\n').length, run.rowCount + 1);
    assert.deepEqual(
      (await worker.request('runs.list', null)).map((entry) => entry.id),
      [run.id],
    );
    await assert.rejects(worker.request('runs.start', { ...REQUEST, query: 'Heartbeat | where (' }), {
      code: 'query.syntax',
    });
  });

  test('the rows of a run are asked again here: a run of its own, with what its source lacks, of no request', async () => {
    const worker = await start('again');
    const source = await play(worker, 'Heartbeat | project TimeGenerated, Computer | take 5', 'perWorkspace');
    emulator.calls.clear();
    const query = 'Results | summarize n = count() by _Customer | sort by n desc, _Customer asc';
    const run = await worker.request('runs.askResult', { results: as(source.id), query });
    assert.deepEqual(emulator.calls.list(), [], 'nobody is sent anything');
    assert.deepEqual([run.of, run.state, run.completeness], [source.id, 'finished', source.completeness]);
    const window = await worker.request('runs.rows', { run: run.id, first: 0, count: 100 });
    assert.deepEqual(window.columns, ['_Customer', 'n']);
    assert.equal(
      window.rows.reduce((sum, [, n]) => sum + Number(n), 0),
      source.rowCount,
    );
    assert.deepEqual(
      (await worker.request('runs.list', null)).map(({ id, of }) => [id, of]),
      [
        [run.id, source.id],
        [source.id, undefined],
      ],
    );
    await assert.rejects(
      worker.request('runs.askResult', { results: as(source.id), query: 'Results\n| where Missing == 1' }),
      {
        code: 'query.semantic',
      },
    );
    const both = await worker.request('runs.askResult', {
      results: [
        { run: source.id, name: 'Machines' },
        { run: run.id, name: 'Counts' },
      ],
      query: 'Machines | lookup Counts on _Customer | project Computer, n',
    });
    assert.deepEqual([both.rowCount, both.of, both.alsoOf], [source.rowCount, source.id, [run.id]]);
    await worker.request('runs.discard', { run: source.id });
    await assert.rejects(worker.request('runs.askResult', { results: as(source.id), query }), {
      code: 'input.unknownRun',
    });
    const rest = await worker.request('runs.askResult', { results: as(run.id), query: 'Results | count' });
    assert.deepEqual(
      rest.columns.map(({ name }) => name),
      ['Count'],
    );
  });

  test('two runs are compared here, of no request: what changed, exported with what it is', async () => {
    const worker = await start('compared');
    const before = await play(worker, 'Heartbeat | summarize n = count() by Computer, _Workspace');
    // The estate goes on; these rows do not.
    const query = 'Results | extend n = n + iff(strlen(Computer) % 2 == 0, 1, 0)';
    const after = await worker.request('runs.askResult', {
      results: [{ run: before.id, name: 'Results' }],
      query,
    });
    emulator.calls.clear();
    const keys = await worker.request('runs.comparisonKeys', { before: before.id, after: after.id });
    assert.deepEqual(keys.suggested, ['_Workspace', 'Computer']);
    const run = await worker.request('runs.compare', { before: before.id, after: after.id });
    assert.deepEqual(emulator.calls.list(), [], 'nobody is sent anything');
    assert.ok(run.made?.kind === 'comparison');
    const { added, gone, changed, same } = run.made;
    assert.deepEqual([added, gone, changed + same], [0, 0, before.rowCount]);
    assert.ok(changed > 0 && same > 0, `${changed} changed, ${same} the same`);
    const { columns, rows } = await worker.request('runs.rows', { run: run.id, first: 0, count: 1 });
    assert.deepEqual(columns, ['_Workspace', '_Change', '_Changed', 'Computer', 'n', '_Before']);
    const [, change, which, , now, was] = rows[0]!;
    assert.deepEqual([change, which, JSON.parse(String(was))], ['changed', 'n', { n: Number(now) - 1 }]);

    const named = await worker.request('runs.label', { run: run.id, label: 'after the patch' });
    assert.equal(named.label, 'after the patch');
    const path = join(directory, 'changes.md');
    await worker.request('runs.export', { run: run.id, path, format: 'md' });
    assert.match(await readFile(path, 'utf8'), /0 rows added, 0 gone, \d+ changed, \d+ the same, matched by /);
  });

  test('the tables of a scope are a run: filled or only known, by workspace', async () => {
    const worker = await start('schema');
    const scope = { include: [{ kind: 'customer', value: 'contoso' }], except: [] } as const;
    const run = await worker.request('schema.show', { scope, view: 'tables' });
    assert.deepEqual([run.made?.kind, run.completeness.complete], ['schema', true]);
    const filters = [{ column: 'Table', op: 'equals', value: 'Heartbeat' } as const];
    const { columns, rows } = await worker.request('runs.rows', { run: run.id, first: 0, count: 5, filters });
    const asked = run.completeness.asked;
    assert.deepEqual(
      columns.slice(6),
      run.targets.map((target) => targetName(target)),
    );
    assert.deepEqual(rows, [
      ['Heartbeat', asked, asked, 'Analytics', '90', 0, ...columns.slice(6).map(() => 'filled')],
    ]);
  });

  test('what Resource Graph knows joins with what the logs say, here', async () => {
    const worker = await start('inventory');
    const machines = await play(
      worker,
      `// @source resource-graph\nresources | where type has 'machines' | project id, name = tolower(name), location`,
    );
    assert.deepEqual([machines.source, machines.answer], ['resourceGraph', 'across']);
    assert.deepEqual(
      machines.columns.map(({ name }) => name),
      ['_Customer', '_Tenant', '_Subscription', 'id', 'name', 'location'],
    );
    const beats = await play(worker, 'Heartbeat | summarize seen = max(TimeGenerated) by _Customer, Computer');
    emulator.calls.clear();
    const joined = await worker.request('runs.askResult', {
      results: [
        { run: machines.id, name: 'Machines' },
        { run: beats.id, name: 'Beats' },
      ],
      query: `Machines | join kind=inner (Beats | project _Customer, name = tolower(tostring(split(Computer, '.')[0])), seen) on _Customer, name
        | project _Customer, name, location, seen`,
    });
    assert.deepEqual(emulator.calls.list(), []);
    assert.ok(joined.rowCount > 0, 'some machines beat');
    assert.match(joined.completeness.sentence, /^Machines: \d+ of \d+ tenants answered.*; Beats: /);
    const window = await worker.request('runs.rows', { run: machines.id, first: 0, count: 5 });
    assert.ok(window.rows.every(([customer, , subscription]) => customer && subscription));
  });

  test('a prepared worker has its database open, once, and has asked nobody for anything', async () => {
    const worker = await start('prepared', { kind: 'host' });
    assert.deepEqual(await filesOf('prepared'), []);
    assert.equal(await worker.request('runs.prepare', null), null);
    assert.equal((await filesOf('prepared')).length, 1, 'a database of this session');
    assert.equal(await worker.request('runs.prepare', null), null);
    assert.equal((await filesOf('prepared')).length, 1);
  });

  test('a total over all workspaces, explained before and told after', async () => {
    const worker = await start('total');
    const query = 'Heartbeat | summarize n = count() by Computer | count';
    const { markdown } = await worker.request('runs.explain', { ...REQUEST, query });
    assert.match(markdown, /\*\*Across\*\*.*Exact\.[^]*## Made of it here/);
    const counted = await worker.request('runs.explain', { ...REQUEST, query, count: true });
    assert.match(counted.markdown, /\nRows: [\d,]+ rows, counted just now by \d+ workspaces?\./);
    assert.doesNotMatch(markdown, /\nRows: /);
    const run = await play(worker, query);
    assert.deepEqual([run.answer, run.rowCount, run.columns.map(({ name }) => name)], ['across', 1, ['Count']]);
    const [row] = (await worker.request('runs.rows', { run: run.id, first: 0, count: 1 })).rows;
    assert.ok(Number(row![0]) > 20, String(row));
    assert.deepEqual([run.plan?.promise, run.plan?.parts.length], [{ kind: 'exact' }, 1]);
  });

  test('tokens come from the host, one by one, and nobody signed in is an error with its next step', async () => {
    const secret = new ClientSecretTokens(emulator.cloud, sampleAccounts(emulator.world)[0]!);
    const asked = new Set<string>();
    const worker = await start(
      'host',
      { kind: 'host' },
      {
        accounts: async () => [...(await secret.accounts())],
        token: ({ account, tenant, audience }) => {
          asked.add(audience);
          return secret.getToken({ account, tenant, audience });
        },
      },
    );
    const run = await play(worker, 'Heartbeat | take 1');
    assert.ok(run.completeness.answered >= 20, run.completeness.sentence);
    assert.deepEqual([...asked].sort(), ['https://api.loganalytics.io', 'https://management.azure.com']);
    const alone = await start('nobody', { kind: 'host' });
    await assert.rejects(alone.request('estate.load', { refresh: false }), { code: 'auth.signInRequired' });
  });

  test('schema, provisioning questions and last data over the same channel', async () => {
    const worker = await start('c');
    const estate = await worker.request('estate.load', { refresh: false });
    const some = estate.workspaces
      .filter((workspace) => workspace.name.startsWith('contoso'))
      .map((workspace) => workspace.key);
    const schema = await worker.request('schema.forScope', { workspaces: some });
    assert.equal(schema.workspaces, some.length);
    const heartbeat = schema.tables.find((table) => table.name === 'Heartbeat');
    assert.equal(heartbeat?.have, some.length);
    assert.ok(heartbeat!.columns.some((column) => column.name === 'Computer' && column.have === some.length));
    assert.ok(
      (await worker.request('estate.tables', { workspace: some[0]! })).some((table) => table.name === 'Heartbeat'),
    );
    const subscriptions = await worker.request('provision.subscriptions', {});
    assert.ok(subscriptions.length >= 10, `${subscriptions.length}`);
    const last = await worker.request('estate.lastData', { workspaces: some });
    assert.deepEqual(last.map((entry) => entry.workspace).sort(), [...some].sort());
    assert.ok(last.some((entry) => entry.lastData !== null));
  });

  test('a plan stays in the worker: applied by its id, once, and in the estate without asking anybody again', async () => {
    const worker = await start('plans');
    const estate = await worker.request('estate.load', { refresh: false });
    const place = (await worker.request('provision.subscriptions', {}))[0]!;
    const { account, issuer, tenant, subscription } = place;
    const plan = await worker.request('provision.plan', {
      account,
      issuer,
      tenant,
      subscription,
      resourceGroup: 'rg-plans',
      createResourceGroup: true,
      name: 'law-planned',
      region: 'westeurope',
      sku: { name: 'PerGB2018' },
      retentionDays: 90,
      tags: {},
    });
    assert.deepEqual(
      plan.changes.map(({ action, resource }) => `${action} ${resource}`),
      ['create resourceGroup', 'create workspace'],
    );
    const heard: string[] = [];
    worker.on('provision.progress', (event) => heard.push(`${event.plan === plan.id} ${event.progress.change}`));
    const pictures: number[] = [];
    worker.on('estate.changed', ({ workspaces }) => pictures.push(workspaces.length));
    emulator.calls.clear();
    // Whatever else a message carries is nobody's business.
    const tampered = { plan: plan.id, changes: [], request: { name: 'law-other' } };
    const result = await worker.request('provision.apply', tampered);
    assert.deepEqual([result.ok, result.done], [true, ['createResourceGroup', 'createWorkspace']]);
    // Every id of the plan has its name, and the receipt the id that the service gave.
    const named = new Map(plan.about.map(({ id, name }) => [id, name]));
    assert.equal(named.get(subscription), place.name);
    assert.notEqual(named.get(tenant) ?? tenant, tenant);
    assert.match(result.changes[1]?.ids?.[0]?.value ?? '', /^[\da-f-]{36}$/);
    assert.ok(heard.includes('true workspace law-planned'), heard.join());
    assert.equal(pictures.at(-1), estate.workspaces.length + 1);
    const asked = emulator.calls.list().map(({ path }) => path);
    assert.ok(asked.length > 0 && !asked.some((path) => path.includes('ResourceGraph')), asked.join('\n'));
    const now = await worker.request('estate.load', { refresh: false });
    assert.ok(now.workspaces.some(({ name }) => name === 'law-planned'));
    await assert.rejects(worker.request('provision.apply', { plan: plan.id }), { code: 'input.planApplied' });
  });

  test('a plan that meets a lock brings the extension who set it and who takes it away; the workspace stays', async () => {
    const worker = await start('locked');
    const { workspaces } = await worker.request('estate.load', { refresh: false });
    const central = workspaces.find(({ name }) => name === 'nb-central')!;
    const scope = `/subscriptions/${central.subscription}`;
    addLock(emulator.world, { scope, name: 'freeze', level: 'ReadOnly', by: 'olga@northbridge.example' });
    const { id } = await worker.request('provision.planDeletion', { workspace: central.key, permanent: false });
    const { ok, changes, error } = await worker.request('provision.apply', { plan: id });
    emulator.world.locks.length = 0;
    assert.deepEqual([ok, changes[0]?.state, error?.code], [false, 'failed', 'access.locked']);
    assert.match(error!.message, /ReadOnly "freeze" on the subscription \S+ \(set by olga@northbridge\.example\)/);
    assert.match(error!.message, /Owner or User Access Administrator there removes it/);
    const after = await worker.request('estate.load', { refresh: false });
    assert.ok(after.workspaces.some(({ key }) => key === central.key));
  });

  test('a plan that is cancelled says what there is, though the service never answers', async () => {
    const worker = await start('cancelled');
    const { account, issuer, tenant, subscription } = (await worker.request('provision.subscriptions', {}))[0]!;
    const { id } = await worker.request('provision.plan', {
      account,
      issuer,
      tenant,
      subscription,
      resourceGroup: 'rg-cancelled',
      createResourceGroup: true,
      name: 'law-cancelled',
      region: 'westeurope',
      sku: { name: 'PerGB2018' },
      retentionDays: 90,
      tags: {},
    });
    emulator.faults.add({ match: { method: 'PUT', path: '/workspaces/law-cancelled' }, fault: { kind: 'hang' } });
    worker.on('provision.progress', ({ progress }) => {
      if (progress.change === 'workspace law-cancelled')
        worker.request('provision.cancel', { plan: id }).catch(() => undefined);
    });
    const result = await worker.request('provision.apply', { plan: id });
    emulator.faults.clear();
    assert.deepEqual(
      [result.ok, result.done, result.error?.code],
      [false, ['createResourceGroup'], 'cancelled.byUser'],
    );
    assert.match(result.error!.message, /^Cancelled\. There is now: resource group rg-cancelled\./);
  });

  test('a worker that dies fails its runs with the reason; the next one works', async () => {
    const worker = await start('b');
    await worker.request('estate.load', { refresh: false });
    emulator.faults.add({ match: { service: 'logs' }, fault: { kind: 'hang' } });
    const runs = new RunBook(worker);
    const ended = new Promise<Run>((resolve) => {
      runs.onDidChange((run) => {
        if (run && run.state !== 'running') resolve(run);
      });
    });
    await runs.start({ ...REQUEST, query: 'Heartbeat | count' });
    const waiting = worker.request('estate.load', { refresh: true });
    const exit = new Promise<AppError>((resolve) => {
      worker.onExit(resolve);
    });
    process.kill(worker.pid!, 'SIGKILL');
    const run = await ended;
    assert.deepEqual([run.state, run.error?.code], ['failed', 'engine.crashed']);
    assert.match(run.error!.message, new RegExp(`${KILLED}.*run the query again`));
    await assert.rejects(waiting, { code: 'engine.crashed' });
    assert.equal((await exit).code, 'engine.crashed');
    emulator.faults.clear();
    const next = await start('b');
    assert.equal((await play(next, 'Heartbeat | count')).state, 'finished');
  });
});
