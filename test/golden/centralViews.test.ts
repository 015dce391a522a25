import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inOrder } from '../../src/core/central/sharedRows.ts';
import { viewsOf } from '../../src/core/central/views.ts';
import type { EngineTable, LocalEngine } from '../../src/engine/face.ts';
import { openEngine } from '../../src/engine/openEngine.ts';
import { ownAlone } from '../../src/kql/across/ownAlone.ts';
import { ownRowsText } from '../../src/kql/across/ownRows.ts';
import { toCustomerKey } from '../../src/model/ids.ts';
import type { CustomerKey } from '../../src/model/ids.ts';
import { NOT_ATTRIBUTED } from '../../src/model/sharedWorkspace.ts';
import type { AttributionRule, RuleOf } from '../../src/model/sharedWorkspace.ts';
import { SeededRandom } from '../harness/seededRandom.ts';

// A view is read by the customer that it is for: it gives no row of another, and its text says nothing of another.
const [S1, S2, S3] = [1, 2, 3].map((n) => `${n}0000000-0000-4000-8000-000000000000`) as [string, string, string];
const GROUP = `/subscriptions/${S1}/resourcegroups/logs`;
/** Whatever a rule can be about; whose each is is drawn. */
const POOL: readonly RuleOf[] = [
  { by: 'column', column: 'Owner_s', value: 'con' },
  { by: 'column', column: 'Owner_s', value: 'coho' },
  { by: 'column', column: 'Computer', value: 'server01' },
  { by: 'column', column: 'Computer', value: 'vm.wine.example' },
  { by: 'resource', value: GROUP },
  { by: 'resource', value: `${GROUP}/providers/microsoft.compute/virtualmachines/vm` },
  { by: 'resource', value: `/subscriptions/${S2}/resourcegroups/wine` },
  { by: 'subscription', value: S1 },
  { by: 'subscription', value: S2 },
  { by: 'tenant', value: S1 },
  { by: 'tenant', value: S2 },
  { by: 'computer', value: 'example' },
  { by: 'computer', value: 'wine.example' },
  { by: 'computer', value: 'emea.wine.example' },
];
const VALUES = {
  Owner_s: ['', 'con', 'COHO', 'else'],
  Computer: ['', 'SERVER01', 'vm.wine.example', 'pc.Wine.example', 'pc.emea.wine.example', 'pc.example', 'pc'],
  _ResourceId: [
    '',
    `${GROUP}/providers/microsoft.compute/virtualmachines/vm`.toUpperCase(),
    `${GROUP}/providers/microsoft.compute/virtualmachines/vm2`,
    GROUP,
    `/subscriptions/${S1}/resourcegroups/logs2`,
    `/subscriptions/${S2}/resourcegroups/wine/providers/x`,
    `/subscriptions/${S3}/resourcegroups/z`,
  ],
  _SubscriptionId: ['', S1, S2, S3],
  AADTenantId: ['', S1, S2, S3],
};
const COLUMNS = Object.keys(VALUES).map((name) => ({ name, type: 'string' as const }));
const CUSTOMERS = ['contoso', 'coho'].map(toCustomerKey);

let engine: LocalEngine;
let rows: EngineTable;
before(async () => {
  engine = await openEngine({ threads: 1, memoryLimitMb: 512 });
  rows = await engine.createTable('central', 'Rows', [{ name: 'Id', type: 'long' }, ...COLUMNS]);
  const all = Object.values(VALUES).reduce<readonly (readonly string[])[]>(
    (made, values) => made.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );
  await engine.append(
    rows,
    all.map((row, id) => [id, ...row]),
  );
});
after(async () => {
  await engine.close();
});

/** How many rows a view gives, and how many of them are not the customer's by the rules. */
async function counted(
  rules: readonly AttributionRule[],
  customer: CustomerKey,
): Promise<[given: number, wrong: number]> {
  const exact = ['Rows', ...ownRowsText({ rules, customer }, COLUMNS)].join(' | ');
  const view = ['Rows', ...ownAlone({ rules, customer }, COLUMNS)!.operators].join(' | ');
  const text = `${view} | join kind=leftouter (${exact} | project Id, Own = 1) on Id | summarize count(), countif(isnull(Own))`;
  const answer = await engine.query(text, { database: { name: 'central', tables: [rows] }, now: 0n });
  const [row] = await answer.tables[0]!.rows();
  for (const table of answer.tables) await table.dispose();
  return row!.map(Number) as [number, number];
}

/** What a text may say: the values of the customer's own rules, and what is made of them. */
function mayBeSaid(rules: readonly AttributionRule[], customer: CustomerKey): ReadonlySet<string> {
  return new Set([
    ...['.', '^/subscriptions/([^/]+)'],
    ...rules
      .filter((rule) => rule.customer === customer)
      .flatMap(({ value }) => [value, `${value}/`, `.${value}`, `/subscriptions/${value}`, `/subscriptions/${value}/`]),
  ]);
}

describe('a view of one customer', () => {
  it('gives no row of another and names nothing of another, whosever the rules are', async () => {
    const random = new SeededRandom(5);
    let most = 0;
    for (let round = 0; round < 10; round++) {
      const rules = inOrder(
        POOL.flatMap((rule): readonly AttributionRule[] => {
          const customer = random.pick([...CUSTOMERS, ...CUSTOMERS, NOT_ATTRIBUTED, undefined]);
          return customer === undefined ? [] : [{ ...rule, customer, origin: 'file' }];
        }),
      );
      for (const customer of CUSTOMERS) {
        const view = ownAlone({ rules, customer }, COLUMNS);
        if (!view) continue;
        const [given, wrong] = await counted(rules, customer);
        assert.equal(wrong, 0, `${customer}: ${view.operators.join('\n')}\n${JSON.stringify(rules, undefined, 1)}`);
        most = Math.max(most, given);
        const may = mayBeSaid(rules, customer);
        for (const [, said] of view.operators.join(' ').matchAll(/"([^"]*)"/g)) assert.ok(may.has(said!), said);
      }
    }
    assert.ok(most > 500, 'there are rows to be mistaken');
  });

  it('gives all rows of its subscriptions, and of rows that name none those of its domain', () => {
    const rules = inOrder([
      { by: 'subscription', value: S1, customer: CUSTOMERS[0]!, origin: 'estate' },
      { by: 'subscription', value: S2, customer: CUSTOMERS[1]!, origin: 'estate' },
      { by: 'computer', value: 'wine.example', customer: CUSTOMERS[1]!, origin: 'estate' },
    ]);
    const view = (names: readonly string[]) =>
      ownAlone(
        { rules, customer: CUSTOMERS[1]! },
        COLUMNS.filter(({ name }) => names.includes(name)),
      );
    assert.deepEqual(view(['_SubscriptionId', 'Computer']), {
      operators: [
        'extend _OwnSubscription = _SubscriptionId',
        `where (_OwnSubscription =~ "${S2}") or (Computer endswith ".wine.example" and (isempty(_OwnSubscription) or _OwnSubscription =~ "${S2}"))`,
        'project-away _OwnSubscription',
      ],
      leftOut: ['rows of a subscription that is not known as theirs'],
    });
    assert.deepEqual(view(['Computer']), { operators: ['where Computer endswith ".wine.example"'], leftOut: [] });
    assert.throws(() => viewsOf(rules, { key: CUSTOMERS[1]!, name: 'Coho' }, [{ name: 'T', columns: [] }]), {
      code: 'input.tables',
    });
  });
});
