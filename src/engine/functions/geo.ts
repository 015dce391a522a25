import type { PhysicalValue, ScalarFunction } from './contract.ts';
import { scripted } from './define.ts';
import { dynamicValue, isBag, jsonNumber, jsonText, type Json } from './json.ts';

type Physical = PhysicalValue | undefined;
type Vector = readonly [number, number, number];

/** The sphere the real engine measures on, in meters. */
const EARTH_RADIUS = 6371010;
const RADIAN = Math.PI / 180;

interface Point {
  readonly lng: number;
  readonly lat: number;
}

/** A point of the Earth; undefined where the numbers are none. */
function pointOf(lng: Physical, lat: Physical): Point | undefined {
  return typeof lng === 'number' && typeof lat === 'number' && Math.abs(lng) <= 180 && Math.abs(lat) <= 90
    ? { lng, lat }
    : undefined;
}

const toVector = ({ lng, lat }: Point): Vector => [
  Math.cos(lat * RADIAN) * Math.cos(lng * RADIAN),
  Math.cos(lat * RADIAN) * Math.sin(lng * RADIAN),
  Math.sin(lat * RADIAN),
];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const length = (a: Vector) => Math.sqrt(dot(a, a));
const angleBetween = (a: Vector, b: Vector) => Math.atan2(length(cross(a, b)), dot(a, b));

/** Meters between two points on the sphere. */
const distance = (a: Point, b: Point) => angleBetween(toVector(a), toVector(b)) * EARTH_RADIUS;

/** The clockwise angle from north at `a` towards `b`, from 0 to 2 pi. */
function azimuth(a: Point, b: Point): number {
  const d = (b.lng - a.lng) * RADIAN,
    p = a.lat * RADIAN,
    q = b.lat * RADIAN;
  const angle = Math.atan2(
    Math.sin(d) * Math.cos(q),
    Math.cos(p) * Math.sin(q) - Math.sin(p) * Math.cos(q) * Math.cos(d),
  );
  return angle < 0 ? angle + 2 * Math.PI : angle;
}

/** Whether the arcs a-b and c-d (each shorter than half a circle) cross. */
function arcsCross(a: Vector, b: Vector, c: Vector, d: Vector): boolean {
  const ab = cross(a, b),
    cd = cross(c, d);
  const acb = -dot(ab, c),
    bda = dot(ab, d),
    cbd = -dot(cd, b),
    dac = dot(cd, a);
  return acb * bda > 0 && acb * cbd > 0 && acb * dac > 0;
}

type Ring = readonly Vector[];

/** A closed ring of at least three different corners; undefined where it is none. */
function ringOf(value: Json): Ring | undefined {
  if (!Array.isArray(value) || value.length < 4) return undefined;
  const points = value.map((pair) =>
    Array.isArray(pair) && pair.length >= 2 ? pointOf(jsonNumber(pair[0]), jsonNumber(pair[1])) : undefined,
  );
  if (points.includes(undefined)) return undefined;
  const known = points.filter((point) => point !== undefined),
    first = known[0],
    last = known.at(-1);
  if (!first || !last || first.lng !== last.lng || first.lat !== last.lat) return undefined;
  const corners = known.slice(0, -1);
  return new Set(corners.map(({ lng, lat }) => `${lng},${lat}`)).size === corners.length
    ? corners.map(toVector)
    : undefined;
}

/** The polygons of a GeoJSON polygon or multipolygon, each as its rings. */
function polygonsOf(value: Physical): Ring[][] | undefined {
  const bag = dynamicValue(value);
  if (!isBag(bag)) return undefined;
  const coordinates = bag.get('coordinates'),
    type = bag.get('type');
  const list =
    type === 'Polygon'
      ? [coordinates ?? null]
      : type === 'MultiPolygon' && Array.isArray(coordinates)
        ? coordinates
        : undefined;
  const polygons = list?.map((rings) => (Array.isArray(rings) && rings.length > 0 ? rings.map(ringOf) : [undefined]));
  return polygons?.every((rings) => rings.every((ring) => ring !== undefined))
    ? polygons.map((rings) => rings.filter((ring) => ring !== undefined))
    : undefined;
}

/**
 * A polygon is the smaller side of its ring; a point is inside where the way to the far side of the Earth crosses an
 * odd number of edges.
 */
function insideRings(point: Vector, rings: readonly Ring[]): boolean {
  const outer = rings[0] ?? [];
  const sum = outer.reduce<Vector>(
    (total, corner) => [total[0] + corner[0], total[1] + corner[1], total[2] + corner[2]],
    [0, 0, 0],
  );
  // Off the exact antipode by a little, so that the way there is unique and meets no corner.
  const far: Vector = [-sum[0] + 1.234e-3, -sum[1] - 2.345e-3, -sum[2] + 3.456e-3];
  let crossings = 0;
  for (const ring of rings)
    for (const [i, corner] of ring.entries())
      if (arcsCross(point, far, corner, ring[(i + 1) % ring.length] ?? corner)) crossings++;
  return crossings % 2 === 1;
}

const BASE32 = '0123456789bcdefghjkmnpqrstuvwxyz';

function geohash({ lng, lat }: Point, accuracy: number): string {
  let [west, east, south, north] = [-180, 180, -90, 90],
    text = '',
    bits = 0;
  for (let i = 0; i < accuracy * 5; i++) {
    const horizontal = i % 2 === 0,
      middle = horizontal ? (west + east) / 2 : (south + north) / 2;
    const upper = (horizontal ? lng : lat) >= middle;
    if (horizontal) {
      if (upper) west = middle;
      else east = middle;
    } else if (upper) south = middle;
    else north = middle;
    bits = bits * 2 + Number(upper);
    if (i % 5 === 4) {
      text += BASE32[bits];
      bits = 0;
    }
  }
  return text;
}

