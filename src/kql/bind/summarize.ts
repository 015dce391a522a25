import type { Column } from '../../model/kqlType.ts';
import { child, children, columnsOf, kindOf, need, symbolClass } from '../kusto.ts';
import type { SyntaxNode } from '../kustoApi.ts';
import type { AggregateItem, Assignment, Expr, Rel, SortKey, TopNestedLevel } from '../plan.ts';
import { placeOf, refuse } from './refusal.ts';
import { columnFor, converted } from './scalar.ts';
import { columnExpr } from './scope.ts';
import type { Binder, Scope } from './scope.ts';
import { bareOf, outputsOf, parameterText, widthOf } from './tree.ts';

const OF_MANY = new Set(['arg_max', 'arg_min', 'argmax', 'argmin', 'take_any', 'any']);

/** An aggregate expression; `arg_max(x, *)` and `take_any(*)` get the columns the star stands for. */
function bindAggregate(node: SyntaxNode, scope: Scope, binder: Binder, keys: readonly Assignment[] = []): Expr {
  const bare = bareOf(node);
  const name = (bare.ReferencedSymbol?.Name ?? '').toLowerCase();
  if (kindOf(bare) !== 'FunctionCallExpression' || !OF_MANY.has(name)) return binder.scalar(node, scope);
  const stars = symbolClass(bare.ResultType) === 'TupleSymbol' ? columnsOf(bare.ResultType) : [];
  // The old argmax and argmin put the name of what is compared before those of the columns they bring.
  const prefixed = name === 'argmax' || name === 'argmin';
  const starColumn = (c: Column, first: Column | undefined): Column | undefined =>
    scope.row.find(
      (r) =>
        r.name ===
        (prefixed && first && c.name.startsWith(`${first.name}_`) ? c.name.slice(first.name.length + 1) : c.name),
    );
  // A star for one column alone is no tuple.
  const single = scope.row
    .filter((c) => !keys.some((k) => k.expr.kind === 'column' && k.expr.name === c.name))
    .slice(0, 1);
  const fixed = children(need(bare, 'ArgumentList'), 'Expressions');
  const args = fixed.flatMap((arg, i) =>
    kindOf(arg) === 'StarExpression'
      ? (stars.length > 0 ? stars.slice(i) : i === 0 ? single : []).map((c) =>
          columnExpr(starColumn(c, stars[0]) ?? refuse(`The column '${c.name}' of *`, arg)),
        )
      : [binder.scalar(arg, scope)],
  );
  const first = args[0];
  return { kind: 'aggregate', name, args, type: first?.type ?? 'dynamic', place: placeOf(bare) };
}

/** `summarize`: keys and aggregates, one row for each group; without keys a single row. */
export function bindSummarize(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const columns = outputsOf(node);
  const row = scope.withRow(input.columns);
  const by = child(node, 'ByClause');
  if (by && child(by, 'BinClause'))
    return refuse('The old `bin=` clause of summarize', by, 'Use bin() in the by expressions.');
  const keys = (by ? children(by, 'Expressions') : []).map((key, i): Assignment => {
    const expr = binder.scalar(key, row);
    const column = columnFor(columns[i] ?? refuse('This grouping', key), expr);
    columns[i] = column;
    return { column, expr: converted(expr, column.type, key) };
  });
  const nodes = children(node, 'Aggregates');
  const widths = nodes.map((n) => widthOf(n));
  const rest = columns.length - keys.length;
  const sum = widths.reduce((a, b) => a + b, 0);
  if (sum !== rest) {
    const wide = widths.findIndex((w) => w > 1);
    if (wide < 0) return refuse('This list of aggregates', node);
    widths[wide] = (widths[wide] ?? 1) + rest - sum;
  }
  let at = keys.length;
  const items = nodes.map((n, i): AggregateItem => {
    const own = columns.slice(at, (at += widths[i] ?? 1));
    const expr = bindAggregate(n, row, binder, keys);
    if (own.length > 1 && expr.kind !== 'aggregate')
      return refuse(
        'A function of several columns over aggregates',
        n,
        'Summarize first, then extend with the function.',
      );
    const named = own.length === 1 ? serviceName(n, expr) : undefined;
    if (named !== undefined) columns[at - 1] = own[0] = { name: named, type: own[0]!.type };
    return { columns: own, expr };
  });
  return { kind: 'aggregate', input, keys, items, columns, place: placeOf(node) };
}

