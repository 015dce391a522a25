import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGsettings } from '../../../src/azure/http/system/gnome.ts';
import { isExemptBySystem } from '../../../src/azure/http/system/isExempt.ts';
import { parseScutil } from '../../../src/azure/http/system/mac.ts';
import { parseRegistry } from '../../../src/azure/http/system/windows.ts';

/** What `reg query` prints, with the lines that differ from case to case. */
const registry = (...lines: readonly string[]): string =>
  [
    '',
    String.raw`HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Internet Settings`,
    '    CertificateRevocation    REG_DWORD    0x1',
    '    DisableCachingOfSSLPages    REG_DWORD    0x0',
    '    PrivacyAdvanced    REG_DWORD    0x1',
    '    SecureProtocols    REG_DWORD    0xa80',
    '    User Agent    REG_SZ    Mozilla/5.0 (compatible; MSIE 9.0; Win32)',
    '    ZonesSecurityUpgrade    REG_BINARY    4B2E5C0C7B3AD501',
    ...lines,
    '',
    String.raw`HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Internet Settings\5.0`,
    '',
  ].join('\r\n');

test('Windows: a proxy counts when it is switched on, and for https its own one', () => {
  const off = ['    ProxyEnable    REG_DWORD    0x0', '    ProxyServer    REG_SZ    proxy.corp.example:8080'];
  assert.deepEqual(parseRegistry(registry(...off)), { exempt: [] });
  assert.deepEqual(
    parseRegistry(
      registry(
        '    ProxyEnable    REG_DWORD    0x1',
        '    ProxyServer    REG_SZ    proxy.corp.example:8080',
        '    ProxyOverride    REG_SZ    *.corp.example;10.*;<local>',
      ),
    ),
    { proxy: 'http://proxy.corp.example:8080', exempt: ['*.corp.example', '10.*', '<local>'] },
  );
  const server = (value: string) =>
    parseRegistry(registry('    ProxyEnable    REG_DWORD    0x1', `    ProxyServer    REG_SZ    ${value}`)).proxy;
  assert.equal(server('http=web.corp:80;https=tls.corp:8443;socks=s.corp:1080'), 'http://tls.corp:8443');
  assert.equal(server('http=web.corp:80;socks=s.corp:1080'), undefined);
});

test('Windows: the address of a script counts wherever it is there', () => {
  const pac = '    AutoConfigURL    REG_SZ    http://wpad.corp.example/proxy.pac?v=2 b';
  assert.deepEqual(parseRegistry(registry('    ProxyEnable    REG_DWORD    0x0', pac)), {
    pac: 'http://wpad.corp.example/proxy.pac?v=2 b',
    exempt: [],
  });
  assert.deepEqual(parseRegistry('ERROR: The system was unable to find the specified registry key or value.\r\n'), {
    exempt: [],
  });
});

test('macOS: what counts everywhere, not what one interface says', () => {
  assert.deepEqual(
    parseScutil(`<dictionary> {
  ExceptionsList : <array> {
    0 : *.local
    1 : 169.254/16
  }
  ExcludeSimpleHostnames : 1
  FTPPassive : 1
  HTTPEnable : 1
  HTTPPort : 3128
  HTTPProxy : web.corp.example
  HTTPSEnable : 1
  HTTPSPort : 8080
  HTTPSProxy : proxy.corp.example
  ProxyAutoConfigEnable : 1
  ProxyAutoConfigURLString : http://wpad.corp.example/proxy.pac
  SOCKSEnable : 0
  __SCOPED__ : <dictionary> {
    en0 : <dictionary> {
      ExceptionsList : <array> {
        0 : *.elsewhere
      }
      HTTPSEnable : 1
      HTTPSPort : 1
      HTTPSProxy : other.example
    }
  }
}
`),
    {
      pac: 'http://wpad.corp.example/proxy.pac',
      proxy: 'http://proxy.corp.example:8080',
      exempt: ['*.local', '169.254/16', '<local>'],
    },
  );
  assert.deepEqual(
    parseScutil(`<dictionary> {
  HTTPEnable : 0
  HTTPSEnable : 0
  HTTPSPort : 8080
  HTTPSProxy : proxy.corp.example
  ProxyAutoConfigEnable : 0
  ProxyAutoConfigURLString : http://wpad.corp.example/proxy.pac
  ProxyAutoDiscoveryEnable : 0
}
`),
    { exempt: [] },
  );
});

test('GNOME: the mode decides', () => {
  const settings = (mode: string, pac = '', host = '') => `org.gnome.system.proxy autoconfig-url '${pac}'
org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '::1', '*.corp.example', "it's.example"]
org.gnome.system.proxy mode '${mode}'
org.gnome.system.proxy use-same-proxy true
org.gnome.system.proxy.ftp host ''
org.gnome.system.proxy.ftp port 0
org.gnome.system.proxy.http authentication-password 'secret'
org.gnome.system.proxy.http authentication-user ''
org.gnome.system.proxy.http enabled false
org.gnome.system.proxy.http host 'web.corp.example'
org.gnome.system.proxy.http port 8080
org.gnome.system.proxy.http use-authentication false
org.gnome.system.proxy.https host '${host}'
org.gnome.system.proxy.https port 3128
org.gnome.system.proxy.socks host ''
org.gnome.system.proxy.socks port 0
`;
  assert.deepEqual(parseGsettings(settings('none', 'http://wpad/p.pac', 'proxy.corp.example')), { exempt: [] });
  assert.deepEqual(parseGsettings(settings('auto', 'http://wpad/p.pac')), { pac: 'http://wpad/p.pac', exempt: [] });
  assert.deepEqual(parseGsettings(settings('auto')), { exempt: [] });
  assert.deepEqual(parseGsettings(settings('manual', '', 'proxy.corp.example')), {
    proxy: 'http://proxy.corp.example:3128',
    exempt: ['.localhost', '127.0.0.0/8', '::1', '.corp.example', ".it's.example"],
  });
  assert.deepEqual(parseGsettings('No such schema “org.gnome.system.proxy”\n'), { exempt: [] });
});

test("exceptions in the systems' own words", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['*.corp.example', 'a.corp.example', true],
    ['*.corp.example', 'corp.example', false],
    ['.corp.example', 'corp.example', true],
    ['corp.example', 'corp.example', true],
    ['corp.example', 'a.corp.example', false],
    ['*', 'anything.example', true],
    ['https://*.corp.example', 'a.corp.example', true],
    ['a.example:8443', 'a.example', false],
    ['a.example:443', 'a.example', true],
    ['10.*', '10.1.2.3', true],
    ['10.*', '110.1.2.3', false],
    ['169.254/16', '169.254.7.7', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '10.corp.example', false],
    ['fd00::/8', 'fd12::1', true],
    ['<local>', 'intranet', true],
    ['<local>', 'intranet.corp', false],
    ['', 'a.example', false],
    ['a.b', 'aXb', false],
  ];
  for (const [entry, host, expected] of cases)
    assert.equal(isExemptBySystem(entry, host, '443'), expected, `${entry} for ${host}`);
});
