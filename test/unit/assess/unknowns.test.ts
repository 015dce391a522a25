import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssessmentService } from '../../../src/core/assess/assessmentService.ts';
import type { Assessment, CustomerAssessment } from '../../../src/model/assessment/assessment.ts';
import type { CustomerFacts } from '../../../src/model/assessment/subject.ts';
import { assessed, sampleCustomers } from '../../harness/assessmentSample.ts';
import {
  DENIED,
  agent,
  healthyCustomer,
  table,
  unknownFact,
  usageOf,
  withDeclared,
  withOwn,
  withPart,
  workspaceFacts,
} from '../../harness/customerFacts.ts';
import { answer } from '../runs/world.ts';
import { AGENTS, ATTRIBUTION, FakeWorld, OPERATIONS, SOURCES, makeEstate } from './fakeWorld.ts';
import type { Changes } from './fakeWorld.ts';
import { SeededRandom } from '../../harness/seededRandom.ts';

/** Customers of every kind, with two own workspaces so that one may be known and the other not. */
function everyKind(): readonly CustomerFacts[] {
  const healthy = healthyCustomer();
  const second = workspaceFacts('law-second', { exports: [], usage: usageOf({ Perf: 60 }), agents: [] });
  const empty = workspaceFacts('law-empty', { exports: [], usage: usageOf({}), agents: [] });
  const raw = withPart(healthy, {
    tables: { Perf: 900 },
    rows: 900,
    gb: 4,
    computers: ['srv09.woodgrove.example'],
    unattributed: { rows: 180, gb: 1, of: 1000 },
  });
  const legacy = { agents: [agent('old.woodgrove.example', { legacy: true, resourceId: '' })] };
  return [
    ...sampleCustomers(),
    { ...healthy, own: [...healthy.own, second] },
    { ...healthy, own: [...healthy.own, empty], central: [] },
    { ...withOwn(raw, { exports: [] }), own: [...withOwn(raw, { exports: [] }).own, empty] },
    { ...raw, own: [empty] },
    { ...healthy, own: [empty], central: [] },
    withDeclared(withOwn(healthy, { ...legacy, exports: [] }), { sources: undefined, isolation: true }),
    withOwn(healthy, { tables: [table('Perf', { summary: true })] }),
    withDeclared({ ...raw, own: [] }, { access: 'both', sources: ['network'] }),
  ];
}

/** The same customer as somebody sees it who is kept from some of it. */
function veiled(facts: CustomerFacts, random: () => number): CustomerFacts {
  const often = random() * random();
  const hide = <Thing extends object>(thing: Thing): Thing =>
    Object.fromEntries(
      Object.entries(thing).map(([name, value]: [string, unknown]) => [
        name,
        typeof value === 'object' && value !== null && 'state' in value && 'source' in value && random() < often
          ? unknownFact()
          : value,
      ]),
    ) as Thing;
  const shut = random() < often / 2;
  const central = facts.central.filter(() => random() >= often / 2);
  return {
    ...facts,
    tenants: facts.tenants.map((tenant) => {
      const { facts: all, ...rest } = tenant;
      if (!shut) return all ? { ...rest, facts: hide(all) } : rest;
      return { ...rest, state: 'noAccess' as const, error: DENIED };
    }),
    subscriptions: shut ? [] : facts.subscriptions.map(hide),
    own: shut ? [] : facts.own.map(hide),
    central: central.map((part) => {
      const shared = hide(part.shared);
      // Attribution is what a part is made of.
      return {
        ...part,
        shared: { ...shared, attribution: part.shared.attribution },
        legacyAgents: shared.agents.state === 'unknown' ? unknownFact<number>() : part.legacyAgents,
      };
    }),
    unknownCentral: facts.unknownCentral + facts.central.length - central.length,
  };
}