/** The names the service gives where Microsoft's own binder says another: both arguments of a covariance. */
function serviceName(node: SyntaxNode, expr: Expr): string | undefined {
  if (expr.kind !== 'aggregate' || !expr.name.startsWith('covariance') || kindOf(node) !== 'FunctionCallExpression')
    return undefined;
  const [x, y] = expr.args;
  return x?.kind === 'column' && y?.kind === 'column' ? `${expr.name}_${x.name}_${y.name}` : undefined;
}

/** The operator `count`. */
export function bindCount(node: SyntaxNode, input: Rel): Rel {
  const column: Column = { name: outputsOf(node)[0]?.name ?? 'Count', type: 'long' };
  const place = placeOf(node);
  return {
    kind: 'aggregate',
    input,
    keys: [],
    items: [{ columns: [column], expr: { kind: 'aggregate', name: 'count', args: [], type: 'long', place } }],
    columns: [column],
    place,
  };
}

/** Sort keys: descending unless said, nulls last when descending and first when ascending. */
export function bindSortKeys(nodes: readonly SyntaxNode[], scope: Scope, binder: Binder): SortKey[] {
  return nodes.map((n) => {
    const ordered = kindOf(n) === 'OrderedExpression';
    const ordering = ordered ? child(n, 'Ordering') : undefined;
    const desc = (ordering && child(ordering, 'AscOrDescKeyword')?.Text)?.toLowerCase() !== 'asc';
    const nulls = ordering && child(ordering, 'NullsClause');
    const said = nulls && child(nulls, 'FirstOrLastKeyword')?.Text?.toLowerCase();
    const expr = binder.scalar(ordered ? need(n, 'Expression') : n, scope);
    if (expr.type === 'dynamic')
      return refuse('An order by a dynamic value', n, 'Give it a type first, as in tolong(x) or tostring(x).');
    return { expr, desc, nullsFirst: said ? said === 'first' : !desc };
  });
}
/** `sort` and `order`, by the keys written; each says its own direction and where null goes. */
export function bindSort(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  return {
    kind: 'sort',
    input,
    keys: bindSortKeys(children(node, 'Expressions'), scope.withRow(input.columns), binder),
    columns: input.columns,
    place: placeOf(node),
  };
}
/** `top N by`: a sort, and the first rows of it. */
export function bindTop(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const keys = bindSortKeys([need(node, 'ByExpression')], scope.withRow(input.columns), binder);
  return {
    kind: 'take',
    input,
    count: binder.scalar(need(node, 'Expression'), scope),
    keys,
    columns: input.columns,
    place: placeOf(node),
  };
}

/** `top-nested`: levels of keys below keys, of each the first by a measure, and the others together where asked. */
export function bindTopNested(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const columns = outputsOf(node);
  const row = scope.withRow(input.columns);
  const levels = children(node, 'Clauses').map((clause, i): TopNestedLevel => {
    const [keyColumn, measureColumn] = [columns[2 * i], columns[2 * i + 1]];
    if (!keyColumn || !measureColumn) return refuse('This top-nested clause', clause);
    const ordered = need(clause, 'ByExpression');
    const [key] = bindSortKeys([ordered], row, binder);
    const count = child(clause, 'Expression');
    const others = child(clause, 'WithOthersClause');
    const of = need(clause, 'OfExpression');
    const named = others && binder.scalar(need(others, 'Expression'), scope);
    if (named && named.type !== keyColumn.type && !(named.type === 'long' && keyColumn.type === 'int'))
      return refuse(
        `top-nested with others of type ${named.type} beside keys of type ${keyColumn.type}`,
        clause,
        'Give it the type of the keys.',
      );
    return {
      ...(count ? { count: binder.scalar(count, scope) } : {}),
      ...(named ? { others: converted(named, keyColumn.type, clause) } : {}),
      key: { column: keyColumn, expr: converted(binder.scalar(of, row), keyColumn.type, of) },
      measure: { column: measureColumn, expr: key!.expr },
      desc: key!.desc,
    };
  });
  return { kind: 'topNested', input, levels, columns, place: placeOf(node) };
}

