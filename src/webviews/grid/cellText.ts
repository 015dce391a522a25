import { visibleText } from '../../base/visibleText.ts';
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

/**
 * Whether a cell holds a text, in any case: as it is shown, or as it is copied. The store finds by the same rule; "" is
 * in none.
 */
export function holdsShown(value: RowCell, type: MergedColumn['type'], text: string): boolean {
  if (text === '' || value === null) return false;
  const wanted = anyCase(text);
  const holds = (shown: string): boolean => anyCase(shown).includes(wanted);
  return holds(String(value)) || (type === 'datetime' && holds(shortTime(String(value))));
}

function anyCase(text: string): string {
  return text.toUpperCase().toLowerCase();
}

/** 2026-11-22T10:20:30.1230000Z -> 2026-11-22 10:20:30.123; the copied text stays exact. */
function shortTime(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(text);
  if (!match) return visible(text);
  const fraction = match[3]?.replace(/0+$/, '');
  return `${match[1]} ${match[2]}${fraction ? `.${fraction}` : ''}`;
}

/** A line break and a tab as what they do to a line, everything else that does not show as a sign. */
function visible(text: string): string {
  return visibleText(text.replaceAll(/\r?\n/g, ' ⏎ ').replaceAll('\r', '').replaceAll('\t', ' '));
}
