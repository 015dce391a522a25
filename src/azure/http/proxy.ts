import { AppError } from '../../base/errors.ts';
import type { NetworkSettings } from '../../model/network.ts';

/** The proxy for an address; undefined where it is reached directly. This machine itself always is. */
export function proxyFor(url: string, { proxy, noProxy }: NetworkSettings): string | undefined {
  if (proxy === undefined) return undefined;
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(?:\.\d+){3}$/.test(host))
    return undefined;
  const at = port || (protocol === 'http:' ? '80' : '443');
  return noProxy.some((entry) => isExempt(entry.toLowerCase(), host, at)) ? undefined : proxy;
}

/**
 * The proxy's address, once it is one that can be used. Throws `input.proxy`, which never repeats the address: it may
 * hold a password.
 */
export function checkProxy(proxy: string): string {
  try {
    const { protocol, username, password, hostname } = new URL(proxy);
    decodeURIComponent(username + password);
    if (hostname !== '' && (protocol === 'http:' || protocol === 'https:')) return proxy;
  } catch {
    // Told below, without the address.
  }
  throw new AppError(
    'input.proxy',
    'The address of the proxy cannot be used. Write http://host:port or https://host:port; in a user name or password write % as %25, # as %23, @ as %40 (http.proxy, HTTPS_PROXY). Other kinds of proxies, such as SOCKS, are not supported.',
  );
}

function isExempt(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  // An IPv6 address has colons of its own: its port stands behind brackets.
  const six =
    /^\[([^\]]+)\](?::(\d+))?$/.exec(entry) ?? (entry.split(':').length > 2 ? [entry, entry, undefined] : null);
  const [, name = '', only] = six ?? /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const suffix = name.replace(/^\*?\.?/, '').replace(/\.$/, '');
  return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
}