/** `top-hitters N of X by Y`: the N keys with the largest counts (or sums of Y). */
export function bindTopHitters(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const columns = outputsOf(node);
  const row = scope.withRow(input.columns);
  const place = placeOf(node);
  const by = child(node, 'ByClause');
  const of = need(node, 'OfExpression');
  const [keyColumn, measureColumn] = columns;
  if (!keyColumn || !measureColumn) return refuse('This top-hitters clause', node);
  const args = by ? [binder.scalar(need(by, 'Expression'), row)] : [];
  const measure: Expr = { kind: 'aggregate', name: by ? 'sum' : 'count', args, type: measureColumn.type, place };
  const grouped: Rel = {
    kind: 'aggregate',
    input,
    keys: [{ column: keyColumn, expr: binder.scalar(of, row) }],
    items: [{ columns: [measureColumn], expr: measure }],
    columns,
    place,
  };
  const most: Rel = {
    kind: 'take',
    input: grouped,
    count: binder.scalar(need(node, 'Expression'), scope),
    keys: [{ expr: columnExpr(measureColumn), desc: true, nullsFirst: false }],
    columns,
    place,
  };
  // The engine shows the least of them first; no order is promised.
  const least = { expr: columnExpr(measureColumn), desc: false, nullsFirst: true };
  return { kind: 'sort', input: most, keys: [least], columns, place };
}

/** `make-series`: aggregates over every step of a range as arrays, one row for each group, gaps filled. */
export function bindMakeSeries(node: SyntaxNode, input: Rel, scope: Scope, binder: Binder): Rel {
  const row = scope.withRow(input.columns);
  const by = child(node, 'ByClause');
  const keyNodes = by ? children(by, 'Expressions') : [];
  // Microsoft's binder gives some series the type of their elements.
  const columns = outputsOf(node).map((c, i): Column => (i < keyNodes.length ? c : { name: c.name, type: 'dynamic' }));
  const keys = keyNodes.map((key, i): Assignment => ({
    column: columns[i]!,
    expr: converted(binder.scalar(key, row), columns[i]!.type, key),
  }));
  const nodes = children(node, 'Aggregates');
  const items = nodes.map((n, i) => {
    const fill = child(n, 'DefaultExpression');
    const bound = bindAggregate(need(n, 'Expression'), row, binder);
    return {
      column: columns[keys.length + i]!,
      expr: bound,
      ...(fill ? { fill: binder.scalar(need(fill, 'Expression'), scope) } : {}),
    };
  });
  const wide = nodes.find((n) => widthOf(need(n, 'Expression')) > 1);
  if (wide || columns.length !== keys.length + items.length + 1)
    return refuse(
      'An aggregate of several columns in make-series',
      wide ?? node,
      'Make a series of each column by itself.',
    );
  const on = need(need(node, 'OnClause'), 'Expression');
  const axis: Assignment = {
    column: columns[keys.length + items.length] ?? refuse('This make-series', node),
    expr: binder.scalar(on, row),
  };
  const range = need(node, 'RangeClause');
  const inRange = kindOf(range) === 'MakeSeriesInRangeClause';
  const bounds = inRange ? children(need(range, 'Arguments'), 'Expressions') : [];
  const from = inRange ? bounds[0] : optional(range, 'MakeSeriesFromClause');
  const to = inRange ? bounds[1] : optional(range, 'MakeSeriesToClause');
  const step = inRange ? bounds[2] : optional(range, 'MakeSeriesStepClause');
  if (!step) return refuse('make-series without step', node);
  return {
    kind: 'makeSeries',
    input,
    items,
    axis,
    keys,
    inclusive: inRange,
    nonempty: parameterText(node, 'kind') === 'nonempty',
    columns,
    place: placeOf(node),
    step: binder.scalar(step, scope),
    ...(from ? { from: binder.scalar(from, scope) } : {}),
    ...(to ? { to: binder.scalar(to, scope) } : {}),
  };
}
function optional(node: SyntaxNode, clause: string): SyntaxNode | undefined {
  const found = child(node, clause);
  return found && need(found, 'Expression');
}
