import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ALL_CLAIMS, compareHere } from '../../../src/core/assess/fit/claims.ts';
import { HERE } from '../../../src/core/assess/fit/claimsHere.ts';
import { CRITERIA, DEFAULT_WEIGHTS, bestOf, judgeFit } from '../../../src/core/assess/fit/judgeFit.ts';
import { pictureOf, pictureToday } from '../../../src/core/assess/fit/pictures.ts';
import { verdictSentence } from '../../../src/core/assess/fit/sentences.ts';
import { judgeToday } from '../../../src/core/assess/fit/today.ts';
import { whatIf } from '../../../src/core/assess/fit/whatIf.ts';
import { parseWeights } from '../../../src/core/assess/parseWeights.ts';
import { reasonsFor } from '../../../src/model/assessment/reasons.ts';
import { REQUIREMENTS } from '../../../src/model/assessment/declared.ts';
import type { CustomerFacts } from '../../../src/model/assessment/subject.ts';
import { ROOT } from '../../../scripts/tools.mjs';
import {
  healthyCustomer,
  table,
  usageOf,
  withClosedTenant,
  withConfiguration,
  withDeclared,
  withOwn,
  withPart,
  without,
} from '../../harness/customerFacts.ts';

const alone = (): CustomerFacts => ({ ...healthyCustomer(), central: [] });
const guestOfTheCentre = (): CustomerFacts => ({
  ...withPart(healthyCustomer(), { tables: { Perf: 900, Event: 100 }, rows: 1000 }),
  own: [],
});

describe('where the logs live today', () => {
  const state = (facts: CustomerFacts): string => judgeToday(facts).state;

  it('is distributed where only workspaces of its own hold data', () => {
    assert.equal(state(alone()), 'distributed');
  });
  it('is central where its rows lie at the provider alone', () => {
    assert.equal(state(guestOfTheCentre()), 'central');
    assert.equal(state({ ...guestOfTheCentre(), own: [withOwn(alone(), { usage: usageOf({}) }).own[0]!] }), 'central');
  });
  it('is hybrid where the centre has a summary of what is kept at home', () => {
    assert.equal(state(healthyCustomer()), 'hybrid');
  });
  it('is mixed where the same kind of rows goes both ways and nothing is made to be pulled', () => {
    const raw = withPart(withOwn(healthyCustomer(), { exports: [] }), { tables: { Perf: 5 } });
    assert.equal(state(raw), 'mixed');
    assert.equal(state(withOwn(raw, { tables: [table('Daily_CL', { summary: true })] })), 'hybrid');
  });
  it('is none where everything could be looked at and nothing is there', () => {
    assert.equal(state(withOwn(alone(), { usage: usageOf({}) })), 'none');
  });
  it('is unknown, never none or distributed, where somebody could not look', () => {
    assert.equal(state(without(alone(), 'usage')), 'unknown');
    assert.equal(state({ ...alone(), unknownCentral: 1 }), 'unknown');
    assert.equal(state(withClosedTenant(withOwn(alone(), { usage: usageOf({}) }))), 'unknown');
    assert.equal(state({ ...without(guestOfTheCentre(), 'usage'), own: without(alone(), 'usage').own }), 'unknown');
  });
  it('says from which facts', () => {
    assert.deepEqual(
      judgeToday(healthyCustomer()).because.map(({ text }) => text),
      [
        'law-woodgrove in its own tenant, switzerlandnorth, holds its logs',
        'msp-centre of the provider, switzerlandnorth, took 24 rows of it on the last day, known by subscription',
      ],
    );
  });
});

