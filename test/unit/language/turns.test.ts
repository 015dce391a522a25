import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LocalSignal } from '../../../src/base/rpc.ts';
import { LocalLanguageService } from '../../../src/kql/language/service.ts';
import { Turns } from '../../../src/kql/language/turns.ts';

test('one beginning per turn, what is urgent first, and messages are read between two', async () => {
  const waiting: (() => void)[] = [];
  const turns = new Turns((next) => {
    waiting.push(next);
  });
  const began: string[] = [];
  const all = (['tokens', 'diagnostics', 'completion', 'hover'] as const).map((name) =>
    turns.mine(name === 'completion' || name === 'hover').then(() => began.push(name)),
  );
  const seen: string[][] = [];
  while (waiting.length > 0) {
    assert.equal(waiting.length, 1, 'never two turns in one');
    waiting.shift()!();
    await Promise.resolve();
    await Promise.resolve();
    seen.push([...began]);
  }
  await Promise.all(all);
  assert.deepEqual(seen, [
    ['completion'],
    ['completion', 'hover'],
    ['completion', 'hover', 'tokens'],
    ['completion', 'hover', 'tokens', 'diagnostics'],
  ]);
});

test('a check that was begun stops between two calls into the parser', async () => {
  const service = new LocalLanguageService();
  await service.setSchema({
    schemaId: 's',
    tables: [{ name: 'T', columns: [{ name: 'a', type: 'long' }] }],
    functions: [],
  });
  const text = Array.from(
    { length: 400 },
    (_, i) => `T | where a == ${i} | extend b = a * ${i} | summarize count() by b`,
  ).join('\n\n');
  const signal = new LocalSignal();
  const check = service.diagnostics({ text, schemaId: 's' }, signal);
  setImmediate(() => {
    signal.abort();
  });
  await assert.rejects(check, { code: 'cancelled.byUser' });
});
