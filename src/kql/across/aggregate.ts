import type { AggregateItem, Assignment, Expr, Rel } from '../plan.ts';
import {
  ATTRIBUTION,
  call,
  columnNames,
  columnRef,
  isAttribution,
  isOfTarget,
  isVolatile,
  madeOf,
  mapExpr,
  substituted,
} from './expressions.ts';
import { partialOf } from './partials.ts';
import type { Partial } from './partials.ts';
import { Grouping } from './grouping.ts';
import type { AggregateCall } from './grouping.ts';
import type { Split, Splitting, Spread } from './splitting.ts';

type Aggregate = Extract<Rel, { kind: 'aggregate' }>;

/**
 * `summarize`: each target's groups, combined here. Undefined where the rows themselves have to come: for an aggregate
 * that no parts make, or where what is left out here is not whole targets.
 */
export function splitAggregate(rel: Aggregate, input: Spread, splitter: Splitting): Split | undefined {
  if (!input.conditions.every(isOfTarget)) return undefined;
  const made = madeOf(input.outs);
  const grouping = new Grouping(splitter.pushing);
  const keys: Assignment[] = [];
  for (const { column, expr } of rel.keys) {
    const here = groupedBy(column.name, substituted(expr, made), grouping, splitter);
    if (!here) return undefined;
    keys.push({ column, expr: here });
  }
  const items: AggregateItem[] = [];
  for (const item of rel.items) {
    const here = combined(item, made, grouping, splitter);
    if (!here) return undefined;
    items.push(here);
  }
  if (!splitter.pushing.takesAggregates(grouping.items)) return undefined;
  const remote =
    grouping.keys.length === 0 && (rel.keys.length > 0 || grouping.items.some(({ expr }) => !isOfNothing(expr)))
      ? withRows(grouping, input.remote, rel.place)
      : grouping.remote(input.remote, rel.place);
  // Without anything to group by or to compute there is nothing to send.
  if (remote.columns.length === 0) return undefined;
  const local = splitter.toLocal({
    kind: 'spread',
    remote,
    outs: [...remote.columns.map((column) => ({ column, expr: columnRef(column) })), ...WHOSE],
    conditions: input.conditions,
  });
  return { kind: 'local', rel: { ...rel, input: local, keys, items } };
}

/** Whether what it gives for no rows adds nothing; a least text, or any row, of nobody would be taken for one. */
function isOfNothing(expr: Expr): boolean {
  return expr.kind === 'aggregate' && ADDED.has(expr.name);
}
const ADDED: ReadonlySet<string> = new Set(['count', 'countif', 'sum', 'sumif']);

/**
 * A grouping by nothing has a row even of no rows. Where a customer is a group here, one without rows is none; nor are
 * its aggregates those of anything.
 */
function withRows(grouping: Grouping, input: Rel, place: Rel['place']): Rel {
  const count: AggregateCall = { kind: 'aggregate', name: 'count', args: [], type: 'long', place };
  const rows = grouping.item('rows', count);
  const remote = grouping.remote(input, place);
  const none: Expr = { kind: 'literal', type: 'long', value: 0n };
  return {
    kind: 'filter',
    input: remote,
    condition: call('>', 'bool', [rows, none], place),
    columns: remote.columns,
    place,
  };
}

/** The attribution columns of collected rows, under their own names. */
export const WHOSE: readonly Assignment[] = ATTRIBUTION.map((column) => ({ column, expr: columnRef(column) }));

/** A key as it is here: computed there where that is possible, else of columns that group there in its place. */
export function groupedBy(name: string, expr: Expr, grouping: Grouping, splitter: Splitting): Expr | undefined {
  if (isVolatile(expr)) return undefined;
  if (isOfTarget(expr) && columnNames(expr).length > 0) return expr;
  if (splitter.pushing.allows(expr)) return expr.type === 'dynamic' ? undefined : grouping.key(name, expr);
  const parts = new Map<string, Expr>();
  mapExpr(expr, (part) => {
    if (part.kind === 'column' && !isAttribution(part.name)) parts.set(part.name, part);
    return part;
  });
  if ([...parts.values()].some(({ type }) => type === 'dynamic')) return undefined;
  const columns = new Map([...parts].map(([own, part]) => [own, grouping.key(own, part)]));
  return substituted(splitter.localExpr(expr), columns);
}

/** An aggregate, or an expression over some, of the parts that came. */
function combined(
  item: AggregateItem,
  made: ReadonlyMap<string, Expr>,
  grouping: Grouping,
  splitter: Splitting,
): AggregateItem | undefined {
  let failed = false;
  const part: Partial = { grouping, splitter, name: item.columns[0]?.name ?? 'value', columns: item.columns };
  const own = substituted(item.expr, made);
  const expr = mapExpr(own, (each) => {
    if (each.kind !== 'aggregate' || failed) return each;
    const here = each === own || item.columns.length === 1 ? partialOf(each, part) : undefined;
    if (!here) failed = true;
    return here ?? each;
  });
  return failed ? undefined : { columns: item.columns, expr: splitter.localExpr(expr) };
}
