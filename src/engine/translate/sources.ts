import { refusal } from '../../kql/bind/refusal.ts';
import type { Rel } from '../../kql/plan.ts';
import type { EngineTable } from '../face.ts';
import { assignIds, sqlType } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import type { Translation, Translator } from './translation.ts';
import { parseDatetime } from '../../model/values/datetime.ts';

type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;

/** A table of the catalog, within the query API's implicit time range where it has TimeGenerated. */
export function tableSql(rel: Of<'table'>, translation: Translation): Relation {
  const source = (rel.table as Partial<EngineTable>).source;
  if (source === undefined) throw refusal(`The table '${rel.table.name}', of which there is no local data,`, rel.place);
  const columns = assignIds(rel.columns);
  const span = translation.options.timespan;
  const time = span && columns.find((c) => c.name === 'TimeGenerated' && c.type === 'datetime');
  if (!span || !time) return { from: source, columns, order: [], partition: [] };
  const [from, to] = [parseDatetime(span.from), parseDatetime(span.to)];
  if (from === undefined || to === undefined) throw refusal('A time range that is not in ISO 8601', rel.place);
  return {
    from: `(SELECT * FROM ${source} AS t WHERE t.${time.id} >= ${from} AND t.${time.id} < ${to})`,
    columns,
    order: [],
    partition: [],
  };
}

/** datatable: its rows in the order they are written. */
export function valuesSql(rel: Of<'values'>, translation: Translation, translator: Translator): Relation {
  const columns = assignIds(rel.columns);
  if (columns.length === 0) return { from: '(SELECT 1 AS "#unit")', columns, order: [], partition: [] };
  if (rel.rows.length === 0)
    return {
      from: `(SELECT ${columns.map((c) => `NULL::${sqlType(c.type)} AS ${c.id}`).join(', ')} WHERE FALSE)`,
      columns,
      order: [],
      partition: [],
    };
  const order = translation.hidden('o');
  const rows = rel.rows.map(
    (row, i) => `(${[...row.map((value) => translator.scalar(value, () => undefined).sql), String(i)].join(', ')})`,
  );
  const from = `(SELECT * FROM (VALUES ${rows.join(', ')}) AS v(${[...columns.map((c) => c.id), order].join(', ')}))`;
  return {
    from,
    columns,
    order: rel.rows.length > 1 ? [{ id: order, desc: false, nullsFirst: false }] : [],
    partition: [],
  };
}

/** range: from `from` on in steps, not beyond `to`. */
export function rangeSql(rel: Of<'range'>, translation: Translation, translator: Translator): Relation {
  const columns = assignIds(rel.columns);
  const column = columns[0]!;
  const context = emitContext(translation, rel.place);
  const none = (): undefined => undefined;
  const [from, to] = [rel.from, rel.to].map((e) => context.convert(translator.scalar(e, none), column.type).sql);
  const bound = translator.scalar(rel.step, none);
  const step = column.type === 'datetime' ? context.convert(bound, 'timespan') : context.convert(bound, column.type);
  const order = translation.hidden('o');
  const negative =
    typeof step.literal === 'bigint'
      ? step.literal < 0n
      : typeof step.literal === 'number'
        ? step.literal < 0
        : undefined;
  const keys = negative === undefined ? [] : [{ id: order, desc: negative, nullsFirst: false }];
  const whole = column.type !== 'real';
  if (column.type === 'decimal') return context.refuse('A range of decimals');
  // The table function streams, but takes no subqueries.
  const streams = whole && !/\bSELECT\b|kql_/.test(`${from}${to}${step.sql}`) && step.literal !== 0n;
  const cast = column.type === 'int' ? '::INTEGER' : '';
  const values = streams
    ? `SELECT g.v${cast} AS ${column.id}, g.v AS ${order} FROM generate_series(${from}, ${to}, ${step.sql}) AS g(v)`
    : whole
      ? `SELECT v${cast} AS ${column.id}, v AS ${order} FROM (SELECT unnest(CASE WHEN ${step.sql} = 0 THEN [] ELSE generate_series(${from}, ${to}, ${step.sql}) END) AS v)`
      : `SELECT ${from} + i * ${step.sql} AS ${column.id}, ${from} + i * ${step.sql} AS ${order} FROM (SELECT unnest(range(coalesce(floor((${to} - ${from}) / ${step.sql} + 1e-9)::BIGINT + 1, 0))) AS i)`;
  return { from: `(${values})`, columns, order: keys, partition: [] };
}
