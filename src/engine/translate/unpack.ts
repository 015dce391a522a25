import type { Rel } from '../../kql/plan.ts';
import { assignIds, quoteText, sqlType } from './relation.ts';
import type { Relation } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn, selectFrom } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;

/** A JSON path to a key of any spelling. */
export function keyPath(key: string): string {
  return quoteText(`$."${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
}

/** bag_unpack, its properties known: each becomes a column. */
export function bagUnpackSql(rel: Of<'bagUnpack'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const bag = translator.scalar(rel.bag, lookupIn(input)).sql;
  const columns = assignIds(rel.columns);
  const items = columns.map((c) => {
    const output = rel.outputs.find((o) => o.column.name === c.name);
    if (!output) return `t.${input.columns.find((i) => i.name === c.name)?.id ?? c.id} AS ${c.id}`;
    const value = `nullif(json_extract(${bag}, ${keyPath(output.key)})::VARCHAR, 'null')`;
    return `${context.convert({ sql: value, type: 'dynamic' }, c.type).sql} AS ${c.id}`;
  });
  return { from: selectFrom(input, items), columns, order: input.order, partition: input.partition };
}

/** pivot, its values known: one filtered aggregate per value. */
export function pivotSql(rel: Of<'pivot'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const lookup = lookupIn(input);
  const columns = assignIds(rel.columns);
  if (input.partition.length > 0) return context.refuse('pivot() inside a subquery');
  const value = context.convert(translator.scalar(rel.pivot, lookup), 'string').sql;
  const keys = rel.keys.map((k, i) => `${translator.scalar(k.expr, lookup).sql} AS ${columns[i]!.id}`);
  if (rel.aggregate.kind !== 'aggregate') return context.refuse('pivot() of an expression over aggregates');
  const aggregate = rel.aggregate;
  const items = rel.outputs.map((output, i) => {
    // The aggregate stands on the rows of its value only: a subquery per value would read the input as often, so its
    // arguments are filtered.
    const sql = translator.scalar(aggregate, lookup).sql;
    return { sql, value: output.value, id: columns[rel.keys.length + i]!.id };
  });
  const plain = items.every((i) => /^\w+\([^()]*\)(::\w+)?$/.test(i.sql));
  if (plain) {
    const filtered = items.map(
      (i) => `${i.sql.replace(/\)((::\w+)?)$/, `) FILTER (WHERE ${value} = ${quoteText(i.value)})$1`)} AS ${i.id}`,
    );
    const groups = keys.map((_, i) => i + 1).join(', ');
    return {
      from: `(SELECT ${[...keys, ...filtered].join(', ')} FROM ${input.from} AS t${groups ? ` GROUP BY ${groups}` : ''})`,
      columns,
      order: [],
      partition: input.partition,
    };
  }
  const shared = translation.share(
    { ...input, from: `(SELECT *, ${value} AS "#pivot" FROM ${input.from} AS t)` },
    true,
  );
  const groups = keys.map((_, i) => i + 1).join(', ');
  const base = `(SELECT ${keys.join(', ') || '1 AS "#none"'} FROM ${shared.from} AS t${groups ? ` GROUP BY ${groups}` : ' LIMIT 1'})`;
  const joins = items.map((item, i) => {
    const on =
      rel.keys.map((_, k) => `p${i}.${columns[k]!.id} IS NOT DISTINCT FROM b.${columns[k]!.id}`).join(' AND ') ||
      'TRUE';
    return `LEFT JOIN (SELECT ${[...keys, `${item.sql} AS "#v"`].join(', ')} FROM ${shared.from} AS t WHERE t."#pivot" = ${quoteText(item.value)}${groups ? ` GROUP BY ${groups}` : ''}) AS p${i} ON ${on}`;
  });
  const empty =
    rel.aggregate.type === 'string'
      ? "''"
      : /^(count|countif|dcount|dcountif|sum|sumif)$/.test(aggregate.name)
        ? '0'
        : `NULL::${sqlType(aggregate.type)}`;
  const list = [
    ...rel.keys.map((_, k) => `b.${columns[k]!.id}`),
    ...items.map((item, i) => `coalesce(p${i}."#v", ${empty}) AS ${item.id}`),
  ];
  return {
    from: `(SELECT ${list.join(', ')} FROM ${base} AS b ${joins.join(' ')})`,
    columns,
    order: [],
    partition: [],
  };
}

/** narrow: every cell is a row. */
export function narrowSql(rel: Of<'narrow'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const context = emitContext(translation, rel.place);
  const columns = assignIds(rel.columns);
  if (input.partition.length > 0) return context.refuse('narrow() inside a subquery');
  const cells = input.columns.map(
    (c, i) =>
      `{n: ${i}, c: ${quoteText(c.name)}, v: coalesce(${context.convert({ sql: `t.${c.id}`, type: c.type }, 'string').sql}, '')}`,
  );
  const order = translation.hidden('o');
  const from = `(SELECT r - 1 AS ${columns[0]!.id}, e.c AS ${columns[1]!.id}, e.v AS ${columns[2]!.id}, (r * 10000 + e.n) AS ${order} FROM (SELECT row_number() OVER () AS r, unnest([${cells.join(', ')}]) AS e FROM ${input.from} AS t))`;
  return { from, columns, order: [{ id: order, desc: false, nullsFirst: false }], partition: [] };
}
