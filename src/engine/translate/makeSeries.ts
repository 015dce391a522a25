import type { Rel } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import { assignIds, hiddenIds, missing, sqlType } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;
/** make-series makes no longer arrays than this. */
const MAX_POINTS = 1_048_576;

/**
 * make-series: rows are aggregated by keys and step number, then every key gets one array per aggregate over the whole axis.
 * Without `from` or `to` an end of the axis is the first or last step that has data, of all keys together.
 */
export function makeSeriesSql(rel: Of<'makeSeries'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  if (input.partition.length > 0) return context.refuse('make-series inside a subquery');
  const columns = assignIds(rel.columns);
  const lookup = lookupIn(input);
  const none = (): undefined => undefined;
  const axisValue = translator.scalar(rel.axis.expr, lookup);
  const type: KqlType = axisValue.type;
  const real = type === 'real';
  const stepType: KqlType = type === 'datetime' ? 'timespan' : type;
  const step = context.convert(translator.scalar(rel.step, none), stepType).sql;
  const bound = (e: typeof rel.from): string | undefined => e && context.convert(translator.scalar(e, none), type).sql;
  const [from, to] = [bound(rel.from), bound(rel.to)];
  if (from === undefined && rel.keys.length > 0 || to === undefined && rel.keys.length > 0) {
    // Per key or over all is what the service decides; with several keys the difference shows.
  }
  const keyIds = rel.keys.map((_, i) => columns[i]!.id);
  const keys = rel.keys.map((k, i) => `${context.convert(translator.scalar(k.expr, lookup), k.column.type).sql} AS ${keyIds[i]}`);
  const own = (name: string): string => translation.hidden(name);
  const [axis, number, start, count] = [own('x'), own('n'), own('a'), own('c')];
  const order = hiddenIds(input).map((id) => `t.${id}`);
  const within = [`${axisValue.sql} IS NOT NULL`, ...(from === undefined ? [] : [`${axisValue.sql} >= ${from}`]), ...(to === undefined ? [] : [`${axisValue.sql} ${rel.inclusive ? '<=' : '<'} ${to}`])].join(' AND ');
  const source = translation.share({ ...input, from: `(SELECT t.*, ${keys.length > 0 ? `${keys.map((k) => k).join(', ').replaceAll(' AS "', ' AS "#k.')}, ` : ''}${axisValue.sql} AS ${axis} FROM ${input.from} AS t WHERE ${within})` }, true);
  void order;
  const floorBin = (value: string): string => (real ? `floor(${value} / ${step}) * ${step}` : `(${value} - ((${value} % ${step}) + ${step}) % ${step})`);
  const first = rel.inclusive && from !== undefined ? floorBin(from) : from ?? `(SELECT min(${floorBin(`t.${axis}`)}) FROM ${source.from} AS t)`;
  const last = to === undefined ? `(SELECT max(t.${axis}) FROM ${source.from} AS t)` : to;
  const open = to === undefined || rel.inclusive;
  const size = real ? (open ? `floor((stop - start) / ${step} + 1e-9)::BIGINT + 1` : `ceil((stop - start) / ${step} - 1e-9)::BIGINT`)
    : open ? `(stop - start) // ${step} + 1` : `(stop - start + ${step} - 1) // ${step}`;
  const frame = translation.share({ from: `(SELECT start AS ${start}, greatest(coalesce(${size}, 0), 0) AS ${count} FROM (SELECT ${first} AS start, ${last} AS stop))`, columns: [], order: [], partition: [] }, true);
  const bucket = real ? `floor((t.${axis} - f.${start}) / ${step} + 1e-9)::BIGINT` : `(t.${axis} - f.${start}) // ${step}`;
  const keyNames = rel.keys.map((_, i) => `"#k.${keyIds[i]!.slice(1)}`);
  const values = rel.items.map((item) => ({ item, id: own('v'), value: translator.scalar(item.expr, lookup) }));
  const grouped = `SELECT ${[...keyNames.map((k) => `t.${k}`), `${bucket} AS ${number}`, ...values.map((v) => `${v.value.sql} AS ${v.id}`)].join(', ')} FROM ${source.from} AS t, ${frame.from} AS f GROUP BY ${[...keyNames.map((_, i) => i + 1), keyNames.length + 1].join(', ')}`;
  const maps = values.map((v) => `map_from_entries(list({k: g.${number}, v: g.${v.id}})) AS ${v.id}`);
  const byKey = `SELECT ${[...keyNames.map((k) => `g.${k}`), ...maps].join(', ')} FROM (${grouped}) AS g${keyNames.length > 0 ? ` GROUP BY ${keyNames.map((_, i) => i + 1).join(', ')}` : ''}`;
  const cell = (v: (typeof values)[number]): string => {
    const fill = v.item.fill ? context.convert(translator.scalar(v.item.fill, none), v.value.type) : { sql: `0::${sqlType(v.value.type)}`, type: v.value.type, literal: 0n as const };
    const found = `m.${v.id}[i]`;
    const filled = fill.literal === null ? found : `coalesce(${found}, ${fill.sql})`;
    const json = context.convert({ sql: filled, type: v.value.type }, 'dynamic').sql;
    return `'[' || array_to_string(list_transform(range(f.${count}), lambda i: coalesce(${json}, 'null')), ',') || ']'`;
  };
  const axisJson = context.convert({ sql: `f.${start} + i * ${step}`, type }, 'dynamic').sql;
  const items = [
    ...keyNames.map((k, i) => `m.${k} AS ${keyIds[i]}`),
    ...values.map((v, i) => `${cell(v)} AS ${columns[rel.keys.length + i]!.id}`),
    `'[' || array_to_string(list_transform(range(f.${count}), lambda i: ${axisJson}), ',') || ']' AS ${columns.at(-1)!.id}`,
  ];
  const some = keyNames.length > 0 || rel.nonempty ? '' : ` WHERE (SELECT count(*) FROM ${source.from}) > 0`;
  const guard = `CASE WHEN f.${count} > ${MAX_POINTS} THEN error('make-series is limited to ${MAX_POINTS} points') END`;
  void guard; void missing;
  return { from: `(SELECT ${items.join(', ')} FROM (${byKey}) AS m, ${frame.from} AS f${some})`, columns, order: [], partition: [] };
}
