import { SQL, bind, joined, textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, JsFunction, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, foldCase, foldedSql, jsFunction, literalText, scripted } from './define.ts';
import { dynamicValue, jsonToString } from './json.ts';

type Match = 'has' | 'hasprefix' | 'hassuffix' | 'contains' | 'startswith' | 'endswith';

const NOT_WORD = String.raw`[^\pL\pN]`;
const isAscii = (text: string) => /^[\u0000-\u007f]*$/.test(text);
const isWord = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char);

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/**
 * A term is a maximal run of letters and digits. `has` wants the needle where no term goes on at its ends; an end of
 * the needle that is no letter or digit needs no boundary.
 */
function termPattern(needle: string, match: Match): string {
  const chars = [...needle];
  const left = match !== 'hassuffix' && isWord(chars[0]) ? `(?:^|${NOT_WORD})` : '';
  const right = match !== 'hasprefix' && isWord(chars.at(-1)) ? `(?:$|${NOT_WORD})` : '';
  return left + escapeRegex(needle) + right;
}

/** The match on values, for needles that are not known at translation. */
function matchesText(text: string, needle: string, match: Match, sensitive: boolean): boolean {
  const [inside, part] = sensitive ? [text, needle] : [foldCase(text), foldCase(needle)];
  if (match === 'contains') return inside.includes(part);
  if (match === 'startswith') return inside.startsWith(part);
  if (match === 'endswith') return inside.endsWith(part);
  if (part === '') return true;
  const chars = [...part];
  for (let at = inside.indexOf(part); at >= 0; at = inside.indexOf(part, at + 1)) {
    const before = [...inside.slice(Math.max(0, at - 2), at)].at(-1),
      after = [...inside.slice(at + part.length, at + part.length + 2)][0];
    const leftOk = match === 'hassuffix' || !isWord(chars[0]) || !isWord(before);
    const rightOk = match === 'hasprefix' || !isWord(chars.at(-1)) || !isWord(after);
    if (leftOk && rightOk) return true;
  }
  return false;
}

/** One match in SQL; `text` is a string expression. */
function matchSql(text: Sql, needle: SqlExpr, match: Match, sensitive: boolean, ctx: EmitContext): Sql {
  const literal = literalText(needle);
  if (literal === undefined) {
    const fn: JsFunction = jsFunction(`kql_${match}${sensitive ? '_cs' : ''}`, ['string', 'string'], 'bool', (a, b) =>
      matchesText(String(a ?? ''), String(b ?? ''), match, sensitive),
    );
    return ctx.js(fn, text, needle.sql);
  }
  if (literal === '') return SQL`true`;
  const fold = sensitive ? (sql: Sql) => sql : foldedSql;
  const subject = fold(text);
  const part = sensitive ? literal : foldCase(literal),
    wanted = textSql(part);
  if (match === 'contains') return SQL`contains(${subject}, ${wanted})`;
  if (match === 'startswith') return SQL`starts_with(${subject}, ${wanted})`;
  if (match === 'endswith') return SQL`ends_with(${subject}, ${wanted})`;
  // RE2's own (?i) folds more letters into one than lower() does; with an ASCII needle it is the same thing.
  if (!sensitive && !isAscii(literal))
    return bind(
      [subject],
      (t) => SQL`(contains(${t}, ${wanted}) AND regexp_matches(${t}, ${textSql(termPattern(part, match))}))`,
    );
  const pattern = textSql((sensitive ? '' : '(?i)') + termPattern(literal, match));
  return bind([text], (t) => SQL`(contains(${fold(t)}, ${wanted}) AND regexp_matches(${t}, ${pattern}))`);
}

function matcher(name: Match): ScalarFunction[] {
  return [false, true].flatMap((sensitive) =>
    [false, true].map((negative): ScalarFunction => ({
      name: `${negative ? '!' : ''}${name}${sensitive ? '_cs' : ''}`,
      emit: (args, ctx) => {
        const sql = matchSql(
          ctx.convert(argument(args, 0, ctx), 'string').sql,
          ctx.convert(argument(args, 1, ctx), 'string'),
          name,
          sensitive,
          ctx,
        );
        return negative ? SQL`(NOT ${sql})` : sql;
      },
    })),
  );
}

/** Any or all of the needles: literals, dynamic arrays of them, or expressions. */
function several(name: 'has_any' | 'has_all'): ScalarFunction {
  return {
    name,
    emit: (args, ctx) =>
      bind([ctx.convert(argument(args, 0, ctx), 'string').sql], (text) => {
        const needles = args.slice(1).flatMap((needle) => {
          const list = needle.type === 'dynamic' ? literalText(needle) : undefined;
          return list === undefined
            ? [needle]
            : listItems(list).map((item): SqlExpr => ({ sql: textSql(item), type: 'string', literal: item }));
        });
        const words = needles.map(literalText);
        if (
          name === 'has_any' &&
          words.length > 3 &&
          words.every((word) => word !== undefined && word !== '' && isAscii(word))
        ) {
          return SQL`regexp_matches(${text}, ${textSql(`(?i)${words.map((word) => termPattern(word ?? '', 'has')).join('|')}`)})`;
        }
        const tests = needles.map((needle) =>
          needle.type === 'dynamic'
            ? ctx.js(manyOf(name), text, needle.sql)
            : matchSql(text, ctx.convert(needle, 'string'), 'has', false, ctx),
        );
        return tests.length === 0
          ? SQL`${name === 'has_all'}`
          : SQL`(${joined(tests, name === 'has_all' ? ' AND ' : ' OR ')})`;
      }),
  };
}

function listItems(json: string): string[] {
  const value = dynamicValue(json);
  return (Array.isArray(value) ? value : [value]).map(jsonToString);
}

function manyOf(name: 'has_any' | 'has_all'): JsFunction {
  return jsFunction(`kql_${name}`, ['string', 'dynamic'], 'bool', (text, list) => {
    const items = typeof list === 'string' ? listItems(list) : [];
    const test = (item: string) => matchesText(String(text ?? ''), item, 'has', false);
    return name === 'has_any' ? items.some(test) : items.every(test);
  });
}

/** `has`, `contains`, `startswith` and their kin, with and without case, negated, and over several terms. */
export const termFunctions: readonly ScalarFunction[] = [
  ...(['has', 'hasprefix', 'hassuffix', 'contains', 'startswith', 'endswith'] as const).flatMap(matcher),
  several('has_any'),
  several('has_all'),
  ...scripted('has_any_index', { params: ['string', 'dynamic'], returns: 'long' }, (text, list) =>
    BigInt(listItems(String(list ?? '[]')).findIndex((item) => matchesText(String(text ?? ''), item, 'has', false))),
  ),
];
