import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { misfits } from '../../../src/core/runners/logicApp/fit.ts';
import { logicAppTemplate, workflowOf } from '../../../src/core/runners/logicApp/logicApp.ts';
import { planRollup } from '../../../src/kql/rollup/planRollup.ts';
import type { AccessPathKind } from '../../../src/model/estate.ts';
import type { Column } from '../../../src/model/kqlType.ts';
import { logicAppSpec, workspace } from './logicAppSpec.ts';
import { CENTRES, definition } from './definitions.ts';

const [CENTRAL, LAKE] = CENTRES.centres as [(typeof CENTRES.centres)[0], (typeof CENTRES.centres)[0]];
const COLUMNS: readonly Column[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Computer', type: 'string' },
  { name: 'EventID', type: 'long' },
  { name: 'Data', type: 'dynamic' },
];

function why(
  more: Parameters<typeof definition>[0],
  { centre = CENTRAL, workspaces = [workspace('law')] } = {},
): string {
  const made = definition(more);
  const plan = planRollup(made.query, [{ tables: [{ name: 'Event', columns: COLUMNS }] }]);
  return misfits({ definition: made, plan, centre, workspaces }).join('\n');
}

describe('a roll-up that no Logic App can run is refused by name', () => {
  it('one that fits is not', () => {
    assert.equal(why({}), '');
  });
  for (const [what, more, options, expected] of [
    ['another kind of centre', {}, { centre: LAKE }, /SignIns: It is stored in lake, and a Logic App writes to Log/],
    ['two sinks', { sinks: ['central', 'lake'] }, {}, /stored in central and lake, and a Logic App writes to one/],
    ['a dynamic column', { query: 'Event | project Data' }, {}, /Its column Data is dynamic/],
    ['a column of its own', { query: 'Event | project _Json = Computer' }, {}, /Its column _Json is one of the Logic/],
    ['too many rows', { limits: { rows: 1_000_000 } }, {}, /may have 1,000,000 rows.*say "\/\/ @limit 100000 rows"/],
    [
      'a query that chooses customers',
      { query: 'Event | where _Customer == "Contoso" | project Computer' },
      {},
      /choose by/,
    ],
    ['nobody', {}, { workspaces: [] }, /No workspace of its scope/],
    [
      'too many workspaces',
      {},
      { workspaces: Array.from({ length: 101 }, (_, n) => workspace(`law${n}`)) },
      /has 101 workspaces, and a definition holds 100/,
    ],
  ] as const)
    it(what, () => {
      assert.match(why(more, options as object), expected);
    });

  const path = (kind: AccessPathKind, tenant = 'other'): string =>
    why({}, { workspaces: [workspace('theirs', { tenant, kind })] });
  it('workspaces of other tenants, but for those that Lighthouse delegates to the centre’s', () => {
    assert.match(path('guest'), /SignIns: theirs is in another tenant than central and not delegated/);
    assert.match(path('servicePrincipal'), /theirs is in another tenant/);
    assert.equal(path('lighthouse'), '');
  });
});

describe('the template of a Logic App', () => {
  const template = (more: Parameters<typeof definition>[0] = {}) =>
    JSON.parse(logicAppTemplate(logicAppSpec({ definition: definition(more) }))) as {
      readonly metadata: { readonly limits: readonly string[] };
      readonly resources: readonly {
        readonly identity: object;
        readonly properties: { readonly parameters: object };
      }[];
    };
  it('has an identity and no secret, and says its limits', () => {
    const { resources, metadata } = template();
    assert.deepEqual(resources[0]!.identity, { type: 'SystemAssigned' });
    assert.ok(metadata.limits.some((limit) => limit.includes('more than 50,000 rows')));
    assert.ok(metadata.limits.some((limit) => limit.includes('"rollup off"')));
  });
  it('rows of customers stay out of the history of its runs', () => {
    const { definition: made } = workflowOf(logicAppSpec());
    const actions: [string, Record<string, unknown>][] = [];
    const collect = (value: unknown): void => {
      if (value === null || typeof value !== 'object') return;
      for (const [name, item] of Object.entries(value)) {
        const { type } = (item ?? {}) as Record<string, unknown>;
        if (type === 'Http' || type === 'Query') actions.push([name, item as Record<string, unknown>]);
        collect(item);
      }
    };
    collect(made);
    assert.deepEqual(actions.map(([name]) => name).sort(), [
      'Ask',
      'Batches',
      'Count',
      'Ending',
      'Missing_windows',
      'Send_record',
      'Send_rows',
    ]);
    for (const [name, { runtimeConfiguration }] of actions)
      assert.deepEqual(runtimeConfiguration, { secureData: { properties: ['inputs', 'outputs'] } }, name);
  });
  it('a text of a query or a name stays text, in the template language and in that of workflows', () => {
    const spec = logicAppSpec();
    const [target] = spec.targets;
    const hostile = { ...spec, targets: [{ ...target!, customer: '"]; drop @{evil()} [' }] };
    assert.throws(() => logicAppTemplate(hostile), { code: 'input.runner', message: /"@\{", an expression there/ });
    const odd = { ...spec, targets: [{ ...target!, customer: "'\"\n'); evil" }] };
    const { targets } = workflowOf(odd).parameters;
    const [first] = Object.values(targets!.value as Record<string, { lets: string }>);
    assert.match(first!.lets, /let _Customer = "'\\"\\u000a'\); evil";/);
  });
  it('workspaces whose tables are alike share one text; one without the table is not asked', () => {
    const spec = logicAppSpec();
    const [target] = spec.targets;
    const more = [
      target!,
      { ...target!, workspace: workspace('second') },
      { ...target!, workspace: workspace('bare'), schema: { tables: [] } },
    ];
    const { texts, targets } = workflowOf({ ...spec, targets: more }).parameters;
    assert.equal((texts!.value as string[]).length, 1);
    assert.equal(Object.keys(targets!.value as object).length, 2);
  });
});
