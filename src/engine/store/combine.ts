import { AppError } from '../../base/errors.ts';
import { COMBINED } from '../../ports/rows.ts';
import type { CombineOptions } from '../../ports/rows.ts';
import type { RenderSpec } from '../../model/render.ts';
import type { EngineTable, LocalEngine, QueryOptions, QueryResult } from '../face.ts';
import { assignIds } from '../translate/relation.ts';
import { ensureColumns } from './ensureColumns.ts';
import type { RunTable, StoredTarget } from './runTable.ts';
import type { StoreSessions } from './storeSessions.ts';

/** The answer of a query over collected tables, still the engine's. Dispose it. */
export async function askCollected(
  engine: LocalEngine,
  text: string,
  tables: readonly EngineTable[],
  options: CombineOptions & Pick<QueryOptions, 'resultsIn'>,
): Promise<{ readonly result: QueryResult; readonly render?: RenderSpec }> {
  const answer = await engine.query(text, { database: { name: 'collected', tables }, ...options });
  const [result, ...others] = answer.tables;
  if (others.length > 0) {
    for (const table of answer.tables) await table.dispose();
    throw new AppError(
      'query.severalTables',
      `The query gives ${answer.tables.length} tables, and an answer here is one. Run its parts one by one.`,
    );
  }
  return { result: result!, ...(answer.render ? { render: answer.render } : {}) };
}

/** Rows in the database, with a hidden `__ord`. */
type NewRows = Pick<QueryResult, 'columns' | 'rowCount' | 'source'>;

/**
 * Puts the rows of an answer in place of all rows of the run, inside the database. After a failure the rows are
 * those of before.
 */
export async function replaceRows(sessions: StoreSessions, table: RunTable, result: NewRows): Promise<void> {
  const { write } = sessions;
  const keys = await ensureColumns(write, table, result.columns, sessions.mostColumns);
  const id = sessions.nextTarget();
  const first = table.nextSequence;
  const rows = result.rowCount;
  // Whatever becomes of them: numbers are not used again.
  table.nextSequence += rows;
  const to = ['seq', 't', ...keys.map((key) => table.stored.get(key)!.physical)];
  const from = [`${first} + __ord`, String(id), ...assignIds(result.columns).map((column) => column.id)];
  await write.run(
    `INSERT INTO ${table.name} (${to.join(', ')}) SELECT ${from.join(', ')} FROM ${result.source} ORDER BY __ord`,
  );
  const old = [...table.targets.values()].map((target) => target.id);
  // None of them is seen before their target is there.
  await write.run('BEGIN');
  try {
    await write.run(`DELETE FROM ${table.in('targets')} WHERE run = ?`, [table.id]);
    await write.run(`INSERT INTO ${table.in('targets')} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
      id,
      table.id,
      COMBINED,
      '',
      '',
      '',
      rows,
      JSON.stringify(keys),
      first,
      id,
    ]);
    await write.run('COMMIT');
  } catch (error) {
    await write.run('ROLLBACK').catch(() => undefined);
    await write.run(`DELETE FROM ${table.name} WHERE t = ?`, [id]).catch(() => undefined);
    throw error;
  }
  const target: StoredTarget = {
    id,
    key: COMBINED,
    customer: '',
    tenant: '',
    workspace: '',
    columns: keys,
    first,
    rows,
    place: id,
  };
  table.targets.clear();
  table.targets.set(COMBINED, target);
  table.version++;
  for (const one of old) await write.run(`DELETE FROM ${table.name} WHERE t = ?`, [one]);
}
