import { AppError } from '../../base/errors.ts';
import type { Discovery } from '../../kql/bind/evaluate.ts';
import { refusal } from '../../kql/bind/refusal.ts';
import type { Column, KqlType } from '../../model/kqlType.ts';
import type { SqlExpr } from '../functions/contract.ts';
import { SQL, named } from '../sql/expression.ts';
import type { Sql } from '../sql/expression.ts';
import { as, select, statement } from '../sql/statement.ts';
import type { Source } from '../sql/statement.ts';
import { translateQuestion } from '../translate/translate.ts';
import type { TranslationOptions } from '../translate/translation.ts';
import type { Database } from '../database/database.ts';

/** Keys of partition's legacy strategy, the only one with a query in braces. */
const MAX_KEYS = 64;

/**
 * The columns a data-dependent plugin makes of the rows it stands on: properties of bags with their types, or values to
 * pivot on.
 */
export async function discoverColumns(
  discovery: Discovery,
  options: TranslationOptions,
  now: bigint,
  database: Database,
): Promise<Column[]> {
  const unpack = discovery.plugin === 'bag_unpack';
  if (discovery.plugin === 'partition') return partitionKeys(discovery, options, now, database);
  const { sql, functions } = translateQuestion(discovery.input, discovery.value, options, now, (value, from) =>
    unpack ? propertiesOf(value.sql, from) : distinctTexts(value, from),
  );
  await database.register(functions);
  const { rows } = await database.run(sql, options.signal);
  return rows.map((row): Column => ({
    name: String(row[0]),
    type: unpack ? propertyType(typesOf(row[1])) : 'dynamic',
  }));
}
/** The names of the properties of bags, each with the types its values have. */
function propertiesOf(bag: Sql, from: Source): Sql {
  const keys = SQL`unnest(json_keys(CASE WHEN left(${bag}, 1) = '{' THEN ${bag} END))`;
  const name = SQL`replace(replace(k, '\\', '\\\\'), '"', '\\"')`;
  const type = SQL`json_type(CASE WHEN k <> '' THEN json_extract(b, '$."' || ${name} || '"') END)`;
  return statement({
    items: [named('k'), SQL`list_sort(list_distinct(list(${type})))`],
    from: [select({ items: [as(bag, named('b')), as(keys, named('k'))], from }), 'p'],
    group: [named('k')],
    order: named('k'),
  });
}
/** The values there are, as text. */
function distinctTexts({ sql, type }: SqlExpr, from: Source): Sql {
  const text = type === 'string' ? sql : SQL`coalesce((${sql})::VARCHAR, '')`;
  return statement({ items: [as(text, named('k'))], distinct: true, from, order: named('k') });
}
/** The keys of `partition by k {...}` as text, in place of names. */
async function partitionKeys(
  discovery: Discovery,
  options: TranslationOptions,
  now: bigint,
  database: Database,
): Promise<Column[]> {
  const { sql, functions } = translateQuestion(discovery.input, discovery.value, options, now, (value, from) =>
    statement({
      items: [as(SQL`(${value.sql})::VARCHAR`, named('k'))],
      distinct: true,
      from,
      order: named('k'),
      limit: MAX_KEYS + 1,
    }),
  );
  await database.register(functions);
  const { rows } = await database.run(sql, options.signal);
  const place = { start: discovery.key.at(-1) ?? 0, length: 0 };
  if (rows.length > MAX_KEYS)
    throw new AppError('query.limit', `partition is limited to ${MAX_KEYS} keys.`, { data: { ...place } });
  if (rows.some(([k]) => k === null))
    throw refusal('partition over a query in braces by a column with nulls', place, 'Filter them first.');
  return rows.map(([k]): Column => ({ name: String(k), type: discovery.value.type }));
}
function typesOf(list: unknown): string[] {
  const items = (list as { readonly items?: readonly unknown[] } | null)?.items ?? [];
  return items.filter((t) => t !== null && t !== 'NULL').map(String);
}
/** The column type of a property: what all its values are, else dynamic. */
function propertyType(types: readonly string[]): KqlType {
  const kinds = new Set(
    types.map(
      (t) =>
        (/^U?(BIGINT|HUGEINT|INTEGER)$/.test(t)
          ? 'long'
          : t === 'DOUBLE'
            ? 'real'
            : t === 'VARCHAR'
              ? 'string'
              : t === 'BOOLEAN'
                ? 'bool'
                : 'dynamic') satisfies KqlType,
    ),
  );
  return kinds.size === 1 ? [...kinds][0]! : 'dynamic';
}
