import type { ScalarFunction } from '../contract.ts';
import { scripted, uncertain } from '../define.ts';
import { jsonText } from '../json.ts';
import { inHashOrder } from './hashOrder.ts';
import { outline, placeOf, wholeOf, type Physical } from './place.ts';
import { degreesOf, lineOf, loadS2, pointGeometry, regionOf, s2, type S2Region } from './s2.ts';
import { linesOf, polygonsOf } from './shapes.ts';
import { polygonIsSimple } from './rings.ts';

const DEFAULT_LEVEL = 11;
const MAX_LEVEL = 30;
/** More cells than this, and a covering is null. */
const MAX_CELLS = 65_536;

/** The cell of a token; undefined where it names none. */
function cellOf(value: Physical): bigint | undefined {
  const token = String(value ?? '');
  if (!/^[0-9a-f]{1,16}$/i.test(token)) return undefined;
  const id = s2().cellid.fromToken(token);
  if (!s2().cellid.valid(id)) return undefined;
  return token === token.toLowerCase() ? id : uncertain('An S2 cell that is not written in small letters and digits');
}

/** The level of a call; undefined where it is none. */
function levelOf(value: Physical): number | undefined {
  const level = wholeOf(value, DEFAULT_LEVEL);
  return level !== undefined && level >= 0 && level <= MAX_LEVEL ? level : undefined;
}

/** The cells of a level that a region meets, in their order; undefined where they are too many. */
function covering(regions: readonly S2Region[], level: number): bigint[] | undefined {
  const { cellid, Cell } = s2();
  const found = new Set<bigint>();
  for (const region of regions) {
    // Whether a cell lies inside the region: then all of its descendants do, and nobody need ask them.
    let cells: (readonly [id: bigint, inside: boolean])[] = [0, 1, 2, 3, 4, 5].map((face) => [
      cellid.fromFace(face),
      false,
    ]);
    for (let at = 0; ; at++) {
      cells = cells.flatMap(([id, inside]): typeof cells => {
        if (inside) return [[id, true]];
        const cell = Cell.fromCellID(id);
        return region.containsCell(cell) ? [[id, true]] : region.intersectsCell(cell) ? [[id, false]] : [];
      });
      // A cell that meets the region has a child that does: their number never falls from level to level.
      if (cells.length > MAX_CELLS) return undefined;
      if (at === level) break;
      cells = cells.flatMap(([id, inside]) => cellid.children(id).map((child) => [child, inside] as const));
    }
    for (const [id] of cells) found.add(id);
    if (found.size > MAX_CELLS) return undefined;
  }
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}

function coveringText(regions: readonly S2Region[], level: number): string | null {
  const cells = covering(regions, level);
  return cells ? jsonText(cells.map((id) => s2().cellid.toToken(id))) : null;
}

/** The radius of a covering: null of an invalid one, and one beyond 0 grows the shape, which is not done here. */
function withoutRadius(name: string, radius: Physical): boolean {
  if (radius === undefined || radius === 0) return true;
  if (typeof radius === 'number' && radius > 0) uncertain(`${name}() with a radius`);
  return false;
}

/**
 * geo_s2cell_*(), geo_point_to_s2cell() and coverings of lines and polygons: the cells of
 * https://s2geometry.io/devguide/s2cell_hierarchy. A covering comes in the order of its cells.
 */
export const s2CellFunctions: readonly ScalarFunction[] = [
  ...scripted(
    'geo_point_to_s2cell',
    { params: ['real', 'real', 'long'], optional: 1, returns: 'string', load: loadS2 },
    (lng, lat, wanted) => {
      const place = placeOf(lng, lat),
        level = levelOf(wanted);
      if (!place || level === undefined) return '';
      const { cellid, LatLng } = s2();
      return cellid.toToken(cellid.parent(cellid.fromLatLng(LatLng.fromDegrees(place.lat, place.lng)), level));
    },
  ),
  ...scripted('geo_s2cell_to_central_point', { params: ['string'], returns: 'dynamic', load: loadS2 }, (token) => {
    const cell = cellOf(token);
    return cell === undefined ? null : pointGeometry(s2().cellid.point(cell));
  }),
  ...scripted('geo_s2cell_to_polygon', { params: ['string'], returns: 'dynamic', load: loadS2 }, (token) => {
    const id = cellOf(token);
    if (id === undefined) return null;
    const cell = s2().Cell.fromCellID(id);
    return outline([0, 1, 2, 3].map((corner) => degreesOf(cell.vertex(corner))));
  }),
  ...scripted('geo_s2cell_neighbors', { params: ['string'], returns: 'dynamic', load: loadS2 }, (token) => {
    const cell = cellOf(token);
    if (cell === undefined) return null;
    const { cellid } = s2();
    return jsonText(inHashOrder(cellid.allNeighbors(cell, cellid.level(cell)).map((id) => cellid.toToken(id))));
  }),
  ...scripted(
    'geo_polygon_to_s2cells',
    { params: ['dynamic', 'long', 'real'], optional: 2, returns: 'dynamic', load: loadS2 },
    (shape, wanted, radius) => {
      const polygons = polygonsOf(shape),
        level = levelOf(wanted);
      if (!polygons || level === undefined || !withoutRadius('geo_polygon_to_s2cells', radius)) return null;
      polygons.forEach(polygonIsSimple);
      return coveringText(polygons.map(regionOf), level);
    },
  ),
  ...scripted(
    'geo_line_to_s2cells',
    { params: ['dynamic', 'long', 'real'], optional: 2, returns: 'dynamic', load: loadS2 },
    (shape, wanted, radius) => {
      const lines = linesOf(shape),
        level = levelOf(wanted);
      return lines && level !== undefined && withoutRadius('geo_line_to_s2cells', radius)
        ? coveringText(lines.map(lineOf), level)
        : null;
    },
  ),
];
