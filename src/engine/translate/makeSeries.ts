import type { Expr, Rel } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import type { EmitContext, SqlExpr } from '../functions/contract.ts';
import { SQL, columnOf, lambda, named } from '../sql/expression.ts';
import type { Identifier, Sql } from '../sql/expression.ts';
import { alike, as, select } from '../sql/statement.ts';
import { assignIds, sqlType } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import { axisOf, binned, bucket, isDoubtful, stepCount } from './seriesAxis.ts';
import type { Axis } from './seriesAxis.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type MakeSeries = Extract<Rel, { kind: 'makeSeries' }>;

/** A bin that has rows has a value of these: a missing value of theirs is a missing bin. */
const NEVER_NULL: ReadonlySet<string> = new Set([
  'count',
  'countif',
  'dcount',
  'dcountif',
  'count_distinct',
  'count_distinctif',
]);

/** One aggregate: its value in a bin, and what stands where there is no bin. */
interface Item {
  readonly id: Identifier;
  readonly value: SqlExpr;
  readonly never: boolean;
  readonly fill: { readonly id: Identifier; readonly expr: SqlExpr } | undefined;
}
/** One row for each `by`: where its axis starts, its step and how many steps there are, and the fills. */
interface Frame {
  readonly rows: Sql;
  readonly by: readonly Identifier[];
  readonly start: Identifier;
  readonly step: Identifier;
  readonly count: Identifier;
}

/**
 * make-series: rows are aggregated by keys and step number, then every key gets one array per aggregate over the axis.
 * Without `from` or `to` an end of the axis is the first or last step that has data, of each series by itself.
 */
export function makeSeriesSql(rel: MakeSeries, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const columns = assignIds(rel.columns);
  const lookup = lookupIn(input);
  const none = (): undefined => undefined;
  const constant = (expr: Expr, type: KqlType): SqlExpr => context.convert(translator.scalar(expr, none), type);
  const axis = axisOf(rel, translator.scalar(rel.axis.expr, lookup), constant, context);
  if (rel.nonempty && (input.partition.length > 0 || rel.keys.length > 0))
    return context.refuse('make-series kind=nonempty with keys');
  const axisId = translation.hidden('x');
  const keys = rel.keys.map((k) => ({
    id: translation.hidden('k'),
    sql: context.convert(translator.scalar(k.expr, lookup), k.column.type).sql,
  }));
  const groups = [...input.partition, ...keys.map((k) => k.id)];
  const filtered = select({
    items: [SQL`t.*`, ...keys.map((k) => as(k.sql, k.id)), as(axis.value, axisId)],
    from: [input.from, 't'],
    where: [
      SQL`${axis.value} IS NOT NULL`,
      ...(axis.first ? [SQL`${axis.value} >= ${axis.first}`] : []),
      ...(axis.last ? [SQL`${axis.value} < ${axis.last}`] : []),
    ],
  });
  const bounded = axis.first !== undefined && axis.last !== undefined;
  // Read more than once only to find an end of the axis that is not given, or to see that no row stands at a doubtful
  // end.
  const rows = bounded && !rel.inclusive ? filtered : translation.shareRows(filtered, false);
  const items = rel.items.map((item): Item => ({
    id: translation.hidden('v'),
    value: translator.scalar(item.expr, lookup),
    never: item.expr.kind === 'aggregate' && NEVER_NULL.has(item.expr.name),
    fill: item.fill && { id: translation.hidden('f'), expr: translator.scalar(item.fill, none) },
  }));
  const doubt = rel.inclusive && bounded ? isDoubtful(axis, rows, columnOf('t', axisId)) : undefined;
  const frame = frameOf(axis, rows, axisId, bounded ? [] : groups, items, doubt, translation);
  const series = seriesOf(axis, rows, axisId, groups, items, frame, translation);
  const shown = [
    ...keys.map((k) => columnOf('m', k.id)),
    ...items.map((item) => arrayOf(valueAt(item, context), item.value.type, frame, context)),
    arrayOf(SQL`f.${frame.start} + i * f.${frame.step}`, axis.type, frame, context),
  ].map((sql, i) => as(sql, columns[i]!.id));
  const from = select({
    items: [...shown, ...input.partition.map((p) => columnOf('m', p))],
    from: [series, 'm'],
    joins: [{ kind: 'JOIN', with: [frame.rows, 'f'], on: alike('m', 'f', frame.by) }],
    where: groups.length > 0 || rel.nonempty ? [] : [SQL`m.${items[0]!.id} IS NOT NULL`],
  });
  return { from, columns, order: [], partition: input.partition };
}

