import type { ParsePart, Rel } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import type { JsFunction } from '../functions/contract.ts';
import { SQL, columnOf, joined, textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { assignIds, quoteId } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn, selectFrom } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;
type Mode = Of<'parse'>['mode'];

const NUMBER: Partial<Record<KqlType, string>> = {
  long: '[-+]?\\d+',
  int: '[-+]?\\d+',
  real: '[-+]?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?',
  decimal: '[-+]?\\d+(?:\\.\\d+)?',
};

/**
 * The regular expression a parse pattern means, and which of its groups is which column (regex literals may have groups
 * of their own).
 */
export function parsePattern(
  parts: readonly ParsePart[],
  mode: Mode,
  flags: string,
): { readonly regex: string; readonly groups: readonly (string | undefined)[] } | undefined {
  const groups: (string | undefined)[] = [];
  const lazy = mode === 'regex' ? '' : '?';
  const body = parts.map((part, i) => {
    const next = parts[i + 1];
    if (part.kind === 'any') return `.*${next === undefined ? '' : lazy}`;
    if (part.kind === 'text') {
      if (mode !== 'regex') return part.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      for (let k = ownGroups(part.text); k > 0; k--) groups.push(undefined);
      return part.text;
    }
    groups.push(part.column.name);
    const number = NUMBER[part.column.type];
    if (next?.kind === 'any')
      return number ? (mode === 'relaxed' ? `(?:\\s*(${number}))?` : `\\s*(${number})`) : undefined;
    if (number && mode === 'regex') return `(${number})`;
    return next === undefined ? '(.*)' : `(.*${lazy})`;
  });
  if (body.some((b) => b === undefined)) return undefined;
  return {
    regex: `^(?${mode === 'regex' ? flagLetters(flags) : 's'}:${body.join('')})${parts.at(-1)?.kind === 'column' && mode !== 'regex' ? '$' : ''}`,
    groups,
  };
}
function flagLetters(flags: string): string {
  return [...new Set(flags.replace(/[^imsU]/g, ''))].join('');
}
/** How many capturing groups a regular expression has. */
function ownGroups(regex: string): number {
  return (
    regex
      .replace(/\\./g, '')
      .replace(/\[[^\]]*\]/g, '')
      .match(/\((?!\?)|\(\?P?</g) ?? []
  ).length;
}

/** parse and parse-where: one regular expression; a strict parse whose typed columns do not all fit yields nothing. */
export function parseSql(rel: Of<'parse'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const pattern =
    parsePattern(rel.parts, rel.mode, rel.flags) ??
    context.refuse('parse of a text, datetime or other value right before `*`', 'Name what follows the value.');
  const text = textSql(pattern.regex);
  context.regex?.(text);
  const value = translator.scalar(rel.value, lookupIn(input)).sql;
  const match = translation.hidden('m');
  const kept = input.columns.map((c) => columnOf('t', c.id));
  const made = rel.parts.flatMap((p) => (p.kind === 'column' ? [p.column] : []));
  const names = pattern.groups.map((_, i) => textSql(`g${i}`));
  const strict = rel.mode !== 'relaxed' && made.some((c) => c.type !== 'string');
  const extracted = names.length > 0 ? SQL`regexp_extract(${value}, ${text}, [${names}])` : SQL`NULL`;
  const matched = SQL`regexp_matches(${value}, ${text})`;
  // A typed column that fits says that the text matched: the expression runs once.
  const asked = rel.where && !made.some((c) => c.type !== 'string' && strict);
  const first = selectFrom(input, [
    ...kept,
    SQL`${extracted} AS ${match}`,
    ...(asked ? [SQL`${matched} AS ${quoteId('#ok')}`] : []),
  ]);
  const typed = made.map((column): SqlColumn & { readonly sql: Sql } => {
    const group = SQL`t.${match}.g${pattern.groups.indexOf(column.name)}`;
    return {
      ...column,
      id: translation.hidden('v'),
      sql:
        column.type === 'string'
          ? group
          : context.convert({ sql: SQL`trim(${group})`, type: 'string' }, column.type).sql,
    };
  });
  const second = selectFrom({ ...input, from: first }, [
    ...kept,
    ...typed.map((c) => SQL`${c.sql} AS ${c.id}`),
    ...(asked ? [columnOf('t', quoteId('#ok'))] : []),
  ]);
  const fits = joined(
    [
      ...(asked ? [columnOf('t', quoteId('#ok'))] : []),
      ...(strict ? typed.filter((c) => c.type !== 'string').map((c) => SQL`t.${c.id} IS NOT NULL`) : []),
    ],
    ' AND ',
  );
  const columns = assignIds(rel.columns);
  const items = columns.map((c) => {
    const own = typed.find((t) => t.name === c.name);
    if (!own) return SQL`t.${input.columns.find((i) => i.name === c.name)?.id ?? c.id} AS ${c.id}`;
    const none = c.type === 'string' ? SQL`''` : SQL`NULL`;
    return SQL`${rel.where || !strict ? columnOf('t', own.id) : SQL`CASE WHEN ${fits} THEN t.${own.id} ELSE ${none} END`} AS ${c.id}`;
  });
  return {
    from: selectFrom({ ...input, from: second }, items, rel.where ? [fits] : []),
    columns,
    order: input.order,
    partition: input.partition,
  };
}

/** parse-kv: the keys are found in JavaScript, one pass a row, and converted here. */
export function parseKvSql(rel: Of<'parseKv'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const known = ['pair_delimiter', 'kv_delimiter', 'quote', 'escape', 'greedy', 'regex'];
  const odd = Object.keys(rel.options).find((o) => !known.includes(o));
  if (odd) return context.refuse(`The parse-kv option ${odd}`);
  const list = translation.hidden('l');
  const options = textSql(JSON.stringify({ ...rel.options, keys: rel.keys.map((k) => k.name) }));
  const first = selectFrom(input, [
    ...input.columns.map((c) => columnOf('t', c.id)),
    SQL`${context.js(PARSE_KV, translator.scalar(rel.value, lookupIn(input)).sql, options)} AS ${list}`,
  ]);
  const columns = assignIds(rel.columns);
  const items = columns.map((c) => {
    const at = rel.keys.findIndex((k) => k.name === c.name);
    if (at < 0) return SQL`t.${input.columns.find((i) => i.name === c.name)?.id ?? c.id} AS ${c.id}`;
    const text = SQL`coalesce(json_extract_string(t.${list}, '$[${at}]'), '')`;
    return SQL`${c.type === 'string' ? text : context.convert({ sql: text, type: 'string' }, c.type).sql} AS ${c.id}`;
  });
  return {
    from: selectFrom({ ...input, from: first }, items),
    columns,
    order: input.order,
    partition: input.partition,
  };
}

interface KvOptions {
  readonly pair_delimiter?: string;
  readonly kv_delimiter?: string;
  readonly quote?: string;
  readonly escape?: string;
  readonly greedy?: boolean;
  readonly regex?: string;
  readonly keys: readonly string[];
}
const parsedOptions = new Map<string, KvOptions>();
const PARSE_KV: JsFunction = {
  name: 'kql_parse_kv',
  params: ['VARCHAR', 'VARCHAR'],
  returns: 'VARCHAR',
  call: (text, options) => {
    const key = String(options);
    let parsed = parsedOptions.get(key);
    if (!parsed) parsedOptions.set(key, (parsed = JSON.parse(key) as KvOptions));
    const found = keyValues(String(text ?? ''), parsed);
    return JSON.stringify(parsed.keys.map((k) => found.get(k) ?? null));
  },
};

/** The pairs of a text by parse-kv's three ways; the first appearance of a key counts. */
export function keyValues(text: string, options: KvOptions): Map<string, string> {
  const found = new Map<string, string>();
  const add = (key: string, value: string): void => {
    const name = key.trim();
    if (!found.has(name)) found.set(name, value.trim());
  };
  if (options.regex !== undefined) {
    for (const match of text.matchAll(new RegExp(options.regex, 'g'))) add(match[1] ?? '', match[2] ?? '');
    return found;
  }
  const quotes = new Map((options.quote?.split('\n') ?? []).filter(Boolean).map((q) => [q[0]!, q[1] ?? q[0]!]));
  const escapes = options.escape?.split('\n') ?? [];
  const { pair_delimiter: pair, kv_delimiter: equals } = options;
  let at = 0;
  /** A quoted text at `at`, or undefined. */
  const quoted = (): string | undefined => {
    const close = quotes.get(text[at] ?? '');
    if (close === undefined) return undefined;
    let value = '';
    let i = at + 1;
    for (; i < text.length && text[i] !== close; i++) {
      if (escapes.includes(text[i]!) && i + 1 < text.length) i++;
      value += text[i];
    }
    at = i + 1;
    return value;
  };
  if (equals === undefined || pair === undefined) {
    // No delimiters: whatever is not a letter or digit separates; keys and values alternate by key name.
    const word = /[\p{L}\p{N}]/u;
    const words: string[] = [];
    while (at < text.length) {
      const value = quoted();
      if (value !== undefined) {
        words.push(value);
        continue;
      }
      if (!word.test(text[at]!)) {
        at++;
        continue;
      }
      let i = at;
      while (i < text.length && word.test(text[i]!)) i++;
      words.push(text.slice(at, i));
      at = i;
    }
    words.forEach((w, i) => {
      if (options.keys.includes(w) && i + 1 < words.length) add(w, words[i + 1]!);
    });
    return found;
  }
  while (at < text.length) {
    while (text[at] === ' ' && pair !== ' ') at++;
    const quotedKey = quoted();
    const split = text.indexOf(equals, at);
    if (split < 0) break;
    const nextPair = text.indexOf(pair, at);
    if (quotedKey === undefined && nextPair >= 0 && nextPair < split && !options.greedy) {
      at = nextPair + pair.length;
      continue;
    }
    const key = quotedKey ?? text.slice(at, split);
    at = split + equals.length;
    while (text[at] === ' ' && pair !== ' ') at++;
    const value = quoted();
    if (value !== undefined) {
      add(key, value);
      const next = text.indexOf(pair, at);
      at = next < 0 ? text.length : next + pair.length;
      continue;
    }
    let end = text.indexOf(pair, at);
    if (options.greedy && end >= 0) {
      // The value runs to the last delimiter before the next key.
      const following = text.indexOf(equals, at);
      end = following < 0 ? -1 : text.lastIndexOf(pair, following - 1);
      if (end >= 0 && end < at) end = text.indexOf(pair, at);
    }
    add(key, text.slice(at, end < 0 ? text.length : end));
    at = end < 0 ? text.length : end + pair.length;
  }
  return found;
}
