import { setImmediate } from 'node:timers/promises';
import type { Cell, Column } from '../../model/kqlType.ts';
import { AppError } from '../../base/errors.ts';
import type { AppendPlace, CellTexts, RowPages } from '../../ports/rows.ts';
import { COMBINED } from '../../ports/rows.ts';
import { storedTypes } from '../database/columnSource.ts';
import { RowAppender } from '../database/rowAppender.ts';
import type { ColumnSource } from '../database/columnSource.ts';
import { CHUNK_ROWS } from '../database/tableAppender.ts';
import { collectGarbage } from './collectGarbage.ts';
import { CommitsBehind } from './commitsBehind.ts';
import type { StoreSessions } from './storeSessions.ts';
import { ensureColumns } from './ensureColumns.ts';
import { PASSING } from './runTable.ts';
import type { RunTable, StoredTarget } from './runTable.ts';

/** Whose rows these are: `key` tells the target from the run's others; the names become the attribution columns. */
export interface TargetName {
  readonly key: string;
  readonly customer: string;
  readonly tenant: string;
  readonly workspace: string;
}

/** The first rows are shown at once, the others in steps large enough for the engine to compress them. */
const FLUSH_ROWS = CHUNK_ROWS * 60;
/** An answer of this size is emptied as it is stored. */
const RELEASE_ROWS = 20_000;
/** An answer of so many cells is tens of megabytes of text. */
const COLLECT_CELLS = 2_000_000;
/**
 * Chunks of a large answer that an appender gathers before the table has them: all 60 of a step would be there twice,
 * 25 MB each time.
 */
const HAND_OVER_CHUNKS = 15;
/** Chunks between two looks at what else the process has to do: some 20 ms. */
const BREATHE_CHUNKS = 4;

/**
 * Stores one target's rows in place of those it had. A large answer is let go as it is stored (the array is emptied),
 * so that it is never twice in memory. `stored` hears when more of them can be read. After a failure the target has no
 * rows.
 */
export async function appendTarget(
  sessions: StoreSessions,
  table: RunTable,
  name: TargetName,
  columns: readonly Column[],
  rows: (readonly Cell[])[] | RowPages,
  stored: (rows: number) => void,
  place?: AppendPlace,
): Promise<void> {
  const { write } = sessions;
  const more = place === 'after';
  if (!more) await removeTarget(sessions, table, name.key);
  // Rows of targets stand for themselves: what was made of others before is not beside them.
  await removeTarget(sessions, table, COMBINED);
  const keys = await ensureColumns(write, table, columns, sessions.mostColumns);
  const target = more
    ? await lengthened(sessions, table, name.key, keys, rows.length)
    : await begun(sessions, table, name, keys, rows.length);
  const before = target.rows;
  if (typeof place === 'object') {
    target.room = target.first + Math.max(place.room, rows.length);
    table.nextSequence = target.room;
  }
  const from = target.room === undefined ? table.nextSequence : target.first + before;
  table.targets.set(name.key, target);
  table.version++;
  if (rows.length === 0) return;
  const sources: ColumnSource[] = [
    { from: 'sequence' },
    { from: 'constant', value: target.id },
    ...[...table.stored].map(([key, column]): ColumnSource => {
      const index = keys.indexOf(key);
      return index < 0 ? { from: 'nothing', type: column.type } : { from: 'cell', index, type: column.type };
    }),
  ];
  const large = rows.length * columns.length >= COLLECT_CELLS;
  if (large && Array.isArray(rows)) collectGarbage();
  try {
    const appender = await write.openAppender(
      table.bareName,
      storedTypes(sources),
      table.passing ? PASSING : undefined,
    );
    const commits = new CommitsBehind(write, appender);
    try {
      const chunks = new RowAppender(appender, sources, from, rows.length);
      let flushed = 0,
        to = 0,
        chunk = -1;
      for (const part of partsOf(rows)) {
        chunks.append(part.rows, part.from, part.to);
        to += part.to - part.from;
        chunk++;
        if (to < rows.length && chunk > 0 && to - flushed < FLUSH_ROWS) {
          if (large && chunk % HAND_OVER_CHUNKS === 0) await commits.handOver();
          if (chunk % BREATHE_CHUNKS === 0) await setImmediate();
          continue;
        }
        // These rows are let go, which the collector would not notice before they all are; the flush itself takes most
        // memory.
        if (large && to - flushed >= FLUSH_ROWS) collectGarbage();
        flushed = to;
        const [rowsNow, sequenceNow] = [to, chunks.nextSequence];
        await commits.flush(() => {
          if (target.room === undefined) table.nextSequence = sequenceNow;
          target.rows = before + rowsNow;
          table.version++;
          stored(rowsNow);
        });
        await setImmediate();
      }
      await commits.settled();
    } finally {
      // After a failure too: what it is done with must not be told when the target is gone.
      await commits.settled().catch(() => undefined);
      await commits.undo();
      appender.close();
    }
  } catch (error) {
    // Part of an answer must not pass for the whole. How much of it reached the table is not known: its numbers are not
    // used again.
    if (target.room === undefined) table.nextSequence += rows.length;
    target.rows = before + rows.length;
    await removeTarget(sessions, table, name.key).catch(() => undefined);
    throw error;
  }
}

