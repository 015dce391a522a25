import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { emptyWorld } from '../../../src/emulator/emptyWorld.ts';
import { sampleAccounts, startEmulator } from '../../../src/emulator/emulator.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { addSampleEstate } from '../../../src/emulator/world/sample.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { parseScope } from '../../../src/kql/scopeLine.ts';
import type { Assessment } from '../../../src/model/assessment/assessment.ts';
import { toCustomerKey } from '../../../src/model/ids.ts';
import type { AssessmentProgress } from '../../../src/protocol/assess.ts';
import { startWorker } from '../../../src/worker/client.ts';
import type { WorkerProcess } from '../../../src/worker/client.ts';
import { RUNS_SOURCES } from '../../harness/sources.ts';

const ENTRY = resolve(import.meta.dirname, '../../../src/worker/main.ts');
const nobody = () => {
  throw new AppError('auth.signInRequired', 'Nobody is signed in.');
};
const COHO = toCustomerKey('coho');
const ADATUM = toCustomerKey('adatum');
const scopeOf = (text: string) => parseScope(text).scope ?? assert.fail(text);

describe('assessments in the data worker, on the sample estate', () => {
  let emulator: Emulator;
  let directory: string;
  let customersFile: string;
  const workers: WorkerProcess[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'worker-assess-'));
    const world = emptyWorld();
    const sample = await addSampleEstate(world);
    customersFile = sample.customersFile;
    emulator = await startEmulator({ world, logs: sample.logs, engine: () => openEngine() });
  });
  afterEach(() => {
    emulator.faults.clear();
  });
  after(async () => {
    for (const worker of workers) worker.dispose();
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function start(name: string, more: { readonly persistRuns?: boolean; readonly cloud?: string } = {}) {
    const worker = startWorker({ entry: ENTRY, host: { accounts: nobody, token: nobody }, execArgv: RUNS_SOURCES });
    workers.push(worker);
    const { persistRuns = true, cloud = emulator.cloud.name } = more;
    await worker.request('configure', {
      cloud: { ...emulator.cloud, name: cloud },
      signIn: { kind: 'clientSecret', accounts: sampleAccounts(emulator.world) },
      customersFiles: [{ label: 'customers.json', text: customersFile }],
      storageDirectory: join(directory, name),
      memoryLimitMb: 200,
      persistRuns,
    });
    return worker;
  }

  test('a slim one comes with its progress; a customer’s whole diagnosis is asked for by name', async () => {
    const worker = await start('whole');
    const heard: AssessmentProgress[] = [];
    worker.on('assess.progress', (progress) => heard.push(progress));
    const slim = await worker.request('assess.run', { scope: scopeOf('customer:coho customer:adatum') });
    assert.deepEqual(
      slim.customers.map(({ key, today, fit }) => [key, today.state, fit.best]),
      [
        [ADATUM, 'distributed', 'distributed'],
        [COHO, 'hybrid', 'hybrid'],
      ],
    );
    assert.equal(heard[0]?.done, 0);
    const last = heard.at(-1)!;
    assert.ok(heard.length > 10 && last.done === last.total, `${heard.length}: ${last.done} of ${last.total}`);
    for (const { checks, readers, comparison, findings, today, fit } of slim.customers) {
      assert.deepEqual([checks, readers, comparison, today.because, fit.criteria], [[], [], [], [], []]);
      assert.ok(findings.length > 0 && findings.every(({ evidence, actions }) => !evidence.length && !actions.length));
    }
    const whole = await worker.request('assess.customer', { id: slim.id, customer: COHO });
    assert.ok(whole.checks.length >= 25 && whole.comparison.length > 10 && whole.readers.length > 0);
    assert.ok(whole.findings.every(({ evidence, title }) => evidence.length > 0 && title !== ''));
    assert.deepEqual(
      whole.findings.map(({ title }) => title),
      slim.customers[1]!.findings.map(({ title }) => title),
    );
    await assert.rejects(worker.request('assess.customer', { id: slim.id, customer: toCustomerKey('contoso') }), {
      code: 'input.unknownCustomer',
    });
    await assert.rejects(worker.request('assess.open', { id: '../whole' }), { code: 'input.unknownAssessment' });
  });

  test('a report is written where it is wanted, with its progress', async () => {
    const worker = await start('report');
    const heard: number[] = [];
    worker.on('reports.progress', ({ done, total }) => heard.push(done / total));
    const folder = join(directory, 'reports');
    // A day that is settled at any time of today.
    const date = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
    const wish = { kind: 'daily', date, scope: scopeOf('customer:coho'), folder, formats: ['md'] } as const;
    const { estate, customers, whole } = await worker.request('reports.create', wish);
    assert.deepEqual([estate, customers, whole], [[join(folder, date, 'estate.md')], 1, true]);
    assert.deepEqual(await readdir(join(folder, date, 'customers')), ['Coho Winery.md']);
    assert.equal(heard.at(-1), 1);
  });

  test('they are kept for the next worker, compared and exported; not for one of another cloud', async () => {
    const first = await start('kept');
    const before = await first.request('assess.run', { scope: scopeOf('customer:adatum') });
    first.dispose();
    const second = await start('kept');
    const { findings } = before.customers[0]!;
    assert.deepEqual(await second.request('assess.list', null), [
      {
        id: before.id,
        at: before.at,
        cloud: emulator.cloud.name,
        scope: 'customer:adatum',
        customers: 1,
        findings: findings.length,
      },
    ]);
    assert.deepEqual(await second.request('assess.open', { id: before.id }), before);
    const weights = { label: 'fit.json', text: '{"weights": {"residency": 77}}' };
    const after = await second.request('assess.run', { scope: scopeOf('customer:adatum'), weights });
    assert.equal(after.weights['residency'], 77);
    assert.deepEqual(
      (await second.request('assess.list', null)).map(({ id }) => id),
      [after.id, before.id],
    );
    const difference = await second.request('assess.compare', { before: before.id, after: after.id });
    assert.deepEqual(
      [difference.before, difference.after, difference.appeared, difference.gone],
      [before.at, after.at, [], []],
    );
    const html = await second.request('assess.export', { id: after.id, format: 'html', against: before.id });
    assert.match(html, /<!doctype html>[^]*Adatum/i);
    const other = await start('kept', { cloud: 'another' });
    assert.deepEqual(await other.request('assess.list', null), []);
    await assert.rejects(other.request('assess.open', { id: after.id }), { code: 'input.unknownAssessment' });
  });

  test('the copy of one customer of several has nothing of the others, in every form', async () => {
    const worker = await start('copy', { persistRuns: false });
    const { id } = await worker.request('assess.run', { scope: scopeOf('customer:coho customer:lucerne') });
    for (const format of ['html', 'md', 'json', 'sarif'] as const) {
      const text = await worker.request('assess.export', { id, format, customer: COHO });
      assert.match(text, /Coho Winery/);
      assert.doesNotMatch(text, /lucerne|fabrikam|contoso|nb-central/i, format);
    }
    await assert.rejects(worker.request('assess.export', { id, format: 'md', customer: ADATUM }), {
      code: 'input.unknownCustomer',
    });
    await assert.rejects(readdir(join(directory, 'copy', 'assessments')), { code: 'ENOENT' });
  });

  test('cancelled, what was measured by then comes; meanwhile a second one is refused', async () => {
    emulator.faults.add({ match: { service: 'logs', workspace: 'coho-edge' }, fault: { kind: 'hang' } });
    const worker = await start('cancelled');
    const enough = new Promise<void>((done) => {
      worker.on('assess.progress', (progress) => {
        if (progress.done > 10) done();
      });
    });
    const running = worker.request('assess.run', { scope: scopeOf('customer:coho') });
    await enough;
    await assert.rejects(worker.request('assess.run', { scope: scopeOf('customer:adatum') }), {
      code: 'input.assessing',
    });
    await worker.request('assess.cancel', null);
    const partial: Assessment = await running;
    assert.deepEqual([partial.cancelled, partial.complete], [true, false]);
    assert.ok(partial.costs.some(({ known }) => known > 0));
    // It can be looked at, and is not kept as one to compare with.
    const whole = await worker.request('assess.customer', { id: partial.id, customer: COHO });
    assert.ok(whole.checks.some(({ unknown }) => unknown.some(({ error }) => error.code === 'cancelled.byUser')));
    const next = await start('cancelled');
    assert.deepEqual(await next.request('assess.list', null), []);
  });

  test('what cannot be taken as it is written is refused before anybody is asked', async () => {
    const worker = await start('wrong');
    await worker.request('estate.load', { refresh: false });
    emulator.calls.clear();
    await assert.rejects(worker.request('assess.run', { scope: scopeOf('customer:Lucern') }), { code: 'input.scope' });
    const weights = { label: '/repo/.tenantscope/fit.json', text: '{\n"weights": {\n"residence": 3}}' };
    await assert.rejects(worker.request('assess.run', { scope: scopeOf('all'), weights }), {
      code: 'input.weights',
      message: /^\/repo\/\.tenantscope\/fit\.json:3: "residence" is no criterion/,
    });
    assert.deepEqual(emulator.calls.list(), []);
  });
});
