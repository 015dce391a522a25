import type * as library from 'h3-js';
import { AppError } from '../../../base/errors.ts';
import type { ScalarFunction } from '../contract.ts';
import { scripted, uncertain } from '../define.ts';
import { jsonText } from '../json.ts';
import { inHashOrder } from './hashOrder.ts';
import { geometry, outline, placeOf, wholeOf, type Physical } from './place.ts';
import { polygonIsSimple } from './rings.ts';
import { polygonsOf, type Path, type Rings } from './shapes.ts';

/** The door to h3-js, Uber's own library compiled to JavaScript. */
type H3 = typeof library;
let loaded: H3 | undefined;
async function load(): Promise<void> {
  loaded ??= await import('h3-js');
}
function h3(): H3 {
  if (!loaded) throw new AppError('bug.notLoaded', 'The library of H3 cells is not there.');
  return loaded;
}

const DEFAULT_RESOLUTION = 6;
const MAX_RESOLUTION = 15;
const MAX_RING = 142;
/** Children more levels down than this are null. */
const MAX_DOWN = 5;
/** More cells than this, and those of a polygon are null. */
const MAX_CELLS = 61_680;
/** Cells in the box around a polygon: more take seconds, and memory the library does not have. */
const MAX_BOX = 1_000_000;

/** The cell of a token; undefined where it names none. The library reads more ways of writing one than we know of. */
function cellOf(value: Physical): string | undefined {
  const token = String(value ?? '');
  if (!/^[0-9a-fx]+$/i.test(token) || !h3().isValidCell(token)) return undefined;
  return /^[0-9a-f]{15}$/.test(token)
    ? token
    : uncertain('An H3 cell that is not written in 15 small letters and digits');
}

/** The resolution of a call; undefined where it is none. */
function resolutionOf(value: Physical, missing: number): number | undefined {
  const resolution = wholeOf(value, missing);
  return resolution !== undefined && resolution >= 0 && resolution <= MAX_RESOLUTION ? resolution : undefined;
}

const RADIAN = Math.PI / 180;
const DEGREE_METERS = 111_195;

/** Square meters of a ring on the map, and of the box around it, roughly. */
function roughAreas(ring: Path): { readonly own: number; readonly box: number } {
  let twice = 0;
  for (const [i, a] of ring.entries()) {
    const b = ring[(i + 1) % ring.length] ?? a;
    twice += a.lng * b.lat - b.lng * a.lat;
  }
  const [lngs, lats] = [ring.map(({ lng }) => lng), ring.map(({ lat }) => lat)];
  const box = (Math.max(...lngs) - Math.min(...lngs)) * (Math.max(...lats) - Math.min(...lats));
  const meters = DEGREE_METERS * DEGREE_METERS;
  const shrink = Math.cos(Math.max(...lats.map(Math.abs)) * RADIAN);
  return { own: (Math.abs(twice) / 2) * meters * shrink, box: box * meters };
}

/** The cells whose middles lie in the polygon, its edges straight on the map; undefined where they are too many. */
function cellsOf(rings: Rings, resolution: number): string[] | undefined {
  const [border = [], ...holes] = rings;
  const lngs = border.map(({ lng }) => lng);
  if (Math.max(...lngs) - Math.min(...lngs) > 180)
    uncertain('geo_polygon_to_h3cells() of a polygon more than 180 degrees wide');
  const { own, box } = roughAreas(border),
    cell = h3().getHexagonAreaAvg(resolution, h3().UNITS.m2);
  // Cells of one resolution differ by less than a factor of two.
  if (holes.length === 0 && own / cell > 4 * MAX_CELLS) return undefined;
  // The library makes room for the cells of the box before it looks.
  if (box / cell > MAX_BOX) uncertain('geo_polygon_to_h3cells() of so large a polygon with cells so small');
  const coordinates = rings.map((ring) => ring.map(({ lng, lat }) => [lng, lat]));
  const cells = h3().polygonToCells(coordinates, resolution, true);
  return cells.length > MAX_CELLS ? undefined : cells;
}

