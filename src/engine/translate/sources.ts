import { refusal } from '../../kql/bind/refusal.ts';
import type { Expr, Rel } from '../../kql/plan.ts';
import type { EngineTable } from '../face.ts';
import { SQL, columnOf, foreign } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { as, everything, select, values } from '../sql/statement.ts';
import type { Source } from '../sql/statement.ts';
import { failureSql } from './failure.ts';
import { assignIds, quoteId, sqlType } from './relation.ts';
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
  if (!span || !time) return { from: foreign(source), columns, order: [], partition: [] };
  const [from, to] = [parseDatetime(span.from), parseDatetime(span.to)];
  if (from === undefined || to === undefined) throw refusal('A time range that is not in ISO 8601', rel.place);
  const at = columnOf('t', time.id);
  const within = [SQL`${at} >= ${from}`, SQL`${at} < ${to}`];
  const rows = select({ items: everything, from: [foreign(source), 't'], where: within });
  return { from: rows, columns, order: [], partition: [] };
}

/** datatable: its rows in the order they are written. */
export function valuesSql(rel: Of<'values'>, translation: Translation, translator: Translator): Relation {
  const columns = assignIds(rel.columns);
  if (columns.length === 0)
    return { from: select({ items: [as(1, quoteId('#unit'))] }), columns, order: [], partition: [] };
  if (rel.rows.length === 0) {
    const items = columns.map((c) => as(SQL`NULL::${sqlType(c.type)}`, c.id));
    return { from: select({ items, where: [SQL`FALSE`] }), columns, order: [], partition: [] };
  }
  const order = translation.hidden('o');
  const rows = rel.rows.map(
    (row, i) => SQL`(${[...row.map((value) => translator.scalar(value, () => undefined).sql), i]})`,
  );
  const from = select({ items: everything, from: values(rows, [...columns.map((c) => c.id), order]) });
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
  const end = (expr: Expr): Sql => context.convert(translator.scalar(expr, none), column.type).sql;
  const [from, to] = [end(rel.from), end(rel.to)];
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
  const cast = (value: Sql): Sql => (column.type === 'int' ? SQL`${value}::INTEGER` : value);
  const listed = (value: Sql): Sql[] => [as(cast(value), column.id), as(value, order)];
  const read = (items: readonly Sql[], rows: Source): Relation => ({
    from: select({ items, from: rows }),
    columns,
    order: keys,
    partition: [],
  });
  if (!whole) {
    const finite = SQL`isfinite(${from}) AND isfinite(${to}) AND isfinite(${step.sql})`;
    const endless = failureSql('unsupported', 'A range whose ends or step are infinite or no number is not supported.');
    // A null end gives no rows: NOT of it is null, too.
    const last = SQL`CASE WHEN NOT (${finite}) THEN ${endless} ELSE floor((${to} - ${from}) / ${step.sql} + 1e-9)::BIGINT END`;
    const numbers = select({ items: [SQL`unnest(range(coalesce(${last} + 1, 0))) AS i`] });
    return read(listed(SQL`${from} + i * ${step.sql}`), [numbers, 'g']);
  }
  const series = SQL`generate_series(${from}, ${to}, ${step.sql})`;
  // The table function streams, but takes no subqueries.
  const streams = ![from, to, step.sql].some((sql) => sql.subquery || sql.script) && step.literal !== 0n;
  if (streams) return read(listed(SQL`g.v`), [series, 'g(v)']);
  const unnested = SQL`unnest(CASE WHEN ${step.sql} = 0 THEN [] ELSE ${series} END) AS v`;
  return read(listed(SQL`v`), [select({ items: [unnested] }), 'g']);
}
