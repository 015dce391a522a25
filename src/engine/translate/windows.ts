import type { Expr, Place, Rel } from '../../kql/plan.ts';
import { inputsOf } from '../../kql/prune.ts';
import { SQL, columnOf, named } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { alike, as, everything, over, select } from '../sql/statement.ts';
import { orderSql } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { emitContext } from './scalars.ts';
import { windowColumn } from './windowFunctions.ts';
import { dependsOnSubject } from './subjects.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

const WINDOWS: ReadonlySet<string> = new Set([
  'prev',
  'next',
  'row_number',
  'row_cumsum',
  'row_rank_dense',
  'row_rank_min',
  'row_window_session',
]);

/** The rows with one hidden number that says their order, so that every window over them agrees on it. */
export function serialized(relation: Relation, translation: Translation): Relation {
  if (relation.order.length === 1 && relation.order[0]!.serial) return relation;
  const id = translation.hidden('s');
  const number = over(SQL`row_number()`, {
    partition: relation.partition.map((p) => columnOf('t', p)),
    order: relation.order.length > 0 ? orderSql(relation.order) : undefined,
  });
  return {
    ...relation,
    from: select({ items: [...everything, as(number, id)], from: [relation.from, 't'] }),
    order: [{ id, desc: false, nullsFirst: false, serial: true }],
  };
}

/**
 * Whether rows have an order a window function may use: the service takes none over a table, a summary or a join
 * (serialize-operator.md lists them).
 */
function isSerialized(rel: Rel): boolean {
  switch (rel.kind) {
    case 'table':
    case 'aggregate':
    case 'distinct':
    case 'makeSeries':
    case 'sample':
    case 'topNested':
      return false;
    case 'join':
      return rel.lookup && isSerialized(rel.left);
    case 'take':
      return rel.keys.length > 0 || isSerialized(rel.input);
    case 'filter':
    case 'project':
    case 'spread':
    case 'parse':
    case 'parseKv':
    case 'materialize':
    case 'mvExpand':
      return isSerialized(rel.input);
    default:
      return true;
  }
}
function firstWindow(expr: Expr): Extract<Expr, { kind: 'call' }> | undefined {
  if (expr.kind === 'call')
    return WINDOWS.has(expr.name) ? expr : expr.args.map(firstWindow).find((found) => found !== undefined);
  return expr.kind === 'convert' || expr.kind === 'inQuery' ? firstWindow(expr.value) : undefined;
}
/** Refuses a window function in `exprs` over rows without an order. */
export function requireOrder(input: Rel, exprs: readonly Expr[], translation: Translation): void {
  const call = exprs.map(firstWindow).find((found) => found !== undefined);
  if (call) requireOrderFor(call.name, input, call.place, translation);
}
/** The same for a function or plugin of this name. */
export function requireOrderFor(name: string, input: Rel, place: Place, translation: Translation): void {
  if (!isSerialized(input))
    emitContext(translation, place).refuse(
      `${name}() over rows without an order`,
      'Put sort, or serialize, before it.',
    );
}

/**
 * Row-context calls (prev, row_cumsum...) inside `exprs`, each computed as a hidden column beneath; the expressions
 * then refer to it.
 */
export function hoistWindows(
  relation: Relation,
  exprs: readonly Expr[],
  translation: Translation,
  translator: Translator,
): { readonly relation: Relation; readonly exprs: readonly Expr[] } {
  if (!exprs.some(hasWindow)) return hoistSubqueries(relation, exprs, translation, translator);
  let current = serialized(relation, translation);
  const replace = (expr: Expr): Expr => {
    if (!hasWindow(expr)) return expr;
    if (expr.kind === 'convert') return { ...expr, value: replace(expr.value) };
    if (expr.kind === 'inQuery') return { ...expr, value: replace(expr.value) };
    if (expr.kind === 'inArray') return { ...expr, value: replace(expr.value), array: replace(expr.array) };
    if (expr.kind !== 'call') return expr;
    const args = expr.args.map(replace);
    if (!WINDOWS.has(expr.name)) return { ...expr, args };
    const made = windowColumn({ ...expr, args }, current, translation, translator);
    current = made.relation;
    return { kind: 'column', name: made.column.name, type: made.column.type };
  };
  const replaced = exprs.map(replace);
  return hoistSubqueries(current, replaced, translation, translator);
}
/**
 * SQL lets no subquery stand inside a lambda, which some functions are made of: there it becomes a column of a one-row
 * table joined in.
 */
