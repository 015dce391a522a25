import { SQL, bind, joined, lambda, textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, jsFunction, literalInteger, literalText, scalar, uncertainSql } from './define.ts';
import { dynamicValue } from './json.ts';
import { toRe2 } from './regexDialect.ts';
import { countPlain } from './strings.ts';

const text = (args: readonly SqlExpr[], index: number, ctx: EmitContext) =>
  ctx.convert(argument(args, index, ctx), 'string').sql;

/** Names of the capturing groups of an RE2 pattern in order ("" for one without a name). */
function capturingGroups(pattern: string): string[] {
  const names: string[] = [];
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === '\\') {
      if (pattern[i + 1] === 'Q') {
        const end = pattern.indexOf('\\E', i);
        i = end < 0 ? pattern.length : end;
      }
      i++;
    } else if (inClass) inClass = char !== ']';
    else if (char === '[') {
      inClass = true;
      if (pattern[i + 1] === '^') i++;
      if (pattern[i + 1] === ']') i++;
    } else if (char === '(') {
      const special = /^\(\?(?:P?<([^>]+)>)?/.exec(pattern.slice(i));
      if (!special) names.push('');
      else if (special[1] !== undefined) names.push(special[1]);
    }
  }
  return names;
}

/**
 * The SQL of `body` over the text and the pattern as RE2 in DuckDB reads it; text beyond ASCII has a pattern of its own
 * where classes differ there.
 */
function matching(source: Sql, regex: SqlExpr, ctx: EmitContext, body: (source: Sql, pattern: Sql) => Sql): Sql {
  const literal = literalText(regex);
  if (literal === undefined) return body(source, ctx.convert(regex, 'string').sql);
  const read = toRe2(literal);
  if ('foreign' in read) return ctx.refuse(`the regular expression '${literal}' with ${read.foreign}`);
  const [ascii, beyond] = [read.re2, read.beyondAscii].map((text) => (text === undefined ? undefined : textSql(text)));
  if (ascii === undefined) return body(source, textSql(literal));
  ctx.regex?.(ascii);
  if (beyond === undefined) return body(source, ascii);
  ctx.regex?.(beyond);
  return bind(
    [source],
    (s) => SQL`(CASE WHEN strlen(${s}) = length(${s}) THEN ${body(s, ascii)} ELSE ${body(s, beyond)} END)`,
  );
}

function emitExtract(args: readonly SqlExpr[], ctx: EmitContext, result: 'string' | SqlExpr['type']): Sql {
  const group = literalInteger(args[1]) ?? ctx.refuse('extract() with a capture group that is not a constant');
  if (group < 0n) return ctx.refuse('a capture group below 0 in extract()');
  if (result === 'dynamic')
    return ctx.refuse('extract() with typeof(dynamic)', 'read the text that extract() finds with parse_json()');
  const regex = argument(args, 0, ctx);
  const sql = matching(text(args, 2, ctx), regex, ctx, (source, pattern) =>
    group <= 9n
      ? SQL`regexp_extract(${source}, ${pattern}, ${group})`
      : highGroup(regex, pattern, Number(group), source, ctx),
  );
  return result === 'string' ? sql : ctx.convert({ sql, type: 'string' }, result).sql;
}

/**
 * DuckDB numbers groups up to 9 only; names take it further. A group the expression does not have is empty, as the
 * lower ones are.
 */
function highGroup(regex: SqlExpr, pattern: Sql, group: number, source: Sql, ctx: EmitContext): Sql {
  const literal =
    literalText(regex) ??
    ctx.refuse('extract() with a capture group above 9 of a regular expression that is not a constant');
  const count = capturingGroups(literal).length;
  if (group > count) return SQL`regexp_extract(${source}, ${pattern}, 9)[1:0]`;
  return SQL`coalesce(regexp_extract(${source}, ${pattern}, [${Array.from({ length: group }, (_, i) => textSql(`g${i + 1}`))}]).g${group}, '')`;
}

/**
 * Alternatives and optional groups: only then can a group have no part in a match, of which the documentation does not
 * say what stands for it.
 */
