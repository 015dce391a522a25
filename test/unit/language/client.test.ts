import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { LanguageClient } from '../../../src/kql/language/client.ts';

const folder = mkdtempSync(join(tmpdir(), 'language-'));
/** Where the bundler does not start (below Wine), whoever runs the tests names what was bundled before. */
const bundled = process.env['TENANTSCOPE_LANGUAGE_BUNDLE'];
const entry = bundled ?? join(folder, 'language.cjs');
const client = new LanguageClient({ entry });
const { service } = client;
before(async () => {
  if (bundled !== undefined) return;
  const { build } = await import('esbuild');
  await build({
    entryPoints: [fileURLToPath(new URL('../../../src/kql/language/process.ts', import.meta.url))],
    outfile: entry,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
});
after(() => {
  client.dispose();
  rmSync(folder, { recursive: true, force: true });
});
const table = { name: 'Heartbeat', columns: [{ name: 'Computer', type: 'string' }] } as const;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** A worker entry of a few lines, for the ways in which a thread can fail. */
const script = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);
const echo = "import { parentPort } from 'node:worker_threads';";

test('the same face over a thread', async () => {
  await service.setSchema({ schemaId: 'a', tables: [table], functions: [] });
  assert.deepEqual(
    (await service.diagnostics({ text: 'Heartbeat | where Nope == 1', schemaId: 'a' })).map((d) => d.code),
    ['KS142'],
  );
  assert.ok((await service.semanticTokens({ text: 'Heartbeat', schemaId: 'a' })).data instanceof Uint32Array);
  assert.ok(
    (await service.completion({ text: 'Heartbeat | where ', offset: 18, schemaId: 'a' })).items.some(
      (item) => item.label === '_Customer',
    ),
  );
});

test('this thread stays free while the other one works', async () => {
  const text = Array.from(
    { length: 300 },
    (_, i) => `Heartbeat | where Computer has "${i}" | summarize count() by Computer`,
  ).join('\n\n');
  const before = performance.eventLoopUtilization();
  await service.diagnostics({ text, schemaId: 'a' });
  const { utilization } = performance.eventLoopUtilization(before);
  // A share rather than a time, so that a busy machine changes nothing: in this thread the work would be all of it.
  assert.ok(utilization < 0.5, `busy for ${Math.round(utilization * 100)} %`);
});

test('cancelled work stops, and what was asked after it is answered', async () => {
  const text = Array.from(
    { length: 600 },
    (_, i) => `Heartbeat | where Computer has "c${i}" | extend a = strlen(Computer)`,
  ).join('\n\n');
  const signal = new LocalSignal();
  const long = service.diagnostics({ text, schemaId: 'a' }, signal);
  setTimeout(() => {
    signal.abort();
  }, 20);
  await assert.rejects(long, { code: 'cancelled.byUser' });
  const hover = await timed(() => service.hover({ text: 'Heartbeat', offset: 1, schemaId: 'a' }));
  // What was left to do, on the same machine: where it went on, the hover would have waited for all of that.
  const whole = await timed(() => service.diagnostics({ text, schemaId: 'a' }));
  assert.ok(hover < whole / 2, `${Math.round(hover)} ms, and ${Math.round(whole)} ms for all of it`);
});

test('after a crash the next request starts another thread, which knows the schemas', async () => {
  const crashes: string[] = [];
  const broken = new LanguageClient({
    entry: script(`${echo} let n = 0; parentPort.on('message', (m) => {
      if (m.name === 'setSchema') { n += m.input.tables.length; parentPort.postMessage({ kind: 'reply', id: m.id }); return; }
      if (m.input.text === 'crash') throw new Error('planted');
      parentPort.postMessage({ kind: 'reply', id: m.id, output: [{ start: n }] });
    });`),
    onCrash: (reason, times) => {
      crashes.push(`${times} ${reason}`);
    },
  });
  await broken.service.setSchema({ schemaId: 'a', tables: [table], functions: [] });
  await broken.service.setSchema({ schemaId: 'b', tables: [{ ...table, name: 'Perf' }], functions: [] });
  await assert.rejects(broken.service.blocks({ text: 'crash' }), { code: 'bug.languageService' });
  assert.deepEqual(crashes, ['1 planted']);
  assert.deepEqual(await broken.service.blocks({ text: 'fine' }), [{ start: 2 }]);
  await assert.rejects(broken.service.blocks({ text: 'crash' }), { code: 'bug.languageService' });
  await assert.rejects(broken.service.blocks({ text: 'crash' }), /failed on this text before/);
  assert.equal(crashes.length, 2);
  broken.dispose();
  await assert.rejects(broken.service.blocks({ text: 'x' }), { code: 'cancelled.closed' });
});

test('a thread that hangs is given up at the deadline', async () => {
  const hung = new LanguageClient({
    entry: script(`${echo} parentPort.on('message', () => { for (;;); });`),
    deadlineMs: 100,
  });
  await assert.rejects(hung.service.blocks({ text: 'x' }), { code: 'service.deadline' });
  hung.dispose();
});
