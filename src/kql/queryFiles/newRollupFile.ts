import { lineEnd } from '../scan.ts';
import { settingsOfComment } from './rollupSettings.ts';
import type { SettingName } from './rollupSettings.ts';

/** What a new roll-up's file says before its query, each in a line of its own, in this order. */
export type NewRollupSettings = Readonly<Partial<Record<SettingName, string>>>;

/**
 * The text of a roll-up's file made of a query: the settings as comment lines above it. Lines of the query that say one
 * of them are taken out; everything else in it stays.
 */
export function newRollupFile(query: string, settings: NewRollupSettings): string {
  let rest = query.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const own = [...settingsOfComment(rest).settings]
    .flatMap(([name, said]) => (settings[name] === undefined ? [] : said.map(({ place }) => place.start)))
    .sort((a, b) => b - a);
  for (const at of own) {
    const start = rest.lastIndexOf('\n', at - 1) + 1;
    rest = rest.slice(0, start) + rest.slice(Math.min(rest.length, lineEnd(rest, at) + 1));
  }
  const lines = Object.entries(settings).map(([name, value]) => `// @${name} ${value}\n`);
  return `${lines.join('')}${rest.trim()}\n`;
}

/** A name of a roll-up made of a title: letters, digits and `_`, at most 45, a letter first. */
export function rollupNameOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .split(/[^A-Za-z0-9_]+/)
    .filter((word) => word !== '');
  const name = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  return name.replace(/^[^A-Za-z]+/, '').slice(0, 45) || 'Rollup';
}
