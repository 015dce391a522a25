import { lineEnd } from '../scan.ts';
import type { Place } from '../plan.ts';
import { commentLines } from './frontComment.ts';
import type { PlacedNode, PlacedText } from './placedTree.ts';

/** What a roll-up's file can say about it. */
export const SETTINGS = [
  'name',
  'description',
  'scope',
  'window',
  'lateness',
  'recheck',
  'schedule',
  'sinks',
  'limit',
  'owner',
  'key',
  'since',
] as const;
/** One of `SETTINGS`. */
export type SettingName = (typeof SETTINGS)[number];

/** One value as it is written, and where in the file. */
export interface Setting {
  readonly value: string;
  readonly place: Place;
}

/** The settings of a file by name; of those that may be said several times all. */
export interface FoundSettings {
  readonly settings: ReadonlyMap<SettingName, readonly Setting[]>;
  readonly problems: readonly { readonly message: string; readonly start: number }[];
}

const DIRECTIVE = /^([ \t]*\/\/[ \t]*@)([A-Za-z]+)(?![\w-])[ \t]*:?[ \t]*/;
const ALIASES: Readonly<Record<string, SettingName>> = {
  sink: 'sinks',
  limits: 'limit',
  keys: 'key',
  every: 'schedule',
};
/** Comment lines that say something to others; no mistake, and nothing for a roll-up. */
const OTHERS: ReadonlySet<string> = new Set(['tags', 'tag', 'result']);

/** The settings in the comment lines of a file of KQL, wherever they stand: `// @window 1h`. */
export function settingsOfComment(text: string): FoundSettings {
  const settings = new Map<SettingName, Setting[]>();
  const problems: { message: string; start: number }[] = [];
  for (const [start] of commentLines(text)) {
    const line = text.slice(start, lineEnd(text, start));
    const head = DIRECTIVE.exec(line);
    if (!head) continue;
    const word = head[2]!.toLowerCase();
    const name = nameOf(word);
    const value = line.slice(head[0].length).trim();
    const at = start + head[0].length;
    if (name) add(settings, name, { value, place: { start: at, length: value.length } });
    else if (!OTHERS.has(word)) problems.push({ message: unknown(word), start: start + head[1]!.length });
  }
  return { settings, problems };
}

/** The settings in a YAML document, each beside its `query`. */
export function settingsOfTree(entries: ReadonlyMap<string, PlacedNode>): FoundSettings {
  const settings = new Map<SettingName, Setting[]>();
  const problems: { message: string; start: number }[] = [];
  for (const [key, node] of entries) {
    if (key === 'query') continue;
    const name = nameOf(key.toLowerCase());
    const texts = textsOf(node);
    if (!name) problems.push({ message: unknown(key), start: texts[0]?.place.start ?? 0 });
    else for (const { value, place } of texts) add(settings, name, { value: value.trim(), place });
  }
  return { settings, problems };
}

/** A text, the texts of a list, or those of a map with their names behind them (`rows: 1000` is `1000 rows`). */
function textsOf(node: PlacedNode): Pick<PlacedText, 'value' | 'place'>[] {
  if (node.kind === 'text') return [node];
  if (node.kind === 'list') return node.items.flatMap(textsOf);
  if (node.kind !== 'map') return [];
  return [...node.entries].flatMap(([name, inner]) =>
    textsOf(inner).map(({ value, place }) => ({ value: `${value.trim()} ${name}`, place })),
  );
}

function add(settings: Map<SettingName, Setting[]>, name: SettingName, setting: Setting): void {
  const said = settings.get(name) ?? [];
  said.push(setting);
  settings.set(name, said);
}

function nameOf(word: string): SettingName | undefined {
  return SETTINGS.find((name) => name === word) ?? ALIASES[word];
}

function unknown(word: string): string {
  return `A roll-up has no setting "${word.slice(0, 40)}"; there are ${SETTINGS.join(', ')}.`;
}
