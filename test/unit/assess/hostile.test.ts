import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { AssessmentService } from '../../../src/core/assess/assessmentService.ts';
import type { AssessmentPorts } from '../../../src/core/assess/assessmentService.ts';
import { Attributor } from '../../../src/core/assess/attribution.ts';
import { runCheck } from '../../../src/core/assess/checks/check.ts';
import { capHit } from '../../../src/core/assess/checks/capHit.ts';
import { compareAssessments } from '../../../src/core/assess/compareAssessments.ts';
import { toCustomerFacts } from '../../harness/customerPieces.ts';
import { measureEstate } from '../../../src/core/assess/measureEstate.ts';
import { agents } from '../../../src/core/assess/facts/agents.ts';
import { rowsOf } from '../../../src/core/assess/facts/answerRows.ts';
import { attribution } from '../../../src/core/assess/facts/attribution.ts';
import { usage } from '../../../src/core/assess/facts/usage.ts';
import { rhythms } from '../../../src/core/assess/look/volumes.ts';
import type { Assessment } from '../../../src/model/assessment/assessment.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { assessmentOf } from '../../harness/assessmentSample.ts';
import { growthByEight } from '../../harness/growth.ts';
import { healthyCustomer, withClosedTenant, withOwn } from '../../harness/customerFacts.ts';
import { answer } from '../runs/world.ts';
import { AGENTS, ATTRIBUTION, FakeWorld, USAGE, makeEstate } from './fakeWorld.ts';
import type { Changes } from './fakeWorld.ts';

const usageRow =
  (...cells: readonly Cell[]) =>
  () =>
    usage.read(rowsOf(answer(USAGE, [cells])));
const attributionRow =
  (...cells: readonly Cell[]) =>
  () =>
    attribution.read(rowsOf(answer(ATTRIBUTION, [cells])));
const DAY = '2026-01-01T00:00:00Z';
const unreadable = { code: 'service.unreadable' };

describe('an answer of a hostile shape', () => {
  for (const [what, read] of [
    ['a negative volume', usageRow('Perf', DAY, true, -5, DAY)],
    ['a volume that is no number', usageRow('Perf', DAY, true, 'NaN', DAY)],
    ['an endless volume', usageRow('Perf', DAY, true, Number.POSITIVE_INFINITY, DAY)],
    ['no volume', usageRow('Perf', DAY, true, null, DAY)],
    ['a day beyond the calendar', usageRow('Perf', '+275760-09-12T00:00:00Z', true, 1, DAY)],
    ['no count of rows', attributionRow('Perf', '', true, '', null, 1)],
    ['fewer than no rows', attributionRow('Perf', '', true, '', -3, 1)],
    ['no table at all', () => rowsOf({ tables: [], bytes: 20 })],
    ['a table without columns', () => rowsOf(answer([], []))],
    ['one column twice', () => rowsOf(answer(['Rows', 'Rows'], [[1, 2]]))],
  ] as const)
    it(`is no answer: ${what}`, () => {
      assert.throws(read, unreadable);
    });

  it('is none where a workspace never had data', () => {
    assert.deepEqual(rowsOf({ tables: [], bytes: 0 }), []);
  });

  it('of very many rows is read in time that grows with them', () => {
    const beat = ['pc', '', '', 'Linux', DAY, DAY, false];
    const volume = { table: 'Perf', day: '2026-01-01', gb: 1, billable: true };
    const growth = growthByEight(20_000, (length) => {
      const rows = Array.from({ length }, () => beat);
      assert.equal(agents.read(rowsOf(answer(AGENTS, rows))).length, length);
      assert.equal(rhythms({ days: 30, volumes: Array.from({ length }, () => volume), last: {} }).length, 1);
    });
    assert.ok(growth < 30, `eight times as many rows took ${growth.toFixed(1)} times as long`);
  });
});

