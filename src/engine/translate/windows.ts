import type { Expr } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import type { JsFunction } from '../functions/contract.ts';
import { orderSql, quoteId } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

const WINDOWS: ReadonlySet<string> = new Set(['prev', 'next', 'row_number', 'row_cumsum', 'row_rank_dense', 'row_rank_min', 'row_window_session']);

/** The rows with one hidden number that says their order, so that every window over them agrees on it. */
export function serialized(relation: Relation, translation: Translation): Relation {
  if (relation.order.length === 1 && relation.order[0]!.id.startsWith('"#s')) return relation;
  const id = translation.hidden('s');
  const parts = relation.partition.length > 0 ? `PARTITION BY ${relation.partition.map((p) => `t.${p}`).join(', ')} ` : '';
  const order = relation.order.length > 0 ? `ORDER BY ${orderSql(relation.order)}` : '';
  return { ...relation, from: `(SELECT *, row_number() OVER (${parts}${order}) AS ${id} FROM ${relation.from} AS t)`, order: [{ id, desc: false, nullsFirst: false }] };
}

/** Row-context calls (prev, row_cumsum...) inside `exprs`, each computed as a hidden column beneath; the expressions then refer to it. */
export function hoistWindows(relation: Relation, exprs: readonly Expr[], translation: Translation, translator: Translator): { readonly relation: Relation; readonly exprs: readonly Expr[] } {
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
/** SQL lets no subquery stand inside a lambda, which some functions are made of: there it becomes a column of a one-row table joined in. */
function hoistSubqueries(relation: Relation, exprs: readonly Expr[], translation: Translation, translator: Translator): { readonly relation: Relation; readonly exprs: readonly Expr[] } {
  let current = relation;
  const replace = (expr: Expr): Expr => {
    switch (expr.kind) {
      case 'subquery': {
        const value = translator.scalar(expr, () => undefined);
        const id = translation.hidden('q');
        const column: SqlColumn = { name: id.slice(1, -1), type: value.type, id };
        current = { ...current, from: `(SELECT t.*, q.v AS ${id} FROM ${current.from} AS t, (SELECT ${value.sql} AS v) AS q)`, columns: [...current.columns, column] };
        return { kind: 'column', name: column.name, type: column.type };
      }
      case 'inQuery': {
        const test = { ...expr, value: replace(expr.value) };
        const id = translation.hidden('q');
        current = { ...current, from: `(SELECT t.*, ${translator.scalar(test, lookupIn(current)).sql} AS ${id} FROM ${current.from} AS t)`, columns: [...current.columns, { name: id.slice(1, -1), type: 'bool', id }] };
        return { kind: 'column', name: id.slice(1, -1), type: 'bool' };
      }
      case 'call': return { ...expr, args: expr.args.map(replace) };
      case 'convert': return { ...expr, value: replace(expr.value) };
      case 'inArray': return { ...expr, value: replace(expr.value), array: replace(expr.array) };
      default: return expr;
    }
  };
  const lookup = lookupIn(relation);
  const replaced = exprs.map((expr) => (hasSubquery(expr) && /\blambda\b/.test(translator.scalar(expr, lookup).sql) ? replace(expr) : expr));
  return { relation: current, exprs: replaced };
}
function hasSubquery(expr: Expr): boolean {
  switch (expr.kind) {
    case 'subquery': case 'inQuery': return true;
    case 'call': return expr.args.some(hasSubquery);
    case 'convert': return hasSubquery(expr.value);
    case 'inArray': return hasSubquery(expr.value) || hasSubquery(expr.array);
    default: return false;
  }
}
function hasWindow(expr: Expr): boolean {
  switch (expr.kind) {
    case 'call': return WINDOWS.has(expr.name) || expr.args.some(hasWindow);
    case 'convert': case 'inQuery': return hasWindow(expr.value);
    case 'inArray': return hasWindow(expr.value) || hasWindow(expr.array);
    default: return false;
  }
}

function windowColumn(expr: Extract<Expr, { kind: 'call' }>, input: Relation, translation: Translation, translator: Translator): { relation: Relation; column: SqlColumn } {
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
    relation = { ...relation, from: `(SELECT *, ${sql} AS ${id} FROM ${relation.from} AS t)`, columns: [...relation.columns, column] };
    return column;
  };
  /** The number of the run since the last restart. */
  const group = (at: number): string[] => {
    const restart = value(at, 'bool');
    return restart ? [`t.${add(`count(*) FILTER (WHERE ${restart.sql}) OVER ${over()}`, 'long').id}`] : [];
  };
  switch (expr.name) {
    case 'prev': case 'next': {
      const x = value(0)!;
      const offset = value(1, 'long')?.sql ?? '1';
      const fallback = expr.args[2] ? value(2, x.type)!.sql : x.type === 'string' ? "''" : 'NULL';
      return { column: add(`${expr.name === 'prev' ? 'lag' : 'lead'}(${x.sql}, ${offset}, ${fallback}) OVER ${plainOver}`, x.type), relation };
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
      return { column: add(`(sum(${x.sql}) OVER ${over(...parts)})::${type === 'real' ? 'DOUBLE' : 'BIGINT'}`, type), relation };
    }
    case 'row_rank_dense': case 'row_rank_min': {
      const parts = group(1);
      const term = value(0)!.sql;
      const inGroup = `(${[...own, ...parts].length > 0 ? `PARTITION BY ${[...own, ...parts].join(', ')} ` : ''}ORDER BY ${serial})`;
      const changed = `t.${add(`(row_number() OVER ${inGroup} = 1 OR ${term} IS DISTINCT FROM lag(${term}) OVER ${inGroup})`, 'bool').id}`;
      if (expr.name === 'row_rank_dense') return { column: add(`(count(*) FILTER (WHERE ${changed}) OVER ${over(...parts)})::BIGINT`, 'long'), relation };
      const number = `t.${add(`row_number() OVER ${inGroup}`, 'long').id}`;
      return { column: add(`(max(${number}) FILTER (WHERE ${changed}) OVER ${over(...parts)})::BIGINT`, 'long'), relation };
    }
    default: return sessions();
  }

  /** Sessions depend on where the one before began, so one pass in JavaScript finds them: a list of starts by row number. */
  function sessions(): { relation: Relation; column: SqlColumn } {
    if (own.length > 0) return context.refuse('row_window_session() inside a subquery');
    const x = value(0, 'datetime')!;
    const limits = [1, 2].map((i) => context.convert(translator.scalar(expr.args[i]!, () => undefined), 'timespan').sql);
    const restart = value(3, 'bool')?.sql ?? 'FALSE';
    const numbers = quoteId(translation.hidden('n').slice(1, -1));
    const listed = `(SELECT string_agg(coalesce(${x.sql}::VARCHAR, '') || CASE WHEN ${restart} THEN '!' ELSE '' END, ',' ORDER BY ${serial}) FROM ${relation.from} AS t)`;
    const starts = `(SELECT string_split(${context.js(SESSIONS, listed, `(${limits[0]})::VARCHAR`, `(${limits[1]})::VARCHAR`)}, ',') AS v)`;
    const sql = `TRY_CAST(${numbers}.v[${serial}] AS BIGINT)`;
    const id = translation.hidden('w');
    const column: SqlColumn = { name: id.slice(1, -1), type: x.type, id };
    return { column, relation: { ...relation, from: `(SELECT t.*, ${sql} AS ${id} FROM ${relation.from} AS t, ${starts} AS ${numbers})`, columns: [...relation.columns, column] } };
  }
}

const SESSIONS: JsFunction = {
  name: 'kql_sessions', params: ['VARCHAR', 'VARCHAR', 'VARCHAR'], returns: 'VARCHAR',
  call: (list, fromFirst, between) => {
    if (typeof list !== 'string') return '';
    let first: bigint | undefined;
    let last: bigint | undefined;
    let start = '';
    const [far, near] = [BigInt(String(fromFirst)), BigInt(String(between))];
    return list.split(',').map((item) => {
      const restart = item.endsWith('!');
      const text = restart ? item.slice(0, -1) : item;
      // After a null the next value starts a session.
      if (text === '') { first = last = undefined; return ''; }
      const value = BigInt(text);
      if (first === undefined || last === undefined || restart || value >= first + far || value >= last + near) { first = value; start = text; }
      last = value;
      return start;
    }).join(',');
  },
};
