import type { Rel } from '../../kql/plan.ts';
import { SQL, columnOf, named, textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { alike, as, everything, over, select } from '../sql/statement.ts';
import type { Join } from '../sql/statement.ts';
import { assignIds, quoteId, sqlType } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn, selectFrom } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;

/** A JSON path to a key of any spelling. */
export function keyPath(key: string): Sql {
  return textSql(`$."${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
}

/** bag_unpack, its properties known: each becomes a column. */
export function bagUnpackSql(rel: Of<'bagUnpack'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const bag = translator.scalar(rel.bag, lookupIn(input)).sql;
  const columns = assignIds(rel.columns);
  const items = columns.map((c) => {
    const output = rel.outputs.find((o) => o.column.name === c.name);
    if (!output) return SQL`t.${input.columns.find((i) => i.name === c.name)?.id ?? c.id} AS ${c.id}`;
    const value = SQL`nullif(json_extract(${bag}, ${keyPath(output.key)})::VARCHAR, 'null')`;
    return SQL`${context.convert({ sql: value, type: 'dynamic' }, c.type).sql} AS ${c.id}`;
  });
  return { from: selectFrom(input, items), columns, order: input.order, partition: input.partition };
}

/** Aggregates that are 0 where there are no rows. */
const COUNTING: ReadonlySet<string> = new Set(['count', 'countif', 'dcount', 'dcountif', 'sum', 'sumif']);

/** pivot, its values known: one filtered aggregate per value. */
export function pivotSql(rel: Of<'pivot'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const lookup = lookupIn(input);
  const columns = assignIds(rel.columns);
  if (input.partition.length > 0) return context.refuse('pivot() inside a subquery');
  const value = context.convert(translator.scalar(rel.pivot, lookup), 'string').sql;
  const keys = rel.keys.map((k, i) => SQL`${translator.scalar(k.expr, lookup).sql} AS ${columns[i]!.id}`);
  if (rel.aggregate.kind !== 'aggregate') return context.refuse('pivot() of an expression over aggregates');
  const aggregate = rel.aggregate;
  const items = rel.outputs.map((output, i) => {
    // The aggregate stands on the rows of its value only: a subquery per value would read the input as often, so its
    // arguments are filtered.
    const sql = translator.scalar(aggregate, lookup).sql;
    return { sql, value: output.value, id: columns[rel.keys.length + i]!.id };
  });
  const groups = keys.map((_, i) => i + 1);
  const filtered = items.flatMap(({ sql, value: wanted, id }) =>
    sql.shape?.kind === 'aggregate' ? [as(sql.shape.over(SQL`${value} = ${textSql(wanted)}`), id)] : [],
  );
  if (filtered.length === items.length) {
    const from = select({ items: [...keys, ...filtered], from: [input.from, 't'], group: groups });
    return { from, columns, order: [], partition: input.partition };
  }
  const pivot = quoteId('#pivot');
  const rows = translation.shareRows(
    select({ items: [...everything, as(value, pivot)], from: [input.from, 't'] }),
    true,
  );
  const limit = groups.length > 0 ? undefined : 1;
  const base = select({ items: keys, from: [rows, 't'], group: groups, limit });
  const joins = items.map((item, i): Join => {
    const of = select({
      items: [...keys, as(item.sql, quoteId('#v'))],
      from: [rows, 't'],
      where: [SQL`t.${pivot} = ${textSql(item.value)}`],
      group: groups,
    });
    const on = alike(
      `p${i}`,
      'b',
      rel.keys.map((_, k) => columns[k]!.id),
    );
    return { kind: 'LEFT JOIN', with: [of, `p${i}`], on };
  });
  const empty =
    aggregate.type === 'string'
      ? SQL`''`
      : COUNTING.has(aggregate.name)
        ? SQL`0`
        : SQL`NULL::${sqlType(aggregate.type)}`;
  const list = [
    ...rel.keys.map((_, k) => columnOf('b', columns[k]!.id)),
    ...items.map((item, i) => as(SQL`coalesce(${columnOf(`p${i}`, quoteId('#v'))}, ${empty})`, item.id)),
  ];
  return { from: select({ items: list, from: [base, 'b'], joins }), columns, order: [], partition: [] };
}

/** narrow: every cell is a row. */
export function narrowSql(rel: Of<'narrow'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const columns = assignIds(rel.columns);
  if (input.partition.length > 0) return context.refuse('narrow() inside a subquery');
  const cells = input.columns.map(
    (c, i) =>
      SQL`{n: ${i}, c: ${textSql(c.name)}, v: coalesce(${context.convert({ sql: columnOf('t', c.id), type: c.type }, 'string').sql}, '')}`,
  );
  const order = translation.hidden('o');
  const numbered = select({
    items: [as(over(SQL`row_number()`, {}), named('r')), SQL`unnest([${cells}]) AS e`],
    from: [input.from, 't'],
  });
  const values = [SQL`r - 1`, SQL`e.c`, SQL`e.v`].map((sql, i) => as(sql, columns[i]!.id));
  const from = select({ items: [...values, as(SQL`(r * 10000 + e.n)`, order)], from: [numbered, 'c'] });
  return { from, columns, order: [{ id: order, desc: false, nullsFirst: false }], partition: [] };
}
