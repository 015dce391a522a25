import { readFileSync } from 'node:fs';
import type { EngineTable, LocalEngine } from '../../src/engine/face.ts';
import { kqlTypeNamed } from '../../src/kql/kusto.ts';
import { constantsOf, logCell } from './logRows.ts';

/**
 * The tables of a file of schemas (`{"Table": {"Column": "type"}}`), each of `rows` rows of values a log could hold,
 * those of `queries` among them.
 */
export async function schemaTables(
  engine: LocalEngine,
  path: string,
  rows = 0,
  queries: readonly string[] = [],
): Promise<EngineTable[]> {
  const schemas = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, string>>;
  const tables: EngineTable[] = [];
  for (const [name, columns] of Object.entries(schemas)) {
    tables.push(
      await engine.createTable(
        'logs',
        name,
        Object.entries(columns).map(([column, type]) => ({ name: column, type: kqlTypeNamed(type) ?? 'dynamic' })),
      ),
    );
  }
  const [constants, now] = [constantsOf(queries), Date.now()];
  if (rows > 0)
    for (const table of tables) {
      await engine.append(
        table,
        Array.from({ length: rows }, (_, row) => table.columns.map((column) => logCell(column, row, constants, now))),
      );
    }
  return tables;
}
