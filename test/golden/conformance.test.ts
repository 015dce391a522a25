import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { BatchAnswer } from '../../src/engine/batch.ts';
import { runBatch } from '../../src/engine/batch.ts';
import type { LocalEngine } from '../../src/engine/face.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import type { Column } from '../../src/model/kqlType.ts';
import { judge, loadRealCases } from '../harness/score.ts';

/**
 * One example of the documented behaviour: `source` is the documentation's page; `error` is the code of the failure
 * where there is no answer.
 */
interface GoldenCase {
  readonly id: string;
  readonly query: string;
  readonly source: string;
  readonly columns?: readonly Column[];
  readonly rows?: readonly (readonly unknown[])[];
  readonly ordered?: boolean;
  readonly error?: string;
}

const folder = new URL('cases/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .sort();
/** Cases the engine is known not to get right, with the reason. One that passes must leave the list. */
const gaps = JSON.parse(readFileSync(new URL('knownGaps.json', import.meta.url), 'utf8')) as Record<string, string>;
const options = { database: { name: 'local', tables: [] }, now: 638_513_658_000_000_000n }; // 2024-05-15T10:30:00Z
const seen = new Set<string>();
/** Faults of the engine: a query that binds is answered, or refused by a name that we know. */
const FAULT = /^(engine|bug)\./;
const faults: string[] = [];

let engine: LocalEngine;
before(async () => {
  engine = await openEngine({ memoryLimitMb: 1024, threads: 1 });
});
after(async () => {
  await engine.close();
});

async function answer(id: string, query: string): Promise<BatchAnswer> {
  for await (const found of runBatch(engine, [{ id, query }], options)) {
    if (!found.ok && FAULT.test(found.code)) faults.push(`${id}: ${found.code}: ${found.message}`);
    return found;
  }
  throw new Error('no answer');
}
function failure(golden: GoldenCase, got: BatchAnswer): string {
  if (golden.error)
    return !got.ok && got.code === golden.error
      ? ''
      : `want ${golden.error}, got ${got.ok ? 'an answer' : `${got.code}: ${got.message}`}`;
  const { verdict, why } = judge(
    { columns: golden.columns ?? [], rows: golden.rows ?? [], ordered: golden.ordered ?? false },
    got,
  );
  const exactTypes = got.ok && golden.columns?.find((c, i) => c.type !== got.columns[i]?.type);
  return verdict !== 'right'
    ? `${verdict}: ${why}`
    : exactTypes
      ? `wrong: the column ${exactTypes.name} is not ${exactTypes.type}`
      : '';
}

for (const file of files) {
  describe(file.replace('.jsonl', ''), () => {
    for (const line of readFileSync(new URL(file, folder), 'utf8').split('\n').filter(Boolean)) {
      const golden = JSON.parse(line) as GoldenCase;
      assert.ok(!seen.has(golden.id), `two cases are called ${golden.id}`);
      seen.add(golden.id);
      it(golden.id, async () => {
        const why = failure(golden, await answer(golden.id, golden.query));
        if (gaps[golden.id] !== undefined)
          assert.notEqual(why, '', `${golden.id} is right now: take it off knownGaps.json`);
        else assert.equal(why, '', `${golden.query}\n(${golden.source})`);
      });
    }
  });
}

describe('the list of known gaps', () => {
  it('names only cases there are, each with a reason', () => {
    for (const [id, reason] of Object.entries(gaps)) assert.ok(seen.has(id) && reason.length > 10, id);
  });
});

describe('the real engine', () => {
  const cases = loadRealCases();
  const skip = cases ? false : 'no recorded answers here; set TENANTSCOPE_KUSTO_ANSWERS to the file of them';
  it('is answered as it answers: nothing wrong or failed, core 97 % right, advanced 85 %', { skip }, async (t) => {
    const tally = new Map<string, { right: number; refused: number; wrong: number; all: number }>();
    const wrong: string[] = [];
    for (const { id, tier, query, expected } of cases ?? []) {
      const { verdict, why } = judge(expected, await answer(id, query));
      const counts = tally.get(tier) ?? { right: 0, refused: 0, wrong: 0, all: 0 };
      counts[verdict]++;
      counts.all++;
      tally.set(tier, counts);
      if (verdict === 'wrong') wrong.push(`${id}: ${why}`);
    }
    for (const [tier, { right, refused, wrong: bad, all }] of tally)
      t.diagnostic(
        `${tier}: ${right} of ${all} right (${((100 * right) / all).toFixed(1)} %), ${refused} refused, ${bad} wrong`,
      );
    assert.deepEqual(wrong, []);
    for (const [tier, bar] of [
      ['core', 0.97],
      ['advanced', 0.85],
    ] as const) {
      const counts = tally.get(tier);
      assert.ok(!counts || counts.right >= bar * counts.all, `${tier} is below ${100 * bar} %`);
    }
  });
});

it('no query of all these failed for a reason that the engine does not know', () => {
  assert.deepEqual(faults, []);
});
