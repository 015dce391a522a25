import type { Expr, Rel } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import { assignIds, sqlType } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

/** make-series makes no longer arrays than this. */
const MAX_POINTS = 1_048_576;

/**
 * make-series: rows are aggregated by keys and step number, then every key gets one array per aggregate over the whole axis.
 * Without `from` or `to` an end of the axis is the first or last step that has data.
 */
export function makeSeriesSql(rel: Extract<Rel, { kind: 'makeSeries' }>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  if (input.partition.length > 0) return context.refuse('make-series inside a subquery');
  const columns = assignIds(rel.columns);
  const lookup = lookupIn(input);
  const constant = (expr: Expr, type: KqlType): string => context.convert(translator.scalar(expr, () => undefined), type).sql;
  const at = translator.scalar(rel.axis.expr, lookup);
  const real = at.type === 'real';
  const asked = context.convert(translator.scalar(rel.step, () => undefined), at.type === 'datetime' ? 'timespan' : at.type);
  if (Number(asked.literal ?? 1) === 0) return context.refuse('a step of 0 in make-series');
  const step = asked.sql;
  const from = rel.from && constant(rel.from, at.type);
  const to = rel.to && constant(rel.to, at.type);

  const axisId = translation.hidden('x');
  const keys = rel.keys.map((k, i) => ({ id: translation.hidden('k'), out: columns[i]!.id, sql: context.convert(translator.scalar(k.expr, lookup), k.column.type).sql }));
  const within = [`${at.sql} IS NOT NULL`, ...(from === undefined ? [] : [`${at.sql} >= ${rel.inclusive ? binned(from, step, real) : from}`]), ...(to === undefined ? [] : [`${at.sql} ${rel.inclusive ? '<=' : '<'} ${to}`])];
  const hidden = [...keys.map((k) => `${k.sql} AS ${k.id}`), `${at.sql} AS ${axisId}`].join(', ');
  const filtered: Relation = { ...input, from: `(SELECT t.*, ${hidden} FROM ${input.from} AS t WHERE ${within.join(' AND ')})` };
  // Read more than once only to find an end of the axis that is not given.
  const rows = from === undefined || to === undefined ? translation.share(filtered, false) : filtered;

  const [start, count, number] = [translation.hidden('a'), translation.hidden('c'), translation.hidden('n')];
  const first = from === undefined ? `(SELECT min(${binned(`t.${axisId}`, step, real)}) FROM ${rows.from} AS t)` : rel.inclusive ? binned(from, step, real) : from;
  const last = to ?? `(SELECT max(t.${axisId}) FROM ${rows.from} AS t)`;
  const closed = to === undefined || rel.inclusive;
  const points = real ? (closed ? `floor((stop - start) / ${step} + 1e-9)::BIGINT + 1` : `ceil((stop - start) / ${step} - 1e-9)::BIGINT`)
    : closed ? `(stop - start) // ${step} + 1` : `(stop - start + ${step} - 1) // ${step}`;
  const bounded = `CASE WHEN ${points} > ${MAX_POINTS} THEN error('make-series is limited to ${MAX_POINTS} points') ELSE greatest(coalesce(${points}, 0), 0) END`;
  const frame = translation.share({ from: `(SELECT start AS ${start}, ${bounded} AS ${count} FROM (SELECT ${first} AS start, ${last} AS stop))`, columns: [], order: [], partition: [] }, true);

  const values = rel.items.map((item) => ({ item, id: translation.hidden('v'), value: translator.scalar(item.expr, lookup) }));
  const bucket = real ? `floor((t.${axisId} - f.${start}) / ${step} + 1e-9)::BIGINT` : `(t.${axisId} - f.${start}) // ${step}`;
  const groups = Array.from({ length: keys.length + 1 }, (_, i) => i + 1).join(', ');
  const buckets = `(SELECT ${[...keys.map((k) => `t.${k.id}`), `${bucket} AS ${number}`, ...values.map((v) => `${v.value.sql} AS ${v.id}`)].join(', ')} FROM ${rows.from} AS t, ${frame.from} AS f GROUP BY ${groups})`;
  const maps = values.map((v) => `map_from_entries(list({k: g.${number}, v: g.${v.id}})) AS ${v.id}`);
  const series = `(SELECT ${[...keys.map((k) => `g.${k.id}`), ...maps].join(', ')} FROM ${buckets} AS g${keys.length > 0 ? ` GROUP BY ${keys.map((_, i) => i + 1).join(', ')}` : ''})`;

  const json = (sql: string, type: KqlType): string => `'[' || array_to_string(list_transform(range(f.${count}), lambda i: coalesce(${context.convert({ sql, type }, 'dynamic').sql}, 'null')), ',') || ']'`;
  const items = [
    ...keys.map((k) => `m.${k.id} AS ${k.out}`),
    ...values.map(({ item, id, value }, i) => {
      const fill = item.fill ? context.convert(translator.scalar(item.fill, () => undefined), value.type) : { sql: `0::${sqlType(value.type)}`, literal: 0n };
      return `${json(fill.literal === null ? `m.${id}[i]` : `coalesce(m.${id}[i], ${fill.sql})`, value.type)} AS ${columns[keys.length + i]!.id}`;
    }),
    `${json(`f.${start} + i * ${step}`, at.type)} AS ${columns.at(-1)!.id}`,
  ];
  const some = keys.length > 0 || rel.nonempty ? '' : ` WHERE m.${values[0]!.id} IS NOT NULL`;
  return { from: `(SELECT ${items.join(', ')} FROM ${series} AS m, ${frame.from} AS f${some})`, columns, order: [], partition: [] };
}
/** The start of the step a value is in, counted from zero. */
function binned(value: string, step: string, real: boolean): string {
  return real ? `floor(${value} / ${step}) * ${step}` : `(${value} - ((${value} % ${step}) + ${step}) % ${step})`;
}
