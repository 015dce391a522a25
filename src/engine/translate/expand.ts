import type { Expansion, Rel } from '../../kql/plan.ts';
import type { KqlType } from '../../model/kqlType.ts';
import type { JsFunction, SqlExpr } from '../functions/contract.ts';
import { SQL, columnOf, named } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { as, everything, over, renamed, select } from '../sql/statement.ts';
import { assignIds, sqlType } from './relation.ts';
import type { Relation, SqlColumn } from './relation.ts';
import { failureSql } from './failure.ts';
import { emitContext } from './scalars.ts';
import { lookupIn, selectFrom } from './translation.ts';
import type { Translation, Translator } from './translation.ts';

type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;

const bagItems = (pairs: boolean): JsFunction => ({
  name: pairs ? 'kql_bag_pairs' : 'kql_bag_items',
  params: ['VARCHAR'],
  returns: 'VARCHAR',
  call: (text) => {
    // Keys keep their order and values their text: numbers beyond 2^53 must not pass through JavaScript's.
    const items = topLevelPairs(String(text ?? '{}'));
    return `[${items.map(([key, value]) => (pairs ? `[${key},${value}]` : `{${key}:${value}}`)).join(',')}]`;
  },
});
const [BAG_ITEMS, BAG_PAIRS] = [bagItems(false), bagItems(true)];

/** The keys and values of a JSON object's text, as text. */
function topLevelPairs(json: string): [string, string][] {
  const pairs: [string, string][] = [];
  let depth = 0,
    start = -1,
    colon = -1,
    inText = false;
  for (let i = 0; i < json.length; i++) {
    const c = json[i]!;
    if (inText) {
      if (c === '\\') i++;
      else if (c === '"') inText = false;
      continue;
    }
    if (c === '"') {
      inText = true;
      if (depth === 1 && start < 0) start = i;
      continue;
    }
    if (c === '{' || c === '[') {
      depth++;
      continue;
    }
    if (c === ':' && depth === 1 && colon < 0) {
      colon = i;
      continue;
    }
    const ends = (c === ',' && depth === 1) || (c === '}' && depth === 1);
    if (ends && start >= 0 && colon >= 0) {
      pairs.push([json.slice(start, colon).trim(), json.slice(colon + 1, i).trim()]);
      start = colon = -1;
    }
    if (c === '}' || c === ']') depth--;
  }
  return pairs;
}

/** A dynamic value as a list of the values mv-expand makes of it: null is one null, an empty array or bag nothing. */
function elementsSql(value: Sql, bagAsArray: boolean, js: (fn: JsFunction, arg: Sql) => Sql): Sql {
  const array = (sql: Sql): Sql => SQL`json_extract(${sql}, '$[*]')::VARCHAR[]`;
  const bag = array(js(bagAsArray ? BAG_PAIRS : BAG_ITEMS, value));
  const cases = SQL`WHEN left(${value}, 1) = '[' THEN ${array(value)} WHEN left(${value}, 1) = '{' THEN ${bag}`;
  return SQL`(CASE WHEN ${value} IS NULL THEN [NULL]::VARCHAR[] ${cases} ELSE [${value}] END)`;
}
/** An element in its column's type: a cast, not a parse, so a text is no number. */
function typedElement(sql: Sql, type: KqlType, convert: (expr: SqlExpr, type: KqlType) => SqlExpr): Sql {
  const bare = SQL`nullif(${sql}, 'null')`;
  if (type === 'dynamic') return bare;
  const numeric = type === 'int' || type === 'long' || type === 'real' || type === 'bool';
  return convert(
    { sql: numeric ? SQL`(CASE WHEN left(${sql}, 1) <> '"' THEN ${bare} END)` : bare, type: 'dynamic' },
    type,
  ).sql;
}

