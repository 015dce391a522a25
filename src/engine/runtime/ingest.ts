import { setImmediate } from 'node:timers/promises';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, cancelled } from '../../base/errors.ts';
import type { Cell } from '../../model/kqlType.ts';
import type { EngineTable } from '../face.ts';
import { storedTypes } from '../database/columnSource.ts';
import { RowAppender } from '../database/rowAppender.ts';
import type { Database } from '../database/database.ts';
import { isLoose, normalizeCell } from './encode.ts';
import type { LooseType } from './encode.ts';
import { CHUNK_ROWS } from '../database/tableAppender.ts';
import type { ColumnSource } from '../database/columnSource.ts';

/** Chunks between two looks at what else the process has to do: some 20 ms. */
const BREATHE_CHUNKS = 4;

/** Appends rows in the query API's cell encodings, a chunk at a time: memory stays bounded by one chunk. */
export async function appendRows(
  database: Database,
  table: EngineTable,
  rows: Iterable<readonly Cell[]>,
  signal?: CancelSignal,
): Promise<void> {
  const match = /^"((?:[^"]|"")*)"\."((?:[^"]|"")*)"$/.exec(table.source);
  if (!match)
    throw new AppError(
      'bug.notOwnTable',
      `Rows can be appended to the engine's own tables only, not to ${table.name}.`,
    );
  const [schema, name] = [match[1]!.replaceAll('""', '"'), match[2]!.replaceAll('""', '"')];
  const sources = table.columns.map((column, index): ColumnSource => ({ from: 'cell', index, type: column.type }));
  const checked = table.columns.flatMap((column, index) =>
    isLoose(column.type) ? [{ index, type: column.type }] : [],
  );
  await database.appending(
    schema,
    name,
    storedTypes(sources),
    async (appender) => {
      const chunks = new RowAppender(appender, sources);
      let batch: (readonly Cell[])[] = [];
      let done = 0;
      const flush = (): void => {
        if (batch.length > 0) {
          chunks.append(batch, 0, batch.length);
          batch = [];
          done++;
        }
      };
      for (const row of rows) {
        batch.push(checked.length === 0 ? row : normalized(row, checked));
        if (batch.length < CHUNK_ROWS) continue;
        flush();
        if (done % BREATHE_CHUNKS === 0) await setImmediate();
        if (signal?.aborted) throw cancelled();
      }
      flush();
    },
    signal,
  );
}
function normalized(
  row: readonly Cell[],
  checked: readonly { readonly index: number; readonly type: LooseType }[],
): readonly Cell[] {
  let copy: Cell[] | undefined;
  for (const { index, type } of checked) {
    const cell = row[index] ?? null;
    const value = type === 'string' && typeof cell === 'string' ? cell : normalizeCell(cell, type);
    if (value !== cell || cell === null) (copy ??= [...row])[index] = value;
  }
  return copy ?? row;
}
