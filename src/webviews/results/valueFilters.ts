import type { RowFilter } from '../../model/rows.ts';

/** The filter that takes a column's value, or everything but it; the values that are null and "" are one. */
export function valueFilter(column: string, value: string, op: 'equals' | 'notEquals'): RowFilter {
  if (value !== '') return { column, op, value };
  return { column, op: op === 'equals' ? 'empty' : 'notEmpty' };
}

/** The filters with one more, where it is not among them already. */
export function addFilter(filters: readonly RowFilter[], filter: RowFilter): readonly RowFilter[] {
  return filters.some((one) => isSameFilter(one, filter)) ? filters : [...filters, filter];
}

/** The filters but those that take one value of the column. */
export function withoutValueOf(filters: readonly RowFilter[], column: string): readonly RowFilter[] {
  return filters.filter((filter) => !takesValueOf(filter, column));
}

/** The values of the column that the filters take; none where they do not say. */
export function chosenValues(filters: readonly RowFilter[], column: string): ReadonlySet<string> {
  return new Set(filters.filter((filter) => takesValueOf(filter, column)).map(({ value }) => value ?? ''));
}

/** Filters by one value of the column, or by none where it is chosen already. */
export function toggleValue(filters: readonly RowFilter[], column: string, value: string): readonly RowFilter[] {
  const rest = withoutValueOf(filters, column);
  return chosenValues(filters, column).has(value) ? rest : [...rest, valueFilter(column, value, 'equals')];
}

function takesValueOf(filter: RowFilter, column: string): boolean {
  return filter.column === column && (filter.op === 'equals' || filter.op === 'empty');
}

function isSameFilter(left: RowFilter, right: RowFilter): boolean {
  return left.column === right.column && left.op === right.op && left.value === right.value;
}
