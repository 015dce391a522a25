import { fork, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { findCells } from '../src/azure/logs/cellPlaces.ts';
import { makeCertificates } from '../src/emulator/certificates.ts';
import { CHUNK_ROWS } from '../src/engine/database/tableAppender.ts';
import { DuckRowStore } from '../src/engine/store/duckRowStore.ts';
import { toAccountId, toTenantId } from '../src/model/ids.ts';
import type { Column } from '../src/model/kqlType.ts';
import type { Run } from '../src/model/run.ts';
import { EVERYTHING } from '../src/model/scope.ts';
import { startWorker } from '../src/worker/client.ts';
import { ensureBuild, ROOT } from '../test/harness/tools.mjs';
import type { Measurement } from './main.ts';

const ROWS = 500_000;
const ROUNDS = 3;
/** The product's own settings. */
const MEMORY_LIMIT_MB = (
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    contributes: { configuration: { properties: Record<string, { default: number }> }[] };
  }
).contributes.configuration.flatMap(({ properties }) => properties['tenantscope.results.memoryLimitMb'] ?? [])[0]!
  .default;
const SELF = fileURLToPath(import.meta.url);
const [TENANT, SUBSCRIPTION, WORKSPACE] = ['1', '2', '3'].map(
  (digit) => `00000000-0000-4000-8000-00000000000${digit}`,
) as [string, string, string];

/**
 * The largest answer the service gives, 500,000 rows of 20 columns, through the product: an HTTPS server in one process
 * gives it, the built data worker
 * in a second reads and stores it, and this process plays the extension host. From the body's last byte out to the
 * first window of rows in here and
 * to the end of the run, against JSON.parse of the same body in a process of its own; the worker's peak memory; and how
 * late this process's event loop
 * ever was meanwhile. Painting is not in it.
 */
