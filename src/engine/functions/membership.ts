import type { KqlType } from '../../model/kqlType.ts';
import { SQL, bind, joined, textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { meetingType } from './comparison.ts';
import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { convertValue, literalExpr } from './convert.ts';
import { argument, foldCase, foldedSql, jsFunction, literalText } from './define.ts';
import { canonicalText, dynamicValue, jsonText } from './json.ts';
import type { Json } from './json.ts';

/** The values among which a dynamic has one looked for: arrays within arrays are one list, as the service has it. */
function flat(value: Json): Json[] {
  return Array.isArray(value) ? value.flatMap(flat) : [value];
}

const MEMBERS = jsFunction(
  'kql_members',
  ['dynamic'],
  'dynamic',
  (value) =>
    `[${flat(dynamicValue(value))
      .filter((item) => item !== null)
      .map(canonicalText)
      .join(',')}]`,
);
const CANONICAL = jsFunction('kql_canonical', ['dynamic'], 'dynamic', (value) => canonicalText(dynamicValue(value)));

/** A row for each value in a dynamic: an array's own, or the value itself; null is none. Canonical JSON texts. */
export function membersSql(value: Sql, ctx: EmitContext): Sql {
  return SQL`unnest(json_extract(${ctx.js(MEMBERS, value)}, '$[*]')::VARCHAR[])`;
}

/** A dynamic as the text that is the same for equal values. */
export function canonicalSql(value: Sql, ctx: EmitContext): Sql {
  return ctx.js(CANONICAL, value);
}

/** A value list as single literals where it is known (a dynamic array literal is taken apart), the rest as it is. */
function expand(values: readonly SqlExpr[], type: KqlType): SqlExpr[] {
  return values.flatMap((value) => {
    const list = value.type === 'dynamic' ? literalText(value) : undefined;
    if (list === undefined) return [value];
    const items = dynamicValue(list);
    return flat(items).map((item) =>
      literalExpr(
        convertValue(jsonText(item), 'dynamic', type === 'dynamic' ? 'string' : type) ?? null,
        type === 'dynamic' ? 'string' : type,
      ),
    );
  });
}

/** The type members are compared in: the subject's own, or for a dynamic subject that of the values. */
function memberType(subject: SqlExpr, values: readonly SqlExpr[]): KqlType {
  const typed = values.find((value) => value.type !== 'dynamic')?.type;
  if (subject.type === 'dynamic') return typed ?? 'string';
  return typed === undefined ? subject.type : (meetingType(subject.type, typed) ?? subject.type);
}

function memberOf(
  args: readonly SqlExpr[],
  ctx: EmitContext,
  insensitive: boolean,
): { sql: Sql; nullable: boolean; undecided?: Sql } {
  const subject = argument(args, 0, ctx);
  const type = memberType(subject, args.slice(1));
  const values = expand(args.slice(1), type);
  const x = ctx.convert(subject, type);
  const fold = insensitive && type === 'string' ? foldedSql : (sql: Sql) => sql;
  // A null compared with a null is undecided.
  const undecided = type !== 'string' && values.some((value) => value.literal === null) ? { undecided: x.sql } : {};
  const singles = values
    .filter((value) => value.type !== 'dynamic' && value.literal !== null)
    .map((value) => fold(ctx.convert(value, type).sql));
  const lists = values.filter((value) => value.type === 'dynamic');
  if (lists.length === 0)
    return singles.length === 0
      ? { sql: SQL`false`, nullable: false, ...undecided }
      : { sql: SQL`(${fold(x.sql)} IN (${singles}))`, nullable: type !== 'string', ...undecided };
  return {
    ...undecided,
    sql: bind([x.sql], (name) => {
      const inLists = lists.map((list) =>
        ctx.js(insensitive ? IN_LIST_FOLDED : IN_LIST, ctx.convert({ sql: name, type }, 'dynamic').sql, list.sql),
      );
      return SQL`(${joined([...(singles.length > 0 ? [SQL`coalesce(${fold(name)} IN (${singles}), false)`] : []), ...inLists], ' OR ')})`;
    }),
    nullable: false,
  };
}

const inList = (name: string, fold: (text: string) => string) =>
  jsFunction(name, ['dynamic', 'dynamic'], 'bool', (item, list) => {
    const wanted = fold(canonicalText(dynamicValue(item)));
    const items = dynamicValue(list);
    return items !== null && flat(items).some((value) => fold(canonicalText(value)) === wanted);
  });
const IN_LIST = inList('kql_in_list', (text) => text);
const IN_LIST_FOLDED = inList('kql_in_list_folded', foldCase);

/**
 * null is in no list (and so `!in` is true of it), but for a list that names null: a null compared with that is
 * undecided.
 */
function membership(name: 'in' | '!in' | 'in~' | '!in~'): ScalarFunction {
  const negative = name.startsWith('!'),
    insensitive = name.endsWith('~');
  return {
    name,
    emit: (args, ctx) => {
      const { sql, nullable, undecided } = memberOf(args, ctx, insensitive);
      const whole = nullable ? SQL`coalesce(${sql}, false)` : sql;
      const said = negative ? SQL`(NOT ${whole})` : whole;
      return undecided === undefined ? said : SQL`(CASE WHEN ${undecided} IS NOT NULL THEN ${said} END)`;
    },
    ...(negative
      ? {}
      : { filter: (args: readonly SqlExpr[], ctx: EmitContext) => memberOf(args, ctx, insensitive).sql }),
  };
}

/** `=~` and `!~`: strings without regard to case. */
function alike(name: '=~' | '!~'): ScalarFunction {
  return {
    name,
    emit: (args, ctx) => {
      const a = ctx.convert(argument(args, 0, ctx), 'string');
      const b = ctx.convert(argument(args, 1, ctx), 'string');
      const [left, right] = [literalText(a), literalText(b)];
      const side = (expr: SqlExpr, literal: string | undefined) =>
        literal === undefined ? foldedSql(expr.sql) : textSql(foldCase(literal));
      return SQL`(${side(a, left)} ${name === '=~' ? '=' : '<>'} ${side(b, right)})`;
    },
  };
}

/** `in`, `in~` and their negations over lists, and the equality without regard to case, `=~` and `!~`. */
export const membershipFunctions: readonly ScalarFunction[] = [
  membership('in'),
  membership('!in'),
  membership('in~'),
  membership('!in~'),
  alike('=~'),
  alike('!~'),
];
