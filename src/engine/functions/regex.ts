import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, bind, jsFunction, literalInteger, literalText, quote, scalar } from './define.ts';
import { dynamicValue } from './json.ts';
import { countPlain } from './strings.ts';

const text = (args: readonly SqlExpr[], index: number, ctx: EmitContext) => ctx.convert(argument(args, index, ctx), 'string').sql;

/** Names of the capturing groups of an RE2 pattern in order ("" for one without a name). */
function capturingGroups(pattern: string): string[] {
  const names: string[] = [];
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i];
    if (char === '\\') {
      if (pattern[i + 1] === 'Q') { const end = pattern.indexOf('\\E', i); i = end < 0 ? pattern.length : end; }
      i++;
    } else if (inClass) inClass = char !== ']';
    else if (char === '[') { inClass = true; if (pattern[i + 1] === '^') i++; if (pattern[i + 1] === ']') i++; }
    else if (char === '(') {
      const special = /^\(\?(?:P?<([^>]+)>)?/.exec(pattern.slice(i));
      if (!special) names.push('');
      else if (special[1] !== undefined) names.push(special[1]);
    }
  }
  return names;
}

/** A pattern as RE2 in DuckDB reads it: it knows the named group only as `(?P<name>`. */
function pattern(expr: SqlExpr, ctx: EmitContext): string {
  const literal = literalText(expr);
  if (literal === undefined) return ctx.convert(expr, 'string').sql;
  const sql = quote(literal.replace(/\(\?<(?=[A-Za-z_])/g, '(?P<'));
  ctx.regex?.(sql);
  return sql;
}

function emitExtract(args: readonly SqlExpr[], ctx: EmitContext, result: 'string' | SqlExpr['type']): string {
  const group = literalInteger(args[1]) ?? ctx.refuse('extract() with a capture group that is not a constant');
  if (group < 0n) return ctx.refuse('a capture group below 0 in extract()');
  const regex = argument(args, 0, ctx);
  const sql = group <= 9n ? `regexp_extract(${text(args, 2, ctx)}, ${pattern(regex, ctx)}, ${group})` : highGroup(regex, Number(group), text(args, 2, ctx), ctx);
  return result === 'string' ? sql : ctx.convert({ sql, type: 'string' }, result).sql;
}

/** DuckDB numbers groups up to 9 only; names take it further. A group the expression does not have is empty, as the lower ones are. */
function highGroup(regex: SqlExpr, group: number, source: string, ctx: EmitContext): string {
  const literal = literalText(regex) ?? ctx.refuse('extract() with a capture group above 9 of a regular expression that is not a constant');
  const count = capturingGroups(literal).length;
  if (group > count) return `regexp_extract(${source}, ${pattern(regex, ctx)}, 9)[1:0]`;
  return `coalesce(regexp_extract(${source}, ${pattern(regex, ctx)}, [${Array.from({ length: group }, (_, i) => `'g${i + 1}'`).join(', ')}]).g${group}, '')`;
}

/** All matches: of one group a flat array, of several an array of arrays; null where nothing matches. */
function emitExtractAll(args: readonly SqlExpr[], ctx: EmitContext): string {
  const regex = argument(args, 0, ctx);
  const literal = literalText(regex) ?? ctx.refuse('extract_all() with a regular expression that is not a constant');
  const names = capturingGroups(literal);
  if (names.length === 0) ctx.refuse('extract_all() with a regular expression without a capture group', 'put the part to extract in parentheses');
  const groups = args.length > 2 ? chosenGroups(argument(args, 1, ctx), names, ctx) : names.map((_, i) => i + 1);
  const source = text(args, args.length - 1, ctx);
  return bind([source], (s) => {
    const lists = groups.map((group) => `regexp_extract_all(${s}, ${pattern(regex, ctx)}, ${group})`);
    const whole = lists.length === 1 ? lists[0] : `list_transform(list_zip(${lists.join(', ')}), lambda z: [${groups.map((_, i) => `z[${i + 1}]`).join(', ')}])`;
    return `nullif(CAST(to_json(${whole}) AS VARCHAR), '[]')`;
  });
}

function chosenGroups(list: SqlExpr, names: readonly string[], ctx: EmitContext): number[] {
  const items = dynamicValue(literalText(list));
  if (!Array.isArray(items)) return ctx.refuse('extract_all() with capture groups that are not a constant array');
  return items.map((item) => {
    const group = typeof item === 'string' ? names.indexOf(item) + 1 : Number(item);
    return group >= 1 && group <= names.length ? group : ctx.refuse(`extract_all() with a capture group that is not in the regular expression`);
  });
}

const emitReplace = (regex: SqlExpr, rewrite: SqlExpr, source: SqlExpr, ctx: EmitContext) =>
  `regexp_replace(${ctx.convert(source, 'string').sql}, ${pattern(regex, ctx)}, ${ctx.convert(rewrite, 'string').sql}, 'g')`;

/** Removes all matches that stand in a row at the start, the end, or both. */
function emitTrim(args: readonly SqlExpr[], ctx: EmitContext, start: boolean, end: boolean): string {
  const regex = pattern(argument(args, 0, ctx), ctx);
  let sql = text(args, 1, ctx);
  if (start) sql = `regexp_replace(${sql}, '^(?:' || ${regex} || ')+', '')`;
  if (end) sql = `regexp_replace(${sql}, '(?:' || ${regex} || ')+$', '')`;
  return sql;
}

/** Stands before each match in the marked text: a character no text has. */
const MARK = '\u{fdd0}';

/** Place of the n-th match (they do not overlap) in characters: RE2 itself marks the matches, so the dialect and the order are its own. */
function emitIndexOfRegex(args: readonly SqlExpr[], ctx: EmitContext): string {
  const [start, length, occurrence] = [args[2], args[3], args[4]].map((arg, i) => (arg === undefined ? [0n, -1n, 1n][i] : literalInteger(arg)));
  if (start === undefined || length === undefined || occurrence === undefined) return ctx.refuse('indexof_regex() with a start, length or occurrence that is not a constant');
  if (start < 0n || length < -1n || occurrence < 0n) return 'CAST(NULL AS BIGINT)';
  const window = `substring(${text(args, 0, ctx)}, ${start + 1n}${length < 0n ? '' : `, ${length}`})`;
  const marked = `regexp_replace(${window}, '(' || ${pattern(argument(args, 1, ctx), ctx)} || ')', '${MARK}\\1', 'g')`;
  return ctx.js(PLACE_OF_MARK, marked, `${occurrence === 0n ? 1n : occurrence}`, `${start}`);
}

const PLACE_OF_MARK = jsFunction('kql_place_of_mark', ['string', 'long', 'long'], 'long', (marked, occurrence, start) => {
  const parts = String(marked ?? '').split(MARK), wanted = Number(occurrence);
  return wanted >= parts.length ? -1n : BigInt.asIntN(64, BigInt([...parts.slice(0, wanted).join('')].length) + BigInt(Number(start)));
});

export const regexFunctions: readonly ScalarFunction[] = [
  { name: 'matches regex', emit: (args, ctx) => `regexp_matches(${text(args, 0, ctx)}, ${pattern(argument(args, 1, ctx), ctx)})` },
  ...scalar('extract', emitExtract),
  ...scalar('extract_all extractall', emitExtractAll),
  ...scalar('replace_regex', (args, ctx) => emitReplace(argument(args, 1, ctx), argument(args, 2, ctx), argument(args, 0, ctx), ctx)),
  ...scalar('replace', (args, ctx) => emitReplace(argument(args, 0, ctx), argument(args, 1, ctx), argument(args, 2, ctx), ctx)),
  ...scalar('trim', (args, ctx) => emitTrim(args, ctx, true, true)),
  ...scalar('trim_start', (args, ctx) => emitTrim(args, ctx, true, false)),
  ...scalar('trim_end', (args, ctx) => emitTrim(args, ctx, false, true)),
  ...scalar('indexof_regex', emitIndexOfRegex),
  ...scalar('countof', (args, ctx) => {
    const kind = args.length > 2 ? literalText(args[2])?.toLowerCase() : 'normal';
    if (kind === 'regex') return `CAST(len(regexp_extract_all(${text(args, 0, ctx)}, ${pattern(argument(args, 1, ctx), ctx)})) AS BIGINT)`;
    return kind === 'normal' ? ctx.js(countPlain, text(args, 0, ctx), text(args, 1, ctx)) : ctx.refuse('countof() of a kind that is not a constant');
  }),
  ...scalar('regex_quote', (args, ctx) => ctx.js(jsFunction('kql_regex_quote', ['string'], 'string', (value) =>
    String(value ?? '').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')), text(args, 0, ctx))),
];