/** The frames of the series: one row where both ends of the axis are given. */
function frameOf(
  axis: Axis,
  rows: Sql,
  axisId: Identifier,
  by: readonly Identifier[],
  items: readonly Item[],
  doubt: Sql | undefined,
  translation: Translation,
): Frame {
  const [start, count, step] = [translation.hidden('a'), translation.hidden('c'), translation.hidden('d')];
  const at = columnOf('t', axisId);
  const given = axis.first !== undefined && axis.last !== undefined;
  const ends = select({
    items: [
      ...by.map((id) => columnOf('t', id)),
      as(axis.first ?? SQL`min(${binned(at, axis)})`, named('start')),
      as(axis.last ?? SQL`max(${at})`, named('stop')),
      as(axis.step, named('step')),
    ],
    from: given ? undefined : [rows, 't'],
    group: by.map((_, i) => i + 1),
  });
  // A constant that is a subquery may not stand inside the lambdas of the arrays.
  const fills = items.flatMap(({ fill }) => (fill ? [as(fill.expr.sql, fill.id)] : []));
  const made = select({
    items: [...by, as(named('start'), start), as(named('step'), step), as(stepCount(axis, doubt), count), ...fills],
    from: [ends, 'e'],
  });
  return { rows: translation.shareRows(made, true), by, start, step, count };
}

/** One row for each series, every aggregate a map from the number of the step. */
function seriesOf(
  axis: Axis,
  rows: Sql,
  axisId: Identifier,
  groups: readonly Identifier[],
  items: readonly Item[],
  frame: Frame,
  translation: Translation,
): Sql {
  const number = translation.hidden('n');
  const inStep = bucket(columnOf('t', axisId), columnOf('f', frame.start), columnOf('f', frame.step), axis.type);
  const buckets = select({
    items: [...groups.map((id) => columnOf('t', id)), as(inStep, number), ...items.map((v) => as(v.value.sql, v.id))],
    from: [rows, 't'],
    joins: [{ kind: 'JOIN', with: [frame.rows, 'f'], on: alike('t', 'f', frame.by) }],
    group: [...groups.map((_, i) => i + 1), groups.length + 1],
  });
  const maps = items.map(({ id, never }) => {
    const value = never ? columnOf('g', id) : SQL`{x: g.${id}}`;
    return as(SQL`map_from_entries(list({k: g.${number}, v: ${value}}))`, id);
  });
  return select({
    items: [...groups.map((id) => columnOf('g', id)), ...maps],
    from: [buckets, 'g'],
    group: groups.map((_, i) => i + 1),
  });
}

/** The value of step `i`. */
function valueAt({ id, value, never, fill }: Item, context: EmitContext): Sql {
  const gap = fill
    ? context.convert({ ...fill.expr, sql: columnOf('f', fill.id) }, value.type).sql
    : SQL`0::${sqlType(value.type)}`;
  const found = SQL`m.${id}[i]`;
  return never ? SQL`coalesce(${found}, ${gap})` : SQL`CASE WHEN ${found} IS NULL THEN ${gap} ELSE ${found}.x END`;
}
/** The JSON array of a value over all steps. */
function arrayOf(sql: Sql, type: KqlType, frame: Frame, context: EmitContext): Sql {
  const element = lambda(['i'], () => SQL`coalesce(${context.convert({ sql, type }, 'dynamic').sql}, 'null')`);
  return SQL`'[' || array_to_string(list_transform(range(f.${frame.count}), ${element}), ',') || ']'`;
}
