import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { fuzzQuery, readSeeds, TABLES } from '../harness/fuzzer.ts';
import { PrintedQueries } from '../harness/printed.ts';
import { toCell } from '../harness/referenceEvaluator.ts';

// Queries bound, printed, bound again: what is printed prints as itself, Microsoft's parser has nothing against it, and
// its answer is that of the query. A part of the golden cases and of the generated queries; all of them, and the cases
// of a folder of recorded answers, where TENANTSCOPE_KQL_CORPORA names one. Other people's queries over tables of
// logs: test/harness/printedQueries.ts.
const corpora = process.env.TENANTSCOPE_KQL_CORPORA;
const whole = corpora !== undefined;
const folder = fileURLToPath(new URL('cases/', import.meta.url));
const golden = queriesIn(folder);
const recorded = corpora !== undefined && existsSync(corpora) ? queriesIn(corpora, /answers\.jsonl$/) : [];

function queriesIn(path: string, name = /\.jsonl$/): string[] {
  return readdirSync(path)
    .filter((file) => name.test(file))
    .sort()
    .flatMap((file) => readSeeds(join(path, file)));
}

describe('printed plans', () => {
  let printed: PrintedQueries;
  before(async () => {
    printed = await PrintedQueries.open({ now: 638_513_658_000_000_000n, seed: 1 }, async (engine) => {
      const tables = [];
      for (const [name, { columns, rows }] of Object.entries(TABLES)) {
        const table = await engine.createTable('logs', name, columns);
        await engine.append(
          table,
          rows.map((row) => row.map((value, i) => toCell(value, columns[i]!.type))),
        );
        tables.push(table);
      }
      return { name: 'logs', tables };
    });
  });
  after(async () => {
    await printed.close();
  });

  /** Prints each query; none may mean another thing, and at least `share` of those that have an answer have a text. */
  async function look(queries: readonly string[], share: number, t: TestContext): Promise<void> {
    const [different, refused] = [[] as string[], new Map<string, number>()];
    let same = 0;
    for (const query of queries) {
      const outcome = await printed.look(query);
      if (outcome.kind === 'same') same++;
      if (outcome.kind === 'different') different.push(`${query}\n--- printed\n${outcome.text}\n--- ${outcome.why}`);
      if (outcome.kind === 'unprintable') refused.set(outcome.why, (refused.get(outcome.why) ?? 0) + 1);
    }
    const without = [...refused.values()].reduce((sum, n) => sum + n, 0);
    const answered = same + different.length + without;
    t.diagnostic(`${same} of ${answered} with an answer are the same printed, ${without} have no text`);
    for (const [why, count] of refused) t.diagnostic(`${count}: ${why}`);
    assert.deepEqual(different, []);
    assert.ok(answered > queries.length / 4, `only ${answered} of ${queries.length} have an answer`);
    assert.ok(without <= (1 - share) * answered, `${without} of ${answered} have no text`);
  }

  it('of the golden cases have the answers of the queries', async (t) => {
    await look(
      golden.filter((_, i) => whole || i % 7 === 0),
      0.97,
      t,
    );
  });
  it('of generated queries have the answers of the queries', async (t) => {
    await look(
      Array.from({ length: whole ? 3_000 : 120 }, (_, i) => fuzzQuery(i)),
      0.97,
      t,
    );
  });
  it(
    'of the recorded cases have the answers of the queries',
    { skip: recorded.length > 0 ? false : 'no recorded cases here; set TENANTSCOPE_KQL_CORPORA to a folder of them' },
    async (t) => {
      await look(recorded, 0.97, t);
    },
  );
});
