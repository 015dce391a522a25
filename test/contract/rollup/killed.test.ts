import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serialize } from 'node:v8';
import { loadRollupPlanner } from '../../../src/core/rollup/rollupWorld.ts';
import { readLake } from '../../../src/engine/lake/readLake.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import { bareEnvironment, RUNS_SOURCES } from '../../harness/sources.ts';
import { BEGIN, History, PORTION, cellsOf } from './history.ts';

const CHILD = fileURLToPath(new URL('killedChild.ts', import.meta.url));
const SEED = 4;

const planOf = (folder: string): string => `${folder}.plan`;

/** Runs the child until the step of that name has come so often, then kills it; true where it had ended before. */
async function runUntil(folder: string, minutes: number, step: string, times: number): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [...RUNS_SOURCES, CHILD, folder, String(SEED), String(minutes), planOf(folder)],
    {
      env: bareEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let seen = 0,
    ended = false;
  for await (const line of createInterface({ input: child.stdout })) {
    ended ||= line === 'ended';
    if (line === step && ++seen === times) child.kill('SIGKILL');
  }
  await exited;
  return ended;
}

test('a runner that is killed in the middle of anything leaves a lake that the next one makes whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tenantscope-lake-'));
  const history = new History(SEED);
  const planner = await loadRollupPlanner();
  await writeFile(planOf(folder), serialize(planner.plan(PORTION, [history.schemaOf('any')])));
  let minutes = 120;
  for (const [step, times] of [
    ['prepare', 1],
    ['load', 6],
    ['query', 5],
    ['page', 7],
    ['write', 3],
    ['commit', 5],
    ['verify', 4],
    ['save', 9],
  ] as const) {
    assert.equal(await runUntil(folder, minutes, step, times), false, `killed at ${step}`);
    minutes += 20;
  }
  const last = Math.ceil((history.end - BEGIN) / 60_000) + 120;
  assert.equal(await runUntil(folder, last, '', 0), true, 'the last one ends by itself');
  const engine = await openEngine({ memoryLimitMb: 256, threads: 1 });
  const { tables, functions } = await readLake(engine, folder, 'lake');
  const answer = await engine.query('Rows | project TimeGenerated, Computer, N', {
    database: { name: 'lake', tables, functions },
  });
  const sorted = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
  assert.deepEqual(sorted(await answer.tables[0]!.rows()), sorted([...history.rows.values()].flat().map(cellsOf)));
  await engine.close();
  await rm(folder, { recursive: true });
  await rm(planOf(folder));
});
