import type { KqlType } from '../../model/kqlType.ts';
import { meetingType } from './comparison.ts';
import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { convertValue, literalExpr } from './convert.ts';
import { argument, bind, jsFunction, literalText } from './define.ts';
import { canonicalText, dynamicValue, jsonText } from './json.ts';

/** A value list as single literals where it is known (a dynamic array literal is taken apart), the rest as it is. */
function expand(values: readonly SqlExpr[], type: KqlType): SqlExpr[] {
  return values.flatMap((value) => {
    const list = value.type === 'dynamic' ? literalText(value) : undefined;
    if (list === undefined) return [value];
    const items = dynamicValue(list);
    return (Array.isArray(items) ? items : [items]).map((item) =>
      literalExpr(convertValue(jsonText(item), 'dynamic', type === 'dynamic' ? 'string' : type) ?? null, type === 'dynamic' ? 'string' : type));
  });
}

/** The type members are compared in: the subject's own, or for a dynamic subject that of the values. */
function memberType(subject: SqlExpr, values: readonly SqlExpr[]): KqlType {
  const typed = values.find((value) => value.type !== 'dynamic')?.type;
  if (subject.type === 'dynamic') return typed ?? 'string';
  return typed === undefined ? subject.type : meetingType(subject.type, typed) ?? subject.type;
}

function memberOf(args: readonly SqlExpr[], ctx: EmitContext, insensitive: boolean): { sql: string; nullable: boolean } {
  const subject = argument(args, 0, ctx);
  const type = memberType(subject, args.slice(1));
  const values = expand(args.slice(1), type);
  const x = ctx.convert(subject, type);
  const fold = (sql: string) => (insensitive && type === 'string' ? `lower(${sql})` : sql);
  const singles = values.filter((value) => value.type !== 'dynamic' && value.literal !== null).map((value) => fold(ctx.convert(value, type).sql));
  const lists = values.filter((value) => value.type === 'dynamic');
  if (lists.length === 0) return singles.length === 0 ? { sql: 'false', nullable: false } : { sql: `(${fold(x.sql)} IN (${singles.join(', ')}))`,
    nullable: type !== 'string' };
  return {
    sql: bind([x.sql], (name) => {
      const inLists = lists.map((list) => ctx.js(insensitive ? IN_LIST_FOLDED : IN_LIST, ctx.convert({ sql: name, type }, 'dynamic').sql, list.sql));
      return `(${[...(singles.length > 0 ? [`coalesce(${fold(name)} IN (${singles.join(', ')}), false)`] : []), ...inLists].join(' OR ')})`;
    }),
    nullable: false,
  };
}

const inList = (name: string, fold: (text: string) => string) => jsFunction(name, ['dynamic', 'dynamic'], 'bool', (item, list) => {
  const items = dynamicValue(list), wanted = fold(canonicalText(dynamicValue(item)));
  return Array.isArray(items) ? items.some((value) => fold(canonicalText(value)) === wanted) : items !== null && fold(canonicalText(items)) === wanted;
});
const IN_LIST = inList('kql_in_list', (text) => text);
const IN_LIST_FOLDED = inList('kql_in_list_folded', (text) => text.toLowerCase());

/** null is in no list (and so `!in` is true of it). */
function membership(name: 'in' | '!in' | 'in~' | '!in~'): ScalarFunction {
  const negative = name.startsWith('!'), insensitive = name.endsWith('~');
  return {
    name,
    emit: (args, ctx) => {
      const { sql, nullable } = memberOf(args, ctx, insensitive);
      const whole = nullable ? `coalesce(${sql}, false)` : sql;
      return negative ? `(NOT ${whole})` : whole;
    },
    ...(negative ? {} : { filter: (args: readonly SqlExpr[], ctx: EmitContext) => memberOf(args, ctx, insensitive).sql }),
  };
}

/** `=~` and `!~`: strings without regard to case. */
function alike(name: '=~' | '!~'): ScalarFunction {
  return {
    name,
    emit: (args, ctx) => {
      const side = (index: number) => {
        const text = ctx.convert(argument(args, index, ctx), 'string');
        const literal = literalText(text);
        return literal === undefined ? `lower(${text.sql})` : ctx.convert({ ...text, ...literalExpr(literal.toLowerCase(), 'string') }, 'string').sql;
      };
      return `(${side(0)} ${name === '=~' ? '=' : '<>'} ${side(1)})`;
    },
  };
}

export const membershipFunctions: readonly ScalarFunction[] = [membership('in'), membership('!in'), membership('in~'), membership('!in~'), alike('=~'),
  alike('!~')];
