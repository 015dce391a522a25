import type { Cell, Column } from '../../model/kqlType.ts';
import { storedTypes } from '../database/columnSource.ts';
import type { ColumnSource } from '../database/columnSource.ts';
import { RowAppender } from '../database/rowAppender.ts';
import { CHUNK_ROWS } from '../database/tableAppender.ts';
import { removeTarget } from './appendTarget.ts';
import type { TargetName } from './appendTarget.ts';
import { ensureColumns } from './ensureColumns.ts';
import { COMBINED } from '../../ports/rows.ts';
import { PASSING } from './runTable.ts';
import type { RunTable, StoredTarget } from './runTable.ts';
import type { StoreSessions } from './storeSessions.ts';

/** The rows of one of several targets that answered together. */
export interface TargetRows extends TargetName {
  readonly rows: readonly (readonly Cell[])[];
}

/** Columns of the table of targets, for one statement that has a row of it for each. */
const TARGET_COLUMNS = 10;
/** Rows of that table in one statement. */
const AT_ONCE = 200;

/**
 * Stores the rows of targets that answered with the same columns, in place of those they had: all of them or, after a
 * failure, none. One transaction: a commit for each of a hundred small answers would take longer than all their rows.
 */
export async function appendTargets(
  sessions: StoreSessions,
  table: RunTable,
  columns: readonly Column[],
  answers: readonly TargetRows[],
): Promise<void> {
  const { write } = sessions;
  for (const key of [...answers.map((answer) => answer.key), COMBINED]) await removeTarget(sessions, table, key);
  const keys = await ensureColumns(write, table, columns, sessions.mostColumns);
  let first = table.nextSequence;
  const targets = answers.map(({ rows, ...name }): StoredTarget => {
    const id = sessions.nextTarget();
    const target = { ...name, id, columns: keys, first, rows: rows.length, place: id };
    first += rows.length;
    return target;
  });
  // Whatever becomes of it, these numbers are not used again.
  table.nextSequence = first;
  await write.run('BEGIN');
  try {
    for (let at = 0; at < targets.length; at += AT_ONCE) {
      const some = targets.slice(at, at + AT_ONCE);
      const row = `(${Array.from({ length: TARGET_COLUMNS }, () => '?').join(', ')})`;
      await write.run(
        `INSERT INTO ${table.in('targets')} VALUES ${some.map(() => row).join(', ')}`,
        some.flatMap((target) => valuesOf(target, table.id)),
      );
    }
    await appendRows(sessions, table, keys, targets, answers);
    await write.run('COMMIT');
  } catch (error) {
    await write.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
  for (const target of targets) table.targets.set(target.key, target);
  table.version++;
}

function valuesOf(target: StoredTarget, run: RunTable['id']) {
  const { id, key, customer, tenant, workspace, rows, columns, first, place } = target;
  return [id, run, key, customer, tenant, workspace, rows, JSON.stringify(columns), first, place];
}

async function appendRows(
  { write }: StoreSessions,
  table: RunTable,
  keys: readonly string[],
  targets: readonly StoredTarget[],
  answers: readonly TargetRows[],
): Promise<void> {
  if (answers.every(({ rows }) => rows.length === 0)) return;
  const sourcesOf = (target: number): ColumnSource[] => [
    { from: 'sequence' },
    { from: 'constant', value: target },
    ...[...table.stored].map(([key, column]): ColumnSource => {
      const index = keys.indexOf(key);
      return index < 0 ? { from: 'nothing', type: column.type } : { from: 'cell', index, type: column.type };
    }),
  ];
  const appender = await write.openAppender(
    table.bareName,
    storedTypes(sourcesOf(0)),
    table.passing ? PASSING : undefined,
  );
  try {
    for (const [i, { rows }] of answers.entries()) {
      const chunks = new RowAppender(appender, sourcesOf(targets[i]!.id), targets[i]!.first, rows.length);
      for (let from = 0; from < rows.length; from += CHUNK_ROWS)
        chunks.append(rows, from, Math.min(from + CHUNK_ROWS, rows.length));
    }
    appender.flush();
  } finally {
    appender.close();
  }
}
