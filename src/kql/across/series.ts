import type { Assignment, Expr, Rel } from '../plan.ts';
import { groupedBy, WHOSE } from './aggregate.ts';
import { Grouping } from './grouping.ts';
import { call, columnNames, columnRef, isOfTarget, isVolatile, madeOf, substituted } from './expressions.ts';
import { partialOf } from './partials.ts';
import type { Split, Splitting, Spread } from './splitting.ts';

type MakeSeries = Extract<Rel, { kind: 'makeSeries' }>;

/**
 * `make-series` from a stated begin: each target's aggregates by step, made a series here. Undefined where the steps
 * depend on the data, or an aggregate is no single one of parts.
 */
export function splitSeries(rel: MakeSeries, input: Spread, splitter: Splitting): Split | undefined {
  const { from, to, step } = rel;
  if (!from || rel.inclusive || rel.nonempty || !input.conditions.every(isOfTarget)) return undefined;
  const fixed = [from, step, ...(to ? [to] : [])];
  if (!fixed.every((expr) => columnNames(expr).length === 0 && !isVolatile(expr) && splitter.pushing.allows(expr)))
    return undefined;
  const made = madeOf(input.outs);
  const on = substituted(rel.axis.expr, made);
  if (!splitter.pushing.allows(on) || isVolatile(on)) return undefined;
  const grouping = new Grouping(splitter.pushing);
  const keys: Assignment[] = [];
  for (const { column, expr } of rel.keys) {
    const here = groupedBy(column.name, substituted(expr, made), grouping, splitter);
    if (!here) return undefined;
    keys.push({ column, expr: here });
  }
  const { place } = rel;
  const axis = grouping.key(rel.axis.column.name, call('bin_at', on.type, [on, step, from], place));
  const items: MakeSeries['items'][number][] = [];
  for (const item of rel.items) {
    const whole = substituted(item.expr, made);
    const part = { grouping, splitter, name: item.column.name, columns: [item.column] };
    const here = whole.kind === 'aggregate' ? partialOf(whole, part) : undefined;
    // A series is of one aggregate: what needs two is made of the rows.
    if (here?.kind !== 'aggregate') return undefined;
    items.push({ ...item, expr: here });
  }
  // Rows past the end may share a step with rows before it.
  const bounds: Expr[] = [call('>=', 'bool', [on, from], place), ...(to ? [call('<', 'bool', [on, to], place)] : [])];
  const within = bounds.reduce<Rel>(
    (rows, condition) => ({ kind: 'filter', input: rows, condition, columns: rows.columns, place }),
    input.remote,
  );
  const remote = grouping.remote(within, place);
  const local = splitter.toLocal({
    kind: 'spread',
    remote,
    outs: [...remote.columns.map((column) => ({ column, expr: columnRef(column) })), ...WHOSE],
    conditions: input.conditions,
  });
  return { kind: 'local', rel: { ...rel, input: local, keys, items, axis: { ...rel.axis, expr: axis } } };
}
