import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readToken } from '../../../src/extension/platform/jwt.ts';
import { readClaims } from '../../../src/model/tokenClaims.ts';

const encoded = (payload: string): string => Buffer.from(payload).toString('base64url');
const tokenOf = (claims: object): string =>
  `${encoded('{"alg":"RS256"}')}.${encoded(JSON.stringify(claims))}.signature`;

test('claims are read in every alphabet and length of base64url', () => {
  for (const upn of ['a', 'ab', 'abc', 'Ægir@bücher.example', '名前@例え.example', '???>>>~~~'])
    assert.deepEqual(readClaims(tokenOf({ upn, exp: 1_800_000_000 })), { upn, exp: 1_800_000_000 });
  assert.match(encoded(JSON.stringify({ upn: '???>>>~~~' })), /[-_]/, 'the letters that base64 does not have');
});

test('what is no token, and a claim of another type, is nothing', () => {
  for (const token of [
    '',
    'opaque',
    'a.b',
    'a.%%%.c',
    `a.${encoded('[')}.c`,
    `a.${encoded('"text"')}.c`,
    `a.${encoded('null')}.c`,
  ])
    assert.equal(readClaims(token), undefined, token);
  assert.deepEqual(readClaims(tokenOf({ tid: 7, exp: 'soon', nbf: null, aud: 'https://api' })), { aud: 'https://api' });
});

test('the extension reads them with the same words: an end and a tenant, or five minutes', () => {
  assert.deepEqual(readToken(tokenOf({ exp: 100, tid: 'AB' }), 0), { expiresOn: 100_000, tenant: 'ab' });
  assert.deepEqual(readToken('opaque', 1_000), { expiresOn: 301_000 });
});
