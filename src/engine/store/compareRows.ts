import { AppError } from '../../base/errors.ts';
import type { Column } from '../../model/kqlType.ts';
import type { CompareOptions, RowChanges } from '../../ports/rows.ts';
import type { Database } from '../database/database.ts';
import { missingValue } from '../database/types.ts';
import { assignIds } from '../translate/relation.ts';
import { asPhysical } from './runAsTable.ts';
import { PASSING, ROW_PLACE } from './runTable.ts';
import type { RunTable } from './runTable.ts';
import { ATTRIBUTION } from './storedColumns.ts';
import { textOf } from './shownText.ts';

/** The schema that comparisons lie in until they are stored; no query can name it. */
const SCHEMA = '"#comparisons"';
/** Comparisons of an earlier life of a database file are nobody's. */
export const FORGET_COMPARISONS = `DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`;

/** The rows of a run that are compared: of these targets alone where they are named. */
export interface ComparedSide {
  readonly table: RunTable;
  readonly targets?: readonly string[] | undefined;
}

/** What two runs differ in, as a relation in the database until it is disposed. */
export interface Difference {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  readonly source: string;
  readonly changes: RowChanges;
  dispose(): Promise<void>;
}

/** A column of either side; `c1` and the like, the same in both where both have it. */
interface ComparedColumn extends Column {
  readonly id: string;
  readonly before?: string;
  readonly after?: string;
}

let made = 0;

/**
 * Compares rows by the values of the key columns, whole rows where there are none: first rows that are the same in all
 * columns both runs have are put aside, one for one; of the rest, the first with a key there is compared with the first
 * here, the second with the second. Rejects with `input.nothingInCommon` and `input.unknownColumn`; with `engine.*`,
 * and when cancelled.
 */
export async function findDifference(
  database: Database,
  before: ComparedSide,
  after: ComparedSide,
  { key, signal, passing }: CompareOptions & { readonly passing: boolean },
): Promise<Difference> {
  const columns = bothColumns(before.table, after.table);
  const common = columns.filter((column) => column.before !== undefined && column.after !== undefined);
  if (common.length === 0)
    throw new AppError(
      'input.nothingInCommon',
      'The two runs have no column in common, so there is nothing to compare.',
    );
  const keys = key.map((name) => findCommon(common, name));
  const told = toldColumns(columns);
  const schema = passing ? `${PASSING}.${SCHEMA}` : SCHEMA;
  const name = `${schema}."d${++made}"`;
  await database.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  const rowCount = await database.materialize(name, differenceSql(before, after, columns, keys, told), signal);
  const dispose = async (): Promise<void> => {
    await database.run(`DROP TABLE IF EXISTS ${name}`);
  };
  try {
    const ids = assignIds(told);
    const list = told.map(({ sql: _sql }, i) => `"c${i}" AS ${ids[i]!.id}`);
    return {
      columns: told.map((column) => ({ name: column.name, type: column.type })),
      rowCount,
      source: `(SELECT ${list.join(', ')}, rowid AS __ord FROM ${name})`,
      changes: await countChanges(database, name, before),
      dispose,
    };
  } catch (thrown) {
    await dispose().catch(() => undefined);
    throw thrown;
  }
}

/** Columns of both by name and type, those of `after` first. */
function bothColumns(before: RunTable, after: RunTable): ComparedColumn[] {
  const all: { -readonly [K in keyof ComparedColumn]: ComparedColumn[K] }[] = [];
  for (const [side, table] of [
    ['after', after],
    ['before', before],
  ] as const)
    for (const { name, type, physical } of table.columns()) {
      let column = all.find((one) => one.name === name && one.type === type && one[side] === undefined);
      if (!column) all.push((column = { name, type, id: `k${all.length}` }));
      column[side] = asPhysical(type, physical);
    }
  return all;
}

