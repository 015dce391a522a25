import type { Expr, Rel } from '../../kql/plan.ts';
import { inputsOf } from '../../kql/prune.ts';
import type { KqlType } from '../../model/kqlType.ts';
import type { JsFunction } from '../functions/contract.ts';
import { orderSql, quoteId } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { emitContext } from './scalars.ts';
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
  if (relation.order.length === 1 && relation.order[0]!.id.startsWith('"#s')) return relation;
  const id = translation.hidden('s');
  const parts =
    relation.partition.length > 0 ? `PARTITION BY ${relation.partition.map((p) => `t.${p}`).join(', ')} ` : '';
  const order = relation.order.length > 0 ? `ORDER BY ${orderSql(relation.order)}` : '';
  return {
    ...relation,
    from: `(SELECT *, row_number() OVER (${parts}${order}) AS ${id} FROM ${relation.from} AS t)`,
    order: [{ id, desc: false, nullsFirst: false }],
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
  if (call && !isSerialized(input))
    emitContext(translation, call.place).refuse(
      `${call.name}() over rows without an order`,
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
  const replace = (expr: Expr): Expr => {
    switch (expr.kind) {
      case 'subquery': {
        const id = translation.hidden('q');
        const own = dependsOnSubject(expr.rel) ? translator.rel(expr.rel) : undefined;
        if (own && own.partition.length > 0) {
          current = perSubtable(current, own, id, translation, expr);
          return { kind: 'column', name: id.slice(1, -1), type: own.columns[0]!.type };
        }
        const value = translator.scalar(expr, () => undefined);
        const column: SqlColumn = { name: id.slice(1, -1), type: value.type, id };
        current = {
          ...current,
          from: `(SELECT t.*, q.v AS ${id} FROM ${current.from} AS t, (SELECT ${value.sql} AS v) AS q)`,
          columns: [...current.columns, column],
        };
        return { kind: 'column', name: column.name, type: column.type };
      }
      case 'inQuery': {
        const test = { ...expr, value: replace(expr.value) };
        const id = translation.hidden('q');
        current = {
          ...current,
          from: `(SELECT t.*, ${translator.scalar(test, lookupIn(current)).sql} AS ${id} FROM ${current.from} AS t)`,
          columns: [...current.columns, { name: id.slice(1, -1), type: 'bool', id }],
        };
        return { kind: 'column', name: id.slice(1, -1), type: 'bool' };
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
    hasSubquery(expr) &&
    (inputsOf(expr).some(dependsOnSubject) || /\blambda\b/.test(translator.scalar(expr, lookup).sql))
      ? replace(expr)
      : expr,
  );
  return { relation: current, exprs: replaced };
}
/** toscalar() over the rows of the subtable itself: one value for each subtable. */
function perSubtable(
  rows: Relation,
  own: Relation,
  id: string,
  translation: Translation,
  expr: Extract<Expr, { kind: 'subquery' }>,
): Relation {
  const column = own.columns[0];
  if (!column || own.partition.some((p) => !rows.partition.includes(p)))
    return emitContext(translation, expr.place).refuse('toscalar() over a subtable, here,');
  const order = own.order.length > 0 ? ` ORDER BY ${orderSql(own.order)}` : '';
  const parts = own.partition.map((p) => `t.${p}`).join(', ');
  const first = `(SELECT ${parts}, t.${column.id} AS v FROM ${own.from} AS t QUALIFY row_number() OVER (PARTITION BY ${parts}${order}) = 1)`;
  const value = column.type === 'string' ? "coalesce(q.v, '')" : 'q.v';
  return {
    ...rows,
    columns: [...rows.columns, { name: id.slice(1, -1), type: column.type, id }],
    from: `(SELECT t.*, ${value} AS ${id} FROM ${rows.from} AS t LEFT JOIN ${first} AS q ON ${own.partition.map((p) => `t.${p} IS NOT DISTINCT FROM q.${p}`).join(' AND ')})`,
  };
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

function windowColumn(
  expr: Extract<Expr, { kind: 'call' }>,
  input: Relation,
  translation: Translation,
  translator: Translator,
): { relation: Relation; column: SqlColumn } {
  const context = emitContext(translation, expr.place);
  const serial = `t.${input.order[0]!.id}`;
  const own = input.partition.map((p) => `t.${p}`);
  let relation = input;
  const value = (i: number, type?: KqlType): { sql: string; type: KqlType } | undefined => {
    const arg = expr.args[i];
    if (!arg) return undefined;
    const made = translator.scalar(arg, lookupIn(relation));
    return type ? context.convert(made, type) : made;
  };
  const over = (...more: readonly string[]): string => {
    const parts = [...own, ...more];
    return `(${parts.length > 0 ? `PARTITION BY ${parts.join(', ')} ` : ''}ORDER BY ${serial} ROWS UNBOUNDED PRECEDING)`;
  };
  const plainOver = `(${own.length > 0 ? `PARTITION BY ${own.join(', ')} ` : ''}ORDER BY ${serial})`;
  const add = (sql: string, type: KqlType): SqlColumn => {
    const id = translation.hidden('w');
    const column: SqlColumn = { name: id.slice(1, -1), type, id };
    relation = {
      ...relation,
      from: `(SELECT *, ${sql} AS ${id} FROM ${relation.from} AS t)`,
      columns: [...relation.columns, column],
    };
    return column;
  };
  /** The number of the run since the last restart. */
  const group = (at: number): string[] => {
    const restart = value(at, 'bool');
    return restart ? [`t.${add(`count(*) FILTER (WHERE ${restart.sql}) OVER ${over()}`, 'long').id}`] : [];
  };
  switch (expr.name) {
    case 'prev':
    case 'next': {
      const x = value(0)!;
      const offset = value(1, 'long')?.sql ?? '1';
      const fallback = expr.args[2] ? value(2, x.type)!.sql : x.type === 'string' ? "''" : 'NULL';
      return {
        column: add(
          `${expr.name === 'prev' ? 'lag' : 'lead'}(${x.sql}, ${offset}, ${fallback}) OVER ${plainOver}`,
          x.type,
        ),
        relation,
      };
    }
    case 'row_number': {
      const start = value(0, 'long')?.sql ?? '1';
      return { column: add(`(${start} + row_number() OVER ${over(...group(1))} - 1)::BIGINT`, 'long'), relation };
    }
    case 'row_cumsum': {
      const parts = group(1);
      const x = value(0)!;
      if (x.type === 'decimal') return context.refuse('row_cumsum() of decimals');
      const type = x.type === 'int' ? 'long' : x.type;
      return {
        column: add(`(sum(${x.sql}) OVER ${over(...parts)})::${type === 'real' ? 'DOUBLE' : 'BIGINT'}`, type),
        relation,
      };
    }
    case 'row_rank_dense':
    case 'row_rank_min': {
      const parts = group(1);
      const term = value(0)!.sql;
      const inGroup = `(${[...own, ...parts].length > 0 ? `PARTITION BY ${[...own, ...parts].join(', ')} ` : ''}ORDER BY ${serial})`;
      const changed = `t.${add(`(row_number() OVER ${inGroup} = 1 OR ${term} IS DISTINCT FROM lag(${term}) OVER ${inGroup})`, 'bool').id}`;
      if (expr.name === 'row_rank_dense')
        return { column: add(`(count(*) FILTER (WHERE ${changed}) OVER ${over(...parts)})::BIGINT`, 'long'), relation };
      const number = `t.${add(`row_number() OVER ${inGroup}`, 'long').id}`;
      return {
        column: add(`(max(${number}) FILTER (WHERE ${changed}) OVER ${over(...parts)})::BIGINT`, 'long'),
        relation,
      };
    }
    default:
      return sessions();
  }

  /**
   * Sessions depend on where the one before began, so one pass in JavaScript finds them: a list of starts by row
   * number.
   */
  function sessions(): { relation: Relation; column: SqlColumn } {
    const x = value(0, 'datetime')!;
    const limits = [1, 2].map(
      (i) =>
        context.convert(
          translator.scalar(expr.args[i]!, () => undefined),
          'timespan',
        ).sql,
    );
    const restart = value(3, 'bool')?.sql ?? 'FALSE';
    const numbers = quoteId(translation.hidden('n').slice(1, -1));
    const listed = `SELECT ${[...own, `string_agg(coalesce(${x.sql}::VARCHAR, '') || CASE WHEN ${restart} THEN '!' ELSE '' END, ',' ORDER BY ${serial}) AS s`].join(', ')} FROM ${relation.from} AS t${own.length > 0 ? ` GROUP BY ${own.join(', ')}` : ''}`;
    const starts = `(SELECT *, string_split(${context.js(SESSIONS, 's', `(${limits[0]})::VARCHAR`, `(${limits[1]})::VARCHAR`)}, ',') AS v FROM (${listed}))`;
    const beside = input.partition.map((p) => `t.${p} IS NOT DISTINCT FROM ${numbers}.${p}`).join(' AND ') || 'TRUE';
    const sql = `TRY_CAST(${numbers}.v[${serial}] AS BIGINT)`;
    const id = translation.hidden('w');
    const column: SqlColumn = { name: id.slice(1, -1), type: x.type, id };
    return {
      column,
      relation: {
        ...relation,
        from: `(SELECT t.*, ${sql} AS ${id} FROM ${relation.from} AS t JOIN ${starts} AS ${numbers} ON ${beside})`,
        columns: [...relation.columns, column],
      },
    };
  }
}

const SESSIONS: JsFunction = {
  name: 'kql_sessions',
  params: ['VARCHAR', 'VARCHAR', 'VARCHAR'],
  returns: 'VARCHAR',
  call: (list, fromFirst, between) => {
    if (typeof list !== 'string') return '';
    let first: bigint | undefined;
    let last: bigint | undefined;
    let start = '';
    const [far, near] = [BigInt(String(fromFirst)), BigInt(String(between))];
    return list
      .split(',')
      .map((item) => {
        const restart = item.endsWith('!');
        const text = restart ? item.slice(0, -1) : item;
        // After a null the next value starts a session.
        if (text === '') {
          first = last = undefined;
          return '';
        }
        const value = BigInt(text);
        if (first === undefined || last === undefined || restart || value >= first + far || value >= last + near) {
          first = value;
          start = text;
        }
        last = value;
        return start;
      })
      .join(',');
  },
};