function hoistSubqueries(
  relation: Relation,
  exprs: readonly Expr[],
  translation: Translation,
  translator: Translator,
): { readonly relation: Relation; readonly exprs: readonly Expr[] } {
  let current = relation;
  const added = ({ column, from }: WithColumn): Expr => {
    current = { ...current, from, columns: [...current.columns, column] };
    return { kind: 'column', name: column.name, type: column.type };
  };
  const replace = (expr: Expr): Expr => {
    switch (expr.kind) {
      case 'subquery': {
        const own = dependsOnSubject(expr.rel) ? translator.rel(expr.rel) : undefined;
        if (own && own.partition.length > 0) return added(perSubtable(current, own, translation, expr));
        const value = translator.scalar(expr, () => undefined);
        const column = translation.hiddenColumn('q', value.type);
        const one = select({ items: [SQL`${value.sql} AS v`] });
        const items = [SQL`t.*`, as(SQL`q.v`, column.id)];
        return added({ column, from: select({ items, from: [current.from, 't'], beside: [[one, 'q']] }) });
      }
      case 'inQuery': {
        const test = { ...expr, value: replace(expr.value) };
        const column = translation.hiddenColumn('q', 'bool');
        const items = [SQL`t.*`, as(translator.scalar(test, lookupIn(current)).sql, column.id)];
        return added({ column, from: select({ items, from: [current.from, 't'] }) });
      }
      case 'call':
        return { ...expr, args: expr.args.map(replace) };
      case 'convert':
        return { ...expr, value: replace(expr.value) };
      case 'inArray':
        return { ...expr, value: replace(expr.value), array: replace(expr.array) };
      default:
        return expr;
    }
  };
  const lookup = lookupIn(relation);
  const replaced = exprs.map((expr) =>
    hasSubquery(expr) && (inputsOf(expr).some(dependsOnSubject) || translator.scalar(expr, lookup).sql.depth > 0)
      ? replace(expr)
      : expr,
  );
  return { relation: current, exprs: replaced };
}
/** Rows that have one column more. */
interface WithColumn {
  readonly from: Sql;
  readonly column: SqlColumn;
}
/** toscalar() over the rows of the subtable itself: one value for each subtable. */
function perSubtable(
  rows: Relation,
  own: Relation,
  translation: Translation,
  expr: Extract<Expr, { kind: 'subquery' }>,
): WithColumn {
  const wanted = own.columns[0];
  if (!wanted || own.partition.some((p) => !rows.partition.includes(p)))
    return emitContext(translation, expr.place).refuse('toscalar() over a subtable, here,');
  const column = translation.hiddenColumn('q', wanted.type);
  const partition = own.partition.map((p) => columnOf('t', p));
  const number = over(SQL`row_number()`, {
    partition,
    order: own.order.length > 0 ? orderSql(own.order) : undefined,
  });
  const first = select({
    items: [...partition, as(columnOf('t', wanted.id), named('v'))],
    from: [own.from, 't'],
    qualify: SQL`${number} = 1`,
  });
  const value = wanted.type === 'string' ? SQL`coalesce(q.v, '')` : SQL`q.v`;
  const from = select({
    items: [SQL`t.*`, as(value, column.id)],
    from: [rows.from, 't'],
    joins: [{ kind: 'LEFT JOIN', with: [first, 'q'], on: alike('t', 'q', own.partition) }],
  });
  return { from, column };
}
function hasSubquery(expr: Expr): boolean {
  switch (expr.kind) {
    case 'subquery':
    case 'inQuery':
      return true;
    case 'call':
      return expr.args.some(hasSubquery);
    case 'convert':
      return hasSubquery(expr.value);
    case 'inArray':
      return hasSubquery(expr.value) || hasSubquery(expr.array);
    default:
      return false;
  }
}
function hasWindow(expr: Expr): boolean {
  switch (expr.kind) {
    case 'call':
      return WINDOWS.has(expr.name) || expr.args.some(hasWindow);
    case 'convert':
    case 'inQuery':
      return hasWindow(expr.value);
    case 'inArray':
      return hasWindow(expr.value) || hasWindow(expr.array);
    default:
      return false;
  }
}