/** What is claimed of a customer, by name; what is not known is not there. */
function claimsOf({ today, checks, comparison, fit, numbers }: CustomerAssessment): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  if (today.state !== 'unknown') said.set('today', today.state);
  for (const { check, state } of checks)
    if (state === 'passed' || state === 'notApplicable') said.set(`check ${check}`, 'fine');
  for (const { id, here } of comparison) if (here.state !== 'unknown') said.set(`claim ${id}`, here.state);
  for (const { id, serves } of fit.criteria) if (serves) said.set(`criterion ${id}`, JSON.stringify(serves));
  if (numbers.gbPerDay !== undefined) said.set('volume', numbers.gbPerDay.toFixed(6));
  if (numbers.machines !== undefined) said.set('machines', String(numbers.machines));
  return said;
}

describe('what is not known', () => {
  it('never makes a claim that would not hold if it were', () => {
    const seeded = new SeededRandom(20261129);
    const random = (): number => seeded.next();
    const wrong = new Map<string, string>();
    for (const [at, facts] of everyKind().entries()) {
      const whole = claimsOf(assessed(facts));
      const found = new Set(assessed(facts).findings.map(({ check }) => `check ${check}`));
      for (let round = 0; round < 300; round++)
        for (const [name, said] of claimsOf(assessed(veiled(facts, random)))) {
          const truth = found.has(name) ? 'found' : (whole.get(name) ?? 'unknown');
          if (said !== truth) wrong.set(`${at} ${name}: ${said}`, truth);
        }
    }
    assert.equal(
      [...wrong]
        .map(([said, truth]) => `${said}, and it is ${truth}`)
        .sort()
        .join('\n'),
      '',
    );
  });
});

describe('a cancelled assessment', () => {
  const OLD = '2025-12-01T00:00:00Z';
  const rows = ['a', 'b'].map((key) => ['Perf', `sub-${key}`, true, '', 10, 0.1]);
  const changes: Changes = {
    logs: (fact, { armId }) => {
      if (fact === 'agents') return answer(AGENTS, [['pc', '', '', 'Linux', OLD, OLD, true]]);
      if (fact === 'operations') return answer(OPERATIONS, [[OLD, 2, 0]]);
      if (fact === 'attribution' && armId.endsWith('/centre')) return answer(ATTRIBUTION, rows);
      return fact === 'sources' ? answer(SOURCES, [['pc.a.example', 'Perf', 10, 0.1]]) : undefined;
    },
    arm: (name) => {
      if (name === 'exports') return [{ name: 'off', tables: ['Perf'], destination: '/x', enabled: false }];
      return name === 'tables'
        ? [table('Perf', { classic: true, protected: true }), table('Old', { classic: true })]
        : undefined;
    },
  };
  const estate = makeEstate(
    [
      { name: 'centre', customer: 'provider' },
      ...['a', 'a', 'b', 'c'].map((customer, at) => ({ name: `w${at}`, customer })),
    ],
    'provider',
    [],
    (customer) => ({ ...customer, declared: { access: 'customer', isolation: true, retentionDays: 400 } }),
  );
  const run = async (cancelAt?: number): Promise<Assessment> => {
    const world = new FakeWorld(estate, changes);
    const service = new AssessmentService(
      Object.assign(world, {
        estate: { load: () => Promise.resolve(estate) },
        customers: { load: () => Promise.resolve({ customers: [] } as never) },
        newId: () => 'one',
      }),
    );
    if (cancelAt !== undefined) void world.clock.sleep(cancelAt).then(() => service.cancel());
    return world.clock.run(service.assess({ scope: { include: 'all', except: [] } }));
  };

  it('says of nothing that it is well, or so, that it did not look at', async () => {
    const whole = await run();
    assert.ok(whole.customers.some(({ findings }) => findings.length > 5));
    let cancelled = 0;
    for (let at = 1; at < 3_000; at += 97) {
      const cut = await run(at);
      cancelled += cut.cancelled ? 1 : 0;
      for (const [which, customer] of cut.customers.entries()) {
        const full = whole.customers[which]!;
        const truth = claimsOf(full);
        for (const [name, said] of claimsOf(customer)) assert.equal(said, truth.get(name), `${name} at ${at} ms`);
      }
      if (cut.cancelled) assert.equal(cut.complete, false);
    }
    assert.ok(cancelled > 3, `${cancelled} of them were cut short`);
  });
});