/** geo_h3cell_*(), geo_point_to_h3cell() and the cells of a polygon: the grid of https://h3geo.org. */
export const h3CellFunctions: readonly ScalarFunction[] = [
  ...scripted(
    'geo_point_to_h3cell',
    { params: ['real', 'real', 'long'], optional: 1, returns: 'string', load },
    (lng, lat, wanted) => {
      const place = placeOf(lng, lat),
        resolution = resolutionOf(wanted, DEFAULT_RESOLUTION);
      return place && resolution !== undefined ? h3().latLngToCell(place.lat, place.lng, resolution) : '';
    },
  ),
  ...scripted('geo_h3cell_level', { params: ['string'], returns: 'int', load }, (token) => {
    const cell = cellOf(token);
    return cell === undefined ? null : h3().getResolution(cell);
  }),
  ...scripted('geo_h3cell_to_central_point', { params: ['string'], returns: 'dynamic', load }, (token) => {
    const cell = cellOf(token);
    if (cell === undefined) return null;
    const [lat, lng] = h3().cellToLatLng(cell);
    return geometry('Point', [lng, lat]);
  }),
  ...scripted('geo_h3cell_to_polygon', { params: ['string'], returns: 'dynamic', load }, (token) => {
    const cell = cellOf(token);
    if (cell === undefined) return null;
    return outline(
      h3()
        .cellToBoundary(cell)
        .map(([lat, lng]) => [lng, lat] as const),
    );
  }),
  ...scripted(
    'geo_h3cell_parent',
    { params: ['string', 'long'], optional: 1, returns: 'string', load },
    (token, wanted) => {
      const cell = cellOf(token);
      if (cell === undefined) return '';
      const own = h3().getResolution(cell),
        resolution = resolutionOf(wanted, own - 1);
      return resolution !== undefined && resolution < MAX_RESOLUTION && resolution <= own
        ? h3().cellToParent(cell, resolution)
        : '';
    },
  ),
  ...scripted(
    'geo_h3cell_children',
    { params: ['string', 'long'], optional: 1, returns: 'dynamic', load },
    (token, wanted) => {
      const cell = cellOf(token);
      if (cell === undefined) return null;
      const own = h3().getResolution(cell),
        resolution = resolutionOf(wanted, own + 1);
      return resolution !== undefined && resolution > 0 && resolution >= own && resolution <= own + MAX_DOWN
        ? jsonText(h3().cellToChildren(cell, resolution))
        : null;
    },
  ),
  ...scripted('geo_h3cell_neighbors', { params: ['string'], returns: 'dynamic', load }, (token) => {
    const cell = cellOf(token);
    return cell === undefined
      ? null
      : jsonText(
          h3()
            .gridDisk(cell, 1)
            .filter((other) => other !== cell),
        );
  }),
  ...scripted('geo_h3cell_rings', { params: ['string', 'long'], returns: 'dynamic', load }, (token, wanted) => {
    const cell = cellOf(token),
      distance = wholeOf(wanted, 0);
    return cell !== undefined && distance !== undefined && distance >= 0 && distance <= MAX_RING
      ? jsonText(h3().gridDiskDistances(cell, distance))
      : null;
  }),
  ...scripted(
    'geo_polygon_to_h3cells',
    { params: ['dynamic', 'long', 'real'], optional: 2, returns: 'dynamic', load },
    (shape, wanted, radius) => {
      const polygons = polygonsOf(shape),
        resolution = resolutionOf(wanted, DEFAULT_RESOLUTION);
      if (!polygons || resolution === undefined || radius === null) return null;
      if (radius !== undefined && Number(radius) < 0) return null;
      if (radius !== undefined && radius !== 0) uncertain('geo_polygon_to_h3cells() with a radius');
      const [rings] = polygons;
      if (!rings || polygons.length > 1) return uncertain('geo_polygon_to_h3cells() of several polygons');
      polygonIsSimple(rings);
      const cells = cellsOf(rings, resolution);
      return cells ? jsonText(inHashOrder(cells)) : null;
    },
  ),
];
