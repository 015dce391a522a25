import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { AppError } from '../../../src/base/errors.ts';
import { sampleAccounts } from '../../../src/emulator/emulator.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { Run } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { startWorker } from '../../../src/worker/client.ts';
import type { WorkerProcess } from '../../../src/worker/client.ts';
import { RUNS_SOURCES } from '../../harness/sources.ts';
import { KILLED, NO_LIMITS } from '../../harness/system.ts';
import { heartbeats } from '../azure/rows.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';
import { answered, targetOf } from './runWorld.ts';

const ENTRY = resolve(import.meta.dirname, '../../../src/worker/main.ts');
const nobody = (): never => {
  throw new AppError('auth.signInRequired', 'Nobody is signed in.');
};

describe('bad input at the data worker', () => {
  const small = smallEstate();
  let emulator: Emulator, directory: string;
  const workers: WorkerProcess[] = [];
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bad-worker-'));
    emulator = await startSmall(small, {
      engine: () => openEngine(),
      logs: heartbeats(Object.values(small.workspaces).map((workspace) => workspace.properties.customerId)),
    });
  });
  afterEach(() => {
    emulator.faults.clear();
  });
  after(async () => {
    for (const worker of workers) worker.dispose();
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function start(name: string, customers: readonly { label: string; text: string }[] = []) {
    const worker = startWorker({
      entry: ENTRY,
      host: { accounts: nobody, token: nobody },
      execArgv: RUNS_SOURCES,
    });
    workers.push(worker);
    const configured = await worker.request('configure', {
      cloud: emulator.cloud,
      signIn: { kind: 'clientSecret', accounts: sampleAccounts(emulator.world) },
      customersFiles: customers,
      storageDirectory: join(directory, name),
      memoryLimitMb: 200,
      persistRuns: false,
    });
    return { worker, ...configured };
  }

  /** The run that `begin` begins or goes on with, once it has ended. */
  function ended(worker: WorkerProcess, begin: () => Promise<unknown>): Promise<Run> {
    return new Promise((settle, reject) => {
      const listener = worker.on('run.changed', (run) => {
        if (run.state !== 'running') {
          listener.dispose();
          settle(run);
        }
      });
      begin().catch(reject);
    });
  }
  const play = (worker: WorkerProcess): Promise<Run> =>
    ended(worker, () =>
      worker.request('runs.start', {
        query: 'Heartbeat | where isnotempty(Computer)',
        scope: EVERYTHING,
        timeRange: { kind: 'last', minutes: 60 },
      }),
    );

  test('a customers file with mistakes: each with its file and line, everything else of it counts', async () => {
    const text = `{\n"customers": [\n  {"name": "Contoso Ltd", "tenants": ["${small.contoso.tenantId}"]},\n  {"nme": "x"},\n  {"name": "Bad", "tags": }\n],\n"cloud": {"authority": "https://evil.example"},\n"groups": {"gold": ["contoso-ltd", "nobody"]}\n}`;
    const { worker, problems } = await start('customers', [{ label: '/repo/.tenantscope/customers.json', text }]);
    assert.deepEqual(
      problems.map(({ file, line }) => [file, line]),
      [4, 4, 5, 7, 8].map((line) => ['/repo/.tenantscope/customers.json', line]),
    );
    const estate = await worker.request('estate.load', { refresh: false });
    assert.deepEqual(
      estate.customers
        .filter((customer) => customer.groups.length > 0)
        .map((customer) => [customer.name, customer.groups]),
      [['Contoso Ltd', ['gold']]],
    );
    assert.equal(estate.workspaces.length, 3);
    assert.equal((await play(worker)).completeness.complete, true);
  });

  test(
    'a disk that is full in a run: who could not be stored and why, what had come stays; with room again a retry completes it',
    { skip: NO_LIMITS },
    async () => {
      const { worker } = await start('disk');
      assert.equal((await play(worker)).completeness.complete, true);
      const rows = Array.from({ length: 60 }, (_, index) => [index, randomBytes(48_000).toString('base64')]);
      emulator.faults.add({
        match: { service: 'logs', workspace: 'law-contoso' },
        fault: answered(
          [
            ['n', 'long'],
            ['s', 'string'],
          ],
          rows,
        ),
      });
      limit(worker, '1000000:');
      const run = await play(worker);
      const { state, error, rows: stored } = targetOf(run, 'law-contoso');
      assert.deepEqual([state, error?.code, stored], ['failed', 'engine.disk', 0]);
      assert.match(error!.message, /The disk is full, so the rows could not be stored\. Free some space .* then retry/);
      assert.equal(run.completeness.sentence, '2 of 3 workspaces answered, 1 disk full');
      const path = join(directory, 'disk.csv');
      assert.deepEqual(
        await worker.request('runs.export', { run: run.id, path, format: 'csv' }),
        { rows: run.rowCount, files: 1, notes: [] },
        'what had come can be read',
      );
      limit(worker, 'unlimited:');
      const again = await ended(worker, () => worker.request('runs.retry', { run: run.id }));
      assert.deepEqual([again.completeness.complete, again.rowCount], [true, run.rowCount + rows.length]);
      limit(worker, '1000000:');
      await assert.rejects(worker.request('runs.export', { run: run.id, path, format: 'csv' }), {
        code: 'engine.disk',
        message: /The disk is full, so the file could not be written/,
      });
    },
  );

  test('killed while it reads rows: the question fails with the reason, and the next process answers', async () => {
    const { worker } = await start('killed');
    const run = await play(worker);
    const waiting = worker.request('runs.rows', { run: run.id, first: 0, count: 10 });
    process.kill(worker.pid!, 'SIGKILL');
    const gone = new Promise<AppError>((settle) => {
      worker.onExit(settle);
    });
    await Promise.allSettled([waiting]);
    assert.match((await gone).message, new RegExp(`${KILLED}.*run the query again, the worker starts anew`));
    await assert.rejects(worker.request('runs.rows', { run: run.id, first: 0, count: 10 }), { code: 'engine.crashed' });
    const next = await start('killed');
    await assert.rejects(next.worker.request('runs.rows', { run: run.id, first: 0, count: 10 }), {
      code: 'input.unknownRun',
      message: /Run its query again/,
    });
    assert.equal((await play(next.worker)).completeness.complete, true);
  });

  function limit(worker: WorkerProcess, fileSize: string): void {
    execFileSync('prlimit', ['--pid', String(worker.pid), `--fsize=${fileSize}`]);
  }
});
