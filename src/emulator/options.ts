import { parseArgs } from 'node:util';
import { readInstant } from './clock.ts';

/** What the command line of the emulator says. */
export interface CommandLine {
  readonly help: boolean;
  readonly port: number;
  readonly host: string;
  readonly hosts: readonly string[];
  readonly seed: number;
  readonly scale: number;
  readonly stateDir?: string;
  readonly customers?: number;
  readonly dataDir?: string;
  readonly readyFile?: string;
  readonly faultsFile?: string;
  /** ms since 1970 the emulated clock starts at; the wall clock unless given. */
  readonly start?: number;
  readonly frozen: boolean;
  /** Milliseconds until rows that were sent can be seen. */
  readonly ingestionDelayMs?: number;
  /** Milliseconds until an agent follows a rule that it was associated with. */
  readonly agentDelayMs?: number;
}

/** What `tenantscope emulator --help` prints. */
export const USAGE = `tenantscope emulator [options]

Starts an emulated Azure with a sample estate: Entra ID, Resource Manager, Resource Graph, the query and ingestion APIs of
Log Analytics, a cluster of Azure Data Explorer, and blob storage.

  --port N        port to listen on (default: a free one)
  --host ADDRESS  address to listen on (default 127.0.0.1)
  --name HOST     another host name for the certificate; may be repeated
  --state DIR     keep the state in DIR over restarts
  --customers N   N generated customers, up to 1000, in place of the hand-made ones
  --scale X       multiplies the sample rows (default 1)
  --data DIR      adds real rows: DIR/CUSTOMER/TABLE.jsonl[.gz], .csv or .parquet
  --seed N        another sample estate (default 1)
  --start TIME    start of the emulated clock, ISO 8601 (default: now)
  --frozen        the emulated clock stands still
  --ready FILE    write the ready file there
  --ingestion-delay S
                  seconds until rows that were sent can be seen (default: at once)
  --agent-delay S seconds until an agent follows a collection rule that it was associated with (default 180)
  --faults FILE   JSON list of faults to start with
  --help          this text
`;

/** Reads the command line. Throws an Error that names the option at fault. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: {
      port: text,
      host: text,
      name: { type: 'string', multiple: true },
      state: text,
      customers: text,
      scale: text,
      data: text,
      seed: text,
      start: text,
      frozen: flag,
      ready: text,
      faults: text,
      'ingestion-delay': text,
      'agent-delay': text,
      help: { type: 'boolean', short: 'h' },
    },
  });
  const number = (
    name: 'port' | 'customers' | 'scale' | 'seed' | 'ingestion-delay' | 'agent-delay',
    least: number,
    most: number,
    whole = true,
  ): number | undefined => {
    const given = values[name];
    if (given === undefined) return undefined;
    const value = Number(given);
    if (given.trim() === '' || !(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
      throw new Error(`--${name} takes a${whole ? ' whole' : ''} number from ${least} to ${most}, not '${given}'.`);
    }
    return value;
  };
  const start = values.start === undefined ? undefined : readInstant(values.start);
  if (values.start !== undefined && start === undefined)
    throw new Error(`--start takes a time such as 2026-03-02T08:00:00Z, not '${values.start}'.`);
  const customers = number('customers', 1, 1_000);
  const delay = number('ingestion-delay', 0, 3_600);
  const agentDelay = number('agent-delay', 0, 3_600);
  return {
    help: values.help ?? false,
    port: number('port', 0, 65_535) ?? 0,
    host: values.host ?? '127.0.0.1',
    hosts: values.name ?? [],
    seed: number('seed', 0, 2_147_483_647) ?? 1,
    scale: number('scale', 0.001, 1_000, false) ?? 1,
    frozen: values.frozen ?? false,
    ...(values.state === undefined ? {} : { stateDir: values.state }),
    ...(customers === undefined ? {} : { customers }),
    ...(values.data === undefined ? {} : { dataDir: values.data }),
    ...(values.ready === undefined ? {} : { readyFile: values.ready }),
    ...(values.faults === undefined ? {} : { faultsFile: values.faults }),
    ...(start === undefined ? {} : { start }),
    ...(delay === undefined ? {} : { ingestionDelayMs: delay * 1_000 }),
    ...(agentDelay === undefined ? {} : { agentDelayMs: agentDelay * 1_000 }),
  };
}
