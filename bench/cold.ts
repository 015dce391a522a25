import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild, ROOT } from '../scripts/tools.mjs';
import { emptyWorld } from '../src/emulator/emptyWorld.ts';
import { sampleAccounts, startEmulator } from '../src/emulator/emulator.ts';
import type { Emulator } from '../src/emulator/emulator.ts';
import { addSampleEstate } from '../src/emulator/world/sample.ts';
import { openEngine } from '../src/engine/openEngine.ts';
import { EVERYTHING } from '../src/model/scope.ts';
import { startWorker } from '../src/worker/client.ts';
import type { WorkerProcess } from '../src/worker/client.ts';
import { MEMORY_LIMIT_MB } from './answerBody.ts';
import type { Measurement } from './main.ts';

const ROUNDS = 3;
const QUERY = 'Heartbeat | where TimeGenerated > ago(1d) | take 10';

/**
 * The first run of a window whose query document is open, from the command to a complete answer, against the same run
 * with all the calls it makes (tokens, discovery, the query) in a worker that has run before: a new session of it, which
 * knows nobody yet. The worker is the built one; the service is the emulator in this process, warmed up by a window that
 * does not count.
 */
export async function benchCold(): Promise<Measurement[]> {
  ensureBuild();
  const world = emptyWorld();
  const sample = await addSampleEstate(world);
  const emulator = await startEmulator({ world, logs: sample.logs, engine: () => openEngine() });
  try {
    await oneWindow(emulator, true);
    const prepared: Reading[] = [],
      bare: Reading[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      prepared.push(await oneWindow(emulator, true));
      bare.push(await oneWindow(emulator, false));
    }
    const reading = middle(prepared);
    return [
      {
        name: 'first run of a window, of a warm one with the same calls',
        ratio: ratioOf(reading),
        bar: 1.5,
        detail: `${Math.round(reading.first)} ms of ${Math.round(reading.warm)} ms; where the worker was not prepared ${ratioOf(middle(bare)).toFixed(2)}`,
      },
    ];
  } finally {
    await emulator.close();
  }
}

/** Milliseconds. */
interface Reading {
  readonly first: number;
  readonly warm: number;
}
function ratioOf({ first, warm }: Reading): number {
  return first / warm;
}

/** The one with the middle ratio: both sides of it wait for other work on the machine. */
function middle(readings: readonly Reading[]): Reading {
  return [...readings].sort((a, b) => ratioOf(a) - ratioOf(b))[readings.length >> 1]!;
}

/** A worker from its start to its end; unprepared it starts with the command. */
async function oneWindow(emulator: Emulator, prepare: boolean): Promise<Reading> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-cold-'));
  const begun = performance.now();
  const worker = startWorker({
    entry: join(ROOT, 'dist', 'worker.cjs'),
    host: {
      accounts: () => [],
      token: () => {
        throw new Error('Nobody is asked for a token here.');
      },
    },
  });
  try {
    const configure = (name: string): Promise<unknown> =>
      worker.request('configure', {
        cloud: emulator.cloud,
        signIn: { kind: 'clientSecret', accounts: sampleAccounts(emulator.world) },
        customersFiles: [],
        storageDirectory: join(directory, name),
        memoryLimitMb: MEMORY_LIMIT_MB,
        persistRuns: false,
      });
    await configure('first');
    if (prepare) await worker.request('runs.prepare', null);
    const asked = prepare ? performance.now() : begun;
    await play(worker);
    const first = performance.now() - asked;
    await configure('again');
    const warm = await timed(() => play(worker));
    return { first, warm };
  } finally {
    worker.dispose();
    await rm(directory, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Resolves when the run has ended and rows can be read. */
async function play(worker: WorkerProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const listener = worker.on('run.changed', (run) => {
      if (run.state === 'running') return;
      listener.dispose();
      if (run.rowCount > 0) resolve();
      else reject(new Error(run.completeness.sentence));
    });
    worker.request('runs.start', { query: QUERY, scope: EVERYTHING, timeRange: { kind: 'inQuery' } }).catch(reject);
  });
}
