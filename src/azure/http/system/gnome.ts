import { isIP } from 'node:net';
import { NOTHING, toProxyUrl } from './systemProxy.ts';
import type { SystemProxy } from './systemProxy.ts';

/** The schema of the desktop's settings, with those of each protocol below it. */
export const GNOME_SCHEMA = 'org.gnome.system.proxy';

/**
 * Reads what `gsettings list-recursively` prints of `GNOME_SCHEMA`: `schema key value`, texts in quotes. `mode`
 * decides: `none`, `manual` or `auto`.
 */
export function parseGsettings(output: string): SystemProxy {
  const values = new Map<string, string>();
  for (const line of output.split(/\r?\n/)) {
    const [, schema, key, value] = /^(\S+) (\S+) (.*?)\s*$/.exec(line) ?? [];
    if (schema?.startsWith(GNOME_SCHEMA)) values.set(`${schema.slice(GNOME_SCHEMA.length)} ${key}`, value!);
  }
  const text = (name: string): string => textsOf(values.get(name) ?? '')[0] ?? '';
  switch (text(' mode')) {
    case 'auto': {
      const pac = text(' autoconfig-url');
      return pac === '' ? NOTHING : { ...NOTHING, pac };
    }
    case 'manual': {
      const proxy = toProxyUrl(text('.https host'), values.get('.https port'));
      return proxy === undefined ? NOTHING : { proxy, exempt: textsOf(values.get(' ignore-hosts') ?? '').map(toEntry) };
    }
    default:
      return NOTHING;
  }
}

/** The texts of a value of GVariant: `'one'`, `['one', "two"]`. */
function textsOf(value: string): string[] {
  return [...value.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map(([, single, double]) =>
    (single ?? double ?? '').replace(/\\(.)/g, '$1'),
  );
}

/** GLib takes `example.com`, `.example.com` and `*.example.com` alike: that name and all below it. */
function toEntry(ignored: string): string {
  return ignored.includes('/') || ignored.includes(':') || isIP(ignored) !== 0
    ? ignored
    : ignored.replace(/^\*?\.?/, '.');
}
