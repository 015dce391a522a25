import type { RowCell } from '../../model/rows.ts';
import type { MergedColumn } from '../../model/run.ts';

/** Longest text put into one cell; the whole value is one key away (Enter). */
const SHOWN = 300;

/** What a cell shows: one line, control characters made visible, long text cut. Always plain text. */
export function cellText(value: RowCell, type: MergedColumn['type']): string {
  if (value === null) return type === 'string' ? '' : '∅';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (type === 'datetime') return shortTime(String(value));
  const text = String(value);
  const cut = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return visible(cut);
}

/** 2026-11-22T10:20:30.1230000Z -> 2026-11-22 10:20:30.123; the copied text stays exact. */
function shortTime(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(text);
  if (!match) return visible(text);
  const fraction = match[3]?.replace(/0+$/, '');
  return `${match[1]} ${match[2]}${fraction ? `.${fraction}` : ''}`;
}

/**
 * Escape sequences, tabs and line breaks as symbols of the Control Pictures block; bidirectional overrides as their
 * code.
 */
function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what is looked for
  return text
    .replaceAll(/[\u0000-\u001f\u007f]/g, (char) =>
      char === '\n'
        ? ' ⏎ '
        : char === '\t'
          ? ' '
          : char === '\r'
            ? ''
            : String.fromCharCode(0x2400 + (char.charCodeAt(0) % 0x7f)),
    )
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
