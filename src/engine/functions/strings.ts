import { SQL, bind, joined } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import type { EmitContext, ScalarFunction, SqlExpr } from './contract.ts';
import { argument, callJs, jsFunction, literalInteger, scalar, scripted } from './define.ts';
import { dynamicValue, jsonText, jsonToString, physicalDynamic, type Json } from './json.ts';

const text = (args: readonly SqlExpr[], index: number, ctx: EmitContext) =>
  ctx.convert(argument(args, index, ctx), 'string').sql;
const str = (value: unknown) => (typeof value === 'string' ? value : '');

/** Positions count code points, as Kusto's do; most text has one per UTF-16 unit. */
function codePoints(value: string): string | string[] {
  return /[\uD800-\uDFFF]/.test(value) ? [...value] : value;
}

function slice(value: string, start: number, end?: number): string {
  const units = codePoints(value);
  return typeof units === 'string' ? units.slice(start, end) : units.slice(start, end).join('');
}

/** substring: a negative start counts from the end (nothing beyond it), a length below zero leaves nothing. */
function substring(value: string, start: number, length: number | undefined): string {
  const total = codePoints(value).length;
  const from = start < 0 ? total + start : start;
  return from < 0 ? '' : slice(value, from, length === undefined ? undefined : Math.max(from, from + length));
}

function emitSubstring(args: readonly SqlExpr[], ctx: EmitContext): Sql {
  const start = literalInteger(args[1]),
    length = args.length > 2 ? literalInteger(args[2]) : -1n;
  if (start !== undefined && start >= 0n && length !== undefined && (args.length === 2 || length >= 0n)) {
    return SQL`substring(${text(args, 0, ctx)}, ${start + 1n}${args.length > 2 ? SQL`, ${length}` : ''})`;
  }
  return callJs(ctx, 'kql_substring', args, ['string', 'long', 'long'], 'string', (value, from, count) =>
    from === null || count === null
      ? ''
      : substring(str(value), Number(from), count === undefined ? undefined : Number(count)),
  );
}

/**
 * The n-th place of `match`, each looked for within `length` characters from where the one before ended; -1 where there
 * is none, null where the arguments make no sense or nothing is looked for.
 */
export function indexOf(source: string, match: string, start = 0, length = -1, occurrence = 1): bigint | null {
  if (match === '' || length < -1 || occurrence < 0) return null;
  const units = [...source],
    wanted = [...match];
  let from = start < 0 ? Math.max(0, units.length + start) : start;
  for (let left = Math.max(occurrence, 1); ; left--) {
    const end = (length < 0 ? units.length : Math.min(units.length, from + length)) - wanted.length;
    while (from <= end && !wanted.every((char, i) => units[from + i] === char)) from++;
    if (from > end) return -1n;
    if (left === 1) return BigInt(from);
    from += Math.max(1, wanted.length);
  }
}

function countOf(source: string, search: string): bigint {
  if (search === '') return 0n;
  let count = 0n;
  for (let at = source.indexOf(search); at >= 0; at = source.indexOf(search, at + 1)) count++;
  return count;
}

/**
 * translate: each character of `search` becomes the one at its place in `replacement`, whose last goes on for the rest.
 */
function translate(search: string, replacement: string, source: string): string {
  const from = [...search],
    to = [...replacement];
  const map = new Map(from.map((char, i) => [char, to[i] ?? to.at(-1) ?? ''] as const).reverse());
  return [...source].map((char) => map.get(char) ?? char).join('');
}

function splitText(source: string, delimiter: string): string[] {
  return delimiter === '' ? [...source] : source.split(delimiter);
}

/**
 * Each search text takes its places in what the ones before it have left untouched; one whose replacement is no text
 * stays as it is.
 */
