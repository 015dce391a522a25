import type { AggregateItem, Expr, Rel } from '../../kql/plan.ts';
import { findAggregate } from '../functions/registry.ts';
import { SQL, columnOf } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { as, over, select } from '../sql/statement.ts';
import { assignIds, missingSql, orderSql } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { stoppedAtLostSubtables } from './lostSubtables.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;
const EXTREMES: ReadonlySet<string> = new Set(['arg_max', 'arg_min', 'argmax', 'argmin']);

/**
 * summarize, count, and the aggregation steps of other operators. Inside a subquery every subtable is grouped by
 * itself.
 */
export function aggregateSql(rel: Of<'aggregate'>, translation: Translation, translator: Translator): Relation {
  return stoppedAtLostSubtables(rel, groupedSql(rel, translation, translator), translation, translator);
}
function groupedSql(rel: Of<'aggregate'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const columns = assignIds(rel.columns);
  const only = rel.items.length === 1 ? rel.items[0] : undefined;
  if (
    only &&
    rel.keys.length > 0 &&
    only.columns.length > 2 &&
    !filtersMade(rel.input) &&
    only.expr.kind === 'aggregate' &&
    EXTREMES.has(only.expr.name)
  )
    return extremeRows(rel, only, input, columns, translation, translator);
  const lookup = lookupIn(input);
  const context = emitContext(translation, rel.place);
  const keys = rel.keys.map(
    (k, i) => SQL`${context.convert(translator.scalar(k.expr, lookup), k.column.type).sql} AS ${columns[i]!.id}`,
  );
  // Expressions over aggregates are computed above the grouping: not everything may stand around an aggregate in SQL.
  const lifted: SqlColumn[] = [];
  const composed = rel.items.map((item) =>
    item.columns.length === 1 && item.expr.kind !== 'aggregate' ? lift(item.expr, lifted, translation) : undefined,
  );
  if (lifted.length > 0 && composed.some(Boolean)) return composedSql(rel, composed, translation, translator);
  let at = keys.length;
  const items = rel.items.flatMap((item) => {
    const own = columns.slice(at, (at += item.columns.length));
    return itemSql(item, own, input, translation, translator).map((sql, i) => SQL`${sql} AS ${own[i]!.id}`);
  });
  const hidden = input.partition.map((p) => columnOf('t', p));
  const grouped = [...keys.map((_, i) => i + 1), ...hidden.map((_, i) => keys.length + items.length + i + 1)];
  const from = select({ items: [...keys, ...items, ...hidden], from: [input.from, 't'], group: grouped });
  return { from, columns, order: [], partition: input.partition };
}

/**
 * Whether rows other than those of a table are filtered: the database fails where it looks for the first row of each
 * group above a range of values that it could not push into a scan.
 */
function filtersMade(rel: Rel, filtered = false): boolean {
  if (rel.kind === 'table') return false;
  const passes = rel.kind === 'filter' || rel.kind === 'project';
  if (filtered && !passes) return true;
  return rowsOf(rel).some((under) => filtersMade(under, filtered || rel.kind === 'filter'));
}
/** The rows an operator stands on. */
function rowsOf(rel: Rel): readonly Rel[] {
  if (rel.kind === 'join') return [rel.left, rel.right];
  if (rel.kind === 'union') return rel.inputs.map((input) => input.rel);
  if (rel.kind === 'ipLookup') return [rel.input, rel.lookup];
  return 'input' in rel ? [rel.input] : [];
}

/** The expression with its aggregates replaced by columns that will hold them. */
function lift(
  expr: Expr,
  lifted: SqlColumn[],
  translation: Translation,
): { readonly expr: Expr; readonly parts: readonly AggregateItem[] } {
  const parts: AggregateItem[] = [];
  const walk = (e: Expr): Expr => {
    if (e.kind === 'aggregate') {
      const column = translation.hiddenColumn('g', e.type);
      lifted.push(column);
      parts.push({ columns: [column], expr: e });
      return { kind: 'column', name: column.name, type: column.type };
    }
    if (e.kind === 'call') return { ...e, args: e.args.map(walk) };
    if (e.kind === 'convert' || e.kind === 'inQuery') return { ...e, value: walk(e.value) };
    return e.kind === 'inArray' ? { ...e, value: walk(e.value), array: walk(e.array) } : e;
  };
  return { expr: walk(expr), parts };
}
function composedSql(
  rel: Of<'aggregate'>,
  composed: readonly (ReturnType<typeof lift> | undefined)[],
  translation: Translation,
  translator: Translator,
): Relation {
  const plain = rel.items.flatMap((item, i) => composed[i]?.parts ?? [item]);
  const inner = groupedSql(
    { ...rel, items: plain, columns: [...rel.keys.map((k) => k.column), ...plain.flatMap((p) => p.columns)] },
    translation,
    translator,
  );
  const lookup = lookupIn(inner);
  const context = emitContext(translation, rel.place);
  const columns = assignIds(rel.columns);
  let at = 0;
  const sources = [
    ...rel.keys.map((k) => ({ expr: { kind: 'column', name: k.column.name, type: k.column.type } as Expr })),
    ...rel.items.flatMap((item, i) =>
      composed[i]
        ? [{ expr: composed[i].expr }]
        : item.columns.map((c) => ({ expr: { kind: 'column', name: c.name, type: c.type } as Expr })),
    ),
  ];
  const items = sources.map(({ expr }) => {
    const column = columns[at++]!;
    return SQL`${filled(context.convert(translator.scalar(expr, lookup), column.type).sql, column)} AS ${column.id}`;
  });
  return {
    from: select({ items: [...items, ...inner.partition.map((p) => columnOf('t', p))], from: [inner.from, 't'] }),
    columns,
    order: [],
    partition: inner.partition,
  };
}

