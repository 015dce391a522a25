import type { ScalarFunction } from '../contract.ts';
import { scripted, uncertain } from '../define.ts';
import { EARTH_RADIUS, outline, placeOf } from './place.ts';
import { degreesOf, loadS2, pointOf, s2, type S2Point } from './s2.ts';

const DEFAULT_TOLERANCE = 10;
/** Meters up to which the answers of the real engine bear the circle out. */
const MAX_RADIUS = 1_000_000;
/** The part of the radius that is the least tolerance of S2's buffers. */
const LEAST_PART = 1e-6;

/**
 * The corners of a circle as S2's buffer of a point has them: the fewest at even steps whose edges stay within the
 * tolerance, the first of them towards the point S2 has at a right angle, then counterclockwise.
 */
function circle(center: S2Point, radius: number, tolerance: number): [number, number][] {
  const angle = radius / EARTH_RADIUS;
  const onPlane = Math.PI / Math.acos(1 - tolerance / radius);
  const onSphere = Math.PI / Math.acos(Math.tan(angle * (1 - tolerance / radius)) / Math.tan(angle));
  const corners = Math.ceil(onPlane);
  if (corners < 3 || corners !== Math.ceil(onSphere)) uncertain('geo_point_buffer() with so few corners');
  const { Point } = s2();
  const first = Point.ortho(center).vector,
    next = center.vector.cross(first);
  return Array.from({ length: corners }, (_, i) => {
    const turn = (2 * Math.PI * i) / corners;
    const towards = first.mul(Math.cos(turn)).add(next.mul(Math.sin(turn)));
    return degreesOf(Point.fromVector(center.vector.mul(Math.cos(angle)).add(towards.mul(Math.sin(angle)))));
  });
}

/** geo_point_buffer(): a circle on the ground. */
export const bufferFunctions: readonly ScalarFunction[] = scripted(
  'geo_point_buffer',
  { params: ['real', 'real', 'real', 'real'], optional: 1, returns: 'dynamic', load: loadS2 },
  (lng, lat, radius, wanted) => {
    const place = placeOf(lng, lat),
      tolerance = wanted === undefined ? DEFAULT_TOLERANCE : wanted;
    if (!place || typeof radius !== 'number' || typeof tolerance !== 'number') return null;
    if (!(radius > 0) || !(tolerance > 0)) return null;
    if (radius > MAX_RADIUS) uncertain('geo_point_buffer() with a radius beyond 1,000 km');
    if (tolerance >= radius / 2 || tolerance < radius * LEAST_PART)
      uncertain('geo_point_buffer() with such a tolerance for its radius', 'Say a smaller or a larger one.');
    return outline(circle(pointOf(place), radius, tolerance));
  },
);
