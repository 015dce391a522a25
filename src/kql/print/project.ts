import type { Column } from '../../model/kqlType.ts';
import type { Assignment, Expr, Rel } from '../plan.ts';
import { packsRow } from './bags.ts';
import { nameText } from './names.ts';
import { listed, piped, unprintable } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';

/** Fewer columns than these are written out rather than those that are left away. */
const MANY = 8;

/** The value in its column's type. */
export function typed({ column, expr }: Assignment, rel: Rel): Expr {
  return expr.type === column.type ? expr : { kind: 'convert', type: column.type, value: expr, place: rel.place };
}
/** `name = value`, or the name alone where it is that of the column. */
export function assignmentText(item: Assignment, rel: Rel, row: readonly Column[], printer: Printer): string {
  const name = nameText(item.column.name);
  const value = printer.scalar(typed(item, rel), row);
  return value === name ? name : `${name} = ${value}`;
}
/** Whether a column is handed on as it is. */
function passes({ column, expr }: Assignment): boolean {
  return expr.kind === 'column' && expr.name === column.name && expr.type === column.type;
}
/** Whether an item is a column of the input, under its own name or another. */
function isColumn(item: Assignment): boolean {
  return item.expr.kind === 'column' && item.expr.type === item.column.type && !/^[#$]/.test(item.expr.name);
}

/**
 * `project` and everything like it in the shortest form that leaves the same columns in the same order: nothing,
 * `print`, `extend`, `project-away`, `project-rename`, `project`.
 */
export function projectPipe(rel: Of<'project'>, printer: Printer, loose: boolean): Pipe {
  const { input, items } = rel;
  if (isUnit(input)) {
    if (items.length === 0) throw unprintable('A row without columns', rel.place);
    return {
      source: listed(
        'print',
        items.map((item) => assignmentText(item, rel, [], printer)),
      ),
      operators: [],
    };
  }
  if (items.length === 0) return piped(printer.rel(input, true), 'project-away *');
  const columns = input.columns;
  if (
    items.length === columns.length &&
    items.every((item, i) => passes(item) && item.column.name === columns[i]!.name)
  )
    return printer.rel(input, loose);
  const added = extension(items, columns);
  // Where a row is packed as a whole its columns have an order.
  const packs = items.some((item) => packsRow(item.expr));
  if (added) return piped(printer.rel(input, loose && !packs), listed('extend', texts(added)));
  if (items.every(isColumn)) {
    const away = removed(items, columns);
    if (away && away.length <= 8 && items.length >= MANY)
      return piped(printer.rel(input, loose), `project-away ${away.map(nameText).join(', ')}`);
    const renamed = renaming(items, columns);
    if (renamed) return piped(printer.rel(input, loose), listed('project-rename', texts(renamed)));
  }
  return piped(printer.rel(input, !packs), listed('project', texts(items)));

  function texts(list: readonly Assignment[]): string[] {
    return list.map((item) => assignmentText(item, rel, columns, printer));
  }
}

/** The one row without columns that `print` stands on. */
export function isUnit(rel: Rel): boolean {
  return rel.kind === 'values' && rel.columns.length === 0 && rel.rows.length === 1;
}

/** The items that `extend` makes, where the others are the input's columns in their places. */
function extension(items: readonly Assignment[], columns: readonly Column[]): Assignment[] | undefined {
  if (items.length < columns.length || columns.length === 0) return undefined;
  if (columns.some((c, i) => items[i]!.column.name !== c.name)) return undefined;
  return items.filter((item, i) => i >= columns.length || !passes(item));
}
/** The columns that are left out, where the others stay as they were. */
function removed(items: readonly Assignment[], columns: readonly Column[]): string[] | undefined {
  const kept = new Set(items.map((item) => item.column.name));
  const left = columns.filter((c) => kept.has(c.name));
  if (left.length !== items.length || !items.every((item, i) => passes(item) && item.column.name === left[i]!.name))
    return undefined;
  return columns.filter((c) => !kept.has(c.name)).map((c) => c.name);
}
/** The new names, where every column stays in its place and at least one keeps its own. */
function renaming(items: readonly Assignment[], columns: readonly Column[]): Assignment[] | undefined {
  if (items.length !== columns.length) return undefined;
  if (items.some((item, i) => item.expr.kind !== 'column' || item.expr.name !== columns[i]!.name)) return undefined;
  const renamed = items.filter((item) => !passes(item));
  const known = new Set(columns.map((c) => c.name));
  if (renamed.length === items.length || renamed.some((item) => known.has(item.column.name))) return undefined;
  return renamed;
}
