/** Secrets in whatever text is made of them: what they are, and never what they hold. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { SecretText, secretsIn, withoutSecrets } from '../../../src/base/secretText.ts';
import { sha256 } from '../../../src/base/sha256.ts';

const ADDRESS = 'https://somebody:pw@hooks.example/services/T0CANARY0123/in?sig=s%3Dcr3tcr3tcr3t&v=1';
const secret = new SecretText(ADDRESS, 'serviceUri');
const HELD = /CANARY|cr3t|pw@/;

test('SHA-256 is that of node, of every length around a block and of every script', () => {
  for (const text of ['', 'abc', 'ä€😀', ...Array.from({ length: 140 }, (_, n) => randomBytes(n).toString('latin1'))])
    assert.equal(sha256(text), createHash('sha256').update(text).digest('hex'));
  assert.equal(sha256('half \ud83d'), createHash('sha256').update('half \ufffd').digest('hex'));
});

test('a secret says where it leads, how long it is and its hash, however it is written down', () => {
  const hash = createHash('sha256').update(ADDRESS).digest('hex').slice(0, 8);
  const said = `hooks.example (secret, ${ADDRESS.length} characters, SHA-256 ${hash}...)`;
  assert.equal(String(secret), said);
  assert.equal(JSON.stringify({ secret }), JSON.stringify({ secret: said }));
  assert.equal(`It calls ${String(secret)}`, `It calls ${said}`);
  assert.equal(secret.reveal(), ADDRESS);
  assert.doesNotMatch(inspect(secret, { depth: 9, showHidden: true }), HELD);
  assert.doesNotMatch(inspect(structuredClone({ secret }), { depth: 9, showHidden: true }), HELD);
  assert.match(String(new SecretText('AccountKey=abc', 'accessKey')), /^\(secret, 14 characters/);
});

test('two secrets are one where they hold the same', () => {
  assert.ok(secret.equals(new SecretText(ADDRESS, 'other')));
  assert.ok(!secret.equals(new SecretText(`${ADDRESS}x`, 'serviceUri')));
});

test('what a service repeats of a secret is taken out of its words, as it was sent and in parts', () => {
  const wanted = { name: 'ops', receivers: [{ serviceUri: secret }] };
  const secrets = secretsIn(wanted);
  assert.deepEqual(secrets, [secret]);
  const repeated = [
    `The address ${ADDRESS} is refused.`,
    `{"uri":${JSON.stringify(ADDRESS)}}`,
    `https://service.example/?at=${encodeURIComponent(ADDRESS)}`,
    'Nothing answers at /services/T0CANARY0123/in?sig=s%3Dcr3tcr3tcr3t&v=1.',
    'The signature s=cr3tcr3tcr3t is too old, T0CANARY0123 too.',
  ];
  const cleaned = withoutSecrets({ message: repeated, data: { detail: repeated.join('\n'), count: 3 } }, secrets);
  assert.doesNotMatch(JSON.stringify(cleaned), HELD);
  assert.equal(cleaned.data.count, 3);
  assert.equal(cleaned.message[0], `The address ${String(secret)} is refused.`);
  assert.equal(withoutSecrets('v=1 of services', secrets), 'v=1 of services', 'short parts stand in texts by chance');
});
