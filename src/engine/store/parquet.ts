import { open, rm } from 'node:fs/promises';
import type { CancelSignal } from '../../base/cancel.ts';
import { counted } from '../../base/counted.ts';
import type { Cell, Column } from '../../model/kqlType.ts';
import { Database } from '../database/database.ts';
import type { Session } from '../database/session.ts';
import { replaceFile } from '../replaceFile.ts';
import { quoteText } from '../translate/relation.ts';
import { TEXT_MACROS } from './shownText.ts';
import { SpilledRows } from './spilledRows.ts';
import { EPOCH_TICKS } from '../../model/values/ticks.ts';

/** Ticks between which a time fits 64 bits of nanoseconds since 1970. */
const FIRST_NANO = '529210368000000000',
  LAST_NANO = '713502432000000000';

/** A Parquet file that was written: how many rows, and in sentences what could not be kept as it is. */
export interface WrittenParquet {
  readonly rows: number;
  readonly notes: readonly string[];
}

/** As `writeParquetFile`, to a neighbour of `path` first, which takes its place when it is whole. */
export async function writeParquet(
  path: string,
  columns: readonly Column[],
  pages: AsyncIterable<readonly (readonly Cell[])[]>,
  signal?: CancelSignal,
): Promise<number> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    const { rows } = await writeParquetFile(partial, columns, pages, signal);
    await replaceFile(partial, path);
    return rows;
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * Writes rows as a Parquet file, zstd: whole numbers, reals and booleans as they are. Times are nanoseconds, so that
 * all seven digits stay, or microseconds where one lies outside 1678 to 2262; timespans are text, decimals and guids
 * text, dynamic the text of its JSON.
 */
export async function writeParquetFile(
  path: string,
  columns: readonly Column[],
  pages: AsyncIterable<readonly (readonly Cell[])[]>,
  signal?: CancelSignal,
): Promise<WrittenParquet> {
  // Of a place that cannot be written the file system tells by code, DuckDB in prose and after all the work.
  await (await open(path, 'w')).close();
  // What does not fit in memory spills to a folder that goes with the database.
  const database = await openWriter(512);
  try {
    return await writeParquetWith(database, path, columns, pages, signal ? { signal } : {});
  } finally {
    await database.close();
  }
}

/** A database that writes files, of ours alone: for `writeParquetWith`. */
export async function openWriter(memoryLimitMb: number): Promise<Database> {
  const database = await Database.open({ memoryLimitMb, threads: 2, writesFiles: true });
  for (const macro of TEXT_MACROS) await database.run(macro);
  return database;
}

let tables = 0;

/**
 * As `writeParquetFile`, with a database of `openWriter`; several may be written at once. With `exact` the type of a
 * column does not depend on its values, so that many files have one: times are nanoseconds, and one outside 1678 to
 * 2262 is null there and told in the column of that name, `POSITION=TIME` behind one another with `;` between them.
 */
export async function writeParquetWith(
  database: Database,
  path: string,
  columns: readonly Column[],
  pages: AsyncIterable<readonly (readonly Cell[])[]>,
  { signal, exact }: { readonly signal?: CancelSignal; readonly exact?: string } = {},
): Promise<WrittenParquet> {
  const session = await database.connect();
  const stored = new SpilledRows(database, session, `answer${++tables}`, columns);
  try {
    for await (const rows of pages) await stored.append(rows, signal);
    const source = await stored.source(signal);
    const list: string[] = [];
    const notes: string[] = [];
    const names = differentNames(columns.map(({ name }) => name));
    for (const [i, { name, type }] of columns.entries()) {
      if (names[i] !== name)
        notes.push(`Column ${name} is called ${names[i]!}: many readers of Parquet take no notice of case.`);
      const times = type === 'datetime' && exact === undefined ? await readTimes(session, source, `c${i}`) : undefined;
      const narrow = times?.outside === 0;
      if (times && !narrow && times.finer > 0)
        notes.push(
          `Times of ${name} are kept to the microsecond, because one lies outside 1678 to 2262: ${counted(times.finer, 'time')} lost a digit.`,
        );
      const value = exact !== undefined && type === 'datetime' ? withinNanos(`c${i}`) : valueOf(type, `c${i}`, narrow);
      list.push(`${value} AS "${names[i]!.replaceAll('"', '""')}"`);
    }
    if (exact !== undefined) list.push(`${outsideNanos(columns)} AS "${exact}"`);
    await database.run(
      `COPY (SELECT ${list.join(', ')} FROM ${source}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
      signal,
    );
    return { rows: stored.rows, notes };
  } finally {
    await stored.discard();
    database.release(session);
  }
}

/** Times of a column that nanoseconds do not reach, and those with a digit below the microsecond. */
async function readTimes(
  session: Session,
  source: string,
  column: string,
): Promise<{ readonly outside: number; readonly finer: number }> {
  const [[outside, finer] = []] = await session.all(
    `SELECT count(*) FILTER (${column} < ${FIRST_NANO} OR ${column} > ${LAST_NANO}), count(*) FILTER (${column} % 10 <> 0) FROM ${source}`,
  );
  return { outside: Number(outside), finer: Number(finer) };
}

/** Names that differ in more than case; the first of two keeps its own. */
function differentNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  const own = new Set(names.map((name) => name.toLowerCase()));
  return names.map((wanted) => {
    let name = wanted;
    for (let n = 1; taken.has(name.toLowerCase()) || (n > 1 && own.has(name.toLowerCase())); n++)
      name = `${wanted}_${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

function valueOf(type: Column['type'], stored: string, narrow: boolean): string {
  if (type === 'timespan') return `span_text(${stored})`;
  if (type !== 'datetime') return stored;
  return narrow
    ? `make_timestamp_ns((${stored} - ${EPOCH_TICKS}) * 100)`
    : `make_timestamp((${stored} - ${EPOCH_TICKS}) // 10)`;
}

function withinNanos(column: string): string {
  return `CASE WHEN ${column} BETWEEN ${FIRST_NANO} AND ${LAST_NANO} THEN ${valueOf('datetime', column, true)} END`;
}

/** The times of a row that nanoseconds do not reach, as text; null where there is none. */
function outsideNanos(columns: readonly Column[]): string {
  const told = columns.flatMap(({ type }, i) =>
    type === 'datetime'
      ? [`CASE WHEN c${i} NOT BETWEEN ${FIRST_NANO} AND ${LAST_NANO} THEN '${i}=' || iso_text(c${i}) END`]
      : [],
  );
  return told.length > 0 ? `nullif(concat_ws(';', ${told.join(', ')}), '')` : 'NULL::VARCHAR';
}
