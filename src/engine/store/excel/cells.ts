import { counted } from '../../../base/counted.ts';
import type { KqlType } from '../../../model/kqlType.ts';
import { TICKS, dateTicks } from '../../../model/values/ticks.ts';
import type { PhysicalValue } from '../../functions/contract.ts';
import { toCell } from '../cells.ts';

/** Characters of a cell at most; Excel calls a file with more damaged. */
const MOST_CHARACTERS = 32_767;
/** Excel counts days from here. */
const DAY_ZERO = dateTicks(1899, 12, 30)!;
/** Before it Excel's calendar is a day off: 1900 was no leap year. */
const FIRST_TIME = dateTicks(1900, 3, 1)!;

/** Styles of the workbook, by their places in its list. */
export const STYLES = { plain: 0, head: 1, time: 2, quoted: 3 } as const;

/** What of the rows is not in their sheet as it was: how many cells of each kind. */
export class Losses {
  cutTexts = 0;
  longNumbers = 0;
  earlyTimes = 0;
  fineTimes = 0;

  /** In sentences; none where everything is as it was. */
  notes(): readonly string[] {
    const said: readonly (readonly [number, string, string])[] = [
      [this.fineTimes, 'time', 'Excel shows times to the millisecond. With finer digits than that:'],
      [this.earlyTimes, 'time', 'Excel has no dates before March 1900. As text instead:'],
      [this.longNumbers, 'number', 'Excel keeps 15 digits of a number. As text instead, in full:'],
      [
        this.cutTexts,
        'text',
        `A cell of Excel holds ${MOST_CHARACTERS.toLocaleString('en-US')} characters. Cut there:`,
      ],
    ];
    return said.flatMap(([count, noun, what]) => (count === 0 ? [] : [`${what} ${counted(count, noun)}.`]));
  }
}

/**
 * A value as a cell of a sheet, or nothing where there is none. A text is a text whatever it starts with: no cell is a
 * formula. Times are dates in UTC; timespans, guids and dynamic are text.
 */
export function cellXml(place: string, type: KqlType, value: PhysicalValue, losses: Losses): string {
  if (type === 'datetime' && typeof value === 'bigint' && value >= FIRST_TIME) {
    if (value % TICKS.millisecond !== 0n) losses.fineTimes++;
    const days = value - DAY_ZERO;
    return numberXml(place, Number(days / TICKS.day) + Number(days % TICKS.day) / Number(TICKS.day), STYLES.time);
  }
  const cell = toCell(type, value);
  if (cell === null || cell === '') return '';
  if (typeof cell === 'boolean') return `<c r="${place}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (type === 'datetime') losses.earlyTimes++;
  if (type === 'real' && typeof cell === 'number') return numberXml(place, cell, STYLES.plain);
  if (type === 'int' || type === 'long' || type === 'decimal') {
    const digits = String(cell);
    if (/^-?[\d.]+$/.test(digits) && digits.replace(/[-.]/g, '').length <= 15)
      return numberXml(place, digits, STYLES.plain);
    losses.longNumbers++;
  }
  const text = String(cell);
  if (text.length > MOST_CHARACTERS) losses.cutTexts++;
  return textXml(place, text.slice(0, MOST_CHARACTERS));
}

/**
 * A text cell. One that starts as a formula does is marked as text (as by the apostrophe that Excel does not show), so
 * that it stays one when somebody edits it.
 */
export function textXml(place: string, text: string, style?: number): string {
  const chosen = style ?? (/^[=+\-@\t\r]/.test(text) ? STYLES.quoted : STYLES.plain);
  return `<c r="${place}" t="inlineStr"${chosen === 0 ? '' : ` s="${chosen}"`}><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`;
}

function numberXml(place: string, number: number | string, style: number): string {
  return `<c r="${place}"${style === 0 ? '' : ` s="${style}"`}><v>${number}</v></c>`;
}

/** The letters of a column, from 0: A, B, ... Z, AA. */
export function columnLetters(index: number): string {
  return (index >= 26 ? columnLetters(Math.trunc(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Text for XML as Excel reads it: what XML cannot hold is written `_x0007_`, so a text that says just that has its
 * underscore written so. Halves of a character become the sign for what is not one.
 */
export function escapeXml(text: string): string {
  return (
    text
      .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
      // eslint-disable-next-line no-control-regex
      .replace(
        /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g,
        (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
      )
      .replace(/\p{Surrogate}/gu, '\ufffd')
      .replace(/[&<>"]/g, (character) => ENTITIES[character]!)
  );
}
