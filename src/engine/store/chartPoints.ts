import type { Session } from '../database/session.ts';
import type { PhysicalValue } from '../functions/contract.ts';
import type { Ranked } from './chartSeries.ts';
import type { Sql } from './selection.ts';

/** Rows of panel, series (its place among those kept, from 1; 0 for the others), x and y. */
export interface Picked {
  readonly rows: readonly (readonly PhysicalValue[])[];
  /** A series has fewer points here than in the rows. */
  readonly thinned: boolean;
  /** How many categories the last one stands for. */
  readonly otherCategories: number;
}

/** Categories in order of first appearance; where there are too many, the largest, and the rest as one. */
export async function readCategories(
  session: Session,
  base: Sql,
  ranked: Ranked,
  maxPoints: number,
  scattered: boolean,
): Promise<Picked> {
  const drawn = drawnQuery(base, ranked, scattered);
  const [[count] = []] = await session.all(`SELECT count(DISTINCT x) FROM (${drawn.text})`, drawn.parameters);
  const all = Number(count);
  if (all <= maxPoints)
    return {
      rows: await session.all(`SELECT p, i, x, y FROM (${drawn.text}) ORDER BY o`, drawn.parameters),
      thinned: false,
      otherCategories: 0,
    };
  const rest = all - (maxPoints - 1);
  return {
    thinned: false,
    otherCategories: rest,
    rows: await session.all(
      `WITH d AS (${drawn.text}), top AS (SELECT x FROM d GROUP BY x ORDER BY sum(abs(coalesce(y, 0))) DESC, min(o) LIMIT ${maxPoints - 1}),
      marked AS (SELECT d.*, CASE WHEN x IN (SELECT x FROM top) THEN 0 ELSE 1 END rest FROM d)
      SELECT p, i, CASE WHEN rest = 0 THEN x ELSE '${rest} others' END k, sum(y), min(o) o FROM marked GROUP BY p, i, rest, k ORDER BY rest, o`,
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
  scattered: boolean,
): Promise<Picked> {
  const drawn = drawnQuery(base, ranked, scattered);
  const largest = Math.max(
    ...ranked.kept.map(({ points }) => points),
    ...ranked.panels.map((panel) => panel.otherPoints),
  );
  if (largest <= maxPoints)
    return {
      rows: await session.all(`SELECT p, i, x, y FROM (${drawn.text}) ORDER BY p, i, x, o`, drawn.parameters),
      thinned: false,
      otherCategories: 0,
    };
  const stretches = Math.max(1, Math.floor(maxPoints / 2));
  const rows = await session.all(
    `WITH d AS (${drawn.text}), sizes AS (SELECT p, i, count(*) n FROM d GROUP BY p, i), ends AS (SELECT min(x) low, max(x) high FROM d),
    cut AS (SELECT d.*, n, least(((x - low)::DOUBLE / greatest((high - low)::DOUBLE, 1e-9) * ${stretches})::INTEGER, ${stretches - 1}) b FROM d JOIN sizes USING (p, i), ends),
    picked AS (SELECT DISTINCT p, i, unnest([arg_min(o, coalesce(y, 'inf'::DOUBLE)), arg_max(o, coalesce(y, '-inf'::DOUBLE))]) o FROM cut WHERE n > ${maxPoints} GROUP BY p, i, b)
    SELECT p, i, x, y, n > ${maxPoints} many FROM (
      SELECT p, i, x, y, o, n FROM cut WHERE n <= ${maxPoints}
      UNION ALL SELECT cut.p, cut.i, cut.x, cut.y, cut.o, cut.n FROM cut JOIN picked ON picked.p = cut.p AND picked.i = cut.i AND picked.o = cut.o)
    ORDER BY p, i, x, o`,
    drawn.parameters,
  );
  return { rows, thinned: rows.some((row) => row[4] === true), otherCategories: 0 };
}

/**
 * The rows of `base` with the place of their series among those kept. All others are one: added up where they meet, but
 * for the marks of a scatter.
 */
function drawnQuery(base: Sql, { kept, panels, others }: Ranked, scattered: boolean): Sql {
  const first = base.parameters.length + 1;
  const names = kept.map((_, i) => `($${first + 2 * i}::VARCHAR, $${first + 2 * i + 1}::VARCHAR, ${i + 1})`);
  const list = `(VALUES ${names.join(', ')}) k (p, s, i)`;
  const parameters = [...base.parameters, ...kept.flatMap(({ panel, name }) => [panel, name])];
  const told = `SELECT b.p, k.i, b.x, b.y, b.o FROM b JOIN ${list} ON k.p = b.p AND k.s = b.s`;
  if (others.count === 0) return { text: `WITH b AS (${base.text}) ${told}`, parameters };
  const inPanel = panels.map((_, i) => `$${parameters.length + i + 1}`).join(', ');
  const rest = `FROM b WHERE b.p IN (${inPanel}) AND NOT EXISTS (SELECT 1 FROM ${list} WHERE k.p = b.p AND k.s = b.s)`;
  return {
    text: `WITH b AS (${base.text}) ${told} UNION ALL ${
      scattered ? `SELECT p, 0, x, y, o ${rest}` : `SELECT p, 0, x, sum(y), min(o) ${rest} GROUP BY p, x`
    }`,
    parameters: [...parameters, ...panels.map(({ name }) => name)],
  };
}
