import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toAzureError } from '../../../src/azure/errors.ts';
import { Agents } from '../../../src/azure/http/agents.ts';
import { checkProxy, isExempt, isLoopback, destinationOf } from '../../../src/azure/http/proxy.ts';
import { DIRECT } from '../../../src/model/network.ts';

const PROXY = 'http://proxy.example:8080';

test('this machine is known under each of its names', () => {
  for (const host of ['localhost', 'x.localhost', '127.0.0.1', '127.8.9.10', '[::1]'])
    assert.equal(isLoopback(destinationOf(`https://${host}:5001/`)), true, host);
  assert.equal(isLoopback(destinationOf('https://management.azure.com/')), false);
});

test('exempt hosts in the forms that people write', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['*', 'https://a.example/', false],
    ['a.example', 'https://a.example/', false],
    ['a.example', 'https://x.a.example/', false],
    ['.a.example', 'https://x.a.example/', false],
    ['*.a.example', 'https://x.a.example/', false],
    ['a.example.', 'https://a.example/', false],
    ['A.EXAMPLE', 'https://a.example/', false],
    ['a.example', 'https://ba.example/', true],
    ['a.example:443', 'https://a.example/', false],
    ['a.example:8443', 'https://a.example/', true],
    ['fd00::1', 'https://[fd00::1]/', false],
    ['[fd00::1]', 'https://[fd00::1]/', false],
    ['[fd00::1]:8443', 'https://[fd00::1]:8443/', false],
    ['[fd00::1]:8443', 'https://[fd00::1]/', true],
  ];
  for (const [entry, url, goes] of cases)
    assert.equal(isExempt(entry, destinationOf(url)), !goes, `${entry} for ${url}`);
});

test('an address that cannot be used is refused before anything is opened, and never repeated', () => {
  for (const proxy of ['http://us%er:s3cr%et@h:9', 'http://u:p#ss@h:9', 'http://h:99999', 'socks5://h:1', 'h:1', ''])
    assert.throws(
      () => new Agents({ ...DIRECT, proxy }, undefined, 1),
      (error: Error & { code?: string }) => error.code === 'input.proxy' && !/s3cr|p#ss/.test(error.message),
      proxy,
    );
  for (const proxy of [PROXY, 'https://proxy.example', 'http://user:p%40ss@proxy.example:1'])
    assert.equal(checkProxy(proxy), proxy);
});

test('a sign-in that never reached Entra is a trouble of the network, whatever the library calls it', () => {
  const error = (message: string) =>
    toAzureError(Object.assign(new Error(message), { name: 'AuthenticationRequiredError' }), {
      tenant: 'T',
      what: 'tenant T',
      application: true,
    });
  assert.equal(error('network_error: Network request failed').code, 'network.authority');
  assert.equal(error('endpoints_resolution_error').code, 'network.authority');
  assert.equal(error('AADSTS50076: network_error of another kind').code, 'auth.interactionRequired');
});
