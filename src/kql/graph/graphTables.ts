import type { Column, KqlType } from '../../model/kqlType.ts';
import type { SourceSchema } from '../scopeSchema.ts';
import tables from './tables.json' with { type: 'json' };

/**
 * A table of Resource Graph, as learn.microsoft.com lists them (Azure Resource Graph: query language, tables and
 * resource types). `name` is its spelling there; the service takes any case.
 */
export interface GraphTable {
  readonly name: string;
  readonly about: string;
}

/** All tables of Resource Graph that are published. */
export const GRAPH_TABLES: readonly GraphTable[] = tables;

const columns = (type: KqlType, ...names: readonly string[]): Column[] => names.map((name) => ({ name, type }));

/** The columns that every table of Resource Graph has, in the order of the service. */
export const GRAPH_COLUMNS: readonly Column[] = [
  ...columns(
    'string',
    'id',
    'name',
    'type',
    'tenantId',
    'kind',
    'location',
    'resourceGroup',
    'subscriptionId',
    'managedBy',
  ),
  ...columns('dynamic', 'sku', 'plan', 'properties', 'tags', 'identity', 'zones', 'extendedLocation'),
];

/** The column by which the service finds its way from page to page: without it an answer ends at its first. */
export const GRAPH_KEY = 'id';

/** The column that says in words which subscription a row is of: its name, beside whose the row is. */
export const SUBSCRIPTION = '_Subscription';

const KNOWN: ReadonlyMap<string, GraphTable> = new Map(GRAPH_TABLES.map((table) => [table.name.toLowerCase(), table]));

/** A table by its name in any case; undefined where Resource Graph has none of that name. */
export function findGraphTable(name: string): GraphTable | undefined {
  return KNOWN.get(name.toLowerCase());
}

const made = new Map<string, SourceSchema>();

/**
 * The schema that a query of Resource Graph is bound against: each table in lower case, and as the query spells it
 * (`used`: names that stand where tables do, in any case). Equal spellings get the same object.
 */
export function graphSchema(used: readonly string[] = []): SourceSchema {
  const spellings = [...new Set(used.filter((name) => findGraphTable(name) && name !== name.toLowerCase()))].sort();
  const key = spellings.join('\n');
  const known = made.get(key);
  if (known) return known;
  const schema: SourceSchema = {
    tables: [
      ...GRAPH_TABLES.map(({ name, about }) => ({ name: name.toLowerCase(), about })),
      ...spelled(spellings),
    ].map(({ name, about }) => ({ name, columns: GRAPH_COLUMNS, description: about })),
  };
  made.set(key, schema);
  return schema;
}

function spelled(names: readonly string[]): GraphTable[] {
  return names.map((name) => ({ name, about: findGraphTable(name)!.about }));
}
