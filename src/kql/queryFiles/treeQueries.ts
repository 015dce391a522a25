import { parseTimeRange } from '../../model/timeRangeText.ts';
import { offsetInFile } from './places.ts';
import type { Segment } from './places.ts';
import { MAX_DEPTH, textAt } from './placedTree.ts';
import type { PlacedNode, PlacedText } from './placedTree.ts';
import { MAX_QUERIES } from './queryFile.ts';
import type { FileQuery } from './queryFile.ts';
import { toFileQuery } from './toFileQuery.ts';

type Entries = ReadonlyMap<string, PlacedNode>;

/** How a text that holds a document of its own is read: the workbook inside a template. */
export type ReadInside = (text: string) => readonly PlacedNode[];

/**
 * The queries anywhere in a YAML or JSON document: rules and hunting queries of Microsoft Sentinel, saved searches,
 * queries of query packs, workbooks, and templates of Resource Manager with any of them. What is there is taken by its
 * usual names (`query`, `displayName`, `tactics`, `queryPeriod` ...), whatever it is nested in.
 */
export function queriesOfTree(root: PlacedNode, fileName: string, readInside: ReadInside): FileQuery[] {
  const found: FileQuery[] = [];
  const walk = (node: PlacedNode, name: string, depth: number): void => {
    if (depth > MAX_DEPTH || found.length >= MAX_QUERIES) return;
    if (node.kind === 'list') for (const item of node.items) walk(item, name, depth + 1);
    if (node.kind !== 'map') return;
    const { entries } = node;
    const own = nameOf(entries) ?? name;
    const query = queryOf(entries);
    if (query) found.push(toQuery(query, entries, own));
    for (const [key, child] of entries) {
      if (child === query) continue;
      if (key === 'serializedData' && child.kind === 'text') {
        const outer = child.segments();
        for (const inner of readInside(child.value)) walk(insideOf(inner, outer), own, depth + 1);
      } else walk(child, own, depth + 1);
    }
  };
  walk(root, fileName, 0);
  return found;
}

function nameOf(entries: Entries): string | undefined {
  return ['displayName', 'title', 'name']
    .map((key) => textAt(entries, key))
    .find((name) => name !== undefined && !EXPRESSION.test(name));
}

/** A query of a query pack calls its text `body`. */
function queryOf(entries: Entries): PlacedText | undefined {
  const node = entries.get('query') ?? (entries.has('displayName') ? entries.get('body') : undefined);
  return node?.kind === 'text' && node.value.trim() !== '' ? node : undefined;
}

/** A formula of a template, which only a deployment works out. */
const EXPRESSION = /^\[(?:parameters|variables|concat|format|resourceId|guid|uniqueString|reference|if|json)\s*\(/i;
/** What a workbook puts in before it asks: `{TimeRange:start}`. */
const BLANK = /\{[A-Za-z_]\w*(?::\w+)*\}/;

function toQuery(query: PlacedText, entries: Entries, name: string): FileQuery {
  const time = timeOf(entries);
  const every = textAt(entries, 'queryFrequency');
  const description = textAt(entries, 'description')
    ?.replace(/^'([\s\S]*)'$/, '$1')
    .trim();
  const refusal = refusalOf(query.value, entries);
  return toFileQuery({
    text: query.value,
    place: query.place,
    segments: query.segments(),
    name,
    tags: tagsOf(entries),
    ...(description ? { description } : {}),
    ...(time ? { time } : {}),
    ...(every ? { schedule: `every ${every}` } : {}),
    ...(query.quoted ? { quoted: true } : {}),
    ...(isCertain(entries) ? { certain: true } : {}),
    ...(refusal ? { refusal } : {}),
  });
}

/** What stands beside the query of a rule or a hunting query, and nowhere else. */
const SIGNS = ['tactics', 'queryFrequency', 'queryPeriod', 'relevantTechniques', 'requiredDataConnectors', 'related'];

function isCertain(entries: Entries): boolean {
  return (
    SIGNS.some((key) => entries.has(key)) ||
    textAt(entries, 'version')?.startsWith('KqlItem/') === true ||
    (entries.has('displayName') && (entries.has('body') || entries.has('category')))
  );
}

function timeOf(entries: Entries): FileQuery['time'] {
  const period = textAt(entries, 'queryPeriod');
  const range = period === undefined ? undefined : parseTimeRange(period);
  if (range !== undefined && typeof range !== 'string') return range;
  const context = entries.get('timeContext');
  const length = context?.kind === 'map' ? context.entries.get('durationMs') : undefined;
  const minutes = length?.kind === 'value' && typeof length.value === 'number' ? Math.round(length.value / 60_000) : 0;
  return minutes > 0 && minutes < 52_560_000 ? { kind: 'last', minutes } : undefined;
}

/** Texts, or the values of the `{name, value}` pairs of a saved search. */
function tagsOf(entries: Entries): string[] {
  return ['category', 'tactics', 'relevantTechniques', 'tags']
    .flatMap((key) => {
      const node = entries.get(key);
      if (node?.kind === 'text') return [node.value.trim()];
      const items = node?.kind === 'list' ? node.items : [];
      return items.flatMap((item) => {
        if (item.kind === 'text') return [item.value.trim()];
        if (item.kind !== 'map' || textAt(item.entries, 'name') === 'description') return [];
        return (textAt(item.entries, 'value') ?? '').split(',').map((tag) => tag.trim());
      });
    })
    .filter((tag) => tag !== '');
}

function refusalOf(text: string, entries: Entries): string | undefined {
  if (EXPRESSION.test(text)) return 'Its text is a formula of the template, which only a deployment works out.';
  if (!textAt(entries, 'version')?.startsWith('KqlItem/')) return undefined;
  const type = entries.get('queryType');
  if (type?.kind === 'value' && type.value !== 0) return 'The workbook asks something else with it than logs.';
  const blank = BLANK.exec(text)?.[0];
  return blank && `It has parts that only the workbook fills in: ${blank}.`;
}

/** A node of a document inside a text of the file, with the places of the file; `outer` are the text's segments. */
function insideOf(node: PlacedNode, outer: readonly Segment[]): PlacedNode {
  if (node.kind === 'list') return { kind: 'list', items: node.items.map((item) => insideOf(item, outer)) };
  if (node.kind === 'map')
    return { kind: 'map', entries: new Map([...node.entries].map(([key, value]) => [key, insideOf(value, outer)])) };
  if (node.kind !== 'text') return node;
  const start = offsetInFile(outer, node.place.start);
  const length = offsetInFile(outer, node.place.start + node.place.length) - start;
  return {
    ...node,
    place: { start, length },
    segments: () => node.segments().map(({ at, file }) => ({ at, file: offsetInFile(outer, file) })),
  };
}
