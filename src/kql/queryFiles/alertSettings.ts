import type { Place } from '../plan.ts';
import { lineEnd } from '../scan.ts';
import { commentLines } from './frontComment.ts';
import type { PlacedNode, PlacedText } from './placedTree.ts';

/** What an alert's file can say about it. */
export const ALERT_SETTINGS = [
  'name',
  'description',
  'scope',
  'frequency',
  'window',
  'lateness',
  'lookback',
  'severity',
  'condition',
  'failing',
  'dimension',
  'autoResolve',
  'identity',
  'actionGroup',
  'deliver',
  'owner',
] as const;
/** One of `ALERT_SETTINGS`. */
export type AlertSettingName = (typeof ALERT_SETTINGS)[number];

/** One value as it is written, and where in the file. */
export interface AlertSetting {
  readonly value: string;
  readonly place: Place;
}

/** The settings of a file by name; of those that may be said several times all. */
export interface FoundAlertSettings {
  readonly settings: ReadonlyMap<AlertSettingName, readonly AlertSetting[]>;
  readonly problems: readonly { readonly message: string; readonly start: number }[];
}

const DIRECTIVE = /^([ \t]*\/\/[ \t]*@)([A-Za-z]+)(?![\w-])[ \t]*:?[ \t]*/;
const ALIASES: Readonly<Record<string, AlertSettingName>> = {
  dimensions: 'dimension',
  actiongroups: 'actionGroup',
  deliveries: 'deliver',
  delivery: 'deliver',
  every: 'frequency',
  schedule: 'frequency',
};
/** Comment lines that say something to others; no mistake, and nothing for an alert. */
const OTHERS: ReadonlySet<string> = new Set(['tags', 'tag', 'result', 'time', 'param']);

/** The settings in the comment lines of a file of KQL, wherever they stand: `// @severity 2`. */
export function alertSettingsOfComment(text: string): FoundAlertSettings {
  const settings = new Map<AlertSettingName, AlertSetting[]>();
  const problems: { message: string; start: number }[] = [];
  for (const [start] of commentLines(text)) {
    const line = text.slice(start, lineEnd(text, start));
    const head = DIRECTIVE.exec(line);
    if (!head) continue;
    const name = nameOf(head[2]!);
    const value = line.slice(head[0].length).trim();
    if (name) add(settings, name, { value, place: { start: start + head[0].length, length: value.length } });
    else if (!OTHERS.has(head[2]!.toLowerCase()))
      problems.push({ message: unknown(head[2]!), start: start + head[1]!.length });
  }
  return { settings, problems };
}

/** The settings in a YAML document, each beside its `query`. */
export function alertSettingsOfTree(entries: ReadonlyMap<string, PlacedNode>): FoundAlertSettings {
  const settings = new Map<AlertSettingName, AlertSetting[]>();
  const problems: { message: string; start: number }[] = [];
  for (const [key, node] of entries) {
    if (key === 'query') continue;
    const name = nameOf(key);
    const found = settingsOf(node, name);
    if (!name) problems.push({ message: unknown(key), start: found[0]?.place.start ?? 0 });
    else for (const { value, place } of found) add(settings, name, { value: value.trim(), place });
  }
  return { settings, problems };
}

/** The texts of a node; a map of a delivery (`{ webhook: URL, for: contoso }`) as the line that says the same. */
function settingsOf(node: PlacedNode, name: AlertSettingName | undefined): AlertSetting[] {
  if (node.kind === 'text') return [{ value: node.value, place: node.place }];
  if (node.kind === 'list') return node.items.flatMap((item) => settingsOf(item, name));
  if (node.kind !== 'map') return [];
  const parts = [...node.entries].flatMap(([key, inner]) => (inner.kind === 'text' ? [[key, inner] as const] : []));
  const [first] = parts;
  if (name !== 'deliver' || !first) return parts.map(([, inner]) => toSetting(inner));
  const isWhom = ([key]: (typeof parts)[number]): boolean => /^(?:for|customer)$/i.test(key);
  const whom = parts.find(isWhom)?.[1].value.trim();
  const what = parts.filter((part) => !isWhom(part)).map(([key, { value }]) => `${key} ${value.trim()}`);
  return [{ value: `${what.join(' ')}${whom === undefined ? '' : ` for ${whom}`}`, place: first[1].place }];
}

function toSetting({ value, place }: PlacedText): AlertSetting {
  return { value, place };
}

function add(settings: Map<AlertSettingName, AlertSetting[]>, name: AlertSettingName, setting: AlertSetting): void {
  const said = settings.get(name) ?? [];
  said.push(setting);
  settings.set(name, said);
}

function nameOf(word: string): AlertSettingName | undefined {
  const lower = word.toLowerCase();
  return ALERT_SETTINGS.find((name) => name.toLowerCase() === lower) ?? ALIASES[lower];
}

function unknown(word: string): string {
  return `An alert has no setting "${word.slice(0, 40)}"; there are ${ALERT_SETTINGS.join(', ')}.`;
}
