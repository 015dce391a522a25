import type { RollupTable } from '../../model/rollup.ts';
import { quoteId, quoteText } from '../translate/relation.ts';
import { LAKE, namesOf } from './lakePaths.ts';

/**
 * SQL for DuckDB's own program, to be run in the folder of the lake: a view for each version, with each stored row
 * once. Of a summary these are its parts; the answer made of them is what `tenantscope kql` gives.
 */
export function lakeViews(tables: readonly RollupTable[]): string {
  const views = [...latest(tables)].map(
    (table) =>
      `CREATE OR REPLACE VIEW ${quoteId(namesOf(table).rows)} AS SELECT * FROM read_parquet(${quoteText(`${LAKE.rollups}/${table.id}/customer=*/day=*/*.parquet`)}, union_by_name = true, hive_partitioning = false);`,
  );
  return `-- Each stored row once: a window that was stored again has replaced its file.\n${views.join('\n')}\n`;
}

/** Of several versions of a roll-up each under its name where it is the only one, else under its id. */
export function* latest(tables: readonly RollupTable[]): Generator<RollupTable> {
  for (const table of tables) {
    const alone = tables.filter(({ name }) => name === table.name).length === 1;
    yield alone ? table : { ...table, name: table.id.replaceAll('-', '_') };
  }
}