export async function benchAnswer(): Promise<Measurement[]> {
  ensureBuild();
  const flat = benchStream();
  const service = await startService();
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
interface Service {
  readonly url: string;
  readonly ca: string;
  readonly bytes: number;
  lastByteAt: number;
  onAsked: () => void;
  close(): void;
}

/** One clock for all processes. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

async function readThroughWorker(service: Service): Promise<Reading> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-answer-'));
  const audience = service.url,
    token = [
      'e30',
      Buffer.from(JSON.stringify({ tid: TENANT, exp: Math.floor(Date.now() / 1000) + 3_600 })).toString('base64url'),
      '',
    ].join('.');
  const worker = startWorker({
    entry: join(ROOT, 'dist', 'worker.cjs'),
    host: {
      accounts: async () => [{ id: toAccountId('bench'), label: 'bench', homeTenant: toTenantId(TENANT) }],
      token: async () => ({ token, expiresOn: 0 }),
    },
  });
  const delays = monitorEventLoopDelay({ resolution: 5 });
  try {
    const cloud = {
      name: 'bench',
      authority: service.url,
      resourceManager: service.url,
      resourceManagerAudience: audience,
      logAnalytics: service.url,
      logAnalyticsAudience: audience,
      portal: service.url,
      ca: service.ca,
    };
    await worker.request('configure', {
      cloud,
      customersFiles: [],
      storageDirectory: directory,
      memoryLimitMb: MEMORY_LIMIT_MB,
      persistRuns: false,
    });
    await worker.request('estate.load', { refresh: false });
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
      mode: 'perWorkspace',
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

/** The most memory a process ever had resident, in bytes; only Linux tells it of another process. */
function peakOf(pid: number | undefined): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** How many bodies after one another a long stream of pages is. */
const STREAM_BODIES = 10;

/** What storing ten bodies' pages in one go holds more than storing one body's, of the size of a body. */
function benchStream(): Measurement[] {
  if (process.platform !== 'linux') return [];
  const [one, ten] = [1, STREAM_BODIES].map((bodies) => {
    const child = spawnSync(process.execPath, [...process.execArgv, SELF, 'stream', String(bodies)], {
      encoding: 'utf8',
    });
    if (child.status !== 0) throw new Error(child.stderr);
    return JSON.parse(child.stdout) as StreamReading;
  }) as [StreamReading, StreamReading];
  return [
    {
      name: 'stream of pages: memory of 1 GB more than of 100 MB, of 100 MB',
      ratio: Math.max(0, ten.peak - one.peak) / 1e8,
      bar: 1,
      detail: `${Math.round(ten.peak / 1e6)} MB resident for ${Math.round(ten.bytes / 1e6)} MB in ${Math.round(ten.ms)} ms, ${Math.round(one.peak / 1e6)} MB for ${Math.round(one.bytes / 1e6)} MB`,
    },
  ];
}
interface StreamReading {
  readonly peak: number;
  readonly bytes: number;
  readonly ms: number;
}

/** Appends as many pages as `bodies` bodies have to the store as one answer, in this process. */
async function stream(bodies: number): Promise<void> {
  const body = makeBody(CHUNK_ROWS);
  const { tables } = JSON.parse(body.toString('latin1')) as { tables: [{ columns: Column[] }] };
  const [{ columns }] = tables;
  const rows = body.subarray(body.indexOf('"rows":[') + 8, body.length - 4);
  const pages = Math.ceil((ROWS * bodies) / CHUNK_ROWS);
  const places = new Uint32Array(CHUNK_ROWS * columns.length * 2);
  const directory = await mkdtemp(join(tmpdir(), 'bench-stream-'));
  const store = new DuckRowStore({ directory, memoryLimitMb: MEMORY_LIMIT_MB });
  try {
    const run = await store.open('stream');
    const started = performance.now();
    await run.append('t', { customer: 'c', tenant: 't', workspace: 'w' }, columns, {
      length: pages * CHUNK_ROWS,
      pages: () => [],
      *texts() {
        for (let page = 0; page < pages; page++) {
          const bytes = Buffer.from(rows);
          if (findCells(bytes, bytes.length, columns.length, places) !== CHUNK_ROWS) throw new Error('no cells');
          yield { bytes, places, columns: columns.length, rows: CHUNK_ROWS };
        }
      },
    });
    if (run.rowCount() !== pages * CHUNK_ROWS) throw new Error(`${run.rowCount()} rows`);
    const reading: StreamReading = {
      peak: peakOf(process.pid)!,
      bytes: pages * rows.length,
      ms: performance.now() - started,
    };
    process.stdout.write(JSON.stringify(reading));
  } finally {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Milliseconds of JSON.parse on the body's text, in a fresh process. */
function parseAlone(): number {
  const child = spawnSync(process.execPath, [...process.execArgv, SELF, 'parse'], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  return Number(child.stdout);
}

/**
 * The Azure of one workspace in a process of its own, which tells when the answer's last byte was handed to the
 * network.
 */
function startService(): Promise<Service> {
  const child = fork(SELF, ['serve'], { execArgv: process.execArgv });
  return new Promise((resolve, reject) => {
    let service: Service | undefined;
    child.once('exit', (code) => {
      reject(new Error(`The server ended with ${code}.`));
    });
    child.on(
      'message',
      (message: {
        readonly lastByteAt?: number;
        readonly asked?: true;
        readonly url: string;
        readonly ca: string;
        readonly bytes: number;
      }) => {
        if (!service)
          resolve(
            (service = {
              ...message,
              lastByteAt: 0,
              onAsked: () => undefined,
              close: () => {
                child.kill();
              },
            }),
          );
        else if (message.asked) service.onAsked();
        else service.lastByteAt = message.lastByteAt!;
      },
    );
  });
}

async function serve(): Promise<void> {
  const { ca, cert, key } = await makeCertificates([]);
  const body = makeBody();
  const workspace = {
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law`,
    name: 'law',
    tenantId: TENANT,
    location: 'westeurope',
    guid: WORKSPACE,
    sku: 'PerGB2018',
    retention: 30,
  };
  const lists: readonly (readonly [RegExp, object])[] = [
    [/^\/tenants/, { value: [{ tenantId: TENANT, displayName: 'Bench', tenantCategory: 'Home' }] }],
    [
      /^\/subscriptions/,
      { value: [{ subscriptionId: SUBSCRIPTION, displayName: 'Bench', state: 'Enabled', tenantId: TENANT }] },
    ],
    [/ResourceGraph/, { totalRecords: 1, count: 1, resultTruncated: 'false', facets: [], data: [workspace] }],
  ];
  const server = createServer({ key, cert: `${cert}${ca}` }, (request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    const list = lists.find(([path]) => path.test(request.url ?? ''))?.[1];
    if (list) {
      response.end(JSON.stringify(list));
      return;
    }
    response.setHeader('content-length', body.length);
    // The first byte waits until the other side has looked at what the worker holds.
    process.send!({ asked: true }, () => {
      setTimeout(() => {
        response.end(body, () => {
          process.send!({ lastByteAt: now() });
        });
      }, 200);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.send!({ url: `https://localhost:${(server.address() as AddressInfo).port}`, ca, bytes: body.length });
  });
}

/** JSON as the service writes it, about 100 MB of it. */
function makeBody(rows = ROWS): Buffer {
  const names = [
    'TimeGenerated',
    'Computer',
    'EventID',
    'Level',
    'Value',
    'Kind',
    'Ok',
    'Extra',
    'Props',
    'Sid',
    'Channel',
    'Code',
    'Note',
    'User',
    'Domain',
    'Session',
    'State',
    'Process',
    'Address',
    'Message',
  ];
  const types = [
    'datetime',
    'string',
    'long',
    'int',
    'real',
    'string',
    'bool',
    'string',
    'dynamic',
    'string',
    'string',
    'string',
    'string',
    'string',
    'string',
    'long',
    'string',
    'string',
    'string',
    'string',
  ];
  const body = Buffer.allocUnsafe(rows * 300 + 10_000);
  let end = body.write(
    `{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(names.map((name, i) => ({ name, type: types[i] })))},"rows":[`,
    'latin1',
  );
  for (let i = 0; i < rows; i++) {
    const row = [
      `2024-05-${String(1 + (i % 28)).padStart(2, '0')}T10:00:00.${String((i * 7) % 10_000_000).padStart(7, '0')}Z`,
      `host-${i % 500}`,
      i,
      i % 7,
      i / 8,
      'Information',
      i % 3 === 0,
      '',
      `{"a":${i % 10}}`,
      'S-1-5-18',
      'Security',
      '4624',
      '',
      'svc',
      'CONTOSO',
      i % 100,
      'ok',
      `p${i % 1000}`,
      `10.0.0.${i % 255}`,
      `A logon was tried with number ${i}`,
    ];
    end += body.write(`${i > 0 ? ',' : ''}${JSON.stringify(row)}`, end, 'latin1');
  }
  end += body.write(']}]}', end, 'latin1');
  return body.subarray(0, end);
}

function parse(): void {
  const text = makeBody().toString('latin1');
  const started = performance.now();
  const kept: unknown = JSON.parse(text);
  process.stdout.write(String(performance.now() - started));
  if (!kept) throw new Error('nothing');
}

if (process.argv[1] === SELF) {
  if (process.argv[2] === 'serve') await serve();
  else if (process.argv[2] === 'stream') await stream(Number(process.argv[3]));
  else parse();
}
