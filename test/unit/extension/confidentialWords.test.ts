import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confidentialWords } from '../../../src/extension/scope/confidentialWords.ts';

test('the tooltip of the scope says who may learn what by a query, where that is not as by default', () => {
  assert.equal(confidentialWords('allow', 'never'), '');
  assert.equal(confidentialWords('refuse', 'never'), ' No query goes to a workspace that keeps its text.');
  assert.match(
    confidentialWords('ask', 'everyone'),
    /^ You are asked .* across customers, and see each other's ids\.$/,
  );
});
