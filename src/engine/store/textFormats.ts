import type { Cell, Column, KqlType } from '../../model/kqlType.ts';

const TEXT_TYPES: ReadonlySet<KqlType> = new Set(['string', 'dynamic', 'guid']);

/** One row as a line of CSV by RFC 4180. Texts are safe in a spreadsheet, numbers and times stay as they are. */
export function csvRow(columns: readonly Column[], row: readonly Cell[]): string {
  return `${columns
    .map(({ type }, i) => {
      const cell = row[i] ?? null;
      if (cell === null) return '';
      return TEXT_TYPES.has(type) ? csvText(String(cell)) : String(cell);
    })
    .join(',')}\r\n`;
}

/** Texts as a line of CSV, each safe in a spreadsheet. */
export function csvLine(texts: readonly string[]): string {
  return `${texts.map(csvText).join(',')}\r\n`;
}

/**
 * What a spreadsheet would take for a formula gets an apostrophe before it:
 * owasp.org/www-community/attacks/CSV_Injection. Numbers never come here.
 */
function csvText(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One row as a JSON object: longs in full, dynamic as the JSON it is, a non-finite real by its name. */
export function jsonRow(columns: readonly Column[], row: readonly Cell[]): string {
  return `{${columns.map(({ name, type }, i) => `${JSON.stringify(name)}:${jsonCell(type, row[i] ?? null)}`).join(',')}}`;
}

function jsonCell(type: KqlType, cell: Cell): string {
  if (typeof cell === 'bigint') return cell.toString();
  if (type === 'dynamic' && typeof cell === 'string' && isJson(cell)) return cell;
  return JSON.stringify(cell);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
