import type { EngineDatabase, LocalEngine } from '../../engine/face.ts';
import type { Cell, Column } from '../../model/kqlType.ts';
import { mentionedTables } from '../logs/databases.ts';
import type { TableStore } from '../logs/tableStore.ts';
import type { Workspace } from '../state.ts';

/** What a rule's query brings. */
export interface BinAnswer {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * The answer of a query over rows whose `TimeGenerated` is in a bin (ISO, half-open), as far as they can be seen now.
 * Rejects with the engine's AppErrors.
 */
export async function askBin(
  store: TableStore,
  engine: LocalEngine,
  workspace: Workspace,
  query: string,
  timespan: { readonly from: string; readonly to: string },
): Promise<BinAnswer> {
  const opened = await Promise.all(
    mentionedTables(store, workspace, query).map((table) => store.open(workspace, table)),
  );
  try {
    const database: EngineDatabase = { name: workspace.name, tables: opened.map(({ table }) => table) };
    const { tables } = await engine.query(query, { database, timespan });
    const [answer] = tables;
    const rows = await answer!.rows();
    for (const table of tables) await table.dispose();
    return { columns: answer!.columns, rows };
  } finally {
    for (const { release } of opened) release();
  }
}
