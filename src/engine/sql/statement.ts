import { SQL, every, joined, listed, named, withFacts } from './expression.ts';
import type { Identifier, Part, Sql } from './expression.ts';

/** Where rows come from, and what they are called in the statement. */
export type Source = readonly [from: Sql, alias: string];
/** Rows joined to those before. */
export interface Join {
  readonly kind: 'JOIN' | 'LEFT JOIN' | 'RIGHT JOIN' | 'FULL JOIN' | 'SEMI JOIN' | 'ANTI JOIN';
  readonly with: Source;
  readonly on: Sql;
}
/** A SELECT as data. What is not there, or empty, is not written; of no items there is one column nobody reads. */
export interface Select {
  readonly items: readonly Part[];
  /** No two rows alike; with expressions, none alike in these. */
  readonly distinct?: true | readonly Part[] | undefined;
  readonly from?: Source | undefined;
  readonly joins?: readonly Join[] | undefined;
  /** More rows beside each of these: `, x AS y`. */
  readonly beside?: readonly Source[] | undefined;
  /** All of them hold; where there are several, an OR stands in brackets. */
  readonly where?: readonly Sql[] | undefined;
  /** Expressions, or the numbers of items. */
  readonly group?: readonly Part[] | undefined;
  readonly having?: Sql | undefined;
  readonly qualify?: Sql | undefined;
  readonly order?: Sql | undefined;
  readonly limit?: Part | undefined;
}

const ALL = SQL`*`;
/** Every column there is. */
export const everything: readonly Sql[] = [ALL];

/** A value under a name. */
export function as(value: Part, id: Identifier | Sql): Sql {
  return SQL`${value} AS ${id}`;
}
/** A column under another name, where it is another. */
export function renamed(column: Sql, from: Identifier, to: Identifier): Sql {
  return from === to ? column : as(column, to);
}
/** Rows under a name. */
function source([from, alias]: Source): Sql {
  return SQL`${from} AS ${named(alias)}`;
}

/** The statement, not in brackets: as a whole, or as one of a union. */
export function statement(select: Select): Sql {
  const { distinct, from, where = [], group = [] } = select;
  const parts = [
    distinct === undefined
      ? SQL`SELECT`
      : distinct === true
        ? SQL`SELECT DISTINCT`
        : SQL`SELECT DISTINCT ON (${distinct})`,
    listed(select.items),
  ];
  if (from) {
    parts.push(SQL`FROM ${[from, ...(select.beside ?? [])].map(source)}`);
    for (const join of select.joins ?? []) parts.push(SQL`${joining[join.kind]} ${source(join.with)} ON ${join.on}`);
  }
  if (where.length > 0) parts.push(SQL`WHERE ${every(where)}`);
  if (group.length > 0) parts.push(SQL`GROUP BY ${group}`);
  if (select.having) parts.push(SQL`HAVING ${select.having}`);
  if (select.qualify) parts.push(SQL`QUALIFY ${select.qualify}`);
  if (select.order) parts.push(SQL`ORDER BY ${select.order}`);
  if (select.limit !== undefined) parts.push(SQL`LIMIT ${select.limit}`);
  return withFacts(joined(parts, ' '), { subquery: true });
}
const joining: Readonly<Record<Join['kind'], Sql>> = {
  JOIN: SQL`JOIN`,
  'LEFT JOIN': SQL`LEFT JOIN`,
  'RIGHT JOIN': SQL`RIGHT JOIN`,
  'FULL JOIN': SQL`FULL JOIN`,
  'SEMI JOIN': SQL`SEMI JOIN`,
  'ANTI JOIN': SQL`ANTI JOIN`,
};

/** The statement in brackets: rows to read from, or a value. */
export function select(parts: Select): Sql {
  return SQL`(${statement(parts)})`;
}
/** The rows of all the statements, in brackets; `byName` where each has only some of the columns. */
export function unionAll(statements: readonly Sql[], byName = false): Sql {
  return SQL`(${joined(statements, byName ? '\nUNION ALL BY NAME ' : '\nUNION ALL ')})`;
}
/** Rows written out: `rows` are in brackets, `ids` their columns, `v` what they are called. */
export function values(rows: readonly Sql[], ids: readonly Identifier[]): Source {
  return [SQL`(VALUES ${rows})`, `v(${ids.join(', ')})`];
}

/** The rows a window function sees: those of the same partition, in an order, up to its own where `running`. */
export interface Window {
  readonly partition?: readonly Part[];
  readonly order?: Sql | undefined;
  readonly running?: boolean;
}
/** An SQL function over a window. */
export function over(call: Sql, { partition = [], order, running }: Window): Sql {
  const parts = [
    ...(partition.length > 0 ? [SQL`PARTITION BY ${partition}`] : []),
    ...(order ? [SQL`ORDER BY ${order}`] : []),
    ...(running ? [SQL`ROWS UNBOUNDED PRECEDING`] : []),
  ];
  return SQL`${call} OVER (${joined(parts, ' ')})`;
}
/** Where two rows have the same values in the columns, null being a value. */
export function alike(a: string, b: string, ids: readonly Identifier[]): Sql {
  return every(ids.map((id) => SQL`${named(a)}.${id} IS NOT DISTINCT FROM ${named(b)}.${id}`));
}
