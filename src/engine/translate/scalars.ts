import { AppError } from '../../base/errors.ts';
import { refusal } from '../../kql/bind/refusal.ts';
import type { Expr, Place } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import { convertExpr } from '../functions/convert.ts';
import type { LiteralValue } from '../../kql/literal.ts';
import type { EmitContext, SqlExpr } from '../functions/contract.ts';
import { foldedSql, scriptCall } from '../functions/define.ts';
import { canonicalSql, membersSql } from '../functions/membership.ts';
import { findAggregate, findScalar } from '../functions/registry.ts';
import { SQL, atom, columnOf, joined, named, textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { as, select } from '../sql/statement.ts';
import type { Source } from '../sql/statement.ts';
import { missingSql, orderSql, sqlType } from './relation.ts';
import type { ColumnLookup, Translation, Translator } from './translation.ts';
import { parseDecimal } from '../../model/values/decimal.ts';

/** A literal in SQL. */
export function literalSql(type: KqlType, value: LiteralValue): SqlExpr {
  if (value === null) return { sql: missingSql(type), type, literal: type === 'string' ? '' : null };
  // As they are written, 1.0 and 1 would be two groups.
  const literal = type === 'decimal' ? (parseDecimal(String(value)) ?? String(value)) : value;
  return { sql: valueSql(type, literal), type, literal };
}
function valueSql(type: KqlType, value: NonNullable<LiteralValue>): Sql {
  if (typeof value === 'boolean') return value ? atom`TRUE` : atom`FALSE`;
  if (typeof value === 'string') return textSql(value);
  if (value === -9223372036854775808n) return atom`(-9223372036854775807-1)::BIGINT`;
  if (!Number.isFinite(Number(value))) return SQL`${textSql(String(value))}::DOUBLE`;
  // In brackets where a sign, of the number or of its exponent, would not bind as the cast does.
  const signed = typeof value === 'bigint' ? value < 0n : String(value).includes('-');
  return signed ? atom`(${value})::${sqlType(type)}` : atom`${value}::${sqlType(type)}`;
}

/** What functions may ask of this translation, for one call at `place`. */
export function emitContext(translation: Translation, place: Place, order?: Sql): EmitContext {
  const context: EmitContext = {
    now: translation.now,
    js(fn, ...args) {
      translation.functions.set(fn.name, fn);
      return scriptCall(fn, args);
    },
    convert: (expr, type) => (expr.type === type ? expr : convertExpr(expr, type, context)),
    ...(order ? { order } : {}),
    ...(translation.options.seed === undefined
      ? {}
      : { seed: { value: translation.options.seed, run: translation.run } }),
    ...(translation.options.places ? { places: translation.options.places } : {}),
    regex(sql) {
      translation.patterns.set(sql, place);
    },
    // Sentences begin with a capital; names of functions and operators are as they are written.
    refuse(what, wayAround) {
      throw refusal(
        /^(an?|the|conversion)\s/.test(what) ? what.charAt(0).toUpperCase() + what.slice(1) : what,
        place,
        wayAround,
      );
    },
  };
  return context;
}

const NEGATED: ReadonlySet<string> = new Set([
  '!has',
  '!contains',
  '!startswith',
  '!endswith',
  '!hasprefix',
  '!hassuffix',
  '!has_cs',
  '!contains_cs',
  '!startswith_cs',
  '!endswith_cs',
  '!hasprefix_cs',
  '!hassuffix_cs',
]);

/** The SQL of a scalar expression. */
export function scalarSql(
  expr: Expr,
  lookup: ColumnLookup,
  translation: Translation,
  translator: Translator,
  order?: Sql,
): SqlExpr {
  const inner = (e: Expr): SqlExpr => scalarSql(e, lookup, translation, translator, order);
  switch (expr.kind) {
    case 'literal':
      return literalSql(expr.type, expr.value);
    case 'column': {
      const found = lookup(expr.name, expr.side);
      if (!found) throw new AppError('bug.unknownColumn', `The column '${expr.name}' is not there where it is used.`);
      return found;
    }
    case 'convert':
      return emitContext(translation, expr.place).convert(inner(expr.value), expr.type);
    case 'call':
      return callSql(expr, inner, translation);
    case 'aggregate': {
      const fn = findAggregate(expr.name);
      const context = emitContext(translation, expr.place, order);
      if (!fn) return context.refuse(`The aggregate ${expr.name}()`);
      // Arguments stand on rows, not on groups: no aggregate may be inside. The condition of sumif() and its like
      // stands where null means false.
      const condition = expr.name === 'countif' ? 0 : expr.name.startsWith('covariance') ? 2 : 1;
      const args = expr.args.map((a, i) =>
        i === condition && expr.name.endsWith('if')
          ? ({ sql: SQL`(${conditionSql(a, lookup, translation, translator)})`, type: 'bool' } as const)
          : scalarSql(a, lookup, translation, translator),
      );
      return { sql: fn.emit(args, context, expr.type), type: expr.type };
    }
    case 'subquery': {
      const relation = translator.rel(expr.rel);
      const column = relation.columns[0];
      if (!column) throw refusal('toscalar() of a table without columns', expr.place);
      if (relation.partition.length > 0)
        throw refusal('toscalar() over a subtable, here,', expr.place, 'Compute it in an extend before.');
      const order = relation.order.length > 0 ? orderSql(relation.order) : undefined;
      const sql = select({ items: [columnOf('t', column.id)], from: [relation.from, 't'], order, limit: 1 });
      return { sql: expr.type === 'string' ? SQL`coalesce(${sql}, '')` : sql, type: column.type };
    }
    case 'inQuery':
      return inQuerySql(expr, inner, translation, translator);
    case 'inArray':
      return inArraySql(expr, inner, translation);
  }
}

function callSql(
  expr: Extract<Expr, { kind: 'call' }>,
  inner: (e: Expr) => SqlExpr,
  translation: Translation,
): SqlExpr {
  const context = emitContext(translation, expr.place);
  if (expr.name === 'pack_nonempty') return { sql: packNonEmpty(expr.args.map(inner), context), type: 'dynamic' };
  const fn = findScalar(expr.name);
  if (fn?.converts === expr.type && expr.args.length === 1) return context.convert(inner(expr.args[0]!), expr.type);
  if (fn) return { sql: fn.emit(expr.args.map(inner), context, expr.type), type: expr.type };
  const plain = NEGATED.has(expr.name) ? findScalar(expr.name.slice(1)) : undefined;
  if (plain) return { sql: SQL`(NOT ${plain.emit(expr.args.map(inner), context, 'bool')})`, type: 'bool' };
  return context.refuse(/^\w+$/.test(expr.name) ? `The function ${expr.name}()` : `The operator ${expr.name}`);
}

/** A condition where null means false: conjuncts use the forms DuckDB can push into a scan. */
export function conditionSql(expr: Expr, lookup: ColumnLookup, translation: Translation, translator: Translator): Sql {
  if (expr.kind === 'call' && expr.name === 'and')
    return joined(
      expr.args.map((a) => conditionSql(a, lookup, translation, translator)),
      ' AND ',
    );
  if (expr.kind === 'call') {
    const fn = findScalar(expr.name);
    if (fn?.filter)
      return fn.filter(
        expr.args.map((a) => scalarSql(a, lookup, translation, translator)),
        emitContext(translation, expr.place),
      );
  }
  const sql = scalarSql(expr, lookup, translation, translator);
  return sql.type === 'bool' ? sql.sql : emitContext(translation, { start: 0, length: 0 }).convert(sql, 'bool').sql;
}

/** Bag of the pairs whose value is neither null nor empty text. */
function packNonEmpty(args: readonly SqlExpr[], context: EmitContext): Sql {
  const pairs: Sql[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) {
    const value = args[i + 1]!;
    const empty = value.type === 'string' ? SQL`${value.sql} = ''` : SQL`${value.sql} IS NULL`;
    pairs.push(
      SQL`CASE WHEN ${empty} THEN NULL ELSE ${textSql(`${JSON.stringify(args[i]!.literal)}:`)} || ${context.convert(value, 'dynamic').sql} END`,
    );
  }
  return SQL`('{' || concat_ws(',', ${pairs.length === 0 ? SQL`NULL` : pairs}) || '}')`;
}

/** `x in (table)`: null is in nothing, as with a list; an array in the table is the values in it. */
function inQuerySql(
  expr: Extract<Expr, { kind: 'inQuery' }>,
  inner: (e: Expr) => SqlExpr,
  translation: Translation,
  translator: Translator,
): SqlExpr {
  const context = emitContext(translation, expr.place);
  const relation = translator.rel(expr.rel);
  const column = relation.columns[0];
  if (!column) return context.refuse('`in` over a table without columns');
  if (relation.partition.length > 0) return context.refuse('`in` over a subtable');
  const [negative, insensitive] = [expr.name.startsWith('!'), expr.name.endsWith('~')];
  const value = inner(expr.value);
  const type: KqlType = value.type === 'dynamic' ? column.type : value.type;
  const fold = (sql: Sql): Sql => (insensitive && (type === 'string' || type === 'dynamic') ? foldedSql(sql) : sql);
  const first = columnOf('t', column.id);
  const cell = column.type === 'dynamic' ? SQL`m.${named('v')}` : first;
  const item = context.convert({ sql: cell, type: column.type }, type).sql;
  // Arrays among the values are looked into, as in a list of literals.
  const from: Source =
    column.type === 'dynamic'
      ? [select({ items: [as(membersSql(first, context), named('v'))], from: [relation.from, 't'] }), 'm']
      : [relation.from, 't'];
  const list = select({ items: [fold(item)], from, where: [SQL`${item} IS NOT NULL`] });
  const wanted = context.convert(value, type).sql;
  const member = SQL`(${fold(type === 'dynamic' ? canonicalSql(wanted, context) : wanted)} IN ${list})`;
  return { sql: negative ? SQL`(NOT coalesce(${member}, FALSE))` : SQL`coalesce(${member}, FALSE)`, type: 'bool' };
}

/** `x in (dynamic array)`, the array a value of the row or of the query. */
function inArraySql(
  expr: Extract<Expr, { kind: 'inArray' }>,
  inner: (e: Expr) => SqlExpr,
  translation: Translation,
): SqlExpr {
  const fn = findScalar(expr.name);
  const context = emitContext(translation, expr.place);
  if (!fn) return context.refuse(`The operator ${expr.name}`);
  return { sql: fn.emit([inner(expr.value), inner(expr.array)], context, 'bool'), type: 'bool' };
}
