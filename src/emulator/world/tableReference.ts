import type { Column, KqlType } from '../../model/kqlType.ts';
import reference from './tableReference.json' with { type: 'json' };

/**
 * Columns of 925 tables of Azure Monitor and Microsoft Sentinel, from the public table reference. One line a table in
 * tableReference.json: `*` where rows carry `_ResourceId` and `_SubscriptionId`, then `type name name ...;type name
 * ...`.
 */
const lines: Readonly<Record<string, string>> = reference;
const byLowerName = new Map(Object.keys(lines).map((name) => [name.toLowerCase(), name]));

/** The names as Azure writes them, sorted. */
export function referenceTableNames(): string[] {
  return Object.keys(lines);
}

/** The name as Azure writes it, whatever the case asked in; undefined for a table that is not in the reference. */
export function findReferenceName(name: string): string | undefined {
  return byLowerName.get(name.toLowerCase());
}

const LEADING: readonly Column[] = [
  { name: 'TenantId', type: 'string' },
  { name: 'TimeGenerated', type: 'datetime' },
];
const TRAILING: readonly Column[] = [
  { name: 'SourceSystem', type: 'string' },
  { name: 'Type', type: 'string' },
  { name: '_BilledSize', type: 'real' },
  { name: '_IsBillable', type: 'string' },
];
const RESOURCE: readonly Column[] = [
  { name: '_ResourceId', type: 'string' },
  { name: '_SubscriptionId', type: 'string' },
];
/** What every table of a workspace has beside its own columns. */
export const STANDARD_COLUMNS: readonly Column[] = [...LEADING, ...TRAILING, ...RESOURCE];

const cache = new Map<string, readonly Column[]>();

/** A reference table's columns: TenantId and TimeGenerated first, standard columns last. The same array every time. */
export function findReferenceColumns(name: string): readonly Column[] | undefined {
  const known = findReferenceName(name);
  if (known === undefined) return undefined;
  let columns = cache.get(known);
  if (!columns)
    cache.set(known, (columns = withStandardColumns(parseLine(lines[known]!), lines[known]!.startsWith('*'))));
  return columns;
}

/** A table's own columns between the standard ones; what a column list has of those already is not repeated. */
export function withStandardColumns(own: readonly Column[], resource = true): readonly Column[] {
  const standard = new Set(STANDARD_COLUMNS.map(({ name }) => name));
  return [...LEADING, ...own.filter(({ name }) => !standard.has(name)), ...TRAILING, ...(resource ? RESOURCE : [])];
}

function parseLine(line: string): Column[] {
  const columns: Column[] = [];
  for (const part of line.replace(/^\*/, '').split(';')) {
    const [type, ...names] = part.split(' ');
    for (const name of names) columns.push({ name, type: type as KqlType });
  }
  return columns.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
