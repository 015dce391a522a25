import type { ScalarFunction } from '../contract.ts';
import { scripted } from '../define.ts';
import { cross, dot, size, toVector, type Vector } from './arcs.ts';
import { EARTH_RADIUS, placeOf, type Place } from './place.ts';

const RADIAN = Math.PI / 180;

const angleBetween = (a: Vector, b: Vector) => Math.atan2(size(cross(a, b)), dot(a, b));

/** Meters between two points on the sphere. */
const distance = (a: Place, b: Place) => angleBetween(toVector(a), toVector(b)) * EARTH_RADIUS;

/** The clockwise angle from north at `a` towards `b`, from 0 to 2 pi. */
function azimuth(a: Place, b: Place): number {
  const d = (b.lng - a.lng) * RADIAN,
    p = a.lat * RADIAN,
    q = b.lat * RADIAN;
  const angle = Math.atan2(
    Math.sin(d) * Math.cos(q),
    Math.cos(p) * Math.sin(q) - Math.sin(p) * Math.cos(q) * Math.cos(d),
  );
  return angle < 0 ? angle + 2 * Math.PI : angle;
}

/** Distances and directions on the Earth, and places in circles. */
export const sphereFunctions: readonly ScalarFunction[] = [
  ...scripted(
    'geo_distance_2points',
    { params: ['real', 'real', 'real', 'real'], returns: 'real' },
    (lng1, lat1, lng2, lat2) => {
      const a = placeOf(lng1, lat1),
        b = placeOf(lng2, lat2);
      return a && b ? distance(a, b) : null;
    },
  ),
  ...scripted(
    'geo_azimuth',
    { params: ['real', 'real', 'real', 'real'], returns: 'real' },
    (lng1, lat1, lng2, lat2) => {
      const a = placeOf(lng1, lat1),
        b = placeOf(lng2, lat2);
      if (!a || !b) return null;
      const apart = angleBetween(toVector(a), toVector(b));
      return apart < 1e-15 || Math.PI - apart < 1e-15 ? null : azimuth(a, b);
    },
  ),
  ...scripted(
    'geo_angle',
    { params: ['real', 'real', 'real', 'real', 'real', 'real'], returns: 'real' },
    (lng1, lat1, lng2, lat2, lng3, lat3) => {
      const a = placeOf(lng1, lat1),
        b = placeOf(lng2, lat2),
        c = placeOf(lng3, lat3);
      if (!a || !b || !c || distance(a, b) === 0 || distance(b, c) === 0) return null;
      return (azimuth(b, c) - azimuth(b, a) + 2 * Math.PI) % (2 * Math.PI);
    },
  ),
  ...scripted(
    'geo_point_in_circle',
    { params: ['real', 'real', 'real', 'real', 'real'], returns: 'bool' },
    (lng, lat, centerLng, centerLat, radius) => {
      const point = placeOf(lng, lat),
        center = placeOf(centerLng, centerLat);
      return point && center && typeof radius === 'number' && radius >= 0 ? distance(point, center) <= radius : null;
    },
  ),
];
