import type { Assignment, Expr, Rel } from '../../kql/plan.ts';
import type { Column } from '../../model/kqlType.ts';
import type { EmitContext } from '../functions/contract.ts';
import { SQL, atom, columnOf, textSql } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { as, everything, over, select, values } from '../sql/statement.ts';
import { assignIds, orderSql, quoteId } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { emitContext } from './scalars.ts';
import { lookupIn, selectFrom } from './translation.ts';
import type { Translation, Translator } from './translation.ts';
import { hoistWindows, requireOrder, serialized } from './windows.ts';

type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;

/** `where`: the rows for which the condition is true. Window functions in it are computed before. */
export function filterSql(rel: Of<'filter'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  requireOrder(rel.input, [rel.condition], translation);
  const hoisted = hoistWindows(input, [rel.condition], translation, translator);
  const condition = translator.condition(hoisted.exprs[0]!, lookupIn(hoisted.relation));
  return {
    ...hoisted.relation,
    columns: input.columns,
    from: select({ items: everything, from: [hoisted.relation.from, 't'], where: [condition] }),
  };
}

/** Output identifiers: a column passed through keeps its own, others get one nobody else has. */
function outputIds(items: readonly Assignment[], input: Relation): SqlColumn[] {
  const used = new Set<string>();
  const kept = items.map(({ column, expr }) => {
    const own =
      expr.kind === 'column' && expr.name === column.name
        ? input.columns.find((c) => c.name === column.name)
        : undefined;
    if (own) used.add(own.id.toLowerCase());
    return own;
  });
  return items.map(({ column }, i) => {
    if (kept[i]) return { ...column, id: kept[i].id };
    let id = quoteId(column.name);
    for (let n = 2; used.has(id.toLowerCase()); n++) id = quoteId(`${column.name}#${n}`);
    used.add(id.toLowerCase());
    return { ...column, id };
  });
}

/** project and everything like it: extend, project-away, -keep, -rename, -reorder, print. */
export function projectSql(rel: Of<'project'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  requireOrder(
    rel.input,
    rel.items.map((i) => i.expr),
    translation,
  );
  const hoisted = hoistWindows(
    input,
    rel.items.map((i) => i.expr),
    translation,
    translator,
  );
  const source = hoisted.relation;
  const columns = outputIds(rel.items, input);
  const lookup = lookupIn(source);
  const items = rel.items.map((item, i) => {
    const expr = hoisted.exprs[i]!;
    const value = translator.scalar(expr, lookup);
    const { sql } = emitContext(translation, rel.place).convert(value, item.column.type);
    const own = expr.kind === 'column' ? source.columns.findLast((c) => c.name === expr.name) : undefined;
    return { sql, id: columns[i]!.id, same: sql === value.sql && own?.id === columns[i]!.id };
  });
  const extended = source === input && input.columns.every((c, i) => items[i]?.same && columns[i]?.id === c.id);
  const added = items.slice(input.columns.length);
  const from =
    extended && added.length > 0
      ? select({ items: [...everything, ...added.map((i) => as(i.sql, i.id))], from: [source.from, 't'] })
      : selectFrom(
          source,
          items.map((i) => (i.same ? i.sql : SQL`${i.sql} AS ${i.id}`)),
        );
  return { from, columns, order: source.order, partition: source.partition };
}
/** A call of several columns: its JSON array is made once, its elements become columns. */
export function spreadSql(rel: Of<'spread'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const hoisted = hoistWindows(input, [rel.expr], translation, translator);
  const source = hoisted.relation;
  const list = translation.hidden('l');
  const value = translator.scalar(hoisted.exprs[0]!, lookupIn(source)).sql;
  const made = selectFrom(source, [...input.columns.map((c) => columnOf('t', c.id)), SQL`${value} AS ${list}`]);
  const outputs = rel.outputs.map((c): SqlColumn => ({ ...c, id: quoteId(c.name) }));
  const context = emitContext(translation, rel.place);
  const items = outputs.map(
    (c, i) =>
      SQL`${context.convert({ sql: SQL`nullif(json_extract(t.${list}, '$[${i}]')::VARCHAR, 'null')`, type: 'dynamic' }, c.type).sql} AS ${c.id}`,
  );
  const from = selectFrom({ ...source, from: made }, [...input.columns.map((c) => columnOf('t', c.id)), ...items]);
  return { from, columns: [...input.columns, ...outputs], order: source.order, partition: source.partition };
}

/** `sort`: the order that operators after it, and the answer, go by. */
export function sortSql(rel: Of<'sort'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  return sorted(input, rel.keys, translation, translator);
}
/** The relation in a new order; the old one decides among equals. */
export function sorted(
  input: Relation,
  keys: readonly { readonly expr: Expr; readonly desc: boolean; readonly nullsFirst: boolean }[],
  translation: Translation,
  translator: Translator,
): Relation {
  if (keys.length === 0) return input;
  const hoisted = hoistWindows(
    input,
    keys.map((k) => k.expr),
    translation,
    translator,
  );
  const lookup = lookupIn(hoisted.relation);
  const made = keys.flatMap((k, i) => {
    const { sql, type } = translator.scalar(hoisted.exprs[i]!, lookup);
    const key = (of: Sql, desc: boolean) => ({
      sql: of,
      key: { id: translation.hidden('o'), desc, nullsFirst: k.nullsFirst },
    });
    // NaN stands among the nulls, between them and the numbers whichever way.
    if (type === 'real')
      return [
        key(SQL`CASE WHEN isnan(${sql}) THEN NULL ELSE ${sql} END`, k.desc),
        key(SQL`coalesce(isnan(${sql}), FALSE)`, !k.nullsFirst),
      ];
    return [key(type === 'decimal' ? SQL`TRY_CAST(${sql} AS DOUBLE)` : sql, k.desc)];
  });
  const from = select({
    items: [...everything, ...made.map((m) => as(m.sql, m.key.id))],
    from: [hoisted.relation.from, 't'],
  });
  return {
    ...hoisted.relation,
    columns: input.columns,
    from,
    order: [...made.map((m) => m.key), ...hoisted.relation.order],
  };
}

