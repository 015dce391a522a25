import type { Expr, Rel } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import type { EmitContext, SqlExpr } from '../functions/contract.ts';
import { failureSql } from './failure.ts';
import { assignIds, sqlType } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

/** make-series makes no longer arrays than this. */
const MAX_POINTS = 1_048_576;
const AXES: ReadonlySet<KqlType> = new Set(['int', 'long', 'real', 'datetime', 'timespan']);
/** A bin that has rows has a value of these: a missing value of theirs is a missing bin. */
const NEVER_NULL: ReadonlySet<string> = new Set([
  'count',
  'countif',
  'dcount',
  'dcountif',
  'count_distinct',
  'count_distinctif',
]);

/**
 * make-series: rows are aggregated by keys and step number, then every key gets one array per aggregate over the axis.
 * Without `from` or `to`
 * an end of the axis is the first or last step that has data, of each series by itself.
 */
export function makeSeriesSql(
  rel: Extract<Rel, { kind: 'makeSeries' }>,
  translation: Translation,
  translator: Translator,
): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const parts = input.partition;
  const columns = assignIds(rel.columns);
  const lookup = lookupIn(input);
  const constant = (expr: Expr, type: KqlType): SqlExpr =>
    context.convert(
      translator.scalar(expr, () => undefined),
      type,
    );
  const at = translator.scalar(rel.axis.expr, lookup);
  if (!AXES.has(at.type)) return context.refuse(`make-series over an axis of type ${at.type}`);
  if (rel.nonempty && (parts.length > 0 || rel.keys.length > 0))
    return context.refuse('make-series kind=nonempty with keys');
  const real = at.type === 'real';
  const step = stepOf(constant(rel.step, at.type === 'datetime' ? 'timespan' : at.type), context);
  const from = rel.from && constant(rel.from, at.type).sql;
  const to = rel.to && constant(rel.to, at.type).sql;

  const axisId = translation.hidden('x');
  const keys = rel.keys.map((k, i) => ({
    id: translation.hidden('k'),
    out: columns[i]!.id,
    sql: context.convert(translator.scalar(k.expr, lookup), k.column.type).sql,
  }));
  const groupIds = [...parts, ...keys.map((k) => k.id)];
  const first = from !== undefined && rel.inclusive ? binned(from, step, real) : from;
  const last = to !== undefined && rel.inclusive ? `(${binned(to, step, real)} + ${step})` : to;
  const within = [
    `${at.sql} IS NOT NULL`,
    ...(first === undefined ? [] : [`${at.sql} >= ${first}`]),
    ...(last === undefined ? [] : [`${at.sql} < ${last}`]),
  ];
  const hidden = [...keys.map((k) => `${k.sql} AS ${k.id}`), `${at.sql} AS ${axisId}`].join(', ');
  const filtered: Relation = {
    ...input,
    from: `(SELECT t.*, ${hidden} FROM ${input.from} AS t WHERE ${within.join(' AND ')})`,
  };
  // Read more than once only to find an end of the axis that is not given, or to see that no row stands at a doubtful
  // end.
  const bounded = first !== undefined && last !== undefined;
  const rows = bounded && !rel.inclusive ? filtered : translation.share(filtered, false);

  const [start, count, width, number] = [
    translation.hidden('a'),
    translation.hidden('c'),
    translation.hidden('d'),
    translation.hidden('n'),
  ];
  const closed = last === undefined;
  const points = real
    ? closed
      ? `floor((stop - start) / step + 1e-9)::BIGINT + 1`
      : `ceil((stop - start) / step - 1e-9)::BIGINT`
    : closed
      ? `(stop - start) // step + 1`
      : `(stop - start + step - 1) // step`;
  // The documentation of in range() leaves open whether rows there count, and where the last step is when the ends
  // stand askew.
  const unsure =
    rel.inclusive && bounded
      ? ` WHEN ${to} - ${binned(to!, step, real)} < ${from} - ${first} OR (SELECT count(*) FROM ${rows.from} AS t WHERE t.${axisId} < ${from} OR t.${axisId} > ${to}) > 0 THEN ${failureSql('unsupported', 'The local engine refuses make-series ... in range() with ends that are not multiples of its step, or rows just beside them; use from and to')}`
      : '';
  const size = `CASE ${bounded ? `WHEN start IS NULL OR stop IS NULL THEN ${failureSql('invalid', 'An end of the axis of make-series is null')} ` : ''}WHEN ${points} > ${MAX_POINTS} THEN ${failureSql('limit', `make-series is limited to ${MAX_POINTS} points`)}${unsure} ELSE greatest(coalesce(${points}, 0), 0) END`;
  const own = bounded ? [] : groupIds;
  const ends = bounded
    ? `SELECT ${first} AS start, ${last} AS stop, ${step} AS step`
    : `SELECT ${[...own.map((id) => `t.${id}`), `${first ?? `min(${binned(`t.${axisId}`, step, real)})`} AS start`, `${last ?? `max(t.${axisId})`} AS stop`, `${step} AS step`].join(', ')} FROM ${rows.from} AS t${own.length > 0 ? ` GROUP BY ${own.map((_, i) => i + 1).join(', ')}` : ''}`;
  // A constant that is a subquery may not stand inside the lambdas below.
  const fills = rel.items.map((item) => ({
    id: translation.hidden('f'),
    fill: item.fill && translator.scalar(item.fill, () => undefined),
  }));
  const shownFills = fills.flatMap(({ id, fill }) => (fill ? [`${fill.sql} AS ${id}`] : []));
  const frame = translation.share(
    {
      from: `(SELECT ${[...own, `start AS ${start}`, `step AS ${width}`, `${size} AS ${count}`, ...shownFills].join(', ')} FROM (${ends}))`,
      columns: [],
      order: [],
      partition: [],
    },
    true,
  );
  const onFrame = (alias: string): string =>
    own.map((id) => `${alias}.${id} IS NOT DISTINCT FROM f.${id}`).join(' AND ') || 'TRUE';

  const values = rel.items.map((item) => ({
    item,
    id: translation.hidden('v'),
    value: translator.scalar(item.expr, lookup),
    sure: item.expr.kind === 'aggregate' && NEVER_NULL.has(item.expr.name),
  }));
  const bucket = real
    ? `floor((t.${axisId} - f.${start}) / f.${width} + 1e-9)::BIGINT`
    : `(t.${axisId} - f.${start}) // f.${width}`;
  const groups = Array.from({ length: groupIds.length + 1 }, (_, i) => i + 1).join(', ');
  const buckets = `(SELECT ${[...groupIds.map((id) => `t.${id}`), `${bucket} AS ${number}`, ...values.map((v) => `${v.value.sql} AS ${v.id}`)].join(', ')} FROM ${rows.from} AS t JOIN ${frame.from} AS f ON ${onFrame('t')} GROUP BY ${groups})`;
  const maps = values.map(
    (v) => `map_from_entries(list({k: g.${number}, v: ${v.sure ? `g.${v.id}` : `{x: g.${v.id}}`}})) AS ${v.id}`,
  );
  const series = `(SELECT ${[...groupIds.map((id) => `g.${id}`), ...maps].join(', ')} FROM ${buckets} AS g${groupIds.length > 0 ? ` GROUP BY ${groupIds.map((_, i) => i + 1).join(', ')}` : ''})`;

  const json = (sql: string, type: KqlType): string =>
    `'[' || array_to_string(list_transform(range(f.${count}), lambda i: coalesce(${context.convert({ sql, type }, 'dynamic').sql}, 'null')), ',') || ']'`;
  const items = [
    ...keys.map((k) => `m.${k.id} AS ${k.out}`),
    ...values.map(({ id, value, sure }, i) => {
      const { fill, id: fillId } = fills[i]!;
      const gap = fill ? context.convert({ ...fill, sql: `f.${fillId}` }, value.type).sql : `0::${sqlType(value.type)}`;
      const found = `m.${id}[i]`;
      return `${json(sure ? `coalesce(${found}, ${gap})` : `CASE WHEN ${found} IS NULL THEN ${gap} ELSE ${found}.x END`, value.type)} AS ${columns[keys.length + i]!.id}`;
    }),
    `${json(`f.${start} + i * f.${width}`, at.type)} AS ${columns.at(-1)!.id}`,
    ...parts.map((p) => `m.${p}`),
  ];
  const some = groupIds.length > 0 || rel.nonempty ? '' : ` WHERE m.${values[0]!.id} IS NOT NULL`;
  return {
    from: `(SELECT ${items.join(', ')} FROM ${series} AS m JOIN ${frame.from} AS f ON ${onFrame('m')}${some})`,
    columns,
    order: [],
    partition: parts,
  };
}

/** The step's SQL: above zero, or refused; where only the query knows it, the query fails. */
function stepOf(asked: SqlExpr, context: EmitContext): string {
  if (asked.literal === null || (asked.literal !== undefined && !(Number(asked.literal) > 0)))
    return context.refuse(
      `A step of ${asked.literal === null ? 'null' : String(asked.literal)} in make-series`,
      'Give a step above zero.',
    );
  if (asked.literal !== undefined) return asked.sql;
  return `(CASE WHEN ${asked.sql} > 0 THEN ${asked.sql} ELSE ${failureSql('invalid', 'The step of make-series is not above zero', sqlType(asked.type))} END)`;
}
/** The start of the step a value is in, counted from zero. */
function binned(value: string, step: string, real: boolean): string {
  return real ? `floor(${value} / ${step}) * ${step}` : `(${value} - ((${value} % ${step}) + ${step}) % ${step})`;
}
