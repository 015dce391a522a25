import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kqlTable, kqlText, kqlTexts } from '../../../src/core/assess/look/kql.ts';
import { cheapestTier, inTier, PRICES, tierOf } from '../../../src/core/assess/look/prices.ts';
import { covers } from '../../../src/core/assess/look/roles.ts';
import { billedPerDay, hasData, rhythms } from '../../../src/core/assess/look/volumes.ts';
import { count, dollars, gigabytes, list, percent } from '../../../src/core/assess/look/words.ts';
import { COMMITMENT_LEVELS } from '../../../src/core/provision/rules.ts';
import { parseLiteral } from '../../../src/kql/literal.ts';
import { diagnosticsOf, parse } from '../../../src/kql/kustoAnalysis.ts';
import { dayAgo, hoursAgo, usageOf } from '../../harness/customerFacts.ts';

describe('the words of a finding', () => {
  it('count', () => {
    assert.deepEqual([count(0, 'row'), count(1, 'row'), count(1234, 'row')], ['0 rows', '1 row', '1,234 rows']);
  });

  it('do not round a share up over a border', () => {
    assert.deepEqual([0.0099, 0.01, 0.0996, 0.1, 0.29, 1].map(percent), [
      '0.99 %',
      '1 %',
      '9.96 %',
      '10 %',
      '29 %',
      '100 %',
    ]);
  });

  it('say volumes as exactly as they matter', () => {
    assert.deepEqual([0.0123, 3.52, 250.4].map(gigabytes), ['0.012 GB', '3.5 GB', '250 GB']);
  });

  it('call a little not nothing', () => {
    assert.deepEqual([0, 0.0002, 0.001].map(gigabytes), ['0 GB', 'less than 0.001 GB', '0.001 GB']);
    assert.deepEqual([0, 0.4, 1, 1234.4].map(dollars), ['$0', 'less than $1', '$1', '$1,234']);
  });

  it('list names, and how many more there are', () => {
    assert.deepEqual(
      [[], ['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd']].map((names) => list(names, 3)),
      ['', 'a', 'a and b', 'a, b and c', 'a, b, c and 1 more'],
    );
  });
});

describe('a query of a finding', () => {
  it('holds texts of others as texts', () => {
    for (const text of ['plain', '"; Heartbeat //', 'back\\slash', 'line\nbreak\u2028', "it's"])
      assert.equal(parseLiteral('string', kqlText(text)), text);
    assert.equal(kqlTexts(['a', 'b']), '"a", "b"');
  });

  it('names any table', () => {
    assert.equal(kqlTable('Perf'), 'Perf');
    assert.deepEqual(diagnosticsOf(parse(`${kqlTable('my "table"] | take 1')}\n| count`)), []);
  });
});

describe('prices', () => {
  it('have every tier there is, each cheaper by the GB than the one below', () => {
    assert.deepEqual(
      PRICES.tiers.map(({ gb }) => gb),
      COMMITMENT_LEVELS,
    );
    let last: number = PRICES.perGb;
    for (const { gb, perDay } of PRICES.tiers) {
      assert.ok(perDay / gb < last, `${gb}`);
      last = perDay / gb;
    }
  });

  it('bill beyond a tier at its own rate, and find the cheapest', () => {
    assert.equal(inTier({ gb: 100, perDay: 196 }, 50), 196);
    assert.equal(inTier({ gb: 100, perDay: 196 }, 150), 294);
    assert.equal(cheapestTier(186).gb, 100);
    assert.equal(cheapestTier(188).gb, 200);
    assert.equal(tierOf(150), undefined);
  });
});

describe('volumes', () => {
  it('are billed on average over full days', () => {
    assert.equal(billedPerDay(usageOf({ Perf: 3, Heartbeat: 1 }, 15)), 3);
    assert.equal(billedPerDay({ days: 30, volumes: [], last: {} }), 0);
    const day = (ago: number, gb: number) => ({ table: 'Perf', day: dayAgo(ago), gb, billable: true });
    const some = (...volumes: ReturnType<typeof day>[]) => billedPerDay({ days: 30, volumes, last: {} });
    assert.equal(
      some(day(5, 100), day(4, 6), day(2, 6), day(1, 6), day(0, 100)),
      4.5,
      'four full days, one of them empty',
    );
    assert.equal(some(day(1, 2), day(0, 4)), 3, 'nothing but partial days');
    assert.equal(some(day(0, 4)), 4);
  });

  it('begin the rhythm of a table with its first day', () => {
    const usage = usageOf({ Perf: 1 }, 9);
    assert.deepEqual(rhythms(usage), [{ table: 'Perf', last: Date.parse(hoursAgo(0.2)), fullDays: 8, withData: 8 }]);
    const untold = rhythms({ ...usage, last: {} })[0]!;
    assert.equal(
      new Date(untold.last).toISOString(),
      `${dayAgo(-1)}T00:00:00.000Z`,
      'the end of its last day at the latest',
    );
    assert.deepEqual(rhythms({ days: 30, volumes: [], last: { Perf: hoursAgo(5) } })[0]!.fullDays, 0);
  });

  it('are none where only the service writes', () => {
    assert.equal(hasData(usageOf({ Usage: 1, Operation: 1 })), false);
  });
});

it('what counts for a resource is itself and what it lies in', () => {
  for (const scope of ['/', '/subscriptions/a', '/subscriptions/a/', '/subscriptions/a/resourcegroups/b'])
    assert.equal(covers(scope, '/subscriptions/a/resourcegroups/b'), true, scope);
  for (const scope of [
    '/subscriptions/a/resourcegroups/bb',
    '/subscriptions/a/resourcegroups/b/c',
    '/subscriptions/ab',
  ])
    assert.equal(covers(scope, '/subscriptions/a/resourcegroups/b'), false, scope);
});