/** take and top: the first rows in their order, of each subtable inside a subquery. */
export function takeSql(rel: Of<'take'>, translation: Translation, translator: Translator): Relation {
  const count = rel.keys.length === 0 && rel.count.kind === 'literal' ? rel.count.value : undefined;
  const rows = typeof count === 'bigint' ? shortened(rel.input, count) : rel.input;
  return firstRows(
    sorted(translator.rel(rows), rel.keys, translation, translator),
    rel.count,
    emitContext(translation, rel.place),
    translator,
  );
}
/** A range, also behind columns made of each row alone, that ends where no more rows of it are wanted. */
function shortened(rel: Rel, count: bigint): Rel {
  if (rel.kind === 'project' && rel.items.every((item) => ofOneRow(item.expr)))
    return { ...rel, input: shortened(rel.input, count) };
  if (rel.kind !== 'range' || count < 1n) return rel;
  const [from, to, step] = [rel.from, rel.to, rel.step].map((e) => (e.kind === 'literal' ? e.value : undefined));
  if (typeof from !== 'bigint' || typeof to !== 'bigint' || typeof step !== 'bigint' || step === 0n) return rel;
  const last = from + step * (count - 1n);
  const early = step > 0n ? last < to : last > to;
  return early && rel.to.kind === 'literal' ? { ...rel, to: { ...rel.to, value: last } } : rel;
}
function ofOneRow(expr: Expr): boolean {
  if (expr.kind === 'literal' || expr.kind === 'column') return true;
  if (expr.kind === 'convert') return ofOneRow(expr.value);
  return expr.kind === 'call' && !/^(next|prev|row_)/.test(expr.name) && expr.args.every(ofOneRow);
}
function firstRows(input: Relation, wanted: Expr, context: EmitContext, translator: Translator): Relation {
  const asked = context.convert(
    translator.scalar(wanted, () => undefined),
    'long',
  );
  const count = typeof asked.literal === 'bigint' ? atom`${asked.literal < 0n ? 0n : asked.literal}` : asked.sql;
  const order = input.order.length > 0 ? orderSql(input.order) : undefined;
  const all = { items: everything, from: [input.from, 't'] } as const;
  if (input.partition.length === 0) return { ...input, from: select({ ...all, order, limit: count }) };
  const number = over(SQL`row_number()`, { partition: input.partition.map((p) => columnOf('t', p)), order });
  return { ...input, from: select({ ...all, qualify: SQL`${number} <= ${count}` }) };
}
/** Any rows; with a seed those whose hashes come first, whatever order they are in. */
export function sampleSql(rel: Of<'sample'>, translation: Translation, translator: Translator): Relation {
  const seed = translation.options.seed;
  if (seed === undefined) return takeSql({ ...rel, kind: 'take', keys: [] }, translation, translator);
  const input = translator.rel(rel.input);
  const id = translation.hidden('h');
  const hashed = SQL`hash(${[Math.trunc(seed), ...input.columns.map((c) => columnOf('t', c.id))]})`;
  const picked: Relation = {
    ...input,
    from: select({ items: [...everything, as(hashed, id)], from: [input.from, 't'] }),
    order: [{ id, desc: false, nullsFirst: false }],
  };
  const taken = firstRows(picked, rel.count, emitContext(translation, rel.place), translator);
  return { ...taken, order: input.order };
}

/** `distinct`: every combination of the columns once, in no order. */
export function distinctSql(rel: Of<'distinct'>, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const ids = [...input.columns.map((c) => columnOf('t', c.id)), ...input.partition.map((p) => columnOf('t', p))];
  return {
    from: select({ items: ids, distinct: true, from: [input.from, 't'] }),
    columns: input.columns,
    order: [],
    partition: input.partition,
  };
}

/** `serialize`: gives the rows an order to count by where they have none. */
export function serializeSql(rel: Of<'serialize'>, translation: Translation, translator: Translator): Relation {
  return serialized(translator.rel(rel.input), translation);
}

const CLR_TYPES: Readonly<Record<Column['type'], string>> = {
  bool: 'System.SByte',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  string: 'System.String',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  guid: 'System.Guid',
  dynamic: 'System.Object',
};
/** getschema: the input's columns as rows. */
export function schemaSql(rel: Of<'schemaOf'>, translation: Translation): Relation {
  const columns = assignIds(rel.columns);
  const order = translation.hidden('o');
  const rows = rel.input.columns.map(
    (c, i) => SQL`(${textSql(c.name)}, ${i}::BIGINT, ${textSql(CLR_TYPES[c.type])}, ${textSql(c.type)}, ${i})`,
  );
  // Rows of no columns have no schema, and VALUES wants a row.
  const from = select({
    items: everything,
    from: values(rows.length > 0 ? rows : [SQL`('', 0::BIGINT, '', '', 0)`], [...columns.map((c) => c.id), order]),
    where: rows.length > 0 ? [] : [SQL`FALSE`],
  });
  return { from, columns, order: [{ id: order, desc: false, nullsFirst: false }], partition: [] };
}
