import type { Place } from './place.ts';
import type { Path } from './shapes.ts';

/** A point on the unit sphere. */
export type Vector = readonly [number, number, number];

const RADIAN = Math.PI / 180;
/** Radians below which a point counts as on an arc: less than a micrometer of the Earth. */
const TOUCH = 1e-13;

/** A place as a point on the unit sphere. */
export function toVector({ lng, lat }: Place): Vector {
  return [
    Math.cos(lat * RADIAN) * Math.cos(lng * RADIAN),
    Math.cos(lat * RADIAN) * Math.sin(lng * RADIAN),
    Math.sin(lat * RADIAN),
  ];
}

/** The vector at a right angle to both; for points close to one another it keeps its digits. */
export function cross(a: Vector, b: Vector): Vector {
  const [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]],
    [u, v, w] = [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
  return [(y * w - z * v) / 2, (z * u - x * w) / 2, (x * v - y * u) / 2];
}

/** The product that is the cosine of the angle between two points. */
export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** The length of a vector. */
export function size(a: Vector): number {
  return Math.sqrt(dot(a, a));
}

/** The shortest way between two points, with what is asked of it again and again. */
export interface Arc {
  readonly from: Vector;
  readonly to: Vector;
  readonly normal: Vector;
  readonly middle: Vector;
  /** Around the middle of the chord, a ball of this radius holds the arc. */
  readonly radius: number;
}

function arcOf(from: Vector, to: Vector): Arc {
  const middle: Vector = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2];
  return { from, to, normal: cross(from, to), middle, radius: apart(from, middle) };
}
const apart = (a: Vector, b: Vector) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** The edges of a line. */
export function arcsOfLine(path: Path): Arc[] {
  const points = path.map(toVector);
  return points.slice(1).map((to, i) => arcOf(points[i] ?? to, to));
}

/** The edges of a ring: as many as its corners. */
export function arcsOfRing(ring: Path): Arc[] {
  const points = ring.map(toVector);
  return points.map((from, i) => arcOf(from, points[(i + 1) % points.length] ?? from));
}

const touches = (arc: Arc, point: Vector, product: number) =>
  Math.abs(product) < TOUCH * size(arc.normal) && apart(arc.middle, point) < arc.radius + 1e-12;

/** How two arcs stand to one another; they `touch` where an end of one lies on the other, as far as numbers tell. */
export function meeting(a: Arc, b: Arc): 'apart' | 'cross' | 'touch' {
  if (apart(a.middle, b.middle) > a.radius + b.radius + 1e-12) return 'apart';
  const acb = -dot(a.normal, b.from),
    bda = dot(a.normal, b.to),
    cbd = -dot(b.normal, a.to),
    dac = dot(b.normal, a.from);
  if (touches(a, b.from, acb) || touches(a, b.to, bda) || touches(b, a.to, cbd) || touches(b, a.from, dac))
    return 'touch';
  return acb * bda > 0 && acb * cbd > 0 && acb * dac > 0 ? 'cross' : 'apart';
}

/** Where two arcs that cross do so. */
export function crossingOf(a: Arc, b: Arc): Vector {
  const [p, q] = [a.normal, b.normal];
  const at: Vector = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
  const length = size(at) * (dot(at, a.middle) < 0 ? -1 : 1);
  return [at[0] / length, at[1] / length, at[2] / length];
}

/** A point of the sphere in degrees, longitude first. */
export function toDegrees([x, y, z]: Vector): [number, number] {
  return [Math.atan2(y, x) / RADIAN, Math.atan2(z, Math.hypot(x, y)) / RADIAN];
}
