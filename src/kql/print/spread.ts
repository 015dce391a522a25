import type { Column } from '../../model/kqlType.ts';
import type { Assignment, Rel } from '../plan.ts';
import { nameText } from './names.ts';
import { assignmentText, isUnit } from './project.ts';
import { listed, piped, unprintable } from './printer.ts';
import type { Of, Pipe, Printer } from './printer.ts';

type Spread = Of<'spread'>;

/** Calls of several columns beneath a node, the first made first, and what they stand on. */
function spreadsBeneath(rel: Rel, printer: Printer): { readonly spreads: readonly Spread[]; readonly base: Rel } {
  const spreads: Spread[] = [];
  let base = rel;
  while (base.kind === 'spread' && !printer.isNamed(base)) {
    spreads.unshift(base);
    base = base.input;
  }
  return { spreads, base };
}

/**
 * A project over calls of several columns: `extend (a, b) = f(x)`, or a project with `(a, b) = f(x)` in it. Where the
 * columns are used otherwise, the calls are made first, under names of our own.
 */
export function spreadProject(rel: Of<'project'>, printer: Printer): Pipe {
  const { spreads, base } = spreadsBeneath(rel.input, printer);
  const row = base.columns;
  const ours = new Map(spreads.flatMap((s) => s.outputs.map((c) => [c.name, s] as const)));
  const texts: string[] = [];
  const order: string[] = [];
  const extends_ = row.length > 0 && row.every((c, i) => rel.items[i]?.column.name === c.name);
  const done = new Set<Spread>();
  for (const [i, item] of rel.items.entries()) {
    const spread = item.expr.kind === 'column' ? ours.get(item.expr.name) : undefined;
    if (!spread) {
      if (extends_ && i < row.length && isPassed(item)) continue;
      if (usesOutputs(item, ours)) return apart(rel, spreads, base, printer);
      texts.push(assignmentText(item, rel, row, printer));
      order.push(item.column.name);
      continue;
    }
    if (done.has(spread)) continue;
    const names = namesOf(spread, rel.items);
    if (!names) return apart(rel, spreads, base, printer);
    done.add(spread);
    texts.push(spreadText(spread, names, row, printer));
    order.push(...names);
  }
  const known = new Set(row.map((c) => c.name));
  const made = extends_ ? [...row.map((c) => c.name), ...order.filter((name) => !known.has(name))] : order;
  if (made.join('\n') !== rel.columns.map((c) => c.name).join('\n')) return apart(rel, spreads, base, printer);
  if (isUnit(base)) return { source: listed('print', texts), operators: [] };
  return piped(printer.rel(base), listed(extends_ ? 'extend' : 'project', texts));
}

function isPassed({ column, expr }: Assignment): boolean {
  return expr.kind === 'column' && expr.name === column.name;
}
function usesOutputs(item: Assignment, ours: ReadonlyMap<string, Spread>): boolean {
  const { expr } = item;
  if (expr.kind === 'literal') return false;
  if (expr.kind === 'column') return ours.has(expr.name);
  return JSON.stringify(expr, (key, value: unknown) =>
    key === 'place' || key === 'rel' ? undefined : typeof value === 'bigint' ? String(value) : value,
  ).includes('"#tuple');
}
/** The names that a call's columns have in the answer, each once and all of them; undefined where it is otherwise. */
function namesOf(spread: Spread, items: readonly Assignment[]): string[] | undefined {
  const names = spread.outputs.map((output) => {
    const users = items.filter(
      (item) => item.expr.kind === 'column' && item.expr.name === output.name && item.expr.type === item.column.type,
    );
    return users.length === 1 ? users[0]!.column.name : undefined;
  });
  return names.includes(undefined) ? undefined : (names as string[]);
}
function spreadText(spread: Spread, names: readonly string[], row: readonly Column[], printer: Printer): string {
  const list = names.map(nameText).join(', ');
  return `${names.length === 1 ? list : `(${list})`} = ${printer.scalar(spread.expr, row)}`;
}

/** A call of several columns by itself, under the names it has in the plan. */
export function spreadPipe(rel: Spread, printer: Printer): Pipe {
  const names = rel.outputs.map((c) => c.name);
  const text = spreadText(rel, names, rel.input.columns, printer);
  return isUnit(rel.input)
    ? { source: `print ${text}`, operators: [] }
    : piped(printer.rel(rel.input), `extend ${text}`);
}

/** The calls first, each into columns of our own names, then the project over them. */
function apart(rel: Of<'project'>, spreads: readonly Spread[], base: Rel, printer: Printer): Pipe {
  if (isUnit(base))
    throw unprintable('A call of several columns in print, whose columns are used otherwise,', rel.place);
  const names = new Map<string, string>();
  let pipe = printer.rel(base);
  let row = base.columns;
  for (const spread of spreads) {
    for (const output of spread.outputs) names.set(output.name, printer.fresh('part'));
    const own = spread.outputs.map((c) => names.get(c.name)!);
    pipe = piped(pipe, `extend ${spreadText(spread, own, row, printer)}`);
    row = [...row, ...spread.outputs.map((c, i) => ({ name: own[i]!, type: c.type }))];
  }
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== 'object' || value === null || 'columns' in value) return value;
    if ('kind' in value && value.kind === 'column' && 'name' in value)
      return { ...value, name: names.get(String(value.name)) ?? value.name };
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rename(inner)]));
  };
  const items = rel.items.map((item) => ({ ...item, expr: rename(item.expr) as Assignment['expr'] }));
  return piped(
    pipe,
    listed(
      'project',
      items.map((item) => assignmentText(item, rel, row, printer)),
    ),
  );
}
