import type { Column } from '../../model/kqlType.ts';
import type { Rel } from '../plan.ts';
import type { SchemaDatabase } from '../schema.ts';
import { columnRef, freshName } from './expressions.ts';

/** The hidden column of the service that `ingestion_time()` reads, and what joins make of a second one. */
export const INGESTION_TIME: Column = { name: '$IngestionTime', type: 'datetime' };
const ITS_NAMES = /^\$IngestionTime\d*$/;
const ASKS = /\bingestion_time\s*\(/;
/** Where the hidden column would count among those of a row, or show under the name that it has not. */
const SHOWN: readonly (readonly [RegExp, string])[] = [
  [
    /\bdistinct\s+\*|\b(?:search|find|pack_all|getschema|evaluate)\b/,
    'ingestion_time() beside what looks at all columns',
  ],
  [
    /\b(?:project|distinct|by)\s+(?:[^|;]*,\s*)?ingestion_time\s*\(\s*\)\s*(?:[,|;)]|$)/,
    'ingestion_time() as a column without a name (write Ingested = ingestion_time())',
  ],
];

/** Whether a query asks when rows came in, which each workspace knows of its own. */
export function asksIngestionTime(query: string): boolean {
  return ASKS.test(query);
}

/** Why such a query cannot have the hidden column as one of its tables' own; undefined where it can. */
export function showsIngestionTime(query: string): string | undefined {
  return SHOWN.find(([pattern]) => pattern.test(query))?.[1];
}

/** The tables with the hidden column at their end. */
export function withIngestionTime(database: SchemaDatabase): SchemaDatabase {
  return {
    ...database,
    tables: database.tables.map((table) => ({ ...table, columns: [...table.columns, INGESTION_TIME] })),
  };
}

/** Names under which it comes from each table, beside those that columns go by already: see `hiddenColumns`. */
export function namedIngestionTime(
  { tables }: SchemaDatabase,
  hidden: ReadonlyMap<string, ReadonlyMap<string, string>>,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    tables.map(({ name, columns }) => {
      const others = hidden.get(name) ?? new Map<string, string>();
      const taken = new Set([...columns.map((column) => column.name), ...others.keys()]);
      return [name, new Map([...others, [freshName('ingestion_time', taken), INGESTION_TIME.name]])];
    }),
  );
}

/** The rows without the hidden column, which no query has asked to see. */
export function withoutIngestionTime(rel: Rel): Rel {
  const columns = rel.columns.filter(({ name }) => !ITS_NAMES.test(name));
  if (columns.length === rel.columns.length) return rel;
  const items = columns.map((column) => ({ column, expr: columnRef(column) }));
  return { kind: 'project', input: rel, items, columns, place: rel.place };
}
