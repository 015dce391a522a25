import { basename } from 'node:path';
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

/** What of a lake is read: roll-ups whose names `table` takes, files of these workspaces (guids). All where absent. */
export interface LakePart {
  readonly table?: (names: { readonly rows: string; readonly answer: string }) => boolean;
  readonly workspaces?: ReadonlySet<string>;
}

/**
 * What a lake holds as KQL sees it: of each roll-up its stored rows, each once, and where an answer is made of them a
 * function of the roll-up's name. Rejects with `engine.*`.
 */
export function readLake(
  engine: LocalEngine,
  lake: string,
  schema: string,
  signal?: CancelSignal,
  part: LakePart = {},
): Promise<{
  readonly tables: readonly EngineTable[];
  readonly functions: readonly StoredFunction[];
  /** Ids of the versions that were read. */
  readonly read: readonly string[];
}> {
  return onDisk('the lake could not be read', async () => {
    const tables: EngineTable[] = [];
    const functions: StoredFunction[] = [];
    const read: string[] = [];
    for (const table of latest(await new LakeSink(lake).tables())) {
      const { rows, answer } = namesOf(table);
      if (part.table && !part.table({ rows, answer })) continue;
      read.push(table.id);
      const columns = [...ROLLUP_COLUMNS, ...table.columns];
      const files = (await windowsOf(tableFolder(lake, table.id))).filter(
        (path) => part.workspaces?.has(basename(path).split('_')[0]!) ?? true,
      );
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
    return { tables, functions, read };
  });
}

/** A time that its column cannot hold stands beside it. */
function exactCell({ type }: Column, sql: string, position: number): string {
  if (type !== 'datetime') return sql;
  return `coalesce(${sql}, nullif(regexp_extract(${EXACT}, '(?:^|;)${position}=([^;]*)', 1), ''))`;
}
