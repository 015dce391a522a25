import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RUNS_SOURCES } from './sources.ts';
import { fuzzQuery, readSeeds } from './fuzzer.ts';

/** What the process running the queries tells. */
export type FuzzEvent =
  | { readonly kind: 'begin'; readonly index: number }
  | {
      readonly kind: 'end';
      readonly index: number;
      readonly outcome: string;
      readonly message: string;
      readonly rssMb: number;
    }
  | { readonly kind: 'done'; readonly resultsLeft: number };
/**
 * A query that did what none may: ended the process, ran on for ever, failed as a bug, answered what the parser
 * rejects, or left its result behind.
 */
export interface FuzzFinding {
  readonly index: number;
  readonly outcome: string;
  readonly message: string;
  readonly query: string;
}
export interface FuzzReport {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly findings: readonly FuzzFinding[];
  /** Growth of the process over its queries but the first quarter, MB. */ readonly growthMb: number;
}

/**
 * Files other queries come from: JSON lines with a `query` each, mutated in place of the golden ones, and the schemas
 * of the tables they read.
 */
export interface FuzzSources {
  readonly queries?: string | undefined;
  readonly tables?: string | undefined;
}

const LIMIT_MS = 10_000;
/** Hundreds of tables are made before the first query. */
const SETUP_MS = 600_000;
/** Queries a process runs before the next takes over, so that a long night shows growth within one and not over all. */
const BATCH = 5000;

/** Runs the fuzzed queries `first` to `first + count`, each within a time limit, in processes of their own. */
export async function fuzz(count: number, first = 0, sources: FuzzSources = {}): Promise<FuzzReport> {
  const seeds = sources.queries === undefined ? undefined : readSeeds(sources.queries);
  const outcomes: Record<string, number> = {};
  const findings: FuzzFinding[] = [];
  let growthMb = 0;
  const found = (index: number, outcome: string, message: string): void => {
    findings.push({ index, outcome, message, query: fuzzQuery(index, seeds) });
  };
  for (let at = first; at < first + count;) {
    const end = Math.min(first + count, at + BATCH);
    const sizes: number[] = [];
    const last = await runChild(at, end, sources, (event) => {
      if (event.kind === 'done') {
        if (event.resultsLeft > 0) found(end - 1, 'resultsLeft', `${event.resultsLeft} result tables were left behind`);
        return;
      }
      if (event.kind === 'begin') return;
      outcomes[event.outcome] = (outcomes[event.outcome] ?? 0) + 1;
      sizes.push(event.rssMb);
      if (/^(bug\.|engine\.(failed|unsupported|crashed|timeout)|rejectedYetAnswered)/.test(event.outcome))
        found(event.index, event.outcome, event.message);
    });
    if (last.died) found(last.index, last.died, 'the process ended');
    if (sizes.length > 1000) growthMb = Math.max(growthMb, sizes.at(-1)! - sizes[Math.floor(sizes.length / 4)]!);
    at = last.index + 1;
  }
  return { outcomes, findings, growthMb };
}

function runChild(
  from: number,
  to: number,
  sources: FuzzSources,
  heard: (event: FuzzEvent) => void,
): Promise<{ index: number; died?: string }> {
  return new Promise((resolve) => {
    let index = from;
    let finished = false;
    let hung = false;
    const child = fork(
      fileURLToPath(new URL('fuzzChild.ts', import.meta.url)),
      [String(from), String(to), String(LIMIT_MS), sources.queries ?? '', sources.tables ?? ''],
      { execArgv: [...RUNS_SOURCES, '--max-old-space-size=1024'], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
    );
    // What does not even heed its own limit is ended from here.
    let watch = setTimeout(() => undefined, 0);
    const rewatch = (ms = 6 * LIMIT_MS): void => {
      clearTimeout(watch);
      watch = setTimeout(() => {
        hung = true;
        child.kill('SIGKILL');
      }, ms);
    };
    rewatch(SETUP_MS);
    child.on('message', (event) => {
      const said = event as FuzzEvent;
      if (said.kind === 'begin') index = said.index;
      if (said.kind === 'done') {
        finished = true;
        index = to - 1;
      }
      rewatch();
      heard(said);
    });
    child.on('exit', () => {
      clearTimeout(watch);
      resolve({ index, ...(finished ? {} : { died: hung ? 'hang' : 'crash' }) });
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // npm run fuzz -- [COUNT] [FIRST] [--queries=FILE] [--tables=FILE]
  const {
    values,
    positionals: [count = '100000', first = '0'],
  } = parseArgs({ allowPositionals: true, options: { queries: { type: 'string' }, tables: { type: 'string' } } });
  const report = await fuzz(Number(count), Number(first), values);
  for (const { index, outcome, message, query } of report.findings)
    console.log(`--- ${index} ${outcome}: ${message}\n${query}\n`);
  console.log(
    `${JSON.stringify(report.outcomes)}; ${report.findings.length} findings; grew ${report.growthMb.toFixed(0)} MB`,
  );
  process.exitCode = report.findings.length > 0 ? 1 : 0;
}