describe('what fits', () => {
  const fit = (facts: CustomerFacts) => judgeFit(facts, judgeToday(facts).state, DEFAULT_WEIGHTS);

  it('has a weight for every criterion, and a criterion for every weight', () => {
    assert.deepEqual(CRITERIA.map(({ id }) => id).sort(), Object.keys(DEFAULT_WEIGHTS).sort());
  });
  it('has a schema for the weights’ file that names each with its default', () => {
    const schema = JSON.parse(readFileSync(join(ROOT, 'media/fit.schema.json'), 'utf8')) as {
      properties: { weights: { properties: Record<string, { default: number }> } };
    };
    const named = Object.entries(schema.properties.weights.properties).map(([id, one]) => [id, one.default]);
    assert.deepEqual(Object.fromEntries(named), DEFAULT_WEIGHTS);
  });
  it('is distributed for one that must be apart and asks nothing to be pulled', () => {
    assert.equal(fit(withDeclared(alone(), { isolation: true, daily: 'nothing' })).best, 'distributed');
  });
  it('is central for a small one whose logs the provider pays for and asks every day', () => {
    const small = withDeclared(withOwn(alone(), { usage: usageOf({ Perf: 0.2, Heartbeat: 0.01 }) }), {
      isolation: false,
      billing: 'provider',
      access: 'provider',
      daily: 'raw',
      sources: ['machines'],
      retentionDays: 90,
    });
    assert.equal(fit(small).best, 'central');
  });
  it('is hybrid for one whose logs must stay and whose numbers are asked every day', () => {
    assert.equal(fit(healthyCustomer()).best, 'hybrid');
  });
  it('never calls a centre outside the declared regions a fit', () => {
    const outside = withDeclared(guestOfTheCentre(), { regions: ['australiaeast'], isolation: true });
    const { scores, criteria } = fit(outside);
    assert.equal(criteria.find(({ id }) => id === 'residency')?.serves?.central, 0);
    assert.ok(scores!.central < scores!.distributed && scores!.central < scores!.hybrid, JSON.stringify(scores));
  });
  it('stays with what is there where the gain is small', () => {
    assert.equal(bestOf({ distributed: 90, central: 20, hybrid: 94 }, 'distributed'), 'distributed');
    assert.equal(bestOf({ distributed: 89, central: 20, hybrid: 94 }, 'distributed'), 'hybrid');
    assert.equal(bestOf({ distributed: 89, central: 20, hybrid: 94 }, 'mixed'), 'hybrid');
  });
  it('is less sure with every requirement that nobody declared, and names them', () => {
    const nothing = withDeclared(alone(), Object.fromEntries(REQUIREMENTS.map((name) => [name, undefined])));
    const { confidence, undeclared, criteria } = fit(nothing);
    assert.deepEqual(undeclared, REQUIREMENTS);
    assert.equal(confidence, 'low');
    assert.equal(fit(alone()).confidence, 'high');
    for (const one of criteria)
      if (one.undeclared) assert.equal(one.serves, undefined, `${one.id} is undeclared and has no score`);
  });
  it('says nothing fits where next to nothing is known', () => {
    const nothing = withDeclared(
      without(alone(), 'usage', 'agents', 'attribution', 'configuration', 'resources'),
      Object.fromEntries(REQUIREMENTS.map((name) => [name, undefined])),
    );
    const { best, scores } = fit(nothing);
    assert.deepEqual([best, scores], [undefined, undefined]);
  });
  it('takes a provider’s weights, and refuses what it does not understand with the line', () => {
    const facts = withDeclared(alone(), { daily: 'raw', isolation: false, billing: 'provider', access: 'provider' });
    const weights = parseWeights('{"weights": {"daily": 100, "residency": 0}}', 'fit.json');
    assert.equal(weights['isolation'], DEFAULT_WEIGHTS['isolation']);
    assert.equal(judgeFit(facts, 'distributed', weights).best, 'central');
    assert.throws(
      () => parseWeights('{"weights": {\n"dayly": 3}}', 'fit.json'),
      /fit\.json:2: "dayly" is no criterion/,
    );
    assert.throws(() => parseWeights('{"weights": {"daily": -1}}', 'fit.json'), /from 0 to 100/);
    assert.throws(() => parseWeights('{"weights": {"daily": 1}', 'fit.json'), /fit\.json:1/);
  });
  it('backs every point with a fact', () => {
    for (const facts of [healthyCustomer(), guestOfTheCentre(), alone()])
      for (const one of fit(facts).criteria)
        if (one.serves) assert.ok(one.evidence.length > 0, `${one.id} has evidence`);
  });
});

describe('what would change a verdict', () => {
  const turned = (facts: CustomerFacts) => {
    const today = judgeToday(facts).state;
    const { best } = judgeFit(facts, today, DEFAULT_WEIGHTS);
    return { best, changes: whatIf(facts, today, DEFAULT_WEIGHTS, best!) };
  };

  it('is computed: each condition, judged again, gives what it says', () => {
    const facts = withDeclared(alone(), { isolation: true, daily: 'summary' });
    const { best, changes } = turned(facts);
    assert.ok(changes.length > 0);
    for (const one of changes) assert.notEqual(one.best, best, one.condition);
    const raw = changes.find(({ condition }) => condition.includes('asked nothing'));
    const again = judgeFit(withDeclared(facts, { daily: 'nothing' }), judgeToday(facts).state, DEFAULT_WEIGHTS);
    assert.deepEqual(raw && [raw.best, raw.scores], raw && [again.best, again.scores]);
  });
  it('turns what is undeclared too, and tells one condition for each input', () => {
    const { changes } = turned(withDeclared(alone(), { daily: undefined, isolation: undefined, billing: undefined }));
    assert.equal(new Set(changes.map(({ condition }) => condition)).size, changes.length);
    assert.ok(
      changes.some(({ condition }) => /daily numbers|raw rows/.test(condition)),
      JSON.stringify(changes),
    );
  });
});

