import type { DynamicStatistics, Spread, ValueCount } from '../../model/rows.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import type { Session } from '../database/session.ts';
import { emptyOf } from './selection.ts';
import type { ShownColumn } from './storedColumns.ts';

const TOP = 10;
/** Characters of a key or a shape that are told: an answer may have keys as long as it likes. */
const TOLD = 300;

/** Kind of a JSON value of which `x` is valid text, in the words of the product. */
const KIND = (x: string): string =>
  `CASE json_type(${x}) WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'VARCHAR' THEN 'text' WHEN 'NULL' THEN 'null' ELSE 'number' END`;

/**
 * What the values of a dynamic column are like, exactly and over all rows that pass `where`; undefined where all are
 * empty. A value that is no JSON is a text.
 */
export async function readDynamicStatistics(
  session: Session,
  relation: string,
  column: ShownColumn,
  where: string,
): Promise<DynamicStatistics | undefined> {
  const { physical } = column;
  const passing = `${where ? `${where} AND` : 'WHERE'} NOT ${emptyOf(column)}`;
  const values = `(SELECT x, CASE WHEN json_valid(x) THEN ${KIND('x')} ELSE 'text' END kind
    FROM (SELECT ${physical} x FROM ${relation} ${passing}))`;
  const counts = async (rows: string): Promise<readonly ValueCount[]> => {
    const found = await session.all(
      `SELECT left(v, ${TOLD}), count(*) n FROM (${rows}) WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT ${TOP}`,
    );
    return found.map(([value, count]) => ({ value: String(value), count: Number(count) }));
  };
  const keys = `list_distinct(json_keys(x))`;
  const items = `list_distinct(list_transform(json_extract(x, '$[*]'), lambda y: ${KIND('y')}))`;
  const members = `CASE kind WHEN 'object' THEN len(json_keys(x)) WHEN 'array' THEN json_array_length(x) END`;
  const spread = (value: string): string => `min(${value}), median(${value}), max(${value})`;
  const kinds = await counts(`SELECT kind v FROM ${values}`);
  if (kinds.length === 0) return undefined;
  const [sizes = []] = await session.all(
    `SELECT ${spread('length(x)')}, ${spread('m')} FROM (SELECT x, ${members} m FROM ${values})`,
  );
  return {
    kinds,
    keys: await counts(`SELECT unnest(${keys}) v FROM ${values} WHERE kind = 'object'`),
    shapes: await counts(`SELECT CASE kind
        WHEN 'object' THEN '{' || array_to_string(list_sort(${keys}), ', ') || '}'
        WHEN 'array' THEN '[' || array_to_string(list_sort(${items}), ', ') || ']' END v
      FROM ${values}`),
    characters: toSpread(sizes.slice(0, 3)),
    ...(sizes[3] === null ? {} : { members: toSpread(sizes.slice(3)) }),
  };
}

function toSpread([least, median, most]: readonly (PhysicalValue | undefined)[]): Spread {
  return { least: Number(least), median: Number(median), most: Number(most) };
}
