import { AppError } from '../../base/errors.ts';

/**
 * What an address is reached at, as exceptions name it: IPv6 without brackets, and the port that https has by custom.
 */
export interface Destination {
  readonly host: string;
  readonly port: string;
}

/** Host and port of an address, in lower case. */
export function destinationOf(url: string): Destination {
  const { hostname, port, protocol } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, '').toLowerCase(),
    port: port || (protocol === 'http:' ? '80' : '443'),
  };
}

/** Whether it is this machine itself, which is never reached through a proxy. */
export function isLoopback({ host }: Destination): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(?:\.\d+){3}$/.test(host);
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

/** Whether an entry of NO_PROXY (`host`, `.suffix`, `host:port`, `*`) means a place. */
export function isExempt(written: string, { host, port }: Destination): boolean {
  const entry = written.toLowerCase();
  if (entry === '*') return true;
  // An IPv6 address has colons of its own: its port stands behind brackets.
  const six =
    /^\[([^\]]+)\](?::(\d+))?$/.exec(entry) ?? (entry.split(':').length > 2 ? [entry, entry, undefined] : null);
  const [, name = '', only] = six ?? /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const suffix = name.replace(/^\*?\.?/, '').replace(/\.$/, '');
  return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
}