interface Expanding {
  readonly items: readonly Expansion[];
  readonly columns: readonly SqlColumn[];
  readonly bagAsArray: boolean;
  readonly indexName?: string | undefined;
  readonly limit?: Sql | undefined;
  readonly ordered: boolean;
}

/**
 * The input with its arrays taken apart side by side; the hidden order gains the element's number where one is kept.
 */
function expanded(
  input: Relation,
  spec: Expanding,
  translation: Translation,
  translator: Translator,
  place: Rel['place'],
): Relation {
  const context = emitContext(translation, place);
  const lookup = lookupIn(input);
  const lists = spec.items.map((item) => ({ item, list: translation.hidden('l'), element: translation.hidden('e') }));
  const kept = input.columns.map((c) => columnOf('t', c.id));
  const listed = lists.map(({ item, list }) => {
    const sql = elementsSql(named('v'), spec.bagAsArray, (fn, arg) => context.js(fn, arg));
    const value = context.convert(translator.scalar(item.expr, lookup), 'dynamic').sql;
    const all = value.atomic
      ? elementsSql(value, spec.bagAsArray, (fn, arg) => context.js(fn, arg))
      : select({ items: [sql], from: [select({ items: [as(value, named('v'))] }), 'x'] });
    return SQL`${spec.limit === undefined ? all : SQL`(${all})[1:${spec.limit}]`} AS ${list}`;
  });
  const first = selectFrom(input, [...kept, ...listed]);
  const index = spec.indexName !== undefined || spec.ordered ? translation.hidden('i') : undefined;
  const longest =
    lists.length === 1 ? SQL`len(t.${lists[0]!.list})` : SQL`greatest(${lists.map((l) => SQL`len(t.${l.list})`)})`;
  const unnested = [
    ...kept,
    ...lists.map((l) => SQL`unnest(t.${l.list}) AS ${l.element}`),
    ...(index ? [SQL`unnest(range(${longest})) AS ${index}`] : []),
  ];
  const second = selectFrom({ ...input, from: first }, unnested);
  const items = spec.columns.map((column) => {
    const own = lists.find((l) => l.item.column.name === column.name);
    if (own) {
      const value = typedElement(columnOf('t', own.element), own.item.type, (e, type) => context.convert(e, type));
      return SQL`${value} AS ${column.id}`;
    }
    if (column.name === spec.indexName) return SQL`t.${index!} AS ${column.id}`;
    const source = input.columns.find((c) => c.name === column.name);
    return source
      ? renamed(columnOf('t', source.id), source.id, column.id)
      : context.refuse(`The column '${column.name}' of mv-expand`);
  });
  const order = index && spec.ordered ? [...input.order, { id: index, desc: false, nullsFirst: false }] : input.order;
  return {
    from: selectFrom({ ...input, from: second, order }, items),
    columns: spec.columns,
    order,
    partition: input.partition,
  };
}

/** `mv-expand`: a row for each element, several columns side by side; the shorter ones are filled with null. */
export function mvExpandSql(rel: Of<'mvExpand'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  return expanded(
    input,
    {
      items: rel.items,
      columns: assignIds(rel.columns),
      bagAsArray: rel.bagAsArray,
      indexName: rel.indexName,
      ordered: input.order.length > 0 || input.partition.length > 0 || isOneRow(rel.input),
      limit: rel.limit && translator.scalar(rel.limit, () => undefined).sql,
    },
    translation,
    translator,
    rel.place,
  );
}

/**
 * mv-apply: every row's elements are a subtable, the body runs on each, the row's other columns come back beside its
 * result.
 */
