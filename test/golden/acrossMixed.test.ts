import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { LocalEngine } from '../../src/engine/face.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { compareAcross } from '../harness/acrossCompare.ts';
import { someAcrossQuery } from '../harness/acrossQueries.ts';
import { makeWorld } from '../harness/acrossWorld.ts';
import type { AcrossWorld } from '../harness/acrossWorld.ts';
import { MIXED_NOW, mixedWorkspaces } from '../harness/mixedWorld.ts';
import { SeededRandom } from '../harness/seededRandom.ts';

// Aggregates of every kind, over every type, by every kind of key, beside filters and uses of whose row it is. In every
// other query some texts and names are those of customers: the answer is the same, and no workspace is sent one.
const QUERIES = Number(process.env.TENANTSCOPE_ACROSS_QUERIES ?? 160);
const SEED = Number(process.env.TENANTSCOPE_ACROSS_SEED ?? 20_260_303);
const WIDTHS = [1, 2, 7];
const TELLING = /fox|customer|count_|a b|^m1$|^x$|^key0$|part1|zwei/i;

let engine: LocalEngine;
const worlds = new Map<number, AcrossWorld>();
before(async () => {
  engine = await openEngine({ threads: 1, memoryLimitMb: 512 });
  for (const count of WIDTHS) worlds.set(count, await makeWorld(engine, mixedWorkspaces(count)));
});
after(() => engine.close());

it(`${QUERIES} queries of all aggregates have the answer of one workspace`, async (t) => {
  const random = new SeededRandom(SEED);
  const outcomes: Record<string, number> = {};
  for (let i = 0; i < QUERIES; i++) {
    const text = someAcrossQuery(random);
    const count = WIDTHS[i % WIDTHS.length]!;
    const isConfidential = i % 2 === 1 ? (told: string): boolean => TELLING.test(told) : undefined;
    const result = await compareAcross(worlds.get(count)!, text, MIXED_NOW, false, { isConfidential });
    outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1;
    assert.ok(
      result.outcome === 'equal' || result.outcome === 'noAnswer',
      `query ${i} over ${count}: ${result.outcome} ${'reason' in result ? result.reason : ''}\n${'detail' in result ? result.detail : text}`,
    );
  }
  t.diagnostic(JSON.stringify(outcomes));
  assert.ok((outcomes['equal'] ?? 0) >= 0.9 * QUERIES, JSON.stringify(outcomes));
});
