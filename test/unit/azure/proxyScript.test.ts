import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPac, placeOfPac } from '../../../src/azure/http/pac/loadPac.ts';
import { parsePacAnswer } from '../../../src/azure/http/pac/pacAnswer.ts';
import { compilePac } from '../../../src/azure/http/pac/pacScript.ts';

const refused = { code: 'network.proxyScript' };
const ask = async (body: string, url = 'https://api.example/') =>
  (await compilePac(`function FindProxyForURL(url, host) { ${body} }`)).find(url);

test('an answer is a list of ways in their order', () => {
  assert.deepEqual(parsePacAnswer('PROXY a.example:8080; https b.example:443 ;DIRECT;'), [
    'http://a.example:8080',
    'https://b.example:443',
    undefined,
  ]);
  assert.deepEqual(parsePacAnswer('HTTP a'), ['http://a']);
  assert.deepEqual(parsePacAnswer('PROXY [fd00::1]:3128'), ['http://[fd00::1]:3128']);
  assert.deepEqual(parsePacAnswer(''), [undefined], 'nothing at all means direct');
  assert.deepEqual(parsePacAnswer('SOCKS5 s:1080; PROXY a:1'), ['http://a:1']);
});

test('what is no answer is refused, never taken for direct', () => {
  for (const answer of [
    null,
    undefined,
    7,
    'proxy.example:8080',
    'PROXY',
    'PROXY u:p@a:1',
    'PROXY a:99999',
    'SOCKS s:1',
  ])
    assert.throws(() => parsePacAnswer(answer), refused, String(answer));
});

test('a script is asked with the functions that such files have by custom', async () => {
  assert.equal(
    await ask("return dnsDomainIs(host, '.example') && shExpMatch(url, '*api*') ? 'PROXY p:1' : 'DIRECT'"),
    'PROXY p:1',
  );
  assert.equal(await ask("return isPlainHostName(host) ? 'a' : 'b'", 'https://intranet/'), 'a');
  assert.match(String(await ask('return myIpAddress()')), /^\d+\.\d+\.\d+\.\d+$/);
  assert.equal(await ask("alert('x'); return isResolvable('nowhere.invalid') ? 'found' : 'not found'"), 'not found');
  assert.equal(await ask("return dnsResolve('localhost')"), '127.0.0.1');
  const matches = async (pattern: string) => ask(`return shExpMatch('api.example', '${pattern}')`);
  assert.deepEqual(await Promise.all(['*.example', 'api?example', 'api', 'apix(example', '[a]*'].map(matches)), [
    true,
    true,
    false,
    false,
    false,
  ]);
  assert.equal(
    await ask('const [rule] = [{ to: host?.toUpperCase() }]; return rule.to'),
    'API.EXAMPLE',
    'in the words of today',
  );
});

test('a name that has to be looked up is known within functions of the script, too', async () => {
  const among = (host: string) =>
    ask(
      `return ['10.0.0.0', '127.0.0.0'].some(function (net) { return isInNet('${host}', net, '255.0.0.0'); }) ? 'in' : 'out'`,
    );
  assert.equal(await among('localhost'), 'in');
  assert.equal(await among('192.168.1.1'), 'out');
});

test('a script sees nothing of this process, and does not keep it', async () => {
  const outside = '[typeof process, typeof require, typeof fetch, typeof XMLHttpRequest].join()';
  assert.equal(await ask(`return ${outside}`), 'undefined,undefined,undefined,undefined');
  assert.equal(
    await ask(`return dnsDomainIs.constructor('return ${outside}')()`),
    'undefined,undefined,undefined,undefined',
    'the functions it is given are of its own world',
  );
  await assert.rejects(ask('for (;;) {}'), /interrupted/);
  await assert.rejects(ask("var a = []; for (;;) a.push(new Array(100000).join('x'))"), /memory|interrupted/);
  await assert.rejects(
    ask("var i = 0; for (;;) { dnsResolve('n' + i++ + '.invalid') ; if (i > 50) return 'x' }"),
    /more than 20 names/,
  );
  await assert.rejects(ask(`return shExpMatch('${'a'.repeat(60)}', '${'*a'.repeat(30)}b')`), /interrupted/);
  assert.equal(await ask('return { toString: function () { return "DIRECT"; } }'), null, 'what is no text is none');
  await assert.rejects(ask('throw new Error("no rule")'), /no rule/);
  await assert.rejects(compilePac('<html>Sign in to the guest network</html>'), Error);
  await assert.rejects(compilePac('var x = 1'), /FindProxyForURL/);
});

test('an address is http, https or a file; what is told of it holds no password', () => {
  assert.equal(checkPac('file:///etc/proxy.pac'), 'file:///etc/proxy.pac');
  for (const address of ['/etc/proxy.pac', String.raw`C:\proxy.pac`, 'ftp://u:secret@h/p.pac', 'data:text/plain,x', ''])
    assert.throws(
      () => checkPac(address),
      (error: Error & { code?: string }) => error.code === 'input.proxy' && !error.message.includes('secret'),
      address,
    );
  assert.equal(placeOfPac('http://u:secret@wpad.corp/p.pac?key=secret'), 'http://wpad.corp/p.pac');
});