function itemSql(
  item: AggregateItem,
  columns: readonly SqlColumn[],
  input: Relation,
  translation: Translation,
  translator: Translator,
): Sql[] {
  const lookup = lookupIn(input);
  const order = input.order.length > 0 ? orderSql(input.order) : undefined;
  const { expr } = item;
  if (expr.kind === 'aggregate' && EXTREMES.has(expr.name))
    return extremes(expr, columns, lookup, translation, translator);
  const context = emitContext(translation, 'place' in expr ? expr.place : { start: 0, length: 0 }, order);
  if (columns.length > 1 && expr.kind === 'aggregate') {
    const args = expr.args.map((a) => translator.scalar(a, lookup));
    if (expr.name === 'take_any' || expr.name === 'any') {
      const packed = SQL`any_value({${args.map((a, i) => SQL`f${i}: ${a.sql}`)}})`;
      return columns.map((c, i) => filled(SQL`${packed}.f${i}`, c));
    }
    const fn = findAggregate(expr.name);
    const many = fn?.columns?.(args, context, columns[0]!.type) ?? context.refuse(`${expr.name}() of several columns`);
    return columns.map((c, i) => many[i] ?? missingSql(c.type));
  }
  const value = translator.scalar(expr, lookup, order);
  const column = columns[0]!;
  return [filled(context.convert(value, column.type).sql, column)];
}
/** Nothing of a string is the empty string. */
function filled(sql: Sql, column: SqlColumn): Sql {
  return column.type === 'string' ? SQL`coalesce(${sql}, '')` : sql;
}

type AggregateExpr = Extract<Expr, { kind: 'aggregate' }>;
/** arg_max(x, a, b): the greatest x, and a and b of one row that has it. */
function extremes(
  expr: AggregateExpr,
  columns: readonly SqlColumn[],
  lookup: ReturnType<typeof lookupIn>,
  translation: Translation,
  translator: Translator,
): Sql[] {
  const context = emitContext(translation, expr.place);
  const [by, ...rest] = expr.args.map((a) => translator.scalar(a, lookup));
  if (!by) return context.refuse(`${expr.name}() without arguments`);
  const { key, pick } = sortable(by, expr.name.endsWith('max') ? 'max' : 'min');
  const first = columns[0]!;
  const row = SQL`{${rest.map((a, i) => SQL`f${i}: ${a.sql}`)}}`;
  // Where no row has a key there is a row still, whichever.
  const packed = SQL`coalesce(arg_${pick}(${row}, ${key}), any_value(${row}))`;
  const best = key === by.sql ? SQL`${pick}(${key})` : SQL`arg_${pick}(${by.sql}, ${key})`;
  return columns.map((c, i) =>
    filled(
      i === 0
        ? context.convert({ sql: best, type: by.type }, first.type).sql
        : context.convert({ sql: SQL`${packed}.f${i - 1}`, type: rest[i - 1]!.type }, c.type).sql,
      c,
    ),
  );
}
/** What rows are told apart by. NaN, the largest to DuckDB, is the least as well: the largest of the opposites. */
function sortable(
  by: { readonly sql: Sql; readonly type: string },
  pick: 'max' | 'min',
): { readonly key: Sql; readonly pick: 'max' | 'min' } {
  if (by.type === 'decimal') return { key: SQL`TRY_CAST(${by.sql} AS DOUBLE)`, pick };
  return by.type === 'real' && pick === 'min' ? { key: SQL`(-(${by.sql}))`, pick: 'max' } : { key: by.sql, pick };
}

/** One arg_max of many columns: the first row of each group, which DuckDB finds faster than a wide struct. */
function extremeRows(
  rel: Of<'aggregate'>,
  item: AggregateItem,
  input: Relation,
  columns: readonly SqlColumn[],
  translation: Translation,
  translator: Translator,
): Relation {
  const expr = item.expr as AggregateExpr;
  const lookup = lookupIn(input);
  const context = emitContext(translation, expr.place);
  const keys = rel.keys.map((k) => context.convert(translator.scalar(k.expr, lookup), k.column.type).sql);
  const values = expr.args.map((a) => translator.scalar(a, lookup));
  const list = [...keys, ...values.map((v, i) => context.convert(v, item.columns[i]!.type).sql)].map(
    (sql, i) => SQL`${sql} AS ${columns[i]!.id}`,
  );
  const partition = input.partition.map((p) => columnOf('t', p));
  const { key, pick } = sortable(values[0]!, expr.name.endsWith('max') ? 'max' : 'min');
  const order = SQL`${key} ${pick === 'max' ? 'DESC' : 'ASC'} NULLS LAST`;
  const number = over(SQL`row_number()`, { partition: [...keys, ...partition], order });
  const rank = translation.hidden('k');
  const ranked = select({ items: [...list, ...partition, as(number, rank)], from: [input.from, 't'] });
  const from = select({ items: [SQL`* EXCLUDE (${rank})`], from: [ranked, 'r'], where: [SQL`${rank} = 1`] });
  return { from, columns, order: [], partition: input.partition };
}
