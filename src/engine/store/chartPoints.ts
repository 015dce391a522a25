import type { Session } from '../database/session.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import type { Ranked } from './chartSeries.ts';
import type { Sql } from './selection.ts';

/**
 * Rows of group, x and y. The group is the place of a series among those kept, from 1; the others of the first panel
 * are -1, of the second -2 ...
 */
export interface Picked {
  readonly rows: readonly (readonly PhysicalValue[])[];
  /** A series has fewer points here than in the rows. */
  readonly thinned: boolean;
  /** How many categories the last one stands for. */
  readonly otherCategories: number;
}

/** What is done with series and categories beyond those told apart. */
export type Others = 'together' | 'leftOut';

interface Drawing {
  /** Marks of single rows, which are never added up. */
  readonly scattered: boolean;
  readonly others: Others;
}

/** Categories in order of first appearance; where there are too many, the largest, and the rest as one. */
export async function readCategories(
  session: Session,
  base: Sql,
  ranked: Ranked,
  maxPoints: number,
  drawing: Drawing,
): Promise<Picked> {
  const drawn = drawnQuery(base, ranked, drawing);
  const [[count] = []] = await session.all(`WITH ${drawn.text} SELECT count(DISTINCT x) FROM d`, drawn.parameters);
  const all = Number(count);
  if (all <= maxPoints)
    return {
      rows: await session.all(`WITH ${drawn.text} SELECT g, x, y FROM d ORDER BY o`, drawn.parameters),
      thinned: false,
      otherCategories: 0,
    };
  const rest = all - (maxPoints - 1);
  const where = drawing.others === 'leftOut' ? 'WHERE rest = 0' : '';
  return {
    thinned: false,
    otherCategories: rest,
    rows: await session.all(
      `WITH ${drawn.text}, top AS (SELECT x FROM d GROUP BY x ORDER BY sum(abs(coalesce(y, 0))) DESC, min(o) LIMIT ${maxPoints - 1}),
      marked AS (SELECT d.*, CASE WHEN x IN (SELECT x FROM top) THEN 0 ELSE 1 END rest FROM d)
      SELECT g, CASE WHEN rest = 0 THEN x ELSE '${rest} others' END k, sum(y), min(o) o FROM marked ${where} GROUP BY g, rest, k ORDER BY rest, o`,
      drawn.parameters,
    ),
  };
}

/**
 * Points by x. Where a series has too many, each of `maxPoints / 2` equal stretches of x gives its least and its
 * greatest.
 */
export async function readPoints(
  session: Session,
  base: Sql,
  ranked: Ranked,
  maxPoints: number,
  drawing: Drawing,
): Promise<Picked> {
  const drawn = drawnQuery(base, ranked, drawing);
  const largest = Math.max(
    ...ranked.kept.map(({ points }) => points),
    ...(drawing.others === 'leftOut' ? [] : ranked.panels.map((panel) => panel.otherPoints)),
  );
  if (largest <= maxPoints)
    return {
      rows: await session.all(`WITH ${drawn.text} SELECT g, x, y FROM d ORDER BY g, x, o`, drawn.parameters),
      thinned: false,
      otherCategories: 0,
    };
  const stretches = Math.max(1, Math.floor(maxPoints / 2));
  const end = (order: string): string =>
    `arg_${order}({'x': x, 'y': y, 'o': o}, coalesce(y, '${order === 'min' ? '' : '-'}inf'::DOUBLE))`;
  const rows = await session.all(
    `WITH ${drawn.text}, sizes AS (SELECT g, count(*) n FROM d GROUP BY g), ends AS (SELECT min(x) low, max(x) high FROM d),
    picked AS (
      SELECT g, unnest([${end('min')}, ${end('max')}]) e FROM (
        SELECT d.*, least(((x - low)::DOUBLE / greatest((high - low)::DOUBLE, 1e-9) * ${stretches})::INTEGER, ${stretches - 1}) b
        FROM d JOIN sizes USING (g), ends WHERE n > ${maxPoints})
      GROUP BY g, b)
    SELECT g, x, y, many FROM (
      SELECT g, x, y, o, false many FROM d JOIN sizes USING (g) WHERE n <= ${maxPoints}
      UNION ALL SELECT DISTINCT g, e.x, e.y, e.o, true FROM picked)
    ORDER BY g, x, o`,
    drawn.parameters,
  );
  return { rows, thinned: rows.some((row) => row[3] === true), otherCategories: 0 };
}

/**
 * Tables of a WITH clause, the last of them `d`: the rows of `base` as numbers alone, with the group of their series.
 * All others are one: added up where they meet, but for the marks of a scatter.
 */
function drawnQuery(base: Sql, { kept, panels, others: rest }: Ranked, { scattered, others }: Drawing): Sql {
  let n = base.parameters.length;
  const keptRows = kept.map((_, i) => `($${++n}::VARCHAR, $${++n}::VARCHAR, ${i + 1})`);
  const parameters: PhysicalValue[] = [...base.parameters, ...kept.flatMap(({ panel, name }) => [panel, name])];
  const list = `kept(p, s, g) AS (VALUES ${keptRows.join(', ')})`;
  if (rest.count === 0 || others === 'leftOut')
    return {
      text: `${list}, d AS MATERIALIZED (SELECT g, x, y, o FROM (${base.text}) b JOIN kept USING (p, s))`,
      parameters,
    };
  const panelRows = panels.map((_, i) => `($${++n}::VARCHAR, ${-i - 1})`);
  const grouped = `m AS ${scattered ? '' : 'MATERIALIZED '}(
    SELECT coalesce(kept.g, panels.g) g, x, y, o FROM (${base.text}) b JOIN panels USING (p) LEFT JOIN kept USING (p, s))`;
  const united = scattered
    ? 'SELECT * FROM m'
    : 'SELECT * FROM m WHERE g > 0 UNION ALL SELECT g, x, sum(y), min(o) FROM m WHERE g < 0 GROUP BY g, x';
  return {
    text: `${list}, panels(p, g) AS (VALUES ${panelRows.join(', ')}), ${grouped}, d AS MATERIALIZED (${united})`,
    parameters: [...parameters, ...panels.map(({ name }) => name)],
  };
}
