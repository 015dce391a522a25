import { uncertain } from '../define.ts';
import { arcsOfRing, meeting } from './arcs.ts';
import type { Physical } from './place.ts';
import { polygonIsSimple } from './rings.ts';
import { borderOf, lineOf, loopOf, type S2Line, type S2Loop, type S2Point } from './s2.ts';
import { linesOf, polygonsOf, remembered, type Path, type Rings } from './shapes.ts';

/** One polygon of a shape: its rings as loops (the border first) and as lines. */
export interface Polygon {
  readonly loops: readonly S2Loop[];
  readonly borders: readonly S2Line[];
  readonly rings: Rings;
}

/** Whether a point lies inside a polygon, holes left out; of two neighbours, S2 gives a point between them to one. */
export function contains(polygon: Polygon, point: S2Point): boolean {
  return polygon.loops.filter((loop) => loop.containsPoint(point)).length % 2 === 1;
}

/** The lines of a shape. */
export const readLines = remembered((text): readonly S2Line[] | undefined => linesOf(text)?.map(lineOf));

/** The polygons of a shape; what its edges do is nobody's question here. */
export const readPolygons = remembered((text): readonly Polygon[] | undefined =>
  polygonsOf(text)?.map((rings) => ({ rings, loops: rings.map(loopOf), borders: rings.map(borderOf) })),
);

/** As `readPolygons`, of simple polygons, their holes inside and apart from one another. */
export const readSimplePolygons = remembered((text): readonly Polygon[] | undefined => {
  const polygons = readPolygons(text);
  for (const { rings, loops } of polygons ?? []) {
    polygonIsSimple(rings);
    const [border, ...holes] = loops;
    for (const [i, hole] of holes.entries()) {
      const corner = hole.vertices[0];
      const lost = !corner || !border?.containsPoint(corner);
      if (lost || holes.some((other, j) => j !== i && other.containsPoint(corner)))
        uncertain('A polygon with a hole outside of it or in another hole');
    }
  }
  return polygons;
});

/** As `readSimplePolygons`, of polygons apart from one another: the real engine unites those that meet. */
export const readSeparatePolygons = remembered((text): readonly Polygon[] | undefined => {
  const polygons = readSimplePolygons(text);
  for (const [i, a] of polygons?.entries() ?? [])
    for (const b of polygons?.slice(i + 1) ?? []) if (!separate(a, b)) uncertain('A multipolygon whose polygons meet');
  return polygons;
});

/** Whether two polygons have nothing in common; stops the query where their borders touch. */
export function separate(a: Polygon, b: Polygon): boolean {
  const others = b.rings.flatMap(arcsOfRing);
  for (const arc of a.rings.flatMap(arcsOfRing))
    for (const other of others) {
      const how = meeting(arc, other);
      if (how === 'touch') uncertain('Polygons that touch');
      if (how === 'cross') return false;
    }
  const [mine, theirs] = [a.loops[0]?.vertices[0], b.loops[0]?.vertices[0]];
  return !(mine && contains(b, mine)) && !(theirs && contains(a, theirs));
}

const edgesOf = (path: Path) =>
  path.slice(1).map((to, i) => {
    const ends = [to, path[i] ?? to].map(({ lng, lat }) => `${lng} ${lat}`);
    return ends.sort().join(' ');
  });

/** As `readLines`, of lines without an edge in common: the real engine counts one once. */
export const readSeparateLines = remembered((text): readonly S2Line[] | undefined => {
  const lines = linesOf(text);
  const edges = (lines ?? []).length > 1 ? (lines ?? []).flatMap(edgesOf) : [];
  if (new Set(edges).size < edges.length) uncertain('A multiline whose lines share an edge');
  return lines?.map(lineOf);
});

/** The one line of a shape; the documentation wants no more, and does not say what more would mean. */
export function readLine(value: Physical): S2Line | undefined {
  const lines = readLines(value);
  return lines && lines.length > 1 ? uncertain('A multiline where a line is wanted') : lines?.[0];
}

/** The point of the lines nearest to a place, and how far it is, in radians. */
export function nearest(lines: readonly S2Line[], point: S2Point): { readonly at: S2Point; readonly apart: number } {
  let best = { at: point, apart: Number.POSITIVE_INFINITY };
  for (const line of lines) {
    const [at] = line.project(point);
    const apart = at.distance(point);
    if (apart < best.apart) best = { at, apart };
  }
  return best;
}
