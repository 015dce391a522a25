import type { Column } from '../../model/kqlType.ts';
import type { AggregateItem, Assignment, Expr, Plan, Rel } from '../plan.ts';
import type { SchemaDatabase } from '../schema.ts';
import { columnRef, freshName } from './expressions.ts';

/** The hidden column of the service that `ingestion_time()` reads, and what joins make of a second one. */
export const INGESTION_TIME: Column = { name: '$IngestionTime', type: 'datetime' };
const ITS_NAMES = /^\$IngestionTime\d*$/;
const ASKS = /\bingestion_time\b/i;

/** Where a query takes the hidden column for one that shows, and why that cannot be. */
const UNNAMED = 'ingestion_time() as a column without a name (write Ingested = ingestion_time())';
const LOOKED_AT = 'ingestion_time() beside what looks at all columns';

/** Whether a query, or a function it may call, can ask when rows came in, which each workspace knows of its own. */
export function mayAskIngestionTime(query: string, { functions = [] }: SchemaDatabase): boolean {
  return ASKS.test(query) || functions.some(({ body }) => ASKS.test(body));
}

/** The tables with the hidden column at their end. */
export function withIngestionTime(database: SchemaDatabase): SchemaDatabase {
  return {
    ...database,
    tables: database.tables.map((table) => ({ ...table, columns: [...table.columns, INGESTION_TIME] })),
  };
}

/** What a plan over tables with the hidden column does with it. */
export interface IngestionUse {
  /** Whether `ingestion_time()` is asked of any row. */
  readonly asked: boolean;
  /** Why it cannot be a column of the tables; undefined where it can, and is their own wherever it has its name. */
  readonly shown?: string;
}

/**
 * Looks at every expression of the plan: the hidden column may be asked for, and may be handed on as it is, but a
 * column that took its name would go with it, and what looks at it unasked would see what the service hides.
 */
export function ingestionUse({ results }: Plan): IngestionUse {
  const seen = new Set<object>();
  let asked = false;
  let shown: string | undefined;
  const look = (value: unknown): void => {
    if (typeof value === 'string' && value.includes(INGESTION_TIME.name)) shown ??= LOOKED_AT;
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (isRel(value)) return lookAtRel(value);
    if (isColumn(value)) {
      if (value.asked) asked = true;
      else if (ITS_NAMES.test(value.name)) shown ??= LOOKED_AT;
      return;
    }
    for (const [key, inner] of Object.entries(value)) if (!NAMES.has(key)) look(inner);
  };
  const lookAtRel = (rel: Rel): void => {
    if (rel.kind === 'table') return;
    const handsOn = rel.kind === 'project' || rel.kind === 'aggregate';
    for (const [key, inner] of Object.entries(rel)) {
      if (NAMES.has(key)) continue;
      if (handsOn && key === 'items') for (const item of rel.items) lookedAtBy(item).forEach(look);
      else look(inner);
    }
    if (LOOK_AT_ALL.has(rel.kind) && 'input' in rel && rel.input.columns.some(({ name }) => ITS_NAMES.test(name)))
      shown ??= LOOKED_AT;
    for (const name of namesMade(rel)) if (ITS_NAMES.test(name)) shown ??= UNNAMED;
  };
  for (const { rel } of results) {
    look(rel);
    // No document says what the service calls them: `max(ingestion_time())`, for one.
    if (rel.columns.some(({ name }) => name.includes(INGESTION_TIME.name) && !ITS_NAMES.test(name))) shown ??= UNNAMED;
  }
  return { asked, ...(shown === undefined ? {} : { shown }) };
}

/** Fields that say what columns are called, and not what is done with them. */
const NAMES: ReadonlySet<string> = new Set(['columns', 'column', 'outputs', 'rightColumns', 'place', 'subject']);
/** Operators that look at every column there is, whatever they write. */
const LOOK_AT_ALL: ReadonlySet<string> = new Set(['distinct', 'narrow', 'schemaOf', 'plugin']);

function isRel(value: object): value is Rel {
  return 'kind' in value && 'columns' in value && Array.isArray(value.columns);
}

function isColumn(value: object): value is Extract<Expr, { kind: 'column' }> {
  return 'kind' in value && value.kind === 'column' && 'type' in value;
}

/** Whether the hidden column goes on under its name, as one of `*`. */
function isHandedOn({ name }: Column, expr: Expr | undefined): boolean {
  return ITS_NAMES.test(name) && isItself(expr);
}

/** What an item looks at, without what it hands on. */
function lookedAtBy(item: Assignment | AggregateItem): readonly Expr[] {
  const { expr } = item;
  if ('column' in item) return isHandedOn(item.column, expr) ? [] : [expr];
  return 'args' in expr ? expr.args.filter((arg, i) => !(item.columns[i] && isHandedOn(item.columns[i], arg))) : [expr];
}

function isItself(expr: Expr | undefined): boolean {
  return expr?.kind === 'column' && !expr.asked && ITS_NAMES.test(expr.name);
}

/** Names of columns that an operator makes itself. */
function namesMade(rel: Rel): string[] {
  switch (rel.kind) {
    case 'project':
      return rel.items.flatMap(({ column, expr }) => (isHandedOn(column, expr) ? [] : column.name));
    case 'aggregate':
      return [
        ...rel.keys.map(({ column }) => column.name),
        ...rel.items.flatMap(({ columns, expr }) =>
          columns.flatMap((column, i) => ('args' in expr && isHandedOn(column, expr.args[i]) ? [] : column.name)),
        ),
      ];
    case 'makeSeries':
      return [rel.axis, ...rel.keys, ...rel.items].map(({ column }) => column.name);
    case 'mvExpand':
    case 'mvApply':
      return rel.items.map(({ column }) => column.name);
    case 'topNested':
      return rel.levels.flatMap(({ key, measure }) => [key.column.name, measure.column.name]);
    default:
      return [];
  }
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

/** The rows without the hidden column, which no query has asked to see; nothing else has its name: `ingestionUse`. */
export function withoutIngestionTime(rel: Rel): Rel {
  const columns = rel.columns.filter(({ name }) => !ITS_NAMES.test(name));
  if (columns.length === rel.columns.length) return rel;
  const items = columns.map((column) => ({ column, expr: columnRef(column) }));
  return { kind: 'project', input: rel, items, columns, place: rel.place };
}