const MAY_SKIP_A_GROUP = /\)[?*{]|\|/;

/** All matches: of one group a flat array, of several an array of arrays; null where nothing matches. */
function emitExtractAll(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const regex = argument(args, 0, ctx);
  const literal = literalText(regex) ?? ctx.refuse('extract_all() with a regular expression that is not a constant');
  const names = capturingGroups(literal);
  if (names.length === 0)
    ctx.refuse(
      'extract_all() with a regular expression without a capture group',
      'put the part to extract in parentheses',
    );
  const groups = args.length > 2 ? chosenGroups(argument(args, 1, ctx), names, ctx) : names.map((_, i) => i + 1);
  const source = text(args, args.length - 1, ctx);
  return bind([source], (bound) =>
    matching(bound, regex, ctx, (s, pattern) => {
      const lists = groups.map((group) => SQL`regexp_extract_all(${s}, ${pattern}, ${group})`);
      const whole =
        lists.length === 1
          ? lists[0]!
          : SQL`list_transform(list_zip(${lists}), ${lambda(['z'], (z) => SQL`[${groups.map((_, i) => SQL`${z}[${i + 1}]`)}]`)})`;
      const found = SQL`nullif(CAST(to_json(${whole}) AS VARCHAR), '[]')`;
      if (!MAY_SKIP_A_GROUP.test(literal)) return found;
      const skipped = joined(
        lists.map((list) => SQL`list_aggregate(${list}, 'count') < len(${list})`),
        ' OR ',
      );
      return SQL`(CASE WHEN ${skipped} THEN ${uncertainSql('extract_all() where a capture group has no part in a match')} ELSE ${found} END)`;
    }),
  );
}

function chosenGroups(list: SqlExpr, names: readonly string[], ctx: EmitContext): number[] {
  const items = dynamicValue(literalText(list));
  if (!Array.isArray(items) || items.length === 0)
    return ctx.refuse('extract_all() with capture groups that are not a constant array');
  return items.map((item) => {
    const group = typeof item === 'string' ? names.indexOf(item) + 1 : Number(item);
    return group >= 1 && group <= names.length
      ? group
      : ctx.refuse(`extract_all() with a capture group that is not in the regular expression`);
  });
}

const emitReplace = (regex: SqlExpr, rewrite: SqlExpr, source: SqlExpr, ctx: EmitContext) =>
  matching(
    ctx.convert(source, 'string').sql,
    regex,
    ctx,
    (s, pattern) => SQL`regexp_replace(${s}, ${pattern}, ${ctx.convert(rewrite, 'string').sql}, 'g')`,
  );

/** Removes one match at the start, the end, or both. */
function emitTrim(args: readonly SqlExpr[], ctx: EmitContext, start: boolean, end: boolean): Sql {
  return matching(text(args, 1, ctx), argument(args, 0, ctx), ctx, (source, regex) => {
    const trimmed = start ? SQL`regexp_replace(${source}, '^(?:' || ${regex} || ')', '')` : source;
    return end ? SQL`regexp_replace(${trimmed}, '(?:' || ${regex} || ')$', '')` : trimmed;
  });
}

/** Stands before each match in the marked text: a character no text has. */
const MARK = '\u{fdd0}';

/** No text is longer, and the database counts no further. */
const LONGEST_TEXT = 2_147_483_646n;

/**
 * Place of the n-th match (they do not overlap) in characters: RE2 itself marks the matches, so the dialect and the
 * order are its own.
 */
function emitIndexOfRegex(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const [start, length, occurrence] = [args[2], args[3], args[4]].map((arg, i) =>
    arg === undefined ? [0n, -1n, 1n][i] : literalInteger(arg),
  );
  if (start === undefined || length === undefined || occurrence === undefined)
    return ctx.refuse('indexof_regex() with a start, length or occurrence that is not a constant');
  if (start < 0n || length < -1n || occurrence < 0n) return SQL`CAST(NULL AS BIGINT)`;
  const [from, most] = [start, length].map((n) => (n > LONGEST_TEXT ? LONGEST_TEXT : n)) as [bigint, bigint];
  const window = SQL`substring(${text(args, 0, ctx)}, ${from + 1n}${most < 0n ? '' : SQL`, ${most}`})`;
  const marked = matching(
    window,
    argument(args, 1, ctx),
    ctx,
    (source, pattern) => SQL`regexp_replace(${source}, '(' || ${pattern} || ')', ${textSql(`${MARK}\\1`)}, 'g')`,
  );
  return ctx.js(PLACE_OF_MARK, marked, SQL`${occurrence === 0n ? 1n : occurrence}`, SQL`${start}`);
}

const PLACE_OF_MARK = jsFunction(
  'kql_place_of_mark',
  ['string', 'long', 'long'],
  'long',
  (marked, occurrence, start) => {
    const parts = String(marked ?? '').split(MARK),
      wanted = Number(occurrence);
    return wanted >= parts.length
      ? -1n
      : BigInt.asIntN(64, BigInt([...parts.slice(0, wanted).join('')].length) + BigInt(Number(start)));
  },
);

/**
 * `matches regex`, extract(), replace_regex(), trim() and others with an RE2 expression, which is what DuckDB has too.
 */
export const regexFunctions: readonly ScalarFunction[] = [
  {
    name: 'matches regex',
    emit: (args, ctx) =>
      matching(text(args, 0, ctx), argument(args, 1, ctx), ctx, (s, pattern) => SQL`regexp_matches(${s}, ${pattern})`),
  },
  ...scalar('extract', emitExtract),
  ...scalar('extract_all extractall', emitExtractAll),
  ...scalar('replace_regex', (args, ctx) =>
    emitReplace(argument(args, 1, ctx), argument(args, 2, ctx), argument(args, 0, ctx), ctx),
  ),
  ...scalar('replace', (args, ctx) =>
    emitReplace(argument(args, 0, ctx), argument(args, 1, ctx), argument(args, 2, ctx), ctx),
  ),
  ...scalar('trim', (args, ctx) => emitTrim(args, ctx, true, true)),
  ...scalar('trim_start', (args, ctx) => emitTrim(args, ctx, true, false)),
  ...scalar('trim_end', (args, ctx) => emitTrim(args, ctx, false, true)),
  ...scalar('indexof_regex', emitIndexOfRegex),
  ...scalar('countof', (args, ctx) => {
    const kind = args.length > 2 ? literalText(args[2])?.toLowerCase() : 'normal';
    if (kind === 'regex')
      return matching(
        text(args, 0, ctx),
        argument(args, 1, ctx),
        ctx,
        (s, pattern) => SQL`CAST(len(regexp_extract_all(${s}, ${pattern})) AS BIGINT)`,
      );
    return kind === 'normal'
      ? ctx.js(countPlain, text(args, 0, ctx), text(args, 1, ctx))
      : ctx.refuse('countof() of a kind that is not a constant');
  }),
  ...scalar('regex_quote', (args, ctx) =>
    ctx.js(
      jsFunction('kql_regex_quote', ['string'], 'string', (value) =>
        String(value ?? '').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
      ),
      text(args, 0, ctx),
    ),
  ),
];
