import type { KqlType } from '../../model/kqlType.ts';

/** Control characters and line ends: in a text of M each is written by its number, so that it stays on its line. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** A text as a literal of Power Query's language M, on one line whatever it holds. */
export function mText(text: string): string {
  return `"${escaped(text)}"`;
}

/** A name of M (a column in `#"..."` where a name may stand), on one line. */
export function mName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !KEYWORDS.has(name) ? name : `#"${escaped(name)}"`;
}

/** A record's field: `[Name]`. */
export function mField(name: string): string {
  return `[${mName(name)}]`;
}

/** A list of M: `{a, b}`. */
export function mList(items: readonly string[]): string {
  return `{${items.join(', ')}}`;
}

/** `#(` begins an escape in M, so it is one itself. */
function escaped(text: string): string {
  return text
    .replaceAll('#(', '#(#)(')
    .replaceAll('"', '""')
    .replaceAll(UNPRINTABLE, (letter) => `#(${letter.charCodeAt(0).toString(16).padStart(4, '0')})`);
}

const KEYWORDS: ReadonlySet<string> = new Set(
  'and as each else error false if in is let meta not null or otherwise section shared then true try type'.split(' '),
);

/** How a cell of each type becomes a value of the model: a function of `sharedQueries`, and the type of its column. */
export const M_TYPES: Readonly<Record<KqlType, { readonly read: string; readonly type: string }>> = {
  bool: { read: 'Logical.From', type: 'type nullable logical' },
  int: { read: 'AsWhole', type: 'Int64.Type' },
  long: { read: 'AsWhole', type: 'Int64.Type' },
  real: { read: 'AsNumber', type: 'type nullable number' },
  decimal: { read: 'AsNumber', type: 'type nullable number' },
  string: { read: 'AsText', type: 'type nullable text' },
  guid: { read: 'AsText', type: 'type nullable text' },
  dynamic: { read: 'AsText', type: 'type nullable text' },
  datetime: { read: 'AsUtc', type: 'type nullable datetime' },
  timespan: { read: 'AsSeconds', type: 'type nullable number' },
};
