import type { EngineTable } from '../../engine/face.ts';
import { assignIds, missing, quoteId, quoteText, sqlType } from '../../engine/translate/relation.ts';
import type { Cell, Column, KqlType } from '../../model/kqlType.ts';

function constant(value: Cell | undefined, type: KqlType): string {
  if (value === undefined || value === null) return missing(type);
  return `CAST(${typeof value === 'string' ? quoteText(value) : String(value)} AS ${sqlType(type)})`;
}

/**
 * A stored relation widened to the columns a table shows: what is stored, what is the same in every row, nothing for
 * the rest.
 */
export function widened(
  name: string,
  columns: readonly Column[],
  stored: EngineTable,
  constants: Readonly<Record<string, Cell>>,
): EngineTable {
  const has = new Map(assignIds(stored.columns).map((column) => [column.name, column.id]));
  const list = assignIds(columns).map(
    (column) => `${has.get(column.name) ?? constant(constants[column.name], column.type)} AS ${column.id}`,
  );
  return { name, columns, source: `(SELECT ${list.join(', ')} FROM ${stored.source})` };
}

/** A table without rows. */
export function emptyTable(name: string, columns: readonly Column[]): EngineTable {
  return {
    name,
    columns,
    source: `(SELECT ${assignIds(columns)
      .map((column) => `${missing(column.type)} AS ${column.id}`)
      .join(', ')} WHERE false)`,
    empty: true,
  };
}

/**
 * The same table of several workspaces as one: columns by name. Where types differ there is a column per type, named as
 * Kusto's union names it (`Severity_long`, `Severity_string`).
 */
export function unioned(name: string, parts: readonly EngineTable[]): EngineTable {
  if (parts.length === 1) return parts[0]!;
  const types = new Map<string, Set<KqlType>>();
  for (const part of parts)
    for (const column of part.columns) types.set(column.name, (types.get(column.name) ?? new Set()).add(column.type));
  const split = [...types].flatMap(([from, found]) =>
    [...found].map((type) => ({ from, column: { name: found.size === 1 ? from : `${from}_${type}`, type } })),
  );
  const columns = split.map(({ column }) => column);
  const ids = assignIds(columns);
  const selects = parts.map((part) => {
    const own = new Map(assignIds(part.columns).map((column) => [column.name, column]));
    const list = split.map(({ from, column }, index) => {
      const found = own.get(from);
      return `${found?.type === column.type ? found.id : missing(column.type)} AS ${ids[index]!.id}`;
    });
    return `SELECT ${list.join(', ')} FROM ${part.source}`;
  });
  return { name, columns, source: `(${selects.join(' UNION ALL ')})` };
}

/** Only the rows of one resource, or of what lies under it. */
export function ofResource(table: EngineTable, resourceId: string): EngineTable {
  if (!table.columns.some(({ name }) => name === '_ResourceId')) return emptyTable(table.name, table.columns);
  const id = resourceId.toLowerCase().replace(/\/$/, '');
  const column = `lower(${quoteId('_ResourceId')})`;
  return {
    ...table,
    source: `(SELECT * FROM ${table.source} WHERE ${column} = ${quoteText(id)} OR starts_with(${column}, ${quoteText(`${id}/`)}))`,
  };
}