export function mvApplySql(rel: Of<'mvApply'>, translation: Translation, translator: Translator): Relation {
  const base = translator.rel(rel.input);
  const id = translation.hidden('r');
  const numbered = translation.share(
    { ...base, from: select({ items: [...everything, as(over(SQL`row_number()`, {}), id)], from: [base.from, 't'] }) },
    true,
  );
  const inner: Relation = { ...numbered, partition: [...numbered.partition, id] };
  const subject = expanded(
    inner,
    {
      items: rel.items,
      columns: assignIds(rel.subject.columns),
      bagAsArray: false,
      indexName: rel.indexName,
      ordered: true,
      limit: rel.limit && translator.scalar(rel.limit, () => undefined).sql,
    },
    translation,
    translator,
    rel.place,
  );
  translation.subjects.set(rel.subject.id, subject);
  const body = translator.rel(rel.body);
  const columns = assignIds(rel.columns);
  const items = columns.map((c) => {
    const own = body.columns.find((b) => b.name === c.name);
    const source = own
      ? { alias: 'b', column: own }
      : { alias: 'i', column: numbered.columns.find((n) => n.name === c.name) };
    if (!source.column) return emitContext(translation, rel.place).refuse(`The column '${c.name}' of mv-apply`);
    return SQL`${columnOf(source.alias, source.column.id)} AS ${c.id}`;
  });
  const hidden = numbered.partition.map((p) => columnOf('i', p));
  const keys = [
    ...numbered.order.map((k) => ({ key: k, sql: columnOf('i', k.id) })),
    ...body.order
      .filter((k) => !numbered.order.some((n) => n.id === k.id))
      .map((k) => ({ key: k, sql: columnOf('b', k.id) })),
  ];
  const from = select({
    items: [...items, ...hidden, ...keys.map((k) => k.sql)],
    from: [numbered.from, 'i'],
    joins: [{ kind: 'JOIN', with: [body.from, 'b'], on: SQL`i.${id} = b.${id}` }],
  });
  return {
    from,
    columns,
    order: numbered.order.length > 0 || isOneRow(rel.input) ? keys.map((k) => k.key) : [],
    partition: numbered.partition,
  };
}

/** Whether a relation is one row at most, whose elements are in order though no rows are. */
function isOneRow(rel: Rel): boolean {
  switch (rel.kind) {
    case 'values':
      return rel.rows.length <= 1;
    case 'aggregate':
      return rel.keys.length === 0;
    case 'filter':
    case 'project':
    case 'spread':
    case 'materialize':
    case 'serialize':
    case 'parse':
    case 'parseKv':
      return isOneRow(rel.input);
    default:
      return false;
  }
}

/** Keys of the service's legacy strategy. */
const MAX_KEYS = 64;
/** partition by: the body runs on the rows of each key. */
export function partitionSql(rel: Of<'partition'>, translation: Translation, translator: Translator): Relation {
  const input = translator.rel(rel.input);
  const id = translation.hidden('p');
  const { sql: key, type } = translator.scalar(rel.key, lookupIn(input));
  const counted = rel.limited && input.partition.length === 0 ? translation.share(input, false) : undefined;
  const guarded = counted ? guardedKey(counted, key, type) : key;
  const rows = counted ?? input;
  translation.subjects.set(rel.subject.id, {
    ...rows,
    from: select({ items: [...everything, as(guarded, id)], from: [rows.from, 't'] }),
    partition: [...input.partition, id],
  });
  const body = translator.rel(rel.body);
  return {
    ...body,
    order: [],
    partition: input.partition,
    from: selectFrom(
      { ...body, order: [], partition: input.partition },
      body.columns.map((c) => columnOf('t', c.id)),
    ),
  };
}
/** The key, or the query stops where there are more of them than the service takes. */
function guardedKey(rows: Relation, key: Sql, type: KqlType): Sql {
  const keys = select({ items: [key], distinct: true, from: [rows.from, 't'] });
  const count = select({ items: [SQL`count(*)`], from: [keys, 'k'] });
  const message = `partition is limited to ${MAX_KEYS} keys; say hint.strategy=native or shuffle for more`;
  return SQL`CASE WHEN ${count} > ${MAX_KEYS} THEN ${failureSql('limit', message, sqlType(type))} ELSE ${key} END`;
}
