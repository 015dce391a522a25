import type { RowStamps } from '../../ports/rows.ts';
import type { Session } from '../database/session.ts';
import type { RunTable } from './runTable.ts';

/**
 * Deletes the rows of targets that do not bear these stamps, and of those that are not all there: a target is noted
 * before its rows come, and a program that is killed leaves the first of them. Resolves to the targets that stay.
 */
export async function keepWhole(write: Session, table: RunTable, stamps: RowStamps): Promise<string[]> {
  if (!table.created) return [];
  const counts = new Map(
    (await write.all(`SELECT t, count(*) FROM ${table.name} GROUP BY t`)).map(([t, count]) => [
      Number(t),
      Number(count),
    ]),
  );
  for (const { id, key, rows } of [...table.targets.values()]) {
    if (stamps[key] === id && (counts.get(id) ?? 0) === rows) continue;
    await write.run(`DELETE FROM ${table.in('targets')} WHERE id = ?`, [id]);
    table.targets.delete(key);
  }
  // Rows that no target is named for, too: a total that was to take the place of another.
  const known = [...table.targets.values()].map(({ id }) => id);
  await write.run(`DELETE FROM ${table.name} ${known.length > 0 ? `WHERE t NOT IN (${known.join(', ')})` : ''}`);
  table.version++;
  return [...table.targets.keys()];
}
