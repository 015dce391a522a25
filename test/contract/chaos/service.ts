/**
 * The emulator in a process of its own, so that what the product's process takes is the product's alone: this file is
 * both the process and who speaks to it.
 */
import { fork } from 'node:child_process';
import { startEmulator } from '../../../src/emulator/emulator.ts';
import type { FaultRule } from '../../../src/emulator/faults.ts';
import { openEngine } from '../../../src/engine/openEngine.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { RUNS_SOURCES } from '../../harness/sources.ts';
import { chaosEstate } from './estate.ts';

/** What goes wrong from now on, and by how much time has passed. */
interface Order {
  readonly faults?: readonly FaultRule[];
  readonly advanceMs?: number;
}

/** The service as the other side of a wire. */
export interface ChaosService {
  readonly cloud: Cloud;
  /** These and no other faults from now on. */
  faults(rules: readonly FaultRule[]): Promise<void>;
  /** Time goes on for the service, too. */
  advance(ms: number): Promise<void>;
  close(): void;
}

/** Starts the process; rejects where it does not come up. */
export async function startService(): Promise<ChaosService> {
  const child = fork(import.meta.filename, [], { execArgv: [...RUNS_SOURCES] });
  const answers: ((answer: unknown) => void)[] = [];
  const next = (): Promise<unknown> =>
    new Promise((heard) => {
      answers.push(heard);
    });
  child.on('message', (answer) => answers.shift()?.(answer));
  const ask = (order: Order): Promise<void> => {
    const done = next();
    child.send(order);
    return done.then(() => undefined);
  };
  const gone = new Promise<never>((_heard, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`The emulator ended with ${code}.`));
    });
  });
  gone.catch(() => undefined);
  const cloud = (await Promise.race([next(), gone])) as Cloud;
  return {
    cloud,
    faults: (faults) => ask({ faults }),
    advance: (advanceMs) => ask({ advanceMs }),
    close: () => {
      child.disconnect();
    },
  };
}

async function serve(): Promise<void> {
  const { world, logs } = chaosEstate();
  const emulator = await startEmulator({
    world,
    logs,
    operations: { durationMs: 0, retryAfterSeconds: 0 },
    engine: () => openEngine({ memoryLimitMb: 256, threads: 1 }),
  });
  process.on('message', ({ faults, advanceMs }: Order) => {
    if (faults) emulator.faults.clear();
    for (const rule of faults ?? []) emulator.faults.add(rule);
    world.clock.advance(advanceMs ?? 0);
    process.send!(null);
  });
  process.on('disconnect', () => {
    void emulator.close().finally(() => process.exit(0));
  });
  process.send!(emulator.cloud);
}

if (process.argv[1] === import.meta.filename) await serve();
