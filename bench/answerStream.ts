import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isText } from '../src/azure/logs/answer.ts';
import { findCells } from '../src/azure/logs/cellPlaces.ts';
import { CHUNK_ROWS } from '../src/engine/database/tableAppender.ts';
import { DuckRowStore } from '../src/engine/store/duckRowStore.ts';
import type { Column } from '../src/model/kqlType.ts';
import { makeBody, MEMORY_LIMIT_MB, peakOf, ROWS } from './answerBody.ts';
import type { Measurement } from './main.ts';

const SELF = fileURLToPath(import.meta.url);
/** How many bodies after one another a long stream of pages is. */
const STREAM_BODIES = 10;

/** What storing ten bodies' pages in one go holds more than storing one body's, of the size of a body. */
export function measureStream(): Measurement[] {
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
    const asText = columns.map(({ type }) => isText(type));
    const started = performance.now();
    await run.append('t', { customer: 'c', tenant: 't', workspace: 'w' }, columns, {
      length: pages * CHUNK_ROWS,
      pages: () => [],
      *texts() {
        for (let page = 0; page < pages; page++) {
          const bytes = Buffer.from(rows);
          if (findCells(bytes, bytes.length, asText, places) !== CHUNK_ROWS) throw new Error('no cells');
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

if (process.argv[1] === SELF) await stream(Number(process.argv[3]));
