import type { Session } from '../database/session.ts';
import { loadRunTable } from './runTable.ts';
import type { RunTable } from './runTable.ts';

/**
 * Brings a run's table in line with a database that was opened anew: what its targets are known to have is there, and
 * nothing else. One whose rows are not there any more is lost, all of it: a part must not pass for the whole.
 */
export async function restoreTable(write: Session, table: RunTable): Promise<void> {
  table.version++;
  if (!table.created || table.lost) return;
  // What lay in memory is gone with the database.
  const there = table.passing ? undefined : await loadRunTable(write, table.run);
  if (!there) {
    table.lost = table.targets.size > 0;
    table.created = false;
    table.stored.clear();
    return;
  }
  const counts = new Map(
    (await write.all(`SELECT t, count(*) FROM ${table.name} GROUP BY t`)).map(([t, count]) => [
      Number(t),
      Number(count),
    ]),
  );
  const known = new Set([...table.targets.values()].map(({ id }) => id));
  for (const { id } of there.targets.values())
    if (!known.has(id)) {
      await write.run(`DELETE FROM ${table.in('targets')} WHERE id = ?`, [id]);
      await write.run(`DELETE FROM ${table.name} WHERE t = ?`, [id]);
    }
  table.lost = [...table.targets.values()].some(
    ({ id, key, rows }) => there.targets.get(key)?.id !== id || (counts.get(id) ?? 0) !== rows,
  );
  for (const [key, column] of there.stored) table.stored.set(key, column);
  table.nextSequence = Math.max(table.nextSequence, there.nextSequence);
}
