import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { runBatch } from '../../src/engine/batch.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { fuzz } from '../harness/fuzz.ts';

/**
 * Failures that are known: the shortest query that shows one, what it says and of which queries (regular expressions),
 * and why. One that shows no more must leave the list.
 */
interface KnownFailure {
  readonly query: string;
  readonly shows: string;
  readonly of?: string;
  readonly reason: string;
}
const known = JSON.parse(readFileSync(new URL('knownFuzz.json', import.meta.url), 'utf8')) as KnownFailure[];

describe('fuzzing', () => {
  it('2,000 queries: none ends the process, hangs, fails as a bug, answers what the parser rejects or leaves anything behind', async (t) => {
    const { outcomes, findings, growthMb } = await fuzz(Number(process.env.TENANTSCOPE_FUZZ_QUERIES ?? 2000));
    t.diagnostic(`${JSON.stringify(outcomes)}; the process grew ${growthMb.toFixed(0)} MB`);
    const fresh = findings.filter(
      (f) =>
        !known.some(
          ({ shows, of = '' }) => new RegExp(shows).test(`${f.outcome}: ${f.message}`) && new RegExp(of).test(f.query),
        ),
    );
    assert.deepEqual(
      fresh.map((f) => `${f.index} ${f.outcome}: ${f.message}\n${f.query}`),
      [],
    );
    assert.ok((outcomes.answered ?? 0) > 400, 'a good part of the queries is answered');
    assert.ok(growthMb < 400, `the process grew ${growthMb.toFixed(0)} MB over its queries`);
  });

  it('what is known to fail still does', async () => {
    const engine = await openEngine({ memoryLimitMb: 256, threads: 1 });
    try {
      for await (const answer of runBatch(
        engine,
        known.map(({ query, shows }) => ({ id: shows, query })),
        { database: { name: 'local', tables: [] } },
      )) {
        assert.match(
          answer.ok ? 'answered' : `${answer.code}: ${answer.message}`,
          new RegExp(answer.id),
          'take it off knownFuzz.json',
        );
      }
    } finally {
      await engine.close();
    }
  });
});
