import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confidentialWords } from '../../../src/extension/scope/confidentialWords.ts';

test('the tooltip of the scope says who may learn what by a query, where that is not as by default', () => {
  assert.equal(confidentialWords({ audited: 'allow', shared: 'never' }), '');
  assert.equal(
    confidentialWords({ audited: 'refuse', shared: 'never' }),
    ' No query goes to a workspace that keeps its text.',
  );
  assert.match(
    confidentialWords({ audited: 'ask', shared: 'everyone' }),
    /^ You are asked .* across customers, and see each other's ids\.$/,
  );
});
