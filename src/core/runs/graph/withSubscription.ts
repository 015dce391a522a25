import type { Column } from '../../../model/kqlType.ts';
import { SUBSCRIPTION } from '../../../kql/graph/graphTables.ts';
import type { LogsTable } from '../../../ports/logs.ts';

/**
 * The rows of an answer of Resource Graph with the name of each one's subscription, first: instead of the ids that a
 * text of ours asked for under that name, or made of the column `subscriptionId` where the person's own text left it.
 * An unknown id stays. Rows that say nothing of it stay as they are.
 */
export function withSubscription(table: LogsTable, names: ReadonlyMap<string, string>): LogsTable {
  const { columns, rows } = table;
  // Answers of Resource Graph are not paged from disk: some thousand rows, read whole.
  if (!Array.isArray(rows)) return table;
  const list = rows as NonNullable<Extract<LogsTable['rows'], readonly unknown[]>>;
  const called = columns.findIndex(({ name }) => name === SUBSCRIPTION);
  const at = called >= 0 ? called : columns.findIndex(({ name }) => name.toLowerCase() === 'subscriptionid');
  if (at < 0 || columns[at]!.type !== 'string') return table;
  const nameOf = (id: unknown): string => (typeof id === 'string' ? (names.get(id.toLowerCase()) ?? id) : '');
  if (called >= 0)
    return { ...table, columns, rows: list.map((row) => row.map((cell, i) => (i === at ? nameOf(cell) : cell))) };
  const column: Column = { name: SUBSCRIPTION, type: 'string' };
  return { ...table, columns: [column, ...columns], rows: list.map((row) => [nameOf(row[at]), ...row]) };
}

/** The columns of these names alone, in the order of the answer. */
export function onlyColumns(table: LogsTable, keeps: readonly string[] | undefined): LogsTable {
  const { columns, rows } = table;
  const kept = columns.flatMap(({ name }, i) => (keeps === undefined || keeps.includes(name) ? [i] : []));
  if (kept.length === columns.length || !Array.isArray(rows)) return table;
  const list = rows as NonNullable<Extract<LogsTable['rows'], readonly unknown[]>>;
  return {
    ...table,
    columns: kept.map((i) => columns[i]!),
    rows: list.map((row) => kept.map((i) => row[i] ?? null)),
  };
}
