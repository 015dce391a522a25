import { resolve } from 'node:path';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';
import type { EngineTable, LocalEngine } from '../face.ts';
import { quoteId, quoteText } from '../translate/relation.ts';
import { FileReader } from '../database/fileReader.ts';

/**
 * A parquet file, or the rows of several with their columns by name, as a table. The engine's own database cannot open
 * files, so a second one, allowed to read, hands the rows over and is closed again. `cells` may change the SQL of a
 * column's cells.
 */
export async function readParquet(
  engine: LocalEngine,
  path: string | readonly string[],
  schema: string,
  name: string,
  given?: readonly Column[],
  signal?: CancelSignal,
  cells: (column: Column, sql: string, position: number) => string = (_column, sql) => sql,
): Promise<EngineTable> {
  const reader = await FileReader.open();
  try {
    const paths = (typeof path === 'string' ? [path] : path).map((one) => quoteText(literalPath(one)));
    // A folder called `day=2026-01-01` would take the place of the file's own column Day.
    const source = `read_parquet([${paths.join(', ')}], union_by_name = true, hive_partitioning = false)`;
    const described = (await reader.describe(source)).map(({ name: column, type }) => ({
      name: column,
      type: kqlType(type),
      sql: physicalSql(quoteId(column), type),
    }));
    const columns = given ?? described.map(({ name: column, type }) => ({ name: column, type }));
    const table = await engine.createTable(schema, name, columns);
    const list = columns.map((c, i) => {
      const own = described.find((d) => d.name === c.name);
      return own ? cells(c, own.sql, i) : 'NULL';
    });
    try {
      for await (const rows of reader.rows(`SELECT ${list.join(', ')} FROM ${source}`))
        await engine.append(table, rows, signal);
    } catch (thrown) {
      await engine.dropTable(table);
      throw thrown;
    }
    return table;
  } finally {
    reader.close();
  }
}

/**
 * The path of one file for DuckDB, which takes `*`, `?` and `[` for a pattern (in a class of its own each is itself), a
 * `~` in front for the home folder, and `x://` for another file system.
 */
function literalPath(path: string): string {
  return resolve(path).replace(/[*?[]/g, '[$&]');
}

function kqlType(type: string): KqlType {
  if (type === 'BOOLEAN') return 'bool';
  if (/^(TINYINT|SMALLINT|INTEGER|UTINYINT|USMALLINT)$/.test(type)) return 'int';
  if (/^(BIGINT|UINTEGER)$/.test(type)) return 'long';
  if (/^(DOUBLE|FLOAT)$/.test(type)) return 'real';
  if (/^(DECIMAL|HUGEINT|UBIGINT|UHUGEINT)/.test(type)) return 'decimal';
  if (/^(TIMESTAMP|DATE)/.test(type)) return 'datetime';
  if (/^UUID$/.test(type)) return 'guid';
  return /^(STRUCT|MAP|JSON)|\[\d*\]$/.test(type) ? 'dynamic' : 'string';
}
/** The value in a cell's encoding: times as text, nested values as JSON. */
function physicalSql(column: string, type: string): string {
  if (/^DATE$/.test(type)) return `strftime(${column}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%fZ')`;
  if (/^TIMESTAMP_NS/.test(type)) return nanosecondsText(column);
  if (/^TIMESTAMP/.test(type)) return `strftime((${column})::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%fZ')`;
  if (/^(STRUCT|MAP)|\[\d*\]$/.test(type)) return `to_json(${column})::VARCHAR`;
  return /^(BOOLEAN|TINYINT|SMALLINT|INTEGER|UTINYINT|USMALLINT|BIGINT|UINTEGER|DOUBLE|FLOAT)$/.test(type)
    ? column
    : `${column}::VARCHAR`;
}

/** DuckDB's own `%n` puts what follows it in the middle of the digits, so the seventh comes separately. */
function nanosecondsText(column: string): string {
  const nanos = `epoch_ns(${column})`;
  const below = `((${nanos} % 1000 + 1000) % 1000)`;
  const micros = `make_timestamp((${nanos} - ${below}) // 1000)`;
  return `strftime(${micros}, '%Y-%m-%dT%H:%M:%S.%f') || (${below} // 100)::VARCHAR || 'Z'`;
}
