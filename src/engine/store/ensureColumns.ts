import { AppError } from '../../base/errors.ts';
import type { Column } from '../../model/kqlType.ts';
import { columnDefinition } from '../database/types.ts';
import type { Session } from '../database/session.ts';
import type { RunTable } from './runTable.ts';
import { columnKey } from './storedColumns.ts';
import type { StoredColumn } from './storedColumns.ts';

/**
 * The columns that the rows of one run may have, all its answers together. Each costs the database a block or two for
 * every step of rows, whether anybody fills it or not.
 */
export const MOST_COLUMNS = 5_000;
/** And so many for each megabyte that the database may use. */
const COLUMNS_PER_MB = 10;
/**
 * Up to this many pairs of a new and an old column are added one by one: each such statement copies the whole list, and
 * every copy stays until the commit. Past it the table is made anew.
 */
const PAIRS_ADDED = 100_000;

/** The bound on a run's columns in a database of this much memory. */
export function mostColumns(memoryLimitMb: number): number {
  return Math.min(MOST_COLUMNS, memoryLimitMb * COLUMNS_PER_MB);
}

/**
 * Makes sure that the table is there and has a physical column for each of these, and returns their keys. Rejects with
 * `engine.tooWide` (data {columns, most}) where it would have more than `most`; then it is as it was.
 */
export async function ensureColumns(
  write: Session,
  table: RunTable,
  columns: readonly Column[],
  most: number,
): Promise<string[]> {
  const added = new Map<string, StoredColumn>();
  const keys = columns.map(({ name, type }) => {
    const key = columnKey(name, type);
    if (!table.stored.has(key) && !added.has(key))
      added.set(key, { name, type, physical: `c${table.stored.size + added.size}` });
    return key;
  });
  const all = table.stored.size + added.size;
  if (added.size > 0 && all > most) throw tooWide(columns.length, all, most);
  const statements = statementsFor(table, [...added.values()]);
  if (statements.length > 0) {
    try {
      await write.run(`BEGIN; ${statements.join('; ')}; COMMIT`);
    } catch (error) {
      await write.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
  for (const [key, column] of added) table.stored.set(key, column);
  table.created = true;
  return keys;
}

function statementsFor(table: RunTable, added: readonly StoredColumn[]): string[] {
  const { name, id, stored } = table;
  const definitions = added.map(({ physical, type }) => columnDefinition(physical, type));
  const noted = added.map((column) => `(${id}, '${column.physical}', ${quoted(column.name)}, '${column.type}')`);
  const note = added.length === 0 ? [] : [`INSERT INTO ${table.in('stored_columns')} VALUES ${noted.join(', ')}`];
  if (!table.created)
    return [
      `INSERT INTO ${table.in('runs')} VALUES (${quoted(table.run)}, ${id})`,
      `CREATE TABLE ${name} (${['seq BIGINT', 't INTEGER', ...definitions].join(', ')})`,
      ...note,
    ];
  if (added.length * stored.size <= PAIRS_ADDED)
    return [...definitions.map((definition) => `ALTER TABLE ${name} ADD COLUMN ${definition}`), ...note];
  const old = ['seq', 't', ...[...stored.values()].map(({ physical }) => physical)];
  const kept = [...stored.values()].map(({ physical, type }) => columnDefinition(physical, type));
  return [
    `CREATE TABLE ${name}_wider (${['seq BIGINT', 't INTEGER', ...kept, ...definitions].join(', ')})`,
    `INSERT INTO ${name}_wider (${old.join(', ')}) SELECT ${old.join(', ')} FROM ${name}`,
    `DROP TABLE ${name}`,
    `ALTER TABLE ${name}_wider RENAME TO ${table.bareName}`,
    ...note,
  ];
}

function tooWide(columns: number, all: number, most: number): AppError {
  const together = all > columns ? ` The answers of this run together would have ${all}.` : '';
  return new AppError(
    'engine.tooWide',
    `The answer has ${columns} columns, and the rows of a run hold at most ${most} different ones.${together} Name the columns you need (project), or ask fewer tables at once.`,
    { data: { columns: all, most } },
  );
}

/** A text of ours inside a statement; NUL, which none may hold, becomes the replacement character. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll('\0', '\ufffd')}'`;
}
