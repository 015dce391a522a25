import type * as library from 's2js';
import { AppError } from '../../../base/errors.ts';
import { geometry, type Place } from './place.ts';
import type { Path, Rings } from './shapes.ts';

/** The door to s2js, the port of the library (S2) that the real engine measures the Earth with. */
type S2 = typeof library.s2;
/** A point on the unit sphere. */
export type S2Point = InstanceType<S2['Point']>;
/** A closed ring; its inside is on the left of its edges. */
export type S2Loop = InstanceType<S2['Loop']>;
/** A chain of edges. */
export type S2Line = InstanceType<S2['Polyline']>;
/** A part of the sphere that can say which cells it may meet. */
export type S2Region = Pick<InstanceType<S2['Polygon']>, 'intersectsCell' | 'containsCell'>;

/** Degrees of a radian, as S2 multiplies by it. */
const DEGREES = 180 / Math.PI;

let loaded: S2 | undefined;

/** Loads the library, once: before the first statement with a function that needs it. */
export async function loadS2(): Promise<void> {
  loaded ??= (await import('s2js')).s2;
}

/** The library. It throws where no statement has asked for it (loadS2). */
export function s2(): S2 {
  if (!loaded) throw new AppError('bug.notLoaded', 'The library of the sphere is not there.');
  return loaded;
}

/** A place as a point of the sphere. */
export function pointOf({ lng, lat }: Place): S2Point {
  return s2().Point.fromLatLng(s2().LatLng.fromDegrees(lat, lng));
}

/** A point of the sphere in degrees, longitude first, as GeoJSON has it. */
export function degreesOf(point: S2Point): [number, number] {
  const { lng, lat } = s2().LatLng.fromPoint(point);
  return [lng * DEGREES, lat * DEGREES];
}

/** A point of the sphere as a GeoJSON point. */
export function pointGeometry(point: S2Point): string {
  return geometry('Point', degreesOf(point));
}

/** A line of places. */
export function lineOf(path: Path): S2Line {
  return new (s2().Polyline)(path.map(pointOf));
}

/** A ring as a line that comes back to its first corner. */
export function borderOf(ring: Path): S2Line {
  const [first] = ring;
  return lineOf(first ? [...ring, first] : ring);
}

/** A ring as the smaller of the two parts it divides the sphere into. */
export function loopOf(ring: Path): S2Loop {
  const loop = new (s2().Loop)(ring.map(pointOf));
  loop.normalize();
  return loop;
}

/** A polygon as a region: its border, and the holes in it. */
export function regionOf(rings: Rings): S2Region {
  const loops = rings.map(loopOf);
  for (const hole of loops.slice(1)) hole.invert();
  return s2().Polygon.fromOrientedLoops(loops);
}
