import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { Run } from '../src/model/run.ts';
import { EVERYTHING } from '../src/model/scope.ts';
import { ensureBuild } from '../scripts/tools.mjs';
import { makeBody, peakOf, ROWS } from './answerBody.ts';
import { now, openAnswerWorker, startAnswerService } from './answerService.ts';
import type { AnswerService } from './answerService.ts';
import { measureStream } from './answerStream.ts';
import type { Measurement } from './main.ts';

const ROUNDS = 3;
const SELF = fileURLToPath(import.meta.url);

/**
 * The largest answer the service gives, 500,000 rows of 20 columns, through the product: an HTTPS server in one process
 * gives it, the built data worker in a second reads and stores it, and this process plays the extension host. From the
 * body's last byte out to the first window of rows in here and to the end of the run, against JSON.parse of the same
 * body in a process of its own; the worker's peak memory; and how late this process's event loop ever was meanwhile.
 * Painting is not in it.
 */
export async function benchAnswer(): Promise<Measurement[]> {
  ensureBuild();
  const flat = measureStream();
  const service = await startAnswerService();
  try {
    const parses: number[] = [],
      runs: Reading[] = [];
    // The best of interleaved rounds, which other work on the machine disturbs least; of memory the worst.
    for (let round = 0; round < ROUNDS; round++) {
      parses.push(parseAlone());
      runs.push(await readThroughWorker(service));
    }
    const parse = Math.min(...parses),
      first = Math.min(...runs.map((run) => run.first)),
      all = Math.min(...runs.map((run) => run.all));
    const delay = Math.min(...runs.map((run) => run.delay)),
      most = Math.min(...runs.map((run) => run.longest)),
      peak = Math.max(...runs.map((run) => run.peak ?? 0)),
      before = Math.max(...runs.map((run) => run.before ?? 0));
    const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`,
      detail = `body ${mb(service.bytes)}, JSON.parse ${Math.round(parse)} ms`;
    return [
      {
        name: 'large answer: last byte to first window',
        ratio: first / parse,
        bar: 3,
        detail: `${Math.round(first)} ms; ${detail}`,
      },
      {
        name: 'large answer: last byte to the end of the run',
        ratio: all / parse,
        bar: 2.5,
        detail: `${Math.round(all)} ms; ${detail}`,
      },
      ...(peak > 0
        ? [
            {
              name: 'large answer: peak memory it adds to the worker, of the body',
              ratio: (peak - before) / service.bytes,
              bar: 4,
              detail: `${mb(peak - before)} more than the ${mb(before)} that were resident before its first byte`,
            },
            {
              name: 'large answer: all the worker ever holds, of the body',
              ratio: peak / service.bytes,
              bar: 3.5,
              detail: `${mb(peak)} resident, with the program, the SDKs, the parser and the database`,
            },
          ]
        : []),
      ...flat,
      {
        name: 'large answer: event-loop delay p99 in the host, of 50 ms',
        ratio: delay / 50,
        bar: 1,
        detail: `p99 ${delay.toFixed(1)} ms, longest ${most.toFixed(1)} ms, from the start of the run to its end`,
      },
    ];
  } finally {
    service.close();
  }
}

interface Reading {
  readonly first: number;
  readonly all: number;
  readonly delay: number;
  readonly longest: number;
  readonly peak: number | undefined;
  readonly before: number | undefined;
}
async function readThroughWorker(service: AnswerService): Promise<Reading> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-answer-'));
  const worker = await openAnswerWorker(service, directory);
  const delays = monitorEventLoopDelay({ resolution: 5 });
  try {
    let firstAt: Promise<number> | undefined, before: number | undefined;
    service.onAsked = () => {
      before = peakOf(worker.pid);
    };
    const ended = new Promise<{ run: Run; at: number }>((resolve, reject) => {
      worker.on('run.changed', (run) => {
        if (run.rowCount > 0)
          firstAt ??= worker.request('runs.rows', { run: run.id, first: 0, count: 100 }).then((window) => {
            if (window.rows.length !== 100) throw new Error(`${window.rows.length} rows`);
            return now();
          });
        if (run.state !== 'running') resolve({ run, at: now() });
      });
      worker.onExit(reject);
    });
    delays.enable();
    await worker.request('runs.start', {
      query: 'SecurityEvent',
      scope: EVERYTHING,
      timeRange: { kind: 'inQuery' },
    });
    const { run, at } = await ended,
      first = await firstAt;
    delays.disable();
    if (run.rowCount !== ROWS || first === undefined)
      throw new Error(`${run.rowCount} rows: ${run.completeness.sentence}`);
    return {
      first: first - service.lastByteAt,
      all: at - service.lastByteAt,
      delay: delays.percentile(99) / 1e6,
      longest: delays.max / 1e6,
      peak: peakOf(worker.pid),
      before,
    };
  } finally {
    worker.dispose();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Milliseconds of JSON.parse on the body's text, in a fresh process. */
function parseAlone(): number {
  const child = spawnSync(process.execPath, [...process.execArgv, SELF, 'parse'], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  return Number(child.stdout);
}

function parse(): void {
  const text = makeBody().toString('latin1');
  const started = performance.now();
  const kept: unknown = JSON.parse(text);
  process.stdout.write(String(performance.now() - started));
  if (!kept) throw new Error('nothing');
}

if (process.argv[1] === SELF) parse();
