import type { RowFilter, RowSort } from '../../model/rows.ts';
import { AppError } from '../../base/errors.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import { ROW_ORDER } from './runTable.ts';
import { holdsText, mayHold } from './shownText.ts';
import type { ShownColumn } from './storedColumns.ts';
import { parseDatetime } from '../../model/values/datetime.ts';
import { parseBool } from '../../model/values/bool.ts';
import { parseDecimal } from '../../model/values/decimal.ts';
import { parseGuid } from '../../model/values/guid.ts';
import { INT64_MAX, INT64_MIN, parseLong, parseReal } from '../../model/values/numbers.ts';
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

/** The WHERE clause (with the word, or empty) of filters and a search over all columns. All must hold. */
export function whereOf(
  columns: readonly ShownColumn[],
  filters: readonly RowFilter[],
  search: string | undefined,
): Sql {
  const parts = filters.map((filter) => conditionOf(findColumn(columns, filter.column), filter));
  if (search) parts.push(holding(columns, search));
  return parts.length === 0
    ? { text: '', parameters: [] }
    : {
        text: `WHERE ${parts.map((part) => part.text).join(' AND ')}`,
        parameters: parts.flatMap((part) => part.parameters),
      };
}

/** The condition that one of the columns at least holds the text. */
function holding(columns: readonly ShownColumn[], text: string): Sql {
  const looked = columns.filter((column) => mayHold(column, text));
  return looked.length === 0
    ? { text: 'false', parameters: [] }
    : { text: `(${looked.map(holdsText).join(' OR ')})`, parameters: looked.map(() => text) };
}

function conditionOf(column: ShownColumn, filter: RowFilter): Sql {
  const value = filter.value ?? '';
  switch (filter.op) {
    case 'empty':
      return { text: emptyOf(column), parameters: [] };
    case 'notEmpty':
      return { text: `NOT ${emptyOf(column)}`, parameters: [] };
    case 'contains':
    case 'notContains': {
      const holds = holding([column], value);
      return filter.op === 'contains' ? holds : { ...holds, text: `NOT ${holds.text}` };
    }
    case 'equals':
    case 'notEquals': {
      const test = value === '' ? { text: emptyOf(column), parameters: [] } : comparison(column, '=', value);
      // A text that is no value of the type equals nothing; "" asks for the empty ones.
      if (test === undefined) return { text: filter.op === 'equals' ? 'false' : 'true', parameters: [] };
      return filter.op === 'equals' ? test : { ...test, text: `NOT ${test.text}` };
    }
    default: {
      const test = comparison(column, filter.op === 'greater' ? '>' : '<', value);
      if (test === undefined)
        throw new AppError(
          'input.filterValue',
          `"${value.slice(0, 60)}" cannot be compared with the column ${column.name} (${column.type}).`,
        );
      return test;
    }
  }
}

/** The SQL condition that a cell is empty: null, or "" where the column is stored as text. */
export function emptyOf({ type, physical }: ShownColumn): string {
  return STORED_AS_TEXT.has(type) ? `(coalesce(${physical}, '') = '')` : `(${physical} IS NULL)`;
}
const STORED_AS_TEXT: ReadonlySet<string> = new Set(['string', 'guid', 'decimal', 'dynamic']);

/** The condition that compares a cell with a filter's text; undefined where the text is no value of the type. */
function comparison({ type, physical }: ShownColumn, op: '=' | '>' | '<', text: string): Sql | undefined {
  const compare = (left: string, right: string, value: PhysicalValue | undefined): Sql | undefined =>
    value === undefined ? undefined : { text: `coalesce(${left} ${op} ${right}, false)`, parameters: [value] };
  switch (type) {
    case 'int':
    case 'long':
      return compareWhole(physical, op, text);
    case 'real':
      // As text: a parameter that is a whole number beyond 2^63 cannot be bound.
      return compare(physical, 'CAST(? AS DOUBLE)', parseReal(text)?.toString());
    case 'decimal':
      return compare(`decimal_order(${physical})`, 'decimal_order(?)', parseDecimal(text));
    case 'bool':
      return compare(physical, '?', parseBool(text));
    case 'datetime':
      return compare(physical, '?', parseDatetime(text));
    case 'timespan':
      return compare(physical, '?', parseTimespan(text));
    case 'guid':
      return compare(`lower(${physical})`, '?', parseGuid(text)?.toLowerCase() ?? text.toLowerCase());
    default:
      return compare(physical, '?', text);
  }
}

/**
 * A column of whole numbers can be compared with 1.5 and with numbers that no long holds, too: exactly, which a
 * comparison of doubles is not.
 */
function compareWhole(physical: string, op: '=' | '>' | '<', text: string): Sql | undefined {
  const value = /^\s*[+-]?\d+\s*$/.test(text)
    ? BigInt(text.trim().replace('+', ''))
    : (parseLong(text) ?? parseReal(text));
  if (value === undefined) return undefined;
  const whole = typeof value === 'bigint' ? value : op === '>' ? Math.floor(value) : Math.ceil(value);
  // NaN is greater and less than nothing.
  if (Number.isNaN(whole) || (op === '=' && typeof value === 'number' && !Number.isInteger(value)))
    return { text: 'false', parameters: [] };
  if (whole > INT64_MAX) return { text: op === '<' ? `(${physical} IS NOT NULL)` : 'false', parameters: [] };
  if (whole < INT64_MIN) return { text: op === '>' ? `(${physical} IS NOT NULL)` : 'false', parameters: [] };
  return { text: `coalesce(${physical} ${op} ?, false)`, parameters: [BigInt(whole)] };
}

/** ORDER BY of a selection: numbers as numbers, times as times, empty ones last, ties in the order of the targets. */
export function orderOf(columns: readonly ShownColumn[], sort: readonly RowSort[]): string {
  const keys = sort.flatMap(({ column, descending }) => {
    const entry = findColumn(columns, column);
    const direction = `${descending ? 'DESC' : 'ASC'} NULLS LAST`;
    const { type, physical } = entry;
    if (type === 'decimal') return [`decimal_order(${physical}) ${direction}`];
    if (type === 'dynamic')
      return [`TRY_CAST(${physical} AS DOUBLE) ${direction}`, `nullif(${physical}, '') ${direction}`];
    return [`${STORED_AS_TEXT.has(type) ? `nullif(${physical}, '')` : physical} ${direction}`];
  });
  return `ORDER BY ${[...keys, ROW_ORDER].join(', ')}`;
}
