import assert from 'node:assert/strict';
import { it } from 'node:test';
import { alertSettings } from '../../../src/core/baseline/sections/alertSettings.ts';
import { customerWorld } from '../../../src/core/baseline/customerWorlds.ts';
import type { WantedRule } from '../../../src/core/alerts/ruleHandler.ts';
import type { Baseline } from '../../../src/model/baseline.ts';
import { estateOf } from '../runs/world.ts';

const estate = estateOf(1);

function ruleOf(alert: NonNullable<Baseline['alerts']>[string]): WantedRule['properties'] {
  const [customer] = estate.customers;
  const nothing = { machines: new Map(), resources: new Map() };
  const { world } = customerWorld(estate, customer!, { alerts: { A: alert } }, estate.workspaces, nothing);
  const [setting] = alertSettings(world).settings;
  return (setting!.intent.wanted as WantedRule).properties;
}

it('an alert of a baseline can say what one of a file can', () => {
  const { criteria, autoMitigate, overrideQueryTimeRange } = ruleOf({
    ...{ query: 'Perf', threshold: 90, measure: 'average', column: 'CounterValue', comparison: '>=' },
    ...{ periods: 4, failing: 3, autoResolve: false, lookBack: 120, every: 5, window: 15 },
    dimensions: [{ column: 'Computer' }, { column: 'ObjectName', values: ['Processor'], exclude: true }],
  });
  const [criterion] = criteria.allOf;
  assert.deepEqual(criterion.failingPeriods, { numberOfEvaluationPeriods: 4, minFailingPeriodsToAlert: 3 });
  assert.deepEqual(criterion.dimensions, [
    { name: 'Computer', operator: 'Include', values: ['*'] },
    { name: 'ObjectName', operator: 'Exclude', values: ['Processor'] },
  ]);
  assert.deepEqual([autoMitigate, overrideQueryTimeRange], [false, 'PT2H']);
});

it('one that says none of it fires at once, for all rows together, and is resolved by itself', () => {
  const { criteria, autoMitigate, ...rest } = ruleOf({ query: 'Perf', threshold: 0 });
  const [criterion] = criteria.allOf;
  assert.deepEqual(criterion.failingPeriods, { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 });
  assert.deepEqual([criterion.dimensions, autoMitigate, rest.overrideQueryTimeRange], [[], true, undefined]);
});