function replaceStrings(source: string, pairs: readonly (readonly [string, string])[]): string {
  let pieces: { text: string; done: boolean }[] = [{ text: source, done: false }];
  for (const [search, replacement] of pairs) {
    if (search === '') continue;
    pieces = pieces.flatMap((piece) =>
      piece.done
        ? [piece]
        : piece.text
            .split(search)
            .flatMap((text, i) => [...(i > 0 ? [{ text: replacement, done: true }] : []), { text, done: false }]),
    );
  }
  return pieces.map(({ text }) => text).join('');
}

const strcatArray = (value: unknown, delimiter: string): string => {
  const list = dynamicValue(value);
  return Array.isArray(list) ? list.map(jsonToString).join(delimiter) : '';
};

/** Lengths, cases, joining, splitting, replacing and searching of texts, and their code points. */
export const stringFunctions: readonly ScalarFunction[] = [
  ...scalar('strlen', (args, ctx) => SQL`CAST(length(${text(args, 0, ctx)}) AS BIGINT)`),
  ...scalar('string_size', (args, ctx) => SQL`CAST(octet_length(encode(${text(args, 0, ctx)})) AS BIGINT)`),
  ...scalar('tolower', (args, ctx) => SQL`lower(${text(args, 0, ctx)})`),
  ...scalar('toupper', (args, ctx) => SQL`upper(${text(args, 0, ctx)})`),
  ...scalar('reverse', (args, ctx) =>
    ctx.js(
      jsFunction('kql_reverse', ['string'], 'string', (value) => [...str(value)].reverse().join('')),
      text(args, 0, ctx),
    ),
  ),
  ...scalar(
    'strcat',
    (args, ctx) =>
      SQL`(${joined(
        args.map((_, i) => text(args, i, ctx)),
        ' || ',
      )})`,
  ),
  // One call, not a chain of operators: search over wide tables joins dozens of columns, and a chain takes the database
  // long to plan.
  ...scalar('strcat_delim', (args, ctx) => SQL`concat_ws(${args.map((_, i) => text(args, i, ctx))})`),
  ...scripted(
    'strcat_array array_strcat',
    { params: ['dynamic', 'string'], optional: 1, returns: 'string' },
    (list, delimiter) => strcatArray(list, str(delimiter)),
  ),
  ...scalar('substring', emitSubstring),
  ...scalar('strcmp', (args, ctx) =>
    bind(
      [text(args, 0, ctx), text(args, 1, ctx)],
      (a, b) => SQL`CAST(CASE WHEN ${a} < ${b} THEN -1 WHEN ${a} > ${b} THEN 1 ELSE 0 END AS BIGINT)`,
    ),
  ),
  ...scripted(
    'strrep',
    { params: ['string', 'long', 'string'], optional: 1, returns: 'string' },
    (value, times, delimiter) =>
      Array.from({ length: Math.max(0, Math.min(1024, Number(times ?? 0))) }, () => str(value)).join(str(delimiter)),
  ),
  ...scripted(
    'indexof',
    { params: ['string', 'string', 'long', 'long', 'long'], optional: 3, returns: 'long' },
    (source, match, start, length, occurrence) =>
      start === null || length === null || occurrence === null
        ? null
        : indexOf(str(source), str(match), Number(start ?? 0), Number(length ?? -1), Number(occurrence ?? 1)),
  ),
  ...scripted(
    'translate',
    { params: ['string', 'string', 'string'], returns: 'string' },
    (search, replacement, source) => translate(str(search), str(replacement), str(source)),
  ),
  ...scalar(
    'replace_string',
    (args, ctx) => SQL`replace(${text(args, 0, ctx)}, ${text(args, 1, ctx)}, ${text(args, 2, ctx)})`,
  ),
  ...scripted(
    'replace_strings',
    { params: ['string', 'dynamic', 'dynamic'], returns: 'string' },
    (source, search, replacements) => {
      const from = dynamicValue(search),
        to = dynamicValue(replacements);
      if (!Array.isArray(from) || !Array.isArray(to) || from.length !== to.length) return '';
      return replaceStrings(
        str(source),
        from.flatMap((word, i) => {
          const by = to[i];
          return typeof word === 'string' ? [[word, typeof by === 'string' ? by : word] as const] : [];
        }),
      );
    },
  ),
  ...scripted(
    'split',
    { params: ['string', 'string', 'long'], optional: 1, returns: 'dynamic' },
    (source, delimiter, index) => {
      const parts = splitText(str(source), str(delimiter));
      if (index === undefined || index === null) return jsonText(parts);
      const part = Number(index) < 0 ? undefined : parts[Number(index)];
      return part === undefined ? null : jsonText([part]);
    },
  ),
  ...scalar('tohex', (args, ctx) => {
    const bits = argument(args, 0, ctx).type === 'int' ? 32 : 64;
    return callJs(ctx, `kql_tohex_${bits}`, args, ['long', 'long'], 'string', (value, minimum) =>
      typeof value === 'bigint'
        ? BigInt.asUintN(bits, value)
            .toString(16)
            .padStart(Math.min(Number(minimum ?? 0), 16), '0')
        : '',
    );
  }),
  ...scripted('unicode_codepoints_from_string to_utf8', { params: ['string'], returns: 'dynamic' }, (value) =>
    jsonText([...str(value)].map((char) => BigInt(char.codePointAt(0) ?? 0))),
  ),
  ...scripted(
    'unicode_codepoints_to_string make_string',
    { params: ['dynamic'], rest: 'dynamic', returns: 'string' },
    (...parts) => {
      const points = parts.flatMap((part): Json[] => {
        const value = dynamicValue(part);
        return Array.isArray(value) ? value : [value];
      });
      return points
        .map((point) =>
          typeof point === 'bigint' && point >= 0n && point <= 0x10ffffn ? String.fromCodePoint(Number(point)) : '',
        )
        .join('');
    },
  ),
  ...scripted('isascii', { params: ['string'], returns: 'bool' }, (value) => /^[\u0000-\u007f]*$/.test(str(value))),
  ...scripted('isutf8', { params: ['string'], returns: 'bool' }, (value) => !/\p{Surrogate}/u.test(str(value))),
  ...scripted('parse_command_line', { params: ['string', 'string'], returns: 'dynamic' }, (line, kind) =>
    str(kind).toLowerCase() === 'windows' ? physicalDynamic(parseCommandLine(str(line))) : null,
  ),
];