/** A target that has no rows yet. */
async function begun(
  sessions: StoreSessions,
  table: RunTable,
  name: TargetName,
  columns: readonly string[],
  rows: number,
): Promise<StoredTarget> {
  const id = sessions.nextTarget();
  const target: StoredTarget = { ...name, id, columns, first: table.nextSequence, rows: 0, place: id };
  await sessions.write.run(`INSERT INTO ${table.in('targets')} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
    id,
    table.id,
    name.key,
    name.customer,
    name.tenant,
    name.workspace,
    rows,
    JSON.stringify(columns),
    target.first,
    target.place,
  ]);
  return target;
}

/** A target that gets so many more rows, in the room that was made for them. */
async function lengthened(
  { write }: StoreSessions,
  table: RunTable,
  key: string,
  columns: readonly string[],
  rows: number,
): Promise<StoredTarget> {
  const old = table.targets.get(key);
  const all = (old?.rows ?? 0) + rows;
  if (old?.room === undefined || old.first + all > old.room)
    throw new AppError('bug.noRoom', 'No room was made for further rows of this workspace.');
  const target = { ...old, columns: [...new Set([...old.columns, ...columns])] };
  await write.run(`UPDATE ${table.in('targets')} SET row_count = ?, columns = ? WHERE id = ?`, [
    all,
    JSON.stringify(target.columns),
    old.id,
  ]);
  return target;
}

interface Part {
  readonly rows: readonly (readonly Cell[])[] | CellTexts;
  readonly from: number;
  readonly to: number;
}
/** The rows in steps of a chunk; those of a large array are let go behind each. */
function* partsOf(rows: (readonly Cell[])[] | RowPages): Generator<Part> {
  if ('pages' in rows) {
    for (const page of rows.texts?.() ?? rows.pages()) {
      const count = 'places' in page ? page.rows : page.length;
      for (let from = 0; from < count; from += CHUNK_ROWS)
        yield { rows: page, from, to: Math.min(from + CHUNK_ROWS, count) };
    }
    return;
  }
  const release = rows.length >= RELEASE_ROWS;
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    const to = Math.min(from + CHUNK_ROWS, rows.length);
    yield { rows, from, to };
    if (release) for (let row = from; row < to; row++) rows[row] = NO_CELLS;
  }
  if (release) rows.length = 0;
}
const NO_CELLS: readonly Cell[] = [];

/** Rows of a target that is named no more are out of every answer at once, even where deleting them fails. */
export async function removeTarget({ write }: StoreSessions, table: RunTable, key: string): Promise<void> {
  const old = table.targets.get(key);
  if (!old) return;
  table.targets.delete(key);
  table.version++;
  await write.run(`DELETE FROM ${table.in('targets')} WHERE id = ?`, [old.id]);
  if (old.rows > 0) await write.run(`DELETE FROM ${table.name} WHERE t = ?`, [old.id]);
}
