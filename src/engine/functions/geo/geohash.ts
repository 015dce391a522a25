import type { ScalarFunction } from '../contract.ts';
import { scripted } from '../define.ts';
import { jsonText } from '../json.ts';
import { geometry, placeOf, wholeOf, type Place } from './place.ts';

const BASE32 = '0123456789bcdefghjkmnpqrstuvwxyz';

function geohash({ lng, lat }: Place, accuracy: number): string {
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
 * In the order of the documentation's one example: south-west, north-west, south-east, north, west, north-east, east,
 * south. The service promises none: it lists a hash set, and which one differed between its builds.
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

/** geo_geohash_*(): cells of the grid whose names are geohashes. */
export const geohashFunctions: readonly ScalarFunction[] = [
  ...scripted(
    'geo_point_to_geohash',
    { params: ['real', 'real', 'long'], optional: 1, returns: 'string' },
    (lng, lat, accuracy) => {
      const place = placeOf(lng, lat),
        size = wholeOf(accuracy, 5) ?? 0;
      return place && size >= 1 && size <= 18 ? geohash(place, size) : '';
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
