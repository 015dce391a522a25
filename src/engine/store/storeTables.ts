import { PASSING } from './runTable.ts';
import type { Database } from '../database/database.ts';

/** What a store keeps beside the rows themselves, by table: the columns in their order. */
const TABLES = {
  runs: 'run VARCHAR, id INTEGER',
  stored_columns: 'run INTEGER, physical VARCHAR, name VARCHAR, type VARCHAR',
  targets:
    'id INTEGER, run INTEGER, key VARCHAR, customer VARCHAR, tenant VARCHAR, workspace VARCHAR, row_count BIGINT, columns VARCHAR, first BIGINT, place INTEGER',
} as const;

/** Statements that make what is not there. */
export const MAKE_TABLES: readonly string[] = [
  ...makeTables(''),
  `ATTACH IF NOT EXISTS ':memory:' AS ${PASSING}`,
  ...makeTables(`${PASSING}.`),
];

function makeTables(catalog: string): string[] {
  return Object.entries(TABLES).map(([name, columns]) => `CREATE TABLE IF NOT EXISTS ${catalog}${name} (${columns})`);
}

/**
 * Whether a database is a store of this version: the tables that are there have its columns. Rejects where they cannot
 * be read to their end, as in a file that was cut.
 */
export async function isOfThisVersion(database: Database): Promise<boolean> {
  const { rows } = await database.run(
    'SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, column_index',
  );
  for (const [table, wanted] of Object.entries(TABLES)) {
    const found = rows.filter(([name]) => name === table).map(([, name, type]) => `${String(name)} ${String(type)}`);
    if (found.length === 0) continue;
    if (found.join(', ') !== wanted) return false;
    await database.drain(`SELECT * FROM ${table}`);
  }
  return true;
}
