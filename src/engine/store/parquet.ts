import { rm } from 'node:fs/promises';
import type { Cell, Column } from '../../model/kqlType.ts';
import { storedTypes } from '../database/columnSource.ts';
import { RowAppender } from '../database/rowAppender.ts';
import type { ColumnSource } from '../database/columnSource.ts';
import { Database } from '../database/database.ts';
import { CHUNK_ROWS } from '../database/tableAppender.ts';
import { columnDefinition } from '../database/types.ts';
import { replaceFile } from '../replaceFile.ts';
import { TEXT_MACROS } from './shownText.ts';
import { EPOCH_TICKS } from '../../model/values/ticks.ts';

/** Ticks between which a time fits 64 bits of nanoseconds since 1970. */
const FIRST_NANO = '529210368000000000',
  LAST_NANO = '713502432000000000';

/**
 * Writes rows as a Parquet file, zstd. Times are nanoseconds, so that all seven digits stay, or microseconds where one
 * lies outside 1678 to 2262; timespans are text, decimals text, dynamic the text of its JSON.
 */
export async function writeParquet(
  path: string,
  columns: readonly Column[],
  pages: AsyncIterable<readonly (readonly Cell[])[]>,
): Promise<number> {
  const database = await Database.open({ memoryLimitMb: 512, threads: 2, tempDirectory: '', writesFiles: true });
  const partial = `${path}.${process.pid}.partial`;
  try {
    const session = await database.connect();
    for (const macro of TEXT_MACROS) await session.run(macro);
    await session.run(
      `CREATE TABLE answer (seq BIGINT${columns.map(({ type }, i) => `, ${columnDefinition(`c${i}`, type)}`).join('')})`,
    );
    const sources: ColumnSource[] = [
      { from: 'sequence' },
      ...columns.map(({ type }, index): ColumnSource => ({ from: 'cell', index, type })),
    ];
    const appender = await session.openAppender('answer', storedTypes(sources));
    const chunks = new RowAppender(appender, sources);
    for await (const rows of pages)
      for (let from = 0; from < rows.length; from += CHUNK_ROWS)
        chunks.append(rows, from, Math.min(from + CHUNK_ROWS, rows.length));
    appender.close();
    const list: string[] = [];
    for (const [i, { name, type }] of columns.entries()) {
      const narrow =
        type === 'datetime' &&
        (
          await session.all(`SELECT count(*) FROM answer WHERE c${i} < ${FIRST_NANO} OR c${i} > ${LAST_NANO}`)
        )[0]?.[0] === 0n;
      list.push(`${valueOf(type, `c${i}`, narrow)} AS "${name.replaceAll('"', '""')}"`);
    }
    await session.run(
      `COPY (SELECT ${list.join(', ')} FROM answer ORDER BY seq) TO '${partial.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    await replaceFile(partial, path);
    return chunks.nextSequence;
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await database.close();
  }
}

function valueOf(type: Column['type'], stored: string, narrow: boolean): string {
  if (type === 'timespan') return `span_text(${stored})`;
  if (type !== 'datetime') return stored;
  return narrow
    ? `make_timestamp_ns((${stored} - ${EPOCH_TICKS}) * 100)`
    : `make_timestamp((${stored} - ${EPOCH_TICKS}) // 10)`;
}
