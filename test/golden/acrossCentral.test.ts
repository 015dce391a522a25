import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { unioned } from '../../src/emulator/logs/relations.ts';
import type { LocalEngine } from '../../src/engine/face.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { restrictedQuery } from '../../src/kql/across/restrictedQuery.ts';
import { toCustomerKey } from '../../src/model/ids.ts';
import { NOT_ATTRIBUTED } from '../../src/model/sharedWorkspace.ts';
import type { AttributionRule } from '../../src/model/sharedWorkspace.ts';
import { ticksOfMs } from '../../src/model/values/ticks.ts';
import { compareAcross } from '../harness/acrossCompare.ts';
import { makeWorld } from '../harness/acrossWorld.ts';
import type { AcrossWorld, WorkspaceRows } from '../harness/acrossWorld.ts';
import { LEFT, RIGHT, someTable } from '../harness/pipelines.ts';
import { toCell } from '../harness/referenceEvaluator.ts';
import { SeededRandom } from '../harness/seededRandom.ts';

// One workspace that several customers send to answers as if each had one of its own: its rows parted by rules, one
// part each, put together as the parts of any across answer are.
const NOW = ticksOfMs(Date.UTC(2024, 0, 1, 12));
const traps = readFileSync(new URL('cases/across.kql', import.meta.url), 'utf8')
  .split(/^\/\/ /m)
  .slice(1)
  .map((block) => ({ name: block.slice(0, block.indexOf('\n')), text: block.slice(block.indexOf('\n') + 1).trim() }));
const SUBSCRIPTION = 'aaaaaaaa-0000-4000-8000-000000000001';
const rules: readonly AttributionRule[] = [
  { by: 'subscription', value: SUBSCRIPTION, customer: toCustomerKey('contoso'), origin: 'estate' },
  { by: 'computer', value: 'emea.fabrikam.example', customer: toCustomerKey('adatum'), origin: 'file' },
  { by: 'computer', value: 'fabrikam.example', customer: toCustomerKey('fabrikam'), origin: 'file' },
];
/** What the rows of each customer say, and of whom nobody can say it. */
const MARKS = new Map([
  ['contoso', [SUBSCRIPTION.toUpperCase(), 'vm.fabrikam.example']],
  ['adatum', ['', 'PC-7.EMEA.Fabrikam.example']],
  ['fabrikam', ['', 'pc.fabrikam.example']],
  [NOT_ATTRIBUTED as string, ['', 'fabrikam.example']],
]);

let engine: LocalEngine;
let world: AcrossWorld;

before(async () => {
  engine = await openEngine({ threads: 1, memoryLimitMb: 512 });
  const random = new SeededRandom(11);
  const tables = (['L', 'R'] as const).map((name, at) => ({
    name,
    ...someTable(new SeededRandom(at + 1), at === 0 ? LEFT : RIGHT, at === 0 ? 90 : 25),
  }));
  const hands = new Map([...MARKS.keys()].map((key) => [key, tables.map(() => [] as (readonly unknown[])[])]));
  tables.forEach((table, at) => {
    for (const row of table.rows) random.pick([...hands.values()])[at]!.push(row);
  });
  const customers = [...MARKS].map(([key, marks]): WorkspaceRows => ({
    attribution: [key, 'Provider', 'central'],
    tables: tables.map(({ name, columns }, at) => ({
      name,
      columns: [...columns, { name: '_SubscriptionId', type: 'string' }, { name: 'Computer', type: 'string' }],
      rows: (hands.get(key)?.[at] ?? []).map((row) => [
        ...row.map((value, i) => toCell(value as never, columns[i]!.type)),
        ...marks,
      ]),
    })),
  }));
  const made = await makeWorld(engine, customers);
  const central = {
    name: 'central',
    tables: ['L', 'R'].map((name) =>
      unioned(
        name,
        made.workspaces.map(({ database }) => database.tables.find((table) => table.name === name)!),
      ),
    ),
  };
  world = {
    ...made,
    workspaces: made.workspaces.map((one) => ({
      ...one,
      database: central,
      schema: { ...one.schema, only: { rules, customer: toCustomerKey(one.attribution[0]!) } },
    })),
  };
});
after(async () => {
  await engine.close();
});

describe('the rows of one workspace, parted by customer', () => {
  // Some of them at once, as runs ask it, and fewer one by one: the traps themselves are known to hold.
  for (const [at, { name, text }] of traps.entries())
    if (at % 5 === 0 || at % 10 === 1)
      it(name, async () => {
        const noPromise = /^\(open\)/.test(name);
        const result = await compareAcross(world, text, NOW, noPromise, { together: at % 5 === 0 });
        const { reason, detail } = { reason: '', detail: '', ...result };
        assert.ok(result.outcome === 'equal' || result.outcome === 'open', `${result.outcome} ${reason}\n${detail}`);
      });
});

describe('the own answer of one customer', () => {
  const answers = async (query: string): Promise<Record<string, unknown>> =>
    Object.fromEntries(
      await Promise.all(
        world.workspaces.map(async ({ attribution, schema, database }) => {
          const answer = await engine.query(restrictedQuery(query, schema, NOW), { database, now: NOW });
          const rows = await answer.tables[0]!.rows();
          for (const table of answer.tables) await table.dispose();
          return [attribution[0]!, rows];
        }),
      ),
    );

  it('holds no row of another, whatever the query does', async () => {
    for (const query of [
      'L | summarize by Computer',
      'union * | summarize by Computer',
      'search "*" | distinct Computer',
      'let T = view () { L | where true }; T | top 1 by Computer | project Computer',
      'R | join kind=rightouter L on $left.Computer == $right.Computer | distinct Computer1',
      'print Computer = toscalar(L | summarize take_any(Computer))',
    ])
      assert.deepEqual(
        await answers(query),
        Object.fromEntries([...MARKS].map(([key, [, computer]]) => [key, [[computer]]])),
        query,
      );
  });

  it('is refused where the rows that are read are not known', () => {
    const [{ schema }] = world.workspaces as unknown as [AcrossWorld['workspaces'][number]];
    for (const query of ['Unknown | count', 'workspace("other").L', 'L | union (app("x").R)', 'L | invoke Stored()'])
      assert.throws(() => restrictedQuery(query, schema, NOW), { code: /^query\./ }, query);
  });
});
