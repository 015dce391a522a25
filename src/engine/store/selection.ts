import type { RowFilter, RowSort } from '../../model/rows.ts';
import { AppError } from '../../base/errors.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import { ROW_ORDER } from './runTable.ts';
import type { ShownColumn } from './storedColumns.ts';
import { parseDatetime } from '../../model/values/datetime.ts';
import { parseBool } from '../../model/values/bool.ts';
import { parseLong, parseReal } from '../../model/values/numbers.ts';
import { parseTimespan } from '../../model/values/timespan.ts';

/** SQL with its parameters (`?` in order). */
export interface Sql {
  readonly text: string;
  readonly parameters: readonly PhysicalValue[];
}

/** The column of that name; `input.unknownColumn` where there is none. */
export function findColumn(columns: readonly ShownColumn[], name: string): ShownColumn {
  const column = columns.find((entry) => entry.name === name);
  if (!column) throw new AppError('input.unknownColumn', `The answer has no column "${name.slice(0, 100)}".`);
  return column;
}

/** A column as people read it, in SQL. Never null. */
export function textOf({ type, physical }: ShownColumn): string {
  switch (type) {
    case 'datetime':
      return `coalesce(iso_text(${physical}), '')`;
    case 'timespan':
      return `coalesce(span_text(${physical}), '')`;
    case 'bool':
      return `CASE WHEN ${physical} THEN 'true' WHEN NOT ${physical} THEN 'false' ELSE '' END`;
    case 'int':
    case 'long':
    case 'real':
      return `coalesce(${physical}::VARCHAR, '')`;
    default:
      return `coalesce(${physical}, '')`;
  }
}

/** Macros that `textOf` needs, for every connection's database: ticks as the service writes them. */
export const TEXT_MACROS = [
  `CREATE OR REPLACE MACRO fraction_text(t) AS CASE WHEN t % 10000000 = 0 THEN '' ELSE '.' || rtrim(lpad((t % 10000000)::VARCHAR, 7, '0'), '0') END`,
  `CREATE OR REPLACE MACRO iso_text(t) AS strftime(make_timestamp((t - 621355968000000000) // 10), '%Y-%m-%dT%H:%M:%S') || fraction_text(t) || 'Z'`,
  `CREATE OR REPLACE MACRO span_text(t) AS CASE WHEN t < 0 THEN '-' ELSE '' END || CASE WHEN abs(t) >= 864000000000 THEN (abs(t) // 864000000000)::VARCHAR || '.' ELSE '' END
     || lpad((abs(t) // 36000000000 % 24)::VARCHAR, 2, '0') || ':' || lpad((abs(t) // 600000000 % 60)::VARCHAR, 2, '0') || ':' || lpad((abs(t) // 10000000 % 60)::VARCHAR, 2, '0')
     || CASE WHEN abs(t) % 10000000 = 0 THEN '' ELSE '.' || lpad((abs(t) % 10000000)::VARCHAR, 7, '0') END`,
];

/** The WHERE clause (with the word, or empty) of filters and a search over all columns. All must hold. */
export function whereOf(
  columns: readonly ShownColumn[],
  filters: readonly RowFilter[],
  search: string | undefined,
): Sql {
  const parts = filters.map((filter) => conditionOf(findColumn(columns, filter.column), filter));
  if (search)
    parts.push({
      text: `(${columns.map((column) => `contains(lower(${textOf(column)}), ?)`).join(' OR ')})`,
      parameters: columns.map(() => search.toLowerCase()),
    });
  return parts.length === 0
    ? { text: '', parameters: [] }
    : {
        text: `WHERE ${parts.map((part) => part.text).join(' AND ')}`,
        parameters: parts.flatMap((part) => part.parameters),
      };
}

function conditionOf(column: ShownColumn, filter: RowFilter): Sql {
  const value = filter.value ?? '';
  switch (filter.op) {
    case 'empty':
      return { text: emptyOf(column), parameters: [] };
    case 'notEmpty':
      return { text: `NOT ${emptyOf(column)}`, parameters: [] };
    case 'contains':
      return { text: `contains(lower(${textOf(column)}), ?)`, parameters: [value.toLowerCase()] };
    case 'notContains':
      return { text: `NOT contains(lower(${textOf(column)}), ?)`, parameters: [value.toLowerCase()] };
    case 'equals':
    case 'notEquals': {
      const wanted = value === '' ? undefined : parseAs(column, value);
      const text = wanted === undefined ? emptyOf(column) : `coalesce(${comparable(column)} = ?, false)`;
      const parameters = wanted === undefined ? [] : [wanted];
      // A text that is no value of the type equals nothing; "" asks for the empty ones.
      if (wanted === undefined && value !== '')
        return { text: filter.op === 'equals' ? 'false' : 'true', parameters: [] };
      return { text: filter.op === 'equals' ? text : `NOT ${text}`, parameters };
    }
    default: {
      const wanted = parseAs(column, value);
      if (wanted === undefined)
        throw new AppError(
          'input.filterValue',
          `"${value.slice(0, 60)}" cannot be compared with the column ${column.name} (${column.type}).`,
        );
      return {
        text: `coalesce(${comparable(column)} ${filter.op === 'greater' ? '>' : '<'} ?, false)`,
        parameters: [wanted],
      };
    }
  }
}

/** The SQL condition that a cell is empty: null, or "" where the column is stored as text. */
export function emptyOf({ type, physical }: ShownColumn): string {
  return STORED_AS_TEXT.has(type) ? `(coalesce(${physical}, '') = '')` : `(${physical} IS NULL)`;
}
const STORED_AS_TEXT: ReadonlySet<string> = new Set(['string', 'guid', 'decimal', 'dynamic']);

function comparable({ type, physical }: ShownColumn): string {
  return type === 'decimal' ? `TRY_CAST(${physical} AS DOUBLE)` : physical;
}

/** A filter's text as the value its column is compared with; undefined where it is none. */
function parseAs({ type }: ShownColumn, text: string): PhysicalValue | undefined {
  switch (type) {
    case 'int':
    case 'long':
      // A column of whole numbers can be compared with 1.5, too.
      return parseLong(text) ?? parseReal(text);
    case 'real':
    case 'decimal':
      return parseReal(text);
    case 'bool':
      return parseBool(text);
    case 'datetime':
      return parseDatetime(text);
    case 'timespan':
      return parseTimespan(text);
    default:
      return text;
  }
}

/** ORDER BY of a selection: numbers as numbers, times as times, empty ones last, ties in the order of the targets. */
export function orderOf(columns: readonly ShownColumn[], sort: readonly RowSort[]): string {
  const keys = sort.flatMap(({ column, descending }) => {
    const entry = findColumn(columns, column);
    const direction = `${descending ? 'DESC' : 'ASC'} NULLS LAST`;
    const { type, physical } = entry;
    if (type === 'decimal' || type === 'dynamic')
      return [`TRY_CAST(${physical} AS DOUBLE) ${direction}`, `nullif(${physical}, '') ${direction}`];
    return [`${STORED_AS_TEXT.has(type) ? `nullif(${physical}, '')` : physical} ${direction}`];
  });
  return `ORDER BY ${[...keys, ROW_ORDER].join(', ')}`;
}