/** An assessment of three customers, one of which answers as told. */
async function assess(changes: Changes, made = ['a', 'b', 'evil']): Promise<Assessment> {
  const estate = makeEstate(
    [{ name: 'centre', customer: 'provider' }, ...made.map((key) => ({ name: `w${key}`, customer: key }))],
    'provider',
  );
  const world = new FakeWorld(estate, changes);
  const ports: AssessmentPorts = Object.assign(world, {
    estate: { load: async () => estate },
    customers: { load: async () => ({ customers: [] }) as never },
    newId: () => 'one',
  });
  return world.clock.run(new AssessmentService(ports).assess({ scope: { include: 'all', except: [] } }));
}

describe('one hostile customer', () => {
  const isEvil = (armId: string): boolean => armId.endsWith('/wevil');
  const odd: readonly unknown[] = [
    null,
    7,
    'x',
    [],
    {},
    Number.NaN,
    [null],
    [{ name: null }],
    [{ name: 5, tables: 'x' }],
  ];
  for (const [at, value] of odd.entries())
    it(`costs only itself, whatever its lists hold: ${at}`, async () => {
      const plain = await assess({});
      const { customers } = await assess({ arm: (_name, id) => (isEvil(id) ? (value ?? ('x' as never)) : undefined) });
      assert.equal(customers.length, 4);
      const others = (all: Assessment['customers']) =>
        JSON.stringify(all.filter(({ key }) => key === 'a' || key === 'b'));
      assert.equal(others(customers), others(plain.customers));
      const evil = customers.find(({ key }) => key === 'evil')!;
      assert.ok(evil.checks.every(({ check, state }) => check !== 'classicTables' || state !== 'found'));
    });
});

describe('a check that fails', () => {
  it('is unknown, and the others go on', () => {
    const broken = {
      ...capHit,
      judge: () => {
        throw new TypeError('x is undefined');
      },
    };
    const { state, unknown } = runCheck(broken, healthyCustomer());
    assert.equal(state, 'unknown');
    assert.equal(unknown[0]!.error.code, 'bug.unexpected');
  });
});

describe('a finding of a workspace whose tenant is closed now', () => {
  it('is not gone: nobody could look', () => {
    const before = assessmentOf([
      withOwn(healthyCustomer(), { operations: { capDays: ['2026-11-20'], rateLimited: 0 } }),
    ]);
    const closed = { ...withClosedTenant(healthyCustomer()), own: [] };
    assert.deepEqual(compareAssessments(before, assessmentOf([closed])).gone, []);
  });
});

describe('an estate of hundreds of customers', () => {
  const CUSTOMERS = 600;
  const keys = Array.from({ length: CUSTOMERS }, (_, at) => `c${at}`);
  const rows = keys.flatMap((key) => ['Perf', 'Syslog'].map((table) => [table, `sub-${key}`, true, '', 10, 0.1]));
  const beats = keys.flatMap((key) =>
    [0, 1, 2].map((at) => [`pc${at}.${key}.example`, '', `sub-${key}`, 'Linux', DAY, DAY, false]),
  );
  const changes: Changes = {
    logs: (fact, { armId }) => {
      if (!armId.endsWith('/centre')) return undefined;
      if (fact === 'attribution') return answer(ATTRIBUTION, rows);
      return fact === 'agents' ? answer(AGENTS, beats) : undefined;
    },
  };

  it('is cut by one look at each row, not by one for each customer', async () => {
    const estate = makeEstate(
      [{ name: 'centre', customer: 'provider' }, ...keys.map((key) => ({ name: `w${key}`, customer: key }))],
      'provider',
    );
    const scope = { estate, customers: estate.customers.map(({ key }) => key), entries: [] };
    const world = new FakeWorld(estate, changes);
    const measured = await world.clock.run(measureEstate(scope, world));
    const looked = mock.method(Attributor.prototype, 'ownerOf');
    const pieces = toCustomerFacts(scope, measured);
    looked.mock.restore();
    assert.equal(pieces.filter(({ central }) => central[0]?.rows === 20).length, CUSTOMERS);
    assert.ok(looked.mock.callCount() <= 2 * (rows.length + beats.length), `${looked.mock.callCount()} looks`);
  });
});
