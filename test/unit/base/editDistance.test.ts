import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance } from '../../../src/base/editDistance.ts';

test('each slip of the fingers counts once: a letter too many, too few, another, or two in the wrong order', () => {
  assert.deepEqual(
    ['contoso', 'contosoo', 'contos', 'contosa', 'cnotoso', 'cotnosa'].map((word) => editDistance('contoso', word)),
    [0, 1, 1, 1, 1, 2],
  );
  assert.equal(editDistance('', 'abc'), 3);
});

test('what is farther than the limit is only known to be farther', () => {
  assert.equal(editDistance('contoso', 'fabrikam', 2), 3);
  assert.equal(editDistance('contoso', 'cotnosa', 2), 2);
});
