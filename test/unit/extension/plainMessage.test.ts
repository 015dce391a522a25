import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainMessage } from '../../../src/extension/platform/plainMessage.ts';

/** How VS Code finds links in messages, boxes and progress (its linkedText.ts): a click on one runs its command. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

test('a name from a file or a scope line never becomes a link that runs a command', () => {
  for (const name of [
    '[Sign in](command:workbench.action.terminal.sendSequence?%7B%7D)',
    '[a](command:x "title")',
    '[[a]](command:x)',
    '[a](https://evil.example)',
    '[a](file:///etc/passwd)',
    '[a]](command:x)',
    '[a](](command:x)',
  ]) {
    const message = plainMessage(`There is no customer "${name}" in your estate.`);
    assert.doesNotMatch(message, LINK, name);
    assert.match(message, /There is no customer/);
  }
});

test('every other text stays as it is', () => {
  const text = 'No workspace is left in the scope "tag:env=[prod]". f(x) [1, 2] (see line 3)';
  assert.equal(plainMessage(text), text);
});
