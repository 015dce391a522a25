/** Windows that share one storage folder, each with a data worker of its own, as VS Code starts them. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import type { AppError } from '../../../src/base/errors.ts';
import { sampleAccounts } from '../../../src/emulator/emulator.ts';
import type { Emulator } from '../../../src/emulator/emulator.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { RunId } from '../../../src/model/ids.ts';
import type { Run } from '../../../src/model/run.ts';
import { EVERYTHING } from '../../../src/model/scope.ts';
import { startWorker } from '../../../src/worker/client.ts';
import type { WorkerProcess } from '../../../src/worker/client.ts';
import { RUNS_SOURCES } from '../../harness/sources.ts';
import { heartbeats } from '../azure/rows.ts';
import { smallEstate, startSmall } from '../emulator/smallEstate.ts';

const ENTRY = resolve(import.meta.dirname, '../../../src/worker/main.ts');
/** Ten rows of each workspace, whenever it is asked. */
const QUERY = 'range n from 1 to 10 step 1 | extend Seen = toscalar(Heartbeat | count) > 0';
const small = smallEstate();
let emulator: Emulator, directory: string, folder: string;
const windows: Window[] = [];

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windows-'));
  folder = join(directory, 'runs');
  emulator = await startSmall(small, {
    engine: () => openEngine(),
    logs: heartbeats(Object.values(small.workspaces).map((workspace) => workspace.properties.customerId)),
  });
});
after(async () => {
  for (const window of windows) window.worker.dispose();
  await emulator.close();
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
});

/** One window: what it runs, lists and reads. */
class Window {
  readonly worker: WorkerProcess;
  /** What its worker had to say. */
  readonly words: string[] = [];

  constructor() {
    const nobody = (): never => {
      throw new Error('not asked');
    };
    this.worker = startWorker({ entry: ENTRY, host: { accounts: nobody, token: nobody }, execArgv: RUNS_SOURCES });
    this.worker.on('log', ({ level, message }) => {
      if (level === 'warn') this.words.push(message);
    });
    windows.push(this);
  }

  static async open(): Promise<Window> {
    const window = new Window();
    await window.worker.request('configure', {
      cloud: emulator.cloud,
      signIn: { kind: 'clientSecret', accounts: sampleAccounts(small.world) },
      customersFiles: [],
      storageDirectory: directory,
      memoryLimitMb: 200,
      persistRuns: true,
    });
    return window;
  }

  async runs(): Promise<readonly RunId[]> {
    return (await this.worker.request('runs.list', null)).map(({ id }) => id);
  }

  async play(): Promise<RunId> {
    const ended = new Promise<Run>((done) => {
      const listener = this.worker.on('run.changed', (run) => {
        if (run.state === 'running') return;
        listener.dispose();
        done(run);
      });
    });
    await this.start();
    const { id, completeness } = await ended;
    assert.equal(completeness.sentence, '3 of 3 workspaces answered');
    return id;
  }

  start(): Promise<Run> {
    const timeRange = { kind: 'last', minutes: 60 } as const;
    return this.worker.request('runs.start', { query: QUERY, scope: EVERYTHING, timeRange, answer: 'perWorkspace' });
  }

  /** Starts a run and waits until so many workspaces have answered and that is noted. */
  async startUntil(answered: number): Promise<RunId> {
    const there = new Promise<void>((done) => {
      const listener = this.worker.on('run.changed', (run) => {
        if (run.state !== 'running' || run.completeness.answered < answered) return;
        listener.dispose();
        done();
      });
    });
    const { id } = await this.start();
    await there;
    while ((await notedAnswers(id)) < answered)
      await new Promise((later) => {
        setTimeout(later, 20);
      });
    return id;
  }

  /** How many rows of each of its runs there are. */
  async rows(): Promise<readonly number[]> {
    const totals: number[] = [];
    for (const run of await this.runs())
      totals.push((await this.worker.request('runs.rows', { run, first: 0, count: 1 })).total);
    return totals;
  }

  async end(how: 'closed' | 'killed'): Promise<void> {
    const { pid } = this.worker;
    if (how === 'killed') {
      const gone = new Promise<AppError>((heard) => {
        this.worker.onExit(heard);
      });
      process.kill(pid!, 'SIGKILL');
      await gone;
      return;
    }
    this.worker.dispose();
    while (isAlive(pid!))
      await new Promise((later) => {
        setTimeout(later, 20);
      });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const passing = async (): Promise<readonly string[]> =>
  (await readdir(folder)).filter((name) => /^session-.*\.duckdb$/.test(name));
const kept = async (): Promise<readonly string[]> =>
  (await readFile(join(folder, 'history.jsonl'), 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { run: Run }).run.id);

const notedAnswers = async (id: RunId): Promise<number> => {
  const text = await readFile(join(folder, 'running', `${id}.json`), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { run?: Run }).run?.completeness.answered ?? 0;
};

test('two windows on one folder: each has its runs alone, whoever closes or crashes, and the first keeps its own', async () => {
  const first = await Window.open();
  const one = await first.play();
  const second = await Window.open();
  assert.deepEqual(await second.runs(), [], 'the runs of another window are none of ours');
  assert.match(second.words.join(), /Another window keeps the runs of this folder/);

  const two = await second.play();
  const three = await first.play();
  assert.deepEqual([await second.runs(), await second.rows()], [[two], [30]]);
  assert.deepEqual(
    [await first.runs(), await first.rows()],
    [
      [three, one],
      [30, 30],
    ],
  );
  assert.deepEqual(await kept(), [one, three]);
  await second.worker.request('runs.discard', { run: two });
  const four = await second.play();
  assert.deepEqual(await kept(), [one, three]);

  // A second window that crashes leaves its file; the next one clears it away, and nothing of those that live.
  await second.end('killed');
  assert.equal((await passing()).length, 1);
  const third = await Window.open();
  assert.deepEqual(await third.runs(), []);
  const five = await third.play();
  assert.notEqual(five, four);
  assert.equal((await passing()).length, 1);
  assert.deepEqual(await first.rows(), [30, 30]);

  // The first crashes within a run: what had arrived is there for the next window, and nothing of the rest.
  emulator.faults.add({ match: { workspace: 'law-contoso' }, fault: { kind: 'hang' } });
  const cut = await first.startUntil(2);
  await first.end('killed');
  emulator.faults.clear();
  const fourth = await Window.open();
  assert.deepEqual(
    [await fourth.runs(), await fourth.rows()],
    [
      [cut, three, one],
      [20, 30, 30],
    ],
  );
  const [left] = await fourth.worker.request('runs.list', null);
  assert.deepEqual(
    [left!.state, left!.rowCount, left!.completeness.sentence],
    ['cancelled', 20, '2 of 3 workspaces answered, 1 lost in a crash'],
  );
  assert.deepEqual([await third.runs(), await third.rows()], [[five], [30]]);
  const six = await fourth.play();

  await third.end('closed');
  await fourth.end('closed');
  assert.deepEqual(await passing(), []);
  const last = await Window.open();
  assert.deepEqual(
    [await last.runs(), await last.rows()],
    [
      [six, cut, three, one],
      [30, 20, 30, 30],
    ],
  );
  assert.deepEqual(last.words, []);
});
