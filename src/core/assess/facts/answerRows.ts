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

  /** A number, whether the service wrote it as one, as a bigint or as text; 0 for no value. */
  number(column: string): number {
    const cell = this.cell(column);
    if (cell === null) return 0;
    const value = typeof cell === 'string' && cell.trim() === '' ? Number.NaN : Number(cell);
    if (typeof cell === 'boolean' || !Number.isFinite(value)) throw unreadable(column);
    return value;
  }

  /** ISO time with milliseconds; undefined for no value. */
  time(column: string): string | undefined {
    const text = this.text(column);
    if (text === '') return undefined;
    const at = Date.parse(text);
    if (Number.isNaN(at)) throw unreadable(column);
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

/** The rows of an answer's primary table; none where the workspace never had data (204). */
export function rowsOf(answer: LogsAnswer): readonly AnswerRow[] {
  const table = answer.tables.find(({ name }) => name === 'PrimaryResult') ?? answer.tables[0];
  if (!table) return [];
  const places = new Map(table.columns.map(({ name }, index) => [name, index]));
  const rows = 'pages' in table.rows ? [...table.rows.pages()].flat() : table.rows;
  return rows.map((cells) => new AnswerRow(places, cells));
}

function unreadable(column: string): AppError {
  return new AppError(
    'service.unreadable',
    `The answer is not what was asked for: its column ${column} is missing or holds something else.`,
  );
}
