/** What an operating system says of proxies. */
export interface SystemProxy {
  /** Address of a proxy auto-configuration file. It goes before `proxy`. */
  readonly pac?: string;
  /** `http://host:port` of the proxy for https. */
  readonly proxy?: string;
  /** What `proxy` is not used for, as the system writes it: wildcards, networks, `<local>`. */
  readonly exempt: readonly string[];
}

/** A system that says nothing. */
export const NOTHING: SystemProxy = { exempt: [] };

/** `host:port` or an address as the address of a proxy; undefined for an empty text. */
export function toProxyUrl(text: string | undefined, port?: string): string | undefined {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return undefined;
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  return port === undefined || port === '0' || port === '' ? url : `${url}:${port}`;
}
