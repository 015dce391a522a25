import type { CancelSignal } from '../../base/cancel.ts';
import type { Column } from '../../model/kqlType.ts';
import { ROLLUP_COLUMNS, ROWS_TABLE } from '../../model/rollup.ts';
import type { EngineTable, LocalEngine, StoredFunction } from '../face.ts';
import { readParquet } from '../runtime/parquet.ts';
import { onDisk } from './files.ts';
import { EXACT, namesOf, tableFolder } from './lakePaths.ts';
import { LakeSink } from './lakeSink.ts';
import { latest } from './lakeViews.ts';
import { windowsOf } from './windowFiles.ts';

/** Columns of stored rows that the answer made of them knows nothing of. */
const OWN = ['_RollupId', '_WindowStart', '_WindowEnd', '_RowKey'];

/**
 * What a lake holds as KQL sees it: of each roll-up its stored rows, each once, and where an answer is made of them a
 * function of the roll-up's name. Rejects with `engine.*`.
 */
export function readLake(
  engine: LocalEngine,
  lake: string,
  schema: string,
  signal?: CancelSignal,
): Promise<{ readonly tables: readonly EngineTable[]; readonly functions: readonly StoredFunction[] }> {
  return onDisk('the lake could not be read', async () => {
    const tables: EngineTable[] = [];
    const functions: StoredFunction[] = [];
    for (const table of latest(await new LakeSink(lake).tables())) {
      const { rows, answer } = namesOf(table);
      const columns = [...ROLLUP_COLUMNS, ...table.columns];
      const files = await windowsOf(tableFolder(lake, table.id));
      tables.push(
        files.length === 0
          ? await engine.createTable(schema, rows, columns)
          : await readParquet(engine, files, schema, rows, columns, signal, exactCell),
      );
      if (table.view !== undefined)
        functions.push({
          name: answer,
          parameters: '',
          body: `let ${ROWS_TABLE} = (${rows} | project-away ${OWN.join(', ')});\n${table.view}`,
        });
    }
    return { tables, functions };
  });
}

/** A time that its column cannot hold stands beside it. */
function exactCell({ type }: Column, sql: string, position: number): string {
  if (type !== 'datetime') return sql;
  return `coalesce(${sql}, nullif(regexp_extract(${EXACT}, '(?:^|;)${position}=([^;]*)', 1), ''))`;
}