/** countof without a regular expression: overlapping matches count. */
export const countPlain = jsFunction('kql_countof', ['string', 'string'], 'long', (source, search) =>
  countOf(str(source), str(search)),
);

/**
 * Arguments as CommandLineToArgvW splits them: the program name has quotes only, later arguments know backslash before
 * a quote.
 */
export function parseCommandLine(line: string): string[] | null {
  const source = line.trimStart();
  if (source === '') return null;
  const args: string[] = [];
  const program = source.startsWith('"') ? /^"([^"]*)"?/.exec(source) : /^([^ \t]*)/.exec(source);
  args.push(program?.[1] ?? '');
  const rest = source.slice(program?.[0].length ?? 0);
  let current = '',
    open = false,
    quoted = false;
  for (let i = 0; i < rest.length; i++) {
    const slashes = /^\\+(?=")/.exec(rest.slice(i))?.[0].length ?? 0;
    if (slashes > 0) {
      current += '\\'.repeat(slashes >> 1);
      open = true;
      i += slashes - 1;
      if (slashes % 2 === 1) {
        current += '"';
        i++;
      }
      continue;
    }
    const char = rest[i] ?? '';
    if (char === '"') {
      open = true;
      if (quoted && rest[i + 1] === '"') {
        current += '"';
        i++;
      }
      quoted = !quoted;
    } else if ((char === ' ' || char === '\t') && !quoted) {
      if (open) args.push(current);
      current = '';
      open = false;
    } else {
      current += char;
      open = true;
    }
  }
  if (open) args.push(current);
  return args;
}
