import type { Column, KqlType } from '../model/kqlType.ts';
import type { RowsOf } from '../model/sharedWorkspace.ts';

/**
 * One workspace's tables as its metadata tells them. Lists that are the same object in several workspaces are merged
 * once: intern them.
 */
export interface SourceTable {
  readonly name: string;
  readonly columns: readonly SourceColumn[];
  readonly description?: string;
  readonly plan?: string;
  /** Whether it holds rows; absent where its workspace does not say. */
  readonly hasData?: boolean;
}
/** A column of one workspace's table. */
export interface SourceColumn extends Column {
  readonly description?: string;
}
/** A stored function of one workspace; parameters and body are KQL text. */
export interface SourceFunction {
  readonly name: string;
  readonly parameters: string;
  readonly body: string;
  readonly description?: string;
}
/** `name` and `retentionDays` are the workspace's, for what is said about its tables. */
export interface SourceSchema {
  readonly tables: readonly SourceTable[];
  readonly functions?: readonly SourceFunction[];
  readonly name?: string;
  readonly retentionDays?: number;
  /** Of a workspace that several customers send to: whose rows alone it is asked for. */
  readonly only?: RowsOf;
}

/**
 * A column of a merged table. Where workspaces disagree on its type there is one entry per type, named as Kusto's union
 * names it (`Level_long`, `Level_string`), and `splitFrom` holds the name that each workspace itself knows it by.
 */
export interface ScopeColumn {
  readonly name: string;
  readonly type: KqlType;
  readonly splitFrom?: string;
  /** In how many workspaces the column is there; in all that have the table where absent. */
  readonly have?: number;
  readonly description?: string;
}

/** A table of the scope. `have` of `of` workspaces have it; all of them where both are absent. */
export interface ScopeTable {
  readonly name: string;
  readonly columns: readonly ScopeColumn[];
  readonly have?: number;
  readonly of?: number;
  /** In how many of them it holds rows: at most `have`. Absent where not all that have it say so. */
  readonly filled?: number;
  readonly description?: string;
  /** Sentences for people: which columns differ in type, and where. */
  readonly notes?: readonly string[];
  /**
   * Where only some workspaces have it: names of the fewer ones, those that have it or those that lack it, some of them
   * where they are many.
   */
  readonly who?: { readonly they: 'have' | 'lack'; readonly names: readonly string[]; readonly count: number };
  /** Table plans, most frequent first, and in how many workspaces. */
  readonly plans?: readonly { readonly plan: string; readonly have: number }[];
  /** The workspaces' own retention, in days, from the shortest to the longest: a table may be set otherwise. */
  readonly retentionDays?: readonly [least: number, most: number];
}

/** Workspaces told by name about one table. */
const NAMED = 6;

/**
 * A stored function; `parameters` as KQL writes them, with or without parentheses. Workspaces may hold different
 * bodies: the most frequent one is kept.
 */
export interface ScopeFunction {
  readonly name: string;
  readonly parameters: string;
  readonly body: string;
  readonly have?: number;
  readonly of?: number;
  readonly description?: string;
}

/** The tables and functions of `workspaces` workspaces together. */
export interface MergedSchema {
  readonly tables: readonly ScopeTable[];
  readonly functions: readonly ScopeFunction[];
  readonly workspaces: number;
}

/** The one schema of many workspaces: tables and columns by name, sorted, each with in how many workspaces it is. */
export function mergeSchemas(list: readonly SourceSchema[]): MergedSchema {
  const of = list.length;
  const tables = new Map<string, MergingTable>();
  const functions = new Map<string, Map<string, { first: SourceFunction; have: number }>>();
  for (const schema of list) {
    for (const table of schema.tables) {
      let entry = tables.get(table.name);
      if (!entry)
        tables.set(
          table.name,
          (entry = { have: 0, told: 0, filled: 0, shapes: new Map(), owners: [], plans: new Map() }),
        );
      entry.have++;
      if (table.hasData !== undefined) entry.told++;
      if (table.hasData === true) entry.filled++;
      entry.owners.push(schema);
      if (table.plan !== undefined) entry.plans.set(table.plan, (entry.plans.get(table.plan) ?? 0) + 1);
      entry.description ??= table.description;
      entry.shapes.set(table.columns, (entry.shapes.get(table.columns) ?? 0) + 1);
    }
    for (const fn of schema.functions ?? []) {
      let bodies = functions.get(fn.name);
      if (!bodies) functions.set(fn.name, (bodies = new Map()));
      const key = `${fn.parameters}\n${fn.body}`;
      const same = bodies.get(key);
      if (same) same.have++;
      else bodies.set(key, { first: fn, have: 1 });
    }
  }
  return {
    workspaces: of,
    tables: [...tables].sort(byName).map(([name, entry]) => mergeTable(name, list, entry)),
    functions: [...functions].sort(byName).map(([, bodies]) => mergeFunction(of, [...bodies.values()])),
  };
}

