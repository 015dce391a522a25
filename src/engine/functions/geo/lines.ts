import type { ScalarFunction } from '../contract.ts';
import { scripted, uncertain } from '../define.ts';
import { jsonText, type Json } from '../json.ts';
import { arcsOfLine, crossingOf, meeting, toDegrees, type Vector } from './arcs.ts';
import { nearest, readLine, readLines, readSeparateLines } from './measured.ts';
import { EARTH_RADIUS, geometry, placeOf, type Physical } from './place.ts';
import { loadS2, pointGeometry, pointOf, s2 } from './s2.ts';
import { linesOf, type Path } from './shapes.ts';

/** Where two sets of lines cross; stops the query where they touch. */
function crossingsOf(a: readonly Path[], b: readonly Path[]): Vector[] {
  const others = b.flatMap(arcsOfLine);
  return a.flatMap(arcsOfLine).flatMap((arc) =>
    others.flatMap((other) => {
      const how = meeting(arc, other);
      if (how === 'touch') uncertain('The meeting of lines that touch or share an edge');
      return how === 'cross' ? [crossingOf(arc, other)] : [];
    }),
  );
}

const twoShapes = { params: ['dynamic', 'dynamic'], load: loadS2 } as const;
const placeAndShape = { params: ['real', 'real', 'dynamic'], load: loadS2 } as const;

/** The point of the lines nearest to the place of three arguments; undefined where one of them is invalid. */
function nearestOf(lng: Physical, lat: Physical, shape: Physical): ReturnType<typeof nearest> | undefined {
  const place = placeOf(lng, lat),
    lines = readLines(shape);
  return place && lines && nearest(lines, pointOf(place));
}

/**
 * geo_line_*() and what a place or another line has to do with a line: edges are the shortest ways on the sphere, as S2
 * measures them.
 */
export const lineFunctions: readonly ScalarFunction[] = [
  ...scripted('geo_line_length', { params: ['dynamic'], returns: 'real', load: loadS2 }, (shape) => {
    const lines = readSeparateLines(shape);
    return lines ? lines.reduce((sum, line) => sum + line.length(), 0) * EARTH_RADIUS : null;
  }),
  ...scripted('geo_line_centroid', { params: ['dynamic'], returns: 'dynamic', load: loadS2 }, (shape) => {
    const lines = readSeparateLines(shape);
    if (!lines) return null;
    const { Point } = s2();
    const sum = lines.map((line) => line.centroid().vector).reduce((total, vector) => total.add(vector));
    return pointGeometry(Point.fromVector(sum));
  }),
  ...scripted(
    'geo_line_interpolate_point',
    { params: ['dynamic', 'real'], returns: 'dynamic', load: loadS2 },
    (shape, fraction) => {
      const line = readLine(shape);
      if (!line || typeof fraction !== 'number' || !(fraction >= 0 && fraction <= 1)) return null;
      const [point] = line.interpolate(fraction);
      return pointGeometry(point);
    },
  ),
  ...scripted(
    'geo_line_locate_point',
    { params: ['dynamic', 'real', 'real'], returns: 'real', load: loadS2 },
    (shape, lng, lat) => {
      const line = readLine(shape),
        place = placeOf(lng, lat);
      if (!line || !place) return null;
      const [point, next] = line.project(pointOf(place));
      return line.uninterpolate(point, next);
    },
  ),
  ...scripted('geo_closest_point_on_line', { ...placeAndShape, returns: 'dynamic' }, (lng, lat, shape) => {
    const found = nearestOf(lng, lat, shape);
    return found ? pointGeometry(found.at) : null;
  }),
  ...scripted('geo_distance_point_to_line', { ...placeAndShape, returns: 'real' }, (lng, lat, shape) => {
    const found = nearestOf(lng, lat, shape);
    return found ? found.apart * EARTH_RADIUS : null;
  }),
  ...scripted('geo_intersects_2lines', { ...twoShapes, returns: 'bool' }, (a, b) => {
    const lines = linesOf(a),
      others = linesOf(b);
    return lines && others ? crossingsOf(lines, others).length > 0 : null;
  }),
  ...scripted('geo_intersection_2lines', { ...twoShapes, returns: 'dynamic' }, (a, b) => {
    const lines = linesOf(a),
      others = linesOf(b);
    if (!lines || !others) return null;
    const [found, ...more] = crossingsOf(lines, others);
    if (more.length > 0) return uncertain('geo_intersection_2lines() of lines that meet more than once');
    if (found) return geometry('Point', toDegrees(found));
    return jsonText(
      new Map<string, Json>([
        ['type', 'GeometryCollection'],
        ['geometries', []],
      ]),
    );
  }),
];
