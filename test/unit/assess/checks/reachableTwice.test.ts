import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reachableTwice } from '../../../../src/core/assess/checks/reachableTwice.ts';
import type { AccessPathKind } from '../../../../src/model/estate.ts';
import { toAccountId } from '../../../../src/model/ids.ts';
import {
  healthyCustomer,
  judge,
  PROVIDER,
  withClosedTenant,
  withOwn,
  WOODGROVE,
} from '../../../harness/customerFacts.ts';

describe('reachableTwice', () => {
  const by = (...kinds: readonly AccessPathKind[]) =>
    withOwn(
      healthyCustomer(),
      {},
      {
        paths: kinds.map((kind, at) => ({
          kind,
          account: toAccountId(`ann${at}`),
          issuer: kind === 'guest' ? WOODGROVE : PROVIDER,
        })),
      },
    );

  it('appears where two kinds of ways lead in', () => {
    const { found, outcome } = judge(reachableTwice, by('lighthouse', 'guest'));
    assert.deepEqual(found, ['law-woodgrove:low']);
    assert.equal(outcome.findings[0]!.title, 'law-woodgrove is reached in 2 ways: guest and Lighthouse');
  });

  it('disappears with one kind, though by two accounts', () => {
    assert.equal(judge(reachableTwice, by('lighthouse', 'lighthouse')).state, 'passed');
    assert.equal(judge(reachableTwice, by()).state, 'passed');
  });

  it('is unknown where a tenant could not be entered', () => {
    assert.equal(judge(reachableTwice, withClosedTenant(by('lighthouse'))).state, 'unknown');
  });
});