function findCommon(common: readonly ComparedColumn[], name: string): ComparedColumn {
  const found = common.find((column) => column.name === name);
  if (!found) throw new AppError('input.unknownColumn', `Not both runs have a column ${name} of the same type.`);
  return found;
}

/** A column of the answer, and its SQL over the row of `before` (b) and of `after` (a) that belong together. */
interface ToldColumn extends Column {
  readonly sql: string;
}

const WHAT = `CASE WHEN b.o IS NULL THEN 'added' WHEN a.o IS NULL THEN 'gone' ELSE 'changed' END`;

/** Whose the row is, what became of it, its values (those of before where it is gone), and what they were before. */
function toldColumns(columns: readonly ComparedColumn[]): ToldColumn[] {
  const names = new Set(columns.map(({ name }) => name));
  const free = (wanted: string): string => {
    let name = wanted;
    for (let n = 1; names.has(name); n++) name = `${wanted}${n}`;
    return name;
  };
  const values = columns.map(({ name, type, id, before, after }): ToldColumn => {
    const [was, is] = [`b.${id}`, `a.${id}`];
    const sql =
      before === undefined ? is : after === undefined ? was : `CASE WHEN a.o IS NULL THEN ${was} ELSE ${is} END`;
    return { name, type, sql: `coalesce(${sql}, ${missingValue(type)})` };
  });
  const whose = values.filter(({ name }) => ATTRIBUTION.some((column) => column.name === name));
  const changed = columns.filter(({ before, after }) => before !== undefined && after !== undefined);
  const each = (sql: (column: ComparedColumn) => string): string =>
    `list_filter([${changed.map((column) => `CASE WHEN a.${column.id} IS DISTINCT FROM b.${column.id} THEN ${sql(column)} END`).join(', ')}], x -> x IS NOT NULL)`;
  const both = 'a.o IS NOT NULL AND b.o IS NOT NULL';
  return [
    ...whose,
    {
      name: free('_Change'),
      type: 'string',
      sql: WHAT,
    },
    {
      name: free('_Changed'),
      type: 'string',
      sql: `CASE WHEN ${both} THEN array_to_string(${each(({ name }) => quoted(name))}, ', ') ELSE '' END`,
    },
    ...values.filter((column) => !whose.includes(column)),
    {
      name: free('_Before'),
      type: 'dynamic',
      sql: `CASE WHEN ${both} THEN '{' || array_to_string(${each((column) => `CAST(to_json(${quoted(column.name)}) AS VARCHAR) || ':' || ${jsonOf(column)}`)}, ',') || '}' END`,
    },
  ];
}

/** What the value was before, as JSON. */
function jsonOf({ type, id }: ComparedColumn): string {
  const physical = `b.${id}`;
  if (type === 'dynamic') return `coalesce(${physical}, 'null')`;
  if (type === 'int' || type === 'long' || type === 'bool')
    return `coalesce(CAST(to_json(${physical}) AS VARCHAR), 'null')`;
  const text = textOf({ name: '', type, physical, presentIn: 0 });
  const json =
    type === 'real'
      ? `CASE WHEN isfinite(${physical}) THEN ${text} ELSE '"' || ${text} || '"' END`
      : `CAST(to_json(${text}) AS VARCHAR)`;
  return `CASE WHEN ${physical} IS NULL THEN 'null' ELSE ${json} END`;
}

