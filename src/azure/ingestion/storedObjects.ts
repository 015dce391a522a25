import { AppError } from '../../base/errors.ts';
import type { Cell, Column } from '../../model/kqlType.ts';
import { storedNames, storedText } from '../../model/logAnalyticsCentre.ts';

/** Longer values are cut by the service without a word. */
const LONGEST_VALUE = 65_536;
/** A request is a megabyte at most, and a row is in one request. */
const LONGEST_ROW = 1_000_000;

/**
 * Rows as they are sent: every value as text, none where there is none. Throws `query.windowTooLarge` for what the
 * service would not keep whole.
 */
export function storedObjects(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): readonly Readonly<Record<string, string>>[] {
  const names = storedNames(columns);
  return rows.map((row) => {
    const made: Record<string, string> = {};
    let size = 0;
    for (const [i, name] of names.entries()) {
      const text = storedText(row[i] ?? null);
      if (text === undefined) continue;
      // A letter is three bytes at most.
      if (text.length * 3 > LONGEST_VALUE && Buffer.byteLength(text) > LONGEST_VALUE)
        throw tooLarge(`A value of ${columns[i]!.name} is longer than 64 KB, and would be cut by Log Analytics.`);
      size += name.length + text.length;
      made[name] = text;
    }
    if (size * 3 > LONGEST_ROW && Buffer.byteLength(JSON.stringify(made)) > LONGEST_ROW)
      throw tooLarge('A row is larger than the megabyte that the Logs Ingestion API takes.');
    return made;
  });
}

function tooLarge(what: string): AppError {
  return new AppError('query.windowTooLarge', `${what} Let the query bring less of it, or store it in another centre.`);
}
