import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toRe2 } from '../../../src/engine/functions/regexDialect.ts';

test('what RE2 reads as Kusto does is left as it is', () => {
  for (const pattern of [
    '',
    'a.b',
    '^(x|y)+?$',
    '[a-z0-9_-]{2,5}',
    String.raw`\.\*\[\]\x41\x{1F600}\p{Greek}\bA\z`,
    '[[:alpha:]_]',
    '[]a]',
    '[^]a]',
    '[a-]',
    '(?i)ab(?-i)c',
  ]) {
    assert.deepEqual(toRe2(pattern), { re2: pattern }, pattern);
  }
});

test('names of groups and numbers of characters are written as RE2 wants them', () => {
  assert.deepEqual(toRe2('(?<year>[0-9]+)(?P<m>x)'), { re2: '(?P<year>[0-9]+)(?P<m>x)' });
  assert.deepEqual(toRe2(String.raw`\u0041\U0001F600\u{e9}`), { re2: String.raw`\x{41}\x{1F600}\x{e9}` });
});

test('classes have a second form for text beyond ASCII', () => {
  const read = toRe2(String.raw`\d[\d.]\D`);
  assert.deepEqual(read, { re2: String.raw`\d[\d.]\D`, beyondAscii: String.raw`[\p{Nd}][\p{Nd}.][^\p{Nd}]` });
  const word = toRe2(String.raw`\w`),
    spaces = toRe2(String.raw`[^\s,]`);
  assert.ok('beyondAscii' in word && word.beyondAscii?.includes(String.raw`\p{L}`));
  assert.ok('beyondAscii' in spaces && spaces.beyondAscii?.startsWith('[^') && spaces.beyondAscii.endsWith(',]'));
  // An escaped backslash before a letter is no class, and text between \Q and \E has none.
  assert.deepEqual(toRe2(String.raw`C:\\data`), { re2: String.raw`C:\\data` });
  assert.deepEqual(toRe2(String.raw`\Qa\d\E`), { re2: String.raw`\Qa\d\E` });
  // A class that excludes cannot stand inside a bracket of RE2.
  assert.deepEqual(toRe2(String.raw`[\W_]`), { re2: String.raw`[\W_]` });
});

test('what the two read differently is named', () => {
  for (const pattern of ['[a[bc]]', '[a-z&&[^x]]', '[0-9--4]', '[a-g~~b-h]', String.raw`\b{start}x`])
    assert.ok('foreign' in toRe2(pattern), pattern);
  // The service reads an escaped bracket of this kind as the character it is.
  assert.deepEqual(toRe2(String.raw`\<word\>`), { re2: String.raw`\<word\>` });
  // With brackets counted it would have no end, so nothing else can be meant.
  assert.deepEqual(toRe2(String.raw`[[",\]]`), { re2: String.raw`[[",\]]` });
});
