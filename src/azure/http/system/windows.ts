import { NOTHING, toProxyUrl } from './systemProxy.ts';
import type { SystemProxy } from './systemProxy.ts';

/** Where Windows keeps what a person set, or a policy set for them. */
export const REGISTRY_KEY = String.raw`HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings`;

/**
 * Reads what `reg query` prints of `REGISTRY_KEY`: `    ProxyServer    REG_SZ    host:port`. `ProxyServer` is one proxy
 * for everything, or `http=h:p;https=h:p`. A script that is switched off is not there; a proxy that is stays, with
 * `ProxyEnable` 0.
 */
export function parseRegistry(output: string): SystemProxy {
  const values = new Map<string, string>();
  for (const line of output.split(/\r?\n/)) {
    const [, name, value] = /^\s+(\S+)\s+REG_\w+\s+(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value) values.set(name.toLowerCase(), value);
  }
  const pac = values.get('autoconfigurl');
  const enabled = Number(values.get('proxyenable') ?? 0) !== 0;
  const proxy = enabled ? proxyOf(values.get('proxyserver') ?? '') : undefined;
  return {
    ...NOTHING,
    ...(pac === undefined ? {} : { pac }),
    ...(proxy === undefined
      ? {}
      : { proxy, exempt: (values.get('proxyoverride') ?? '').split(/[;\s]+/).filter((entry) => entry !== '') }),
  };
}

function proxyOf(server: string): string | undefined {
  const entries = server.split(/[;\s]+/);
  const https = entries.find((entry) => /^https=/i.test(entry));
  if (https !== undefined) return toProxyUrl(https.slice('https='.length));
  return toProxyUrl(entries.find((entry) => !entry.includes('=')));
}
