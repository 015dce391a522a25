import { AppError } from '../../../base/errors.ts';
import type { Cell } from '../../../model/kqlType.ts';
import type { LogsAnswer } from '../../../ports/logs.ts';

/**
 * One row of an answer by the names of its columns. What is not as a fact's query asked for throws
 * `service.unreadable`.
 */
export class AnswerRow {
  private readonly places: ReadonlyMap<string, number>;
  private readonly cells: readonly Cell[];

  constructor(places: ReadonlyMap<string, number>, cells: readonly Cell[]) {
    this.places = places;
    this.cells = cells;
  }

  /** The text of a cell; empty for no value. */
  text(column: string): string {
    const cell = this.cell(column);
    if (cell === null) return '';
    if (typeof cell === 'string') return cell;
    throw unreadable(column);
  }

  /** A count or volume, whether the service wrote it as a number, as a bigint or as text: never less than 0. */
  number(column: string): number {
    const cell = this.cell(column);
    const value = typeof cell === 'string' && cell.trim() === '' ? Number.NaN : Number(cell ?? Number.NaN);
    if (typeof cell === 'boolean' || !Number.isFinite(value) || value < 0) throw unreadable(column);
    return value;
  }

  /** The same; 0 for no value, as of a sum over nothing. */
  sum(column: string): number {
    return this.cell(column) === null ? 0 : this.number(column);
  }

  /** ISO time with milliseconds; undefined for no value. */
  time(column: string): string | undefined {
    const text = this.text(column);
    if (text === '') return undefined;
    const at = Date.parse(text);
    if (Number.isNaN(at) || at < YEAR_1 || at > YEAR_9999) throw unreadable(column);
    return new Date(at).toISOString();
  }

  /** The day (`YYYY-MM-DD`, UTC) of a time that must be there. */
  day(column: string): string {
    const time = this.time(column);
    if (time === undefined) throw unreadable(column);
    return time.slice(0, 10);
  }

  /** A truth; no value is false. */
  flag(column: string): boolean {
    const cell = this.cell(column);
    if (cell === null || typeof cell === 'boolean') return cell === true;
    if (typeof cell === 'string' && /^(true|false)$/i.test(cell)) return cell.toLowerCase() === 'true';
    throw unreadable(column);
  }

  private cell(column: string): Cell {
    const place = this.places.get(column);
    const cell = place === undefined ? undefined : this.cells[place];
    if (cell === undefined) throw unreadable(column);
    return cell;
  }
}

/** The times that the service knows; the years beyond are written otherwise. */
const YEAR_1 = Date.parse('0001-01-01T00:00:00Z');
const YEAR_9999 = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * The rows of an answer's primary table; none where the workspace never had data (204). An answer without a table, or
 * with columns that are no one's, throws `service.unreadable`: that nothing is in it means nothing.
 */
export function rowsOf(answer: LogsAnswer): readonly AnswerRow[] {
  const table = answer.tables.find(({ name }) => name === 'PrimaryResult') ?? answer.tables[0];
  if (!table && answer.bytes === 0) return [];
  if (!table || table.columns.length === 0)
    throw new AppError('service.unreadable', 'The answer is not what was asked for: it has no columns.');
  const places = new Map(table.columns.map(({ name }, index) => [name, index]));
  if (places.size < table.columns.length)
    throw new AppError('service.unreadable', 'The answer is not what was asked for: two columns have one name.');
  const rows = 'pages' in table.rows ? [...table.rows.pages()].flat() : table.rows;
  return rows.map((cells) => new AnswerRow(places, cells));
}

function unreadable(column: string): AppError {
  return new AppError(
    'service.unreadable',
    `The answer is not what was asked for: its column ${column} is missing or holds something else.`,
  );
}
