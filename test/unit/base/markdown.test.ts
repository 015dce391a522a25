import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeForMail } from '../../../src/base/markdown.ts';

test('in a mail addresses, names and ids stay as they are copied', () => {
  for (const text of ['kim@northbridge.example', 'gdi-logs', 'production: 90 days (5 GB)', 'rg_logs_1', 'C# & Co.'])
    assert.equal(escapeForMail(text), text);
});

test('and nothing of others takes effect in it', () => {
  const cases = [
    ['[a](https://evil.example)', '\\[a\\](https\\://evil.example)'],
    ['www.evil.example', 'www\\.evil.example'],
    ['<b> *x* _y_ `z` ~q~ $m$ |', '\\<b\\> \\*x\\* \\_y\\_ \\`z\\` \\~q\\~ \\$m\\$ \\|'],
    ['# Heading', '\\# Heading'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['&lt;b&#62;', '\\&lt;b\\&#62;'],
    ['a\\b', 'a\\\\b'],
  ] as const;
  for (const [text, escaped] of cases) assert.equal(escapeForMail(text), escaped);
  assert.doesNotMatch(escapeForMail('a\n# b'), /\n/);
});
