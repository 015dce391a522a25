import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, it } from 'node:test';
import { checksModule, checksPage, FOLDER, listChecks, MODULE, PAGE } from '../../../../scripts/checks.ts';
import { ROOT } from '../../../../scripts/tools.mjs';
import { ALL_CHECKS } from '../../../../src/core/assess/checks/allChecks.ts';
import { runCheck } from '../../../../src/core/assess/checks/check.ts';
import type { Check } from '../../../../src/core/assess/checks/check.ts';
import type { FactName } from '../../../../src/model/assessment/facts.ts';
import type { CustomerFacts } from '../../../../src/model/assessment/subject.ts';
import { diagnosticsOf, parse } from '../../../../src/kql/kustoAnalysis.ts';
import { randomCustomer } from './randomFacts.ts';
import { healthyCustomer, withClosedTenant, withDeclared, without } from '../../../harness/customerFacts.ts';

describe('the list of the checks', () => {
  it('is current, and so is the page about them', async () => {
    const checks = await listChecks(FOLDER);
    assert.equal(readFileSync(MODULE, 'utf8'), checksModule(checks), 'make it anew with `npm run checks`');
    assert.equal(readFileSync(PAGE, 'utf8'), checksPage(checks), 'make it anew with `npm run checks`');
    assert.equal(checks.length, 33);
  });

  it('begins with the checks that can find the worst, each order by id', () => {
    const order = ALL_CHECKS.map(
      ({ severity, id }) => `${['critical', 'high', 'medium', 'low'].indexOf(severity)} ${id}`,
    );
    assert.deepEqual(order, [...order].sort());
  });

  it('takes a new check in without another file being touched', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'tenantscope-checks-'));
    try {
      for (const folder of ['base', 'model', 'core/assess', 'core/estate', 'core/provision'])
        cpSync(join(ROOT, 'src', folder), join(copy, 'src', folder), { recursive: true });
      const folder = join(copy, 'src/core/assess/checks');
      writeFileSync(
        join(folder, 'nameTooLong.ts'),
        `import type { Check } from './check.ts';
export const nameTooLong: Check = {
  id: 'nameTooLong', title: 'Names are short', severity: 'low', rule: 'A name is long.', why: 'Why.', remedy: 'Shorten it.', facts: [],
  judge: ({ customer }) => ({ findings: [{ severity: 'low', subject: { kind: 'customer', name: customer.name }, title: customer.name, evidence: [] }], unknown: [] }),
};
`,
      );
      writeFileSync(join(folder, 'noCheck.ts'), 'export const noCheck = 1;\n');
      writeFileSync(join(folder, 'allChecks.ts'), checksModule(await listChecks(folder)));
      const { ALL_CHECKS: more } = (await import(String(pathToFileURL(join(folder, 'allChecks.ts'))))) as {
        ALL_CHECKS: readonly Check[];
      };
      const news = more.filter(({ id }) => !ALL_CHECKS.some((old) => old.id === id));
      assert.deepEqual(
        news.map(({ id }) => id),
        ['nameTooLong'],
      );
      assert.equal(more.length, ALL_CHECKS.length + 1);
      const [finding] = runCheck(news[0]!, healthyCustomer()).findings;
      assert.deepEqual(
        { check: finding?.check, remedy: finding?.remedy, subject: finding?.subject.name },
        { check: 'nameTooLong', remedy: 'Shorten it.', subject: 'Woodgrove Bank' },
      );
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  it('has a test for every check', () => {
    const tests = readdirSync(join(ROOT, 'test/unit/assess/checks'));
    assert.deepEqual(
      ALL_CHECKS.filter(({ id }) => !tests.includes(`${id}.test.ts`)).map(({ id }) => id),
      [],
    );
  });
});

