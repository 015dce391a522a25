import { readFileSync } from 'node:fs';
import { openEngine } from '../../src/engine/openEngine.ts';
import { runBatch } from '../../src/engine/batch.ts';
import type { BatchCase } from '../../src/engine/batch.ts';

// Answers self-contained queries, one JSON line each:  node --import tsx test/harness/batch.ts CASES.jsonl >
// ANSWERS.jsonl
const [path, only] = process.argv.slice(2);
if (!path) throw new Error('usage: batch.ts CASES.jsonl [id]');
const cases = readFileSync(path, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as BatchCase)
  .filter((c) => !only || c.id.includes(only));
const engine = await openEngine({ memoryLimitMb: 1024, threads: 1 });
for await (const answer of runBatch(engine, cases, { database: { name: 'local', tables: [] } })) {
  console.log(JSON.stringify(answer, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
}
await engine.close();
