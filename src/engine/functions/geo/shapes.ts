import { uncertain } from '../define.ts';
import { dynamicValue, isBag, jsonNumber, type Json } from '../json.ts';
import { placeOf, type Physical, type Place } from './place.ts';

/** The places of a line, at least two, or the corners of a ring, each once. */
export type Path = readonly Place[];
/** The rings of a polygon: its border, then its holes. */
export type Rings = readonly Path[];

/** Characters of text that are remembered: a polygon is mostly a constant, or a column of a small table. */
const MAX_KEPT = 4_000_000;

/** The same reading once for each text that comes again. */
export function remembered<T>(read: (text: string) => T): (value: Physical) => T | undefined {
  const kept = new Map<string, T>();
  let size = 0;
  return (value) => {
    if (typeof value !== 'string') return undefined;
    const known = kept.get(value);
    if (known !== undefined) return known;
    const found = read(value);
    if (size + value.length > MAX_KEPT) {
      kept.clear();
      size = 0;
    }
    kept.set(value, found);
    size += value.length;
    return found;
  };
}

/**
 * The places of a list of coordinates; undefined where it is none. The real engine moves some places beyond 180 degrees
 * back onto the Earth and calls others invalid, so they stop the query.
 */
function placesOf(value: Json | undefined, least: number): Place[] | undefined {
  if (!Array.isArray(value) || value.length < least) return undefined;
  const places: Place[] = [];
  for (const pair of value) {
    const [lng, lat] = Array.isArray(pair) && pair.length >= 2 ? pair.map((item) => jsonNumber(item)) : [];
    if (lng === undefined || lat === undefined) return undefined;
    places.push(placeOf(lng, lat) ?? uncertain('A shape with a place beyond 180 or 90 degrees'));
  }
  return places;
}

const same = (a: Place, b: Place) => a.lng === b.lng && a.lat === b.lat;
const opposite = (a: Place, b: Place) =>
  Math.abs(a.lat + b.lat) < 1e-9 &&
  (Math.abs(Math.abs(a.lng - b.lng) - 180) < 1e-9 || Math.abs(Math.abs(a.lat) - 90) < 1e-9);

function pathOf(value: Json): Path | undefined {
  const places = placesOf(value, 2);
  for (const [i, place] of places?.entries() ?? []) {
    const before = places?.[i - 1];
    if (before && same(before, place)) uncertain('A line with one place twice in a row');
    if (before && opposite(before, place)) uncertain('A line between places on opposite sides of the Earth');
  }
  return places;
}

/** A closed ring of at least three different corners; undefined where it is none. */
function ringOf(value: Json): Path | undefined {
  const places = placesOf(value, 4),
    first = places?.[0],
    last = places?.at(-1);
  if (!places || !first || !last || !same(first, last)) return undefined;
  const corners = places.slice(0, -1);
  if (new Set(corners.map(({ lng, lat }) => `${lng},${lat}`)).size < corners.length) return undefined;
  if (corners.some((corner, i) => opposite(corner, corners[(i + 1) % corners.length] ?? corner)))
    uncertain('A polygon with an edge between opposite sides of the Earth');
  return corners;
}

/** What is under `coordinates`, as a list of one for the single type. */
function partsOf(value: Physical, single: string): readonly Json[] | undefined {
  const bag = dynamicValue(value);
  if (!isBag(bag)) return undefined;
  const coordinates = bag.get('coordinates'),
    type = bag.get('type');
  if (type === single) return [coordinates ?? null];
  return type === `Multi${single}` && Array.isArray(coordinates) ? coordinates : undefined;
}

function allOf<T>(found: readonly (T | undefined)[] | undefined): readonly T[] | undefined {
  return found && found.length > 0 && found.every((item) => item !== undefined) ? (found as readonly T[]) : undefined;
}

/** The lines of a GeoJSON line or multiline; undefined where it is none. */
export function linesOf(value: Physical): readonly Path[] | undefined {
  return allOf(partsOf(value, 'LineString')?.map(pathOf));
}

/** The polygons of a GeoJSON polygon or multipolygon, each as its rings; undefined where it is none. */
export function polygonsOf(value: Physical): readonly Rings[] | undefined {
  return allOf(
    partsOf(value, 'Polygon')?.map((rings) => (Array.isArray(rings) ? allOf(rings.map(ringOf)) : undefined)),
  );
}
