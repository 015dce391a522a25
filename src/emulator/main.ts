import { counted } from '../base/counted.ts';
import { readFile } from 'node:fs/promises';
import { decodeText } from '../base/decodeText.ts';
import { EmulatedClock } from './clock.ts';
import { emptyWorld } from './emptyWorld.ts';
import { startEmulator, type Emulator } from './emulator.ts';
import type { FaultRule } from './faults.ts';
import { parseCommandLine, USAGE, type CommandLine } from './options.ts';
import { writeReadyFile, type ReadyFile } from './readyFile.ts';
import { addSampleEstate } from './world/sample.ts';

/** Exit codes: 0 stopped or help, 1 could not start, 2 wrong command line. */
async function main(args: readonly string[]): Promise<void> {
  let line: CommandLine;
  try {
    line = parseCommandLine(args);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  if (line.help) {
    process.stdout.write(USAGE);
    return;
  }
  try {
    const { emulator, ready } = await start(line);
    process.stdout.write(describe(emulator, ready));
    // The first query would find the same fault and say it to whoever asks.
    emulator.warmUp().catch(() => undefined);
    stopOnSignals(async () => {
      await ready.remove();
      await emulator.close();
    });
  } catch (error) {
    process.stderr.write(`The emulator did not start: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

async function start(line: CommandLine): Promise<{ emulator: Emulator; ready: ReadyFile }> {
  const faults = line.faultsFile === undefined ? [] : await readFaults(line.faultsFile);
  const world = emptyWorld({ seed: line.seed, clock: new EmulatedClock(line.start, line.frozen) });
  const { customers, scale, dataDir } = line;
  const sample = await addSampleEstate(world, {
    scale,
    ...(customers === undefined ? {} : { customers }),
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  const emulator = await startEmulator({
    world,
    faults,
    logs: sample.logs,
    port: line.port,
    host: line.host,
    hosts: line.hosts,
    ...(line.stateDir === undefined ? {} : { stateDir: line.stateDir }),
    ...(line.ingestionDelayMs === undefined ? {} : { ingestionDelayMs: line.ingestionDelayMs }),
    ...(line.agentDelayMs === undefined ? {} : { agentDelayMs: line.agentDelayMs }),
    onProblem: (message) => {
      process.stderr.write(`${message}\n`);
    },
  });
  try {
    return { emulator, ready: await writeReadyFile(emulator, line.readyFile, sample.customersFile) };
  } catch (error) {
    await emulator.close();
    throw error;
  }
}

async function readFaults(path: string): Promise<FaultRule[]> {
  const text = decodeText(await readFile(path));
  let rules: unknown;
  try {
    rules = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (!Array.isArray(rules)) throw new Error(`${path} holds no list of faults.`);
  return rules as FaultRule[];
}

function describe(emulator: Emulator, ready: ReadyFile): string {
  const { world } = emulator;
  const users = [...world.accounts.values()]
    .filter((account) => account.kind === 'user')
    .map((account) => account.username);
  const rows: [string, string][] = [
    ['address', emulator.url],
    [
      'estate',
      `${counted(world.tenants.size, 'tenant')}, ${counted(world.subscriptions.size, 'subscription')}, ${counted(world.workspaces.size, 'workspace')}`,
    ],
    ['ready file', ready.path],
    ...(ready.customersFile ? [['customers', ready.customersFile] as [string, string]] : []),
    ['users', users.join(', ')],
  ];
  return `Tenantscope emulator is ready.\n${rows.map(([name, value]) => `  ${name.padEnd(11)} ${value}`).join('\n')}\n  Use it with: tenantscope estate --cloud ${asArgument(ready.path)}\n  Stop it with Ctrl+C.\n`;
}

/** A path as a shell takes it, whoever's name with a space is in it. */
function asArgument(path: string): string {
  return /^[\w./\\:-]+$/.test(path) ? path : `"${path}"`;
}

/** Stops once, cleanly; a second signal ends the process at once. */
function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  // Windows knows no SIGTERM; there Ctrl+Break and the closing of the window are told.
  const signals =
    process.platform === 'win32' ? (['SIGINT', 'SIGBREAK', 'SIGHUP'] as const) : (['SIGINT', 'SIGTERM'] as const);
  for (const signal of signals) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`The emulator did not stop cleanly: ${messageOf(error)}\n`);
          process.exit(1);
        },
      );
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

void main(process.argv.slice(2));
