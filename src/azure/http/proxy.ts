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

function isExempt(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const suffix = name.replace(/^\*?\.?/, '');
  return suffix !== '' && (host === suffix || host.endsWith(`.${suffix}`));
}