describe('every check', () => {
  it('has nothing to say of a customer with nothing wrong', () => {
    const outcomes = ALL_CHECKS.map((check) => runCheck(check, healthyCustomer()));
    const loud = outcomes.filter(({ state }) => state !== 'passed' && state !== 'notApplicable');
    assert.deepEqual(loud, []);
    const silent = outcomes.filter(({ state }) => state === 'notApplicable').map(({ check }) => check);
    assert.deepEqual(silent.sort(), ['auditShowsQueries', 'estatePastLimits', 'noCap']);
    for (const { state, because } of outcomes) assert.equal(because !== undefined, state === 'notApplicable');
  });

  it('does not pass where none of its facts is known', () => {
    const asked = withDeclared(healthyCustomer(), { confidentialQueries: true, billing: 'provider', isolation: true });
    for (const check of ALL_CHECKS.filter(({ facts }) => facts.length > 0)) {
      // Shares of a shared workspace are what its attribution came to: without it there is no part.
      const blind = without(asked, ...check.facts);
      const facts = check.facts.includes('attribution') ? { ...blind, central: [], unknownCentral: 1 } : blind;
      const { state, unknown } = runCheck(check, facts);
      assert.equal(state, 'unknown', check.id);
      for (const { error } of unknown) assert.ok(error.message.length > 0, check.id);
    }
  });

  it('looks at no fact that it does not name', () => {
    for (const check of ALL_CHECKS) {
      const names = new Set<FactName>(check.facts);
      const others = ALL_FACTS.filter((name) => !names.has(name));
      for (const facts of [healthyCustomer(), ...examples(10)]) {
        const seen = runCheck(check, facts).unknown.map(({ fact }) => fact);
        const blind = runCheck(check, without(facts, ...others)).unknown.map(({ fact }) => fact);
        // What cannot be entered is told by a fact of its workspaces even where the estate alone is looked at.
        assert.deepEqual(blind, seen, check.id);
      }
    }
  });

  it('judges whatever is known and unknown without throwing, the same each time, and says what it means', () => {
    const queries = new Set<string>();
    const found = new Set<string>();
    for (const facts of examples(80)) {
      const before = JSON.stringify(facts);
      for (const check of ALL_CHECKS) {
        const outcome = runCheck(check, facts);
        assert.deepEqual(outcome, runCheck(check, facts), check.id);
        for (const finding of outcome.findings) {
          found.add(check.id);
          const said = [finding.title, finding.why, finding.remedy, ...finding.evidence.map(({ text }) => text)];
          for (const text of [...said, finding.message ?? '-'])
            assert.doesNotMatch(text, /undefined|NaN|Infinity|\[object|^$/, `${check.id}: ${text}`);
          assert.ok(finding.evidence.length > 0, check.id);
          assert.ok(isAsBad(finding.severity, check.severity), `${check.id} finds worse than it says`);
          for (const action of finding.actions) if (action.kind === 'openQuery') queries.add(action.query);
          // What may be sent to the customer names nothing of the provider's or of others.
          assert.doesNotMatch(finding.message ?? '', /msp-centre|Fabrikam|fabrikam/, check.id);
          assert.doesNotMatch(JSON.stringify(finding), /fabrikam/i, check.id);
        }
      }
      assert.equal(JSON.stringify(facts), before, 'facts are left as they are');
    }
    assert.deepEqual(
      ALL_CHECKS.map(({ id }) => id).filter((id) => !found.has(id)),
      [],
      'each is found somewhere',
    );
    for (const query of queries) assert.deepEqual(diagnosticsOf(parse(query)), [], query);
  });

  it('says of a tenant that nobody could enter that it is unknown', () => {
    const facts = withClosedTenant(healthyCustomer());
    const passed = ALL_CHECKS.filter((check) => runCheck(check, facts).state === 'passed').map(({ id }) => id);
    assert.deepEqual(passed.sort(), ['auditOffWhereShared', 'blockAlone', 'customerCannotRead', 'rowsUnattributable']);
  });
});

const ALL_FACTS: readonly FactName[] = [
  ...new Set(ALL_CHECKS.flatMap(({ facts }) => facts)),
  'audit',
  'resources',
] as const;

function isAsBad(found: string, worst: string): boolean {
  const order = ['critical', 'high', 'medium', 'low'];
  return order.indexOf(found) >= order.indexOf(worst);
}

function examples(many: number): readonly CustomerFacts[] {
  return Array.from({ length: many }, (_, seed) => randomCustomer(seed));
}
