import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { estatePastLimits } from '../../../../src/core/assess/checks/estatePastLimits.ts';
import { healthyCustomer, judge } from '../../../harness/customerFacts.ts';

describe('estatePastLimits', () => {
  const sized = (workspaces: number, regions: number, provider = true) => {
    const facts = healthyCustomer();
    return judge(estatePastLimits, { ...facts, provider, estate: { ...facts.estate, workspaces, regions } });
  };

  it('appears where queries slow down, and is medium where they are refused', () => {
    assert.deepEqual(sized(24, 4).found, []);
    assert.deepEqual(sized(25, 4).found, ['Woodgrove Bank:low']);
    assert.deepEqual(sized(24, 5).found, ['Woodgrove Bank:low']);
    assert.deepEqual(sized(100, 20).found, ['Woodgrove Bank:low']);
    assert.deepEqual(sized(101, 4).found, ['Woodgrove Bank:medium']);
    assert.deepEqual(sized(24, 21).found, ['Woodgrove Bank:medium']);
    assert.equal(
      sized(101, 21).outcome.findings[0]!.title,
      'The estate of Woodgrove Bank has 101 workspaces and 21 regions: one query over all of it is refused',
    );
  });

  it('names what is too much, and only that', () => {
    assert.match(sized(101, 20).outcome.findings[0]!.title, / has 101 workspaces: /);
    assert.match(sized(100, 21).outcome.findings[0]!.title, / has 21 regions: /);
    assert.match(sized(24, 5).outcome.findings[0]!.title, / has 5 regions: .* is slow$/);
    assert.match(sized(25, 4).outcome.findings[0]!.title, / has 25 workspaces: .* is slow$/);
  });

  it('disappears in a small estate', () => {
    assert.equal(sized(5, 1).state, 'passed');
  });

  it('is said of the provider alone, and not to a customer', () => {
    assert.equal(sized(1000, 30, false).state, 'notApplicable');
    assert.equal(sized(101, 4).outcome.findings[0]!.internal, true);
  });
});
