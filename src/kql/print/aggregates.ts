import type { Column } from '../../model/kqlType.ts';
import type { AggregateItem, Expr } from '../plan.ts';
import { packsRow } from './bags.ts';
import { nameText } from './names.ts';
import { assignmentText } from './project.ts';
import { listed, piped, unprintable } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';

type Aggregate = Of<'aggregate'>;

/** `summarize`, and `count` where it is that. */
export function aggregatePipe(rel: Aggregate, printer: Printer): Pipe {
  const row = rel.input.columns;
  // What a star or a packed row stands for has an order.
  const ordered = rel.items.some((item) => item.columns.length >= MANY || packsRow(item.expr));
  const input = printer.rel(rel.input, !ordered && !rel.keys.some((key) => packsRow(key.expr)));
  if (isCount(rel)) return piped(input, 'count');
  if (rel.keys.length + rel.items.length === 0) throw unprintable('A summary of nothing', rel.place);
  const items = rel.items.map((item) => itemText(item, rel, row, printer));
  const keys = rel.keys.map((key) => assignmentText(key, rel, row, printer));
  const by = keys.length > 0 ? `by ${keys.join(', ')}` : '';
  return piped(input, items.length > 0 ? listed('summarize', items, by) : `summarize ${by}`);
}
function isCount({ keys, items, columns }: Aggregate): boolean {
  const expr = items[0]?.expr;
  return (
    keys.length === 0 &&
    items.length === 1 &&
    columns[0]?.name === 'Count' &&
    expr?.kind === 'aggregate' &&
    expr.name === 'count' &&
    expr.args.length === 0
  );
}

/** Fewer columns than these are written out rather than as a star. */
const MANY = 4;
const EXTREMES: ReadonlySet<string> = new Set(['arg_max', 'arg_min', 'argmax', 'argmin']);
const ANY: ReadonlySet<string> = new Set(['take_any', 'any']);

function itemText(item: AggregateItem, rel: Aggregate, row: readonly Column[], printer: Printer): string {
  const { columns, expr } = item;
  const [first, ...rest] = columns;
  if (!first) throw unprintable('An aggregate without a column', rel.place);
  if (rest.length === 0) return `${nameText(first.name)} = ${printer.scalar(expr, row)}`;
  if (expr.kind !== 'aggregate') throw unprintable('An expression of several columns over aggregates', rel.place);
  const extreme = EXTREMES.has(expr.name);
  if (extreme || ANY.has(expr.name)) {
    const [by, ...brought] = expr.args;
    const list = extreme ? brought : expr.args;
    const own = extreme ? rest : columns;
    // Columns that keep their names need none written; the name in front is that of the first alone.
    if (list.length === own.length && list.every((arg, i) => isNamed(arg, own[i]!.name))) {
      const name = extreme ? expr.name.replace(/^arg_?/, 'arg_') : 'take_any';
      const star = isStar(list, extreme ? by : undefined, rel, row) ? '*' : undefined;
      const columnsText = star ?? list.map((arg) => printer.scalar(arg, row)).join(', ');
      if (!extreme) return `${name}(${columnsText})`;
      const front = by && isNamed(by, first.name) ? '' : `${nameText(first.name)} = `;
      return `${front}${name}(${printer.scalar(by!, row)}, ${columnsText})`;
    }
  }
  return `(${columns.map((c) => nameText(c.name)).join(', ')}) = ${printer.scalar(expr, row)}`;
}
function isNamed(expr: Expr, name: string): boolean {
  return expr.kind === 'column' && expr.name === name;
}
/** Whether the columns are what a star stands for: all of the input's in order, without keys and what is compared. */
function isStar(list: readonly Expr[], by: Expr | undefined, rel: Aggregate, row: readonly Column[]): boolean {
  if (list.length < MANY || rel.items.length > 1 || (by && by.kind !== 'column')) return false;
  if (rel.keys.some((key) => !isNamed(key.expr, key.column.name))) return false;
  const taken = new Set([...rel.keys.map((key) => key.column.name), ...(by?.kind === 'column' ? [by.name] : [])]);
  const others = row.filter((c) => !taken.has(c.name));
  return others.length === list.length && others.every((c, i) => isNamed(list[i]!, c.name));
}