describe('the comparison', () => {
  it('has every claim of the guidance of 2019, each with a source and somebody who judges it', () => {
    const of = (architecture: string, sign: string): number =>
      ALL_CLAIMS.filter((one) => one.architecture === architecture && one.sign === sign).length;
    assert.deepEqual(
      [of('distributed', '+'), of('distributed', '-'), of('central', '+'), of('central', '-')],
      [5, 3, 3, 5],
    );
    assert.ok(of('hybrid', '+') >= 3);
    for (const { id, here, source, in2019, today } of ALL_CLAIMS) {
      assert.ok(HERE[here], `${id} is judged`);
      assert.ok(source && in2019 && today, id);
    }
    assert.equal(new Set(ALL_CLAIMS.map(({ id }) => id)).size, ALL_CLAIMS.length);
  });
  it('says what is so here: true, not true, or unknown where nobody could look', () => {
    const here = (facts: CustomerFacts, id: string) =>
      compareHere(facts, judgeToday(facts).state).find((one) => one.id === id)!.here;
    assert.equal(here(guestOfTheCentre(), 'isolation').state, 'not true');
    assert.equal(here(alone(), 'isolation').state, 'true');
    assert.equal(here(alone(), 'allSources').state, 'true');
    assert.match(
      here(withDeclared(alone(), { sources: ['network'] }), 'allSources').text,
      /not collected: network devices/,
    );
    assert.equal(here(without(alone(), 'usage'), 'allSources').state, 'unknown');
    assert.equal(here(without(alone(), 'agents'), 'oneKey').state, 'unknown');
    assert.equal(here(healthyCustomer(), 'localWithPortion').state, 'true');
  });
});

describe('the sentence', () => {
  it('comes before the score: today, what fits, why', () => {
    const facts = withDeclared(guestOfTheCentre(), { regions: ['uksouth'], isolation: true });
    const today = judgeToday(facts);
    const said = verdictSentence(today, judgeFit(facts, today.state, DEFAULT_WEIGHTS));
    assert.match(said, /^Central today; (hybrid|distributed) fits better\. Its logs must stay in uksouth/);
  });
  it('gives the reasons that speak for the move, strongest first', () => {
    const facts = withDeclared(guestOfTheCentre(), { regions: ['uksouth'] });
    const { criteria } = judgeFit(facts, 'central', DEFAULT_WEIGHTS);
    const [first, second] = reasonsFor(criteria, 'distributed', 'central');
    const gain = (one: (typeof criteria)[number]): number =>
      one.weight * (one.serves!.distributed - one.serves!.central);
    assert.ok(first && second && gain(first) >= gain(second));
  });
  it('does not call it a fit where nobody can know', () => {
    const facts = without(withConfiguration(alone(), {}), 'usage');
    assert.match(verdictSentence(judgeToday(facts), { criteria: [], confidence: 'low', undeclared: [] }), /^Unknown/);
  });
  it('says why a few points more are no reason to move', () => {
    const facts = alone();
    const fit = judgeFit(facts, 'distributed', DEFAULT_WEIGHTS);
    const close = { ...fit, best: 'distributed' as const, scores: { distributed: 90, central: 20, hybrid: 94 } };
    assert.match(
      verdictSentence(judgeToday(facts), close),
      /^Distributed today, and that fits\. Hybrid would score 94 instead of 90: too little to move for\./,
    );
  });
});

describe('the pictures', () => {
  const flowsOf = (facts: CustomerFacts): string[] =>
    pictureToday(facts).flows.map(({ from, to, kind }) => [from, to?.split('/').at(-1) ?? '', kind].join(' '));

  it('draw machines and services to where each of them sends', () => {
    const both = withOwn(alone(), { usage: usageOf({ Perf: 3, SigninLogs: 1 }) });
    assert.deepEqual(flowsOf(withDeclared(both, { sources: ['machines', 'entra'] })), [
      'machines law-woodgrove raw',
      'services law-woodgrove raw',
    ]);
    const [machines, services] = pictureToday(both).flows;
    assert.equal(services!.gbPerMonth! / machines!.gbPerMonth!, 1 / 3);
  });
  it('dash what is declared and not collected, and that alone', () => {
    const both = withDeclared(withOwn(alone(), { usage: usageOf({ Perf: 3, SigninLogs: 1 }) }), {
      sources: ['machines', 'entra', 'network'],
    });
    assert.deepEqual(flowsOf(both).at(-1), 'missing  notCollected');
    const [place] = pictureToday(both).places;
    assert.equal(place!.boxes.find(({ id }) => id === 'missing')?.label, 'network devices');
    assert.equal(flowsOf(without(both, 'usage')).includes('missing  notCollected'), false, 'unknown is not missing');
  });
  it('let a summary come out of the customer’s own workspaces, and say how much only where that can be told', () => {
    assert.ok(flowsOf(healthyCustomer()).some((flow) => /^customer .* summary$/.test(flow)));
    const label = (daily: 'summary' | 'portion'): string =>
      pictureOf('hybrid', withDeclared(alone(), { daily }), 100).flows.find(({ kind }) => kind === 'summary')!.label;
    assert.match(label('summary'), /^about /);
    assert.equal(label('portion'), '');
  });
});
