import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { LocalEngine } from '../../src/engine/face.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { ticksOfMs } from '../../src/model/values/ticks.ts';
import { compareAcross } from '../harness/acrossCompare.ts';
import type { Compared } from '../harness/acrossCompare.ts';
import { makeWorld, withIds } from '../harness/acrossWorld.ts';
import type { AcrossWorld, WorkspaceRows, WorkspaceTable } from '../harness/acrossWorld.ts';
import { LEFT, RIGHT, somePipeline, someTable } from '../harness/pipelines.ts';
import type { Operator } from '../harness/pipelines.ts';
import { stepText, toCell } from '../harness/referenceEvaluator.ts';
import type { Table } from '../harness/referenceEvaluator.ts';
import { SeededRandom } from '../harness/seededRandom.ts';

// The across answer of a query over K workspaces is what one workspace with everybody's rows answers: for generated
// queries, and for hand-made ones where answers are easily put together wrongly.
const QUERIES = Number(process.env.TENANTSCOPE_ACROSS_QUERIES ?? 320);
const NOW = ticksOfMs(Date.UTC(2024, 0, 1, 12));
const WIDTHS = [1, 2, 7, 40];
const traps = readFileSync(new URL('cases/across.kql', import.meta.url), 'utf8')
  .split(/^\/\/ /m)
  .slice(1)
  .map((block) => ({ name: block.slice(0, block.indexOf('\n')), text: block.slice(block.indexOf('\n') + 1).trim() }));

let engine: LocalEngine;
const worlds = new Map<number, AcrossWorld>();
/** The same, with the ids that let several workspaces be asked at once. */
const shared = new Map<number, AcrossWorld>();

/** The rows of a table dealt out to `count` workspaces: some get none, and one has not got the column `b`. */
function dealt(random: SeededRandom, name: string, table: Table, count: number): WorkspaceTable[][] {
  const rows = table.rows.map((row) => row.map((value, i) => toCell(value, table.columns[i]!.type)));
  const hands = Array.from({ length: count }, () => [] as typeof rows);
  for (const row of rows) hands[random.int(0, Math.max(0, count - 2))]!.push(row);
  return hands.map((hand, w) => {
    // A workspace may lack a table, or a column of one.
    if (name === 'R' && w % 3 === 1 && hand.length === 0) return [];
    const at = name === 'L' && w % 4 === 1 ? table.columns.findIndex((column) => column.name === 'b') : -1;
    return [
      {
        name,
        columns: table.columns.filter((_, i) => i !== at),
        rows: hand.map((row) => row.filter((_, i) => i !== at)),
      },
    ];
  });
}

before(async () => {
  engine = await openEngine({ threads: 1, memoryLimitMb: 512 });
  for (const count of WIDTHS) {
    const random = new SeededRandom(7 * count);
    const [left, right] = [
      dealt(random, 'L', someTable(new SeededRandom(1), LEFT, 90), count),
      dealt(random, 'R', someTable(new SeededRandom(2), RIGHT, 25), count),
    ];
    const workspaces = left.map((tables, w): WorkspaceRows => ({
      attribution: [`Customer ${w % 3}`, `Tenant ${w % 3}`, `workspace-${w}`],
      tables: [...tables, ...right[w]!],
    }));
    worlds.set(count, await makeWorld(engine, workspaces));
    shared.set(count, await makeWorld(engine, withIds(workspaces)));
  }
});
after(async () => {
  await engine.close();
});

function assertSame(result: Compared, where: string): void {
  const { reason, detail } = { reason: '', detail: '', ...result };
  assert.ok(
    result.outcome === 'equal' || result.outcome === 'open',
    `${where}: ${result.outcome} ${reason}\n${detail}`,
  );
}

describe('hand-made traps', () => {
  for (const { name, text } of traps)
    it(name, async () => {
      for (const [count, world] of worlds) {
        const noPromise = /^\(open\)/.test(name);
        assertSame(await compareAcross(world, text, NOW, noPromise), `over ${count}`);
        if (count === 1) continue;
        const result = await compareAcross(shared.get(count)!, text, NOW, noPromise, { together: true });
        assertSame(result, `over ${count}, several at once`);
      }
    });
});

describe('generated queries', () => {
  const ops: readonly Operator[] = [
    'where',
    'where',
    'extend',
    'project',
    'union',
    'join',
    'mv-expand',
    'sort',
    'top',
    'take',
    'count',
    'summarize',
    'summarize',
    'summarize',
    'distinct',
  ];
  it(`${QUERIES} of them have the answer of one workspace`, async (t) => {
    const random = new SeededRandom(20_260_101);
    const wide = someTable(new SeededRandom(1), LEFT, 90);
    const narrow = someTable(new SeededRandom(2), RIGHT, 25);
    const outcomes: Record<string, number> = {};
    for (let i = 0; i < QUERIES; i++) {
      const chosen = Array.from({ length: random.int(1, 4) }, () => random.pick(ops));
      const { steps } = somePipeline(random, wide, chosen, narrow);
      const text = ['L', ...steps.map(stepText)].join('\n| ');
      const count = WIDTHS[i % WIDTHS.length]!;
      const result = await compareAcross(worlds.get(count)!, text, NOW, false);
      outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1;
      if (result.outcome === 'unequal') assert.fail(`query ${i} over ${count}: ${result.reason}\n${result.detail}`);
      // Nobody is asked together with himself.
      if (count === 1) continue;
      const together = await compareAcross(shared.get(count)!, text, NOW, false, { together: true });
      if (together.outcome === 'unequal')
        assert.fail(`query ${i} over ${count}, several at once: ${together.reason}\n${together.detail}`);
      assert.equal(together.outcome, result.outcome, `query ${i}, several at once`);
    }
    t.diagnostic(JSON.stringify(outcomes));
    assert.ok((outcomes['equal'] ?? 0) >= 0.95 * QUERIES, JSON.stringify(outcomes));
  });
});
