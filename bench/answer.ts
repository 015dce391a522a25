import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readAnswer } from '../src/azure/logs/answer.ts';
import { DuckRowStore } from '../src/engine/store/duckRowStore.ts';
import type { RowStoreRun } from '../src/core/ports.ts';
import type { Measurement } from './main.ts';

const ROWS = 500_000;
const ROUNDS = 2;
const SELF = fileURLToPath(import.meta.url);

/**
 * The largest answer the service gives, 500,000 rows of 20 columns: from the body's last byte to the first window, and to the last stored row,
 * against JSON.parse of the same body; and the most memory the process ever held. Each in a process of its own, so that neither warms the other.
 */
export async function benchAnswer(): Promise<Measurement[]> {
  // The best of interleaved rounds, which other work on the machine disturbs least; of memory the worst.
  const rounds = Array.from({ length: ROUNDS }, () => ({ parse: measure('parse'), store: measure('store') }));
  const best = (figures: readonly Figures[]): Figures => ({ ...figures[0]!, first: Math.min(...figures.map((one) => one.first)), all: Math.min(...figures.map((one) => one.all)), peak: Math.max(...figures.map((one) => one.peak)) });
  const [parse, store] = [best(rounds.map((round) => round.parse)), best(rounds.map((round) => round.store))];
  const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  const detail = `body ${mb(store.body)}, JSON.parse ${Math.round(parse.first)} ms`;
  return [
    { name: 'large answer: last byte to first window', ratio: store.first / parse.first, bar: 3, detail: `${Math.round(store.first)} ms; ${detail}` },
    { name: 'large answer: last byte to last row stored', ratio: store.all / parse.first, bar: 4, detail: `${Math.round(store.all)} ms; ${detail}` },
    { name: 'large answer: peak memory against the body', ratio: store.peak / store.body, bar: 4, detail: `${mb(store.peak)} at most (JSON.parse alone ${mb(parse.peak)}); empty process ${mb(store.empty)}` },
  ];
}

interface Figures { readonly body: number; readonly first: number; readonly all: number; readonly peak: number; readonly empty: number }

function measure(what: 'parse' | 'store'): Figures {
  const child = spawnSync(process.execPath, [...process.execArgv, SELF, what], { encoding: 'utf8', maxBuffer: 1e6 });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as Figures;
}

/** About 100 MB of JSON, as the service writes it, in one piece of memory outside the heap: what an HTTP client holds at the last byte. */
function makeBody(): Buffer {
  const names = ['TimeGenerated', 'Computer', 'EventID', 'Level', 'Value', 'Kind', 'Ok', 'Extra', 'Props', 'Sid', 'Channel', 'Code', 'Note', 'User', 'Domain', 'Session', 'State', 'Process', 'Address', 'Message'];
  const types = ['datetime', 'string', 'long', 'int', 'real', 'string', 'bool', 'string', 'dynamic', 'string', 'string', 'string', 'string', 'string', 'string', 'long', 'string', 'string', 'string', 'string'];
  const body = Buffer.allocUnsafe(160_000_000);
  let end = body.write(`{"tables":[{"name":"PrimaryResult","columns":${JSON.stringify(names.map((name, i) => ({ name, type: types[i] })))},"rows":[`, 'latin1');
  for (let i = 0; i < ROWS; i++) {
    const row = [`2024-05-${String(1 + i % 28).padStart(2, '0')}T10:00:00.${String(i * 7 % 10_000_000).padStart(7, '0')}Z`, `host-${i % 500}`, i, i % 7, i / 8, 'Information', i % 3 === 0, '', `{"a":${i % 10}}`, 'S-1-5-18',
      'Security', '4624', '', 'svc', 'CONTOSO', i % 100, 'ok', `p${i % 1000}`, `10.0.0.${i % 255}`, `A logon was tried with number ${i}`];
    end += body.write(`${i > 0 ? ',' : ''}${JSON.stringify(row)}`, end, 'latin1');
  }
  end += body.write(']}]}', end, 'latin1');
  return body.subarray(0, end);
}

async function child(what: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const store = new DuckRowStore({ directory, memoryLimitMb: 128 });
  const run: RowStoreRun = await store.open('run');
  const empty = process.memoryUsage().rss;
  const body = makeBody();
  const text = { body: body.toString('latin1') };
  const started = performance.now();
  let first = 0, kept: unknown;
  if (what === 'parse') { kept = JSON.parse(text.body); first = performance.now() - started; } else {
    const answer = readAnswer(text.body);
    text.body = '';
    const [table] = answer.tables;
    let window: Promise<unknown> | undefined;
    await run.append('w', { customer: 'c', tenant: 't', workspace: 'w', subscriptionId: 's', resourceId: 'r' }, table!.columns, table!.rows, () => {
      window ??= run.window({ first: 0, count: 100 }).then(() => { first = performance.now() - started; });
    });
    await window;
  }
  const all = performance.now() - started;
  if (what === 'store' && run.rowCount() !== ROWS) throw new Error(`${run.rowCount()} rows`);
  // The generator's own buffer is not part of what is measured, its text is: subtract the buffer, which stays for the whole run.
  process.stdout.write(JSON.stringify({ body: body.length, first, all, peak: process.resourceUsage().maxRSS * 1024 - 160_000_000, empty, kept: kept === undefined }));
  await store.close();
  await rm(directory, { recursive: true, force: true });
}

if (process.argv[1] === SELF) await child(process.argv[2] ?? 'store');