function differenceSql(
  before: ComparedSide,
  after: ComparedSide,
  columns: readonly ComparedColumn[],
  keys: readonly ComparedColumn[],
  told: readonly ToldColumn[],
): string {
  const common = columns.filter((column) => column.before !== undefined && column.after !== undefined);
  // 128 bits: that two different rows have the same is less likely than that the memory errs.
  const hash = (salt: number): string => `hash(${[...common.map(({ id }) => id), String(salt)].join(', ')})`;
  const ranked = (of: string): string =>
    `SELECT o, h1, h2, row_number() OVER (PARTITION BY h1, h2 ORDER BY o) n FROM (SELECT o, ${hash(1)} h1, ${hash(2)} h2 FROM ${of})`;
  const rank = `row_number() OVER (PARTITION BY ${keys.map(({ id }) => id).join(', ')} ORDER BY o)`;
  // Whole rows that are left on one side have no like on the other: numbers that never meet.
  const left = (all: string, own: string, other: string, unlike: string): string =>
    `SELECT *, ${keys.length > 0 ? rank : unlike} k FROM ${all} WHERE o IN (SELECT x.o FROM ${own} x ANTI JOIN ${other} y ON x.h1 = y.h1 AND x.h2 = y.h2 AND x.n = y.n)`;
  const together = ['a.k = b.k', ...keys.map(({ id }) => `a.${id} IS NOT DISTINCT FROM b.${id}`)].join(' AND ');
  return `WITH before_rows AS (${sideSql(before, columns, 'before')}),
    after_rows AS (${sideSql(after, columns, 'after')}),
    before_ranked AS MATERIALIZED (${ranked('before_rows')}),
    after_ranked AS MATERIALIZED (${ranked('after_rows')}),
    b AS (${left('before_rows', 'before_ranked', 'after_ranked', '-1 - o')}),
    a AS (${left('after_rows', 'after_ranked', 'before_ranked', 'o')})
    SELECT ${[...told.map(({ sql }, i) => `${sql} AS "c${i}"`), 'coalesce(a.t, b.t) AS t', `${WHAT} AS what`].join(', ')}
    FROM b FULL OUTER JOIN a ON ${together}
    ORDER BY a.o IS NULL, coalesce(a.o, b.o)`;
}

/** The rows of one side with their place (`o`) and target (`t`); a column that it has not is absent. */
function sideSql(
  { table, targets }: ComparedSide,
  columns: readonly ComparedColumn[],
  side: 'before' | 'after',
): string {
  const own = columns.flatMap((column) => {
    const sql = column[side];
    return sql === undefined ? [] : [`${table.created ? sql : missingValue(column.type)} AS ${column.id}`];
  });
  if (!table.created) return `SELECT ${[...own, '0::BIGINT AS o', "'' AS t"].join(', ')} WHERE FALSE`;
  const ids = targets && table.some(targets).map(({ id }) => id);
  const where = ids === undefined ? '' : `WHERE ${ids.length > 0 ? `a.id IN (${ids.join(', ')})` : 'FALSE'}`;
  return `SELECT ${[...own, `${ROW_PLACE} AS o`, 'a.key AS t'].join(', ')} FROM ${table.relation} ${where}`;
}

async function countChanges(database: Database, name: string, { table, targets }: ComparedSide): Promise<RowChanges> {
  const counts = new Map(
    (await database.run(`SELECT what, count(*) FROM ${name} GROUP BY 1`)).rows.map(([what, n]) => [
      String(what),
      Number(n),
    ]),
  );
  const [added, gone, changed] = ['added', 'gone', 'changed'].map((what) => counts.get(what) ?? 0);
  const byTarget = Object.fromEntries(
    (await database.run(`SELECT t, count(*) FROM ${name} GROUP BY 1`)).rows.map(([t, n]) => [String(t), Number(n)]),
  );
  return { added: added!, gone: gone!, changed: changed!, same: table.rowCount(targets) - gone! - changed!, byTarget };
}

/** Whether no two of these rows have the same values in the columns of these names. */
export async function hasUnique(
  database: Database,
  { table, targets }: ComparedSide,
  names: readonly string[],
): Promise<boolean> {
  if (!table.created) return true;
  const columns = bothColumns(table, table).filter(({ name }) => names.includes(name));
  const list = columns.map(({ id }) => id).join(', ');
  const { rows } = await database.run(
    `SELECT 1 FROM (${sideSql({ table, targets }, columns, 'after')}) GROUP BY ${list} HAVING count(*) > 1 LIMIT 1`,
  );
  return rows.length === 0;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll('\0', '\ufffd')}'`;
}
