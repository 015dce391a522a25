import { KQL_TYPES } from '../../model/kqlType.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';

/** An entity's name as commands write it: bare, or in `['...']` or `["..."]`. */
export const NAME = String.raw`(\[\s*'(?:[^'\\]|\\.)*'\s*\]|\[\s*"(?:[^"\\]|\\.)*"\s*\]|[A-Za-z_][\w-]*)`;

/** The name that stands there. */
export function toName(written: string): string {
  const quoted = /^\[\s*(['"])(.*)\1\s*\]$/s.exec(written)?.[2];
  return quoted === undefined ? written : quoted.replaceAll(/\\(.)/g, '$1');
}

/** A text in quotes of KQL (`'...'`, `"..."`, `@'...'`, or three backticks), read. */
export function toText(written: string): string {
  const [, verbatim, , inner] = /^(@?)(['"])(.*)\2$/s.exec(written.trim()) ?? [];
  if (inner === undefined) return /^```\n?(.*)```$/s.exec(written.trim())?.[1] ?? written.trim();
  if (verbatim === '@') return inner.replaceAll(/(['"])\1/g, '$1');
  return inner.replaceAll(/\\(.)/g, (_, c: string) => ({ n: '\n', t: '\t', r: '\r' })[c] ?? c);
}

const COLUMN = new RegExp(String.raw`^\s*${NAME}\s*:\s*(\w+)\s*$`, 's');
const TYPES: ReadonlySet<string> = new Set(KQL_TYPES);

/** `A:string, ['b c']:long` as columns; undefined where one is none. */
export function toColumns(text: string): Column[] | undefined {
  const columns = splitOutside(text, ',').map((part) => {
    const [, name, type = ''] = COLUMN.exec(part) ?? [];
    return name !== undefined && TYPES.has(type) ? { name: toName(name), type: type as KqlType } : undefined;
  });
  return columns.every((column) => column !== undefined) ? columns : undefined;
}

/** `folder = 'x', docstring = "y"` as texts by name, in lower case. */
export function toProperties(text: string): Map<string, string> {
  return new Map(
    splitOutside(text, ',').flatMap((part) => {
      const cut = part.indexOf('=');
      return cut < 0 ? [] : [[part.slice(0, cut).trim().toLowerCase(), toText(part.slice(cut + 1))] as const];
    }),
  );
}

/** Cuts at a sign that stands in no quotes and no brackets. */
function splitOutside(text: string, sign: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text[at]!;
    if (quote !== '') {
      if (c === '\\') at++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c)) depth--;
    else if (c === sign && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return text.slice(start).trim() === '' ? parts : [...parts, text.slice(start)];
}