interface MergingTable {
  have: number;
  /** How many say whether it holds rows, and how many hold some. */
  told: number;
  filled: number;
  description?: string;
  readonly shapes: Map<readonly SourceColumn[], number>;
  readonly owners: SourceSchema[];
  readonly plans: Map<string, number>;
}

function mergeTable(name: string, list: readonly SourceSchema[], entry: MergingTable): ScopeTable {
  const descriptions = new Map<string, string>();
  const byColumn = new Map<string, Map<KqlType, number>>();
  for (const [columns, count] of entry.shapes) {
    for (const column of columns) {
      let types = byColumn.get(column.name);
      if (!types) byColumn.set(column.name, (types = new Map()));
      types.set(column.type, (types.get(column.type) ?? 0) + count);
      if (column.description !== undefined && !descriptions.has(column.name))
        descriptions.set(column.name, column.description);
    }
  }
  const columns: ScopeColumn[] = [];
  const notes: string[] = [];
  for (const [column, types] of byColumn) {
    const told = descriptions.get(column);
    const about = told === undefined ? {} : { description: told };
    if (types.size === 1) {
      for (const [type, have] of types)
        columns.push({ name: column, type, ...(have === entry.have ? {} : { have }), ...about });
      continue;
    }
    const ranked = [...types].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    for (const [type, have] of ranked)
      columns.push({ name: freeName(`${column}_${type}`, byColumn), type, splitFrom: column, have, ...about });
    notes.push(
      `${column} is ${ranked.map(([type, have]) => `${type} in ${have}`).join(', ')} of the ${entry.have} workspaces that have ${name}.`,
    );
  }
  return {
    name,
    columns,
    have: entry.have,
    of: list.length,
    ...(entry.told === entry.have ? { filled: entry.filled } : {}),
    ...ownersOf(list, entry),
    ...(entry.description === undefined ? {} : { description: entry.description }),
    ...(notes.length ? { notes } : {}),
  };
}

/** Who has the table, on which plan, and for how long data is kept there. */
function ownersOf(
  list: readonly SourceSchema[],
  { owners, plans, have }: MergingTable,
): Pick<ScopeTable, 'who' | 'plans' | 'retentionDays'> {
  const has = new Set(have === list.length ? [] : owners);
  const few = have === list.length ? [] : have * 2 <= list.length ? owners : list.filter((schema) => !has.has(schema));
  const names =
    have === list.length
      ? []
      : few
          .flatMap((schema) => schema.name ?? [])
          .sort()
          .slice(0, NAMED);
  let least = Infinity,
    most = 0;
  for (const { retentionDays } of owners)
    if (retentionDays !== undefined) {
      least = Math.min(least, retentionDays);
      most = Math.max(most, retentionDays);
    }
  return {
    ...(have < list.length && names.length > 0
      ? { who: { they: few === owners ? 'have' : 'lack', names, count: few.length } }
      : {}),
    ...(plans.size > 0
      ? { plans: [...plans].sort((a, b) => b[1] - a[1]).map(([plan, count]) => ({ plan, have: count })) }
      : {}),
    ...(most > 0 ? { retentionDays: [least, most] } : {}),
  };
}

/** A name like `Level_long` may be taken by a column that really has it: Kusto numbers the newcomer. */
function freeName(wanted: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(wanted)) return wanted;
  let n = 1;
  while (taken.has(`${wanted}${n}`)) n++;
  return `${wanted}${n}`;
}

function mergeFunction(of: number, variants: readonly { first: SourceFunction; have: number }[]): ScopeFunction {
  const best = variants.reduce((a, b) => (b.have > a.have ? b : a));
  const have = variants.reduce((sum, variant) => sum + variant.have, 0);
  const { name, parameters, body, description } = best.first;
  return { name, parameters, body, have, of, ...(description === undefined ? {} : { description }) };
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
