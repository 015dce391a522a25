import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyWorld } from '../../src/emulator/emptyWorld.ts';
import { startEmulator } from '../../src/emulator/emulator.ts';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { writeReadyFile } from '../../src/emulator/readyFile.ts';
import { addSampleEstate } from '../../src/emulator/world/sample.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { bareEnvironment, commandLine } from '../harness/sources.ts';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line as a process of its own, with nothing of this one's environment that could sign it in. */
export function tenantscope(
  args: readonly string[],
  options: {
    readonly input?: string | Buffer;
    readonly env?: Record<string, string>;
    readonly cwd?: string;
    readonly started?: (child: ReturnType<typeof spawn>) => void;
    readonly whileRunning?: (child: ReturnType<typeof spawn>, err: () => string) => void;
  } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [...commandLine(), ...args], {
    cwd: options.cwd ?? tmpdir(),
    stdio: 'pipe',
    env: { ...bareEnvironment(), ...options.env },
  });
  let out = '',
    err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    options.whileRunning?.(child, () => err);
  });
  options.started?.(child);
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, out, err });
    });
  });
}

/**
 * The sample estate behind an emulator in this process, and its ready file. `agentDelayMs`: until an agent sees that it
 * is to follow a rule, minutes unless given.
 */
export async function startSample(options: { readonly agentDelayMs?: number } = {}): Promise<{
  readonly emulator: Emulator;
  readonly cloud: string;
  readonly directory: string;
  close(): Promise<void>;
}> {
  const directory = await mkdtemp(join(tmpdir(), 'cli-'));
  const world = emptyWorld();
  const sample = await addSampleEstate(world);
  const emulator = await startEmulator({
    world,
    logs: sample.logs,
    engine: () => openEngine(),
    operations: { durationMs: 50, retryAfterSeconds: 0 },
    ...options,
  });
  const ready = await writeReadyFile(emulator, join(directory, 'cloud.json'), sample.customersFile);
  return {
    emulator,
    cloud: ready.path,
    directory,
    close: async () => {
      await emulator.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