interface Box {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

function geohashBox(text: string): Box | undefined {
  if (text.length < 1 || text.length > 18) return undefined;
  let [west, east, south, north] = [-180, 180, -90, 90],
    horizontal = true;
  for (const char of text.toLowerCase()) {
    const value = BASE32.indexOf(char);
    if (value < 0) return undefined;
    for (let bit = 16; bit >= 1; bit /= 2) {
      const upper = (value & bit) !== 0,
        middle = horizontal ? (west + east) / 2 : (south + north) / 2;
      if (horizontal) {
        if (upper) west = middle;
        else east = middle;
      } else if (upper) south = middle;
      else north = middle;
      horizontal = !horizontal;
    }
  }
  return { west, east, south, north };
}

/**
 * In the order the real engine lists them: south-west, north-west, south-east, north, west, north-east, east, south.
 */
const NEIGHBOURS = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [0, 1],
  [-1, 0],
  [1, 1],
  [1, 0],
  [0, -1],
] as const;

function geohashNeighbours(text: string): string[] | undefined {
  const box = geohashBox(text);
  if (!box) return undefined;
  const lng = (box.west + box.east) / 2,
    lat = (box.south + box.north) / 2,
    width = box.east - box.west,
    height = box.north - box.south;
  const around = NEIGHBOURS.map(([dx, dy]) => ({
    lng: ((lng + dx * width + 540) % 360) - 180,
    lat: lat + dy * height,
  }));
  return around.every((point) => Math.abs(point.lat) < 90)
    ? around.map((point) => geohash(point, text.length))
    : undefined;
}

const geometry = (type: string, coordinates: Json) =>
  jsonText(
    new Map<string, Json>([
      ['type', type],
      ['coordinates', coordinates],
    ]),
  );

/** geo_*(): distances and directions on the Earth, geohash cells, and points in circles and polygons. */
export const geoFunctions: readonly ScalarFunction[] = [
  ...scripted(
    'geo_distance_2points',
    { params: ['real', 'real', 'real', 'real'], returns: 'real' },
    (lng1, lat1, lng2, lat2) => {
      const a = pointOf(lng1, lat1),
        b = pointOf(lng2, lat2);
      return a && b ? distance(a, b) : null;
    },
  ),
  ...scripted(
    'geo_azimuth',
    { params: ['real', 'real', 'real', 'real'], returns: 'real' },
    (lng1, lat1, lng2, lat2) => {
      const a = pointOf(lng1, lat1),
        b = pointOf(lng2, lat2);
      if (!a || !b) return null;
      const apart = angleBetween(toVector(a), toVector(b));
      return apart < 1e-15 || Math.PI - apart < 1e-15 ? null : azimuth(a, b);
    },
  ),
  ...scripted(
    'geo_angle',
    { params: ['real', 'real', 'real', 'real', 'real', 'real'], returns: 'real' },
    (lng1, lat1, lng2, lat2, lng3, lat3) => {
      const a = pointOf(lng1, lat1),
        b = pointOf(lng2, lat2),
        c = pointOf(lng3, lat3);
      if (!a || !b || !c || distance(a, b) === 0 || distance(b, c) === 0) return null;
      return (azimuth(b, c) - azimuth(b, a) + 2 * Math.PI) % (2 * Math.PI);
    },
  ),
  ...scripted(
    'geo_point_in_circle',
    { params: ['real', 'real', 'real', 'real', 'real'], returns: 'bool' },
    (lng, lat, centerLng, centerLat, radius) => {
      const point = pointOf(lng, lat),
        center = pointOf(centerLng, centerLat);
      return point && center && typeof radius === 'number' && radius >= 0 ? distance(point, center) <= radius : null;
    },
  ),
  ...scripted('geo_point_in_polygon', { params: ['real', 'real', 'dynamic'], returns: 'bool' }, (lng, lat, polygon) => {
    const point = pointOf(lng, lat),
      polygons = polygonsOf(polygon);
    return point && polygons ? polygons.some((rings) => insideRings(toVector(point), rings)) : null;
  }),
  ...scripted(
    'geo_point_to_geohash',
    { params: ['real', 'real', 'long'], optional: 1, returns: 'string' },
    (lng, lat, accuracy) => {
      const point = pointOf(lng, lat),
        size = accuracy === undefined ? 5 : accuracy === null ? 0 : Number(accuracy);
      return point && size >= 1 && size <= 18 ? geohash(point, size) : '';
    },
  ),
  ...scripted('geo_geohash_to_central_point', { params: ['string'], returns: 'dynamic' }, (text) => {
    const box = geohashBox(String(text ?? ''));
    return box ? geometry('Point', [(box.west + box.east) / 2, (box.south + box.north) / 2]) : null;
  }),
  ...scripted('geo_geohash_to_polygon', { params: ['string'], returns: 'dynamic' }, (text) => {
    const box = geohashBox(String(text ?? ''));
    if (!box) return null;
    const { west, east, south, north } = box;
    return geometry('Polygon', [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ]);
  }),
  ...scripted('geo_geohash_neighbors', { params: ['string'], returns: 'dynamic' }, (text) => {
    const found = geohashNeighbours(String(text ?? ''));
    return found ? jsonText(found) : null;
  }),
];
