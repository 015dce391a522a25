import type { ScalarFunction } from '../contract.ts';
import { scripted, uncertain } from '../define.ts';
import { arcsOfLine, arcsOfRing, meeting } from './arcs.ts';
import { contains, nearest, readPolygons, readSeparatePolygons, readSimplePolygons, separate } from './measured.ts';
import { EARTH_RADIUS, placeOf, type Physical } from './place.ts';
import { loadS2, pointGeometry, pointOf, s2 } from './s2.ts';
import { linesOf } from './shapes.ts';

const shapeToReal = { params: ['dynamic'], returns: 'real', load: loadS2 } as const;
const placeAndShape = { params: ['real', 'real', 'dynamic'], load: loadS2 } as const;

/** The point of the polygons nearest to the place of three arguments, itself where it is inside. */
function nearestOf(lng: Physical, lat: Physical, shape: Physical): ReturnType<typeof nearest> | undefined {
  const place = placeOf(lng, lat),
    polygons = readSimplePolygons(shape);
  if (!place || !polygons) return undefined;
  const point = pointOf(place);
  if (polygons.some((polygon) => contains(polygon, point))) return { at: point, apart: 0 };
  return nearest(
    polygons.flatMap(({ borders }) => borders),
    point,
  );
}

/**
 * geo_polygon_*() and what a place, a line or another polygon has to do with a polygon: of the two parts its border
 * divides the sphere into, it is the smaller one.
 */
export const polygonFunctions: readonly ScalarFunction[] = [
  ...scripted('geo_polygon_area', shapeToReal, (shape) => {
    const polygons = readSeparatePolygons(shape);
    if (!polygons) return null;
    const areas = polygons.flatMap(({ loops }) => loops.map((loop, i) => (i === 0 ? loop.area() : -loop.area())));
    return areas.reduce((sum, area) => sum + area, 0) * EARTH_RADIUS * EARTH_RADIUS;
  }),
  ...scripted('geo_polygon_perimeter', shapeToReal, (shape) => {
    const polygons = readSeparatePolygons(shape);
    if (!polygons) return null;
    const lengths = polygons.flatMap(({ borders }) => borders.map((border) => border.length()));
    return lengths.reduce((sum, length) => sum + length, 0) * EARTH_RADIUS;
  }),
  ...scripted('geo_polygon_centroid', { params: ['dynamic'], returns: 'dynamic', load: loadS2 }, (shape) => {
    const polygons = readSeparatePolygons(shape);
    if (!polygons) return null;
    const weighted = polygons.flatMap(({ loops }) =>
      loops.map((loop, i) => loop.centroid().vector.mul(i === 0 ? 1 : -1)),
    );
    return pointGeometry(s2().Point.fromVector(weighted.reduce((total, vector) => total.add(vector))));
  }),
  ...scripted('geo_point_in_polygon', { ...placeAndShape, returns: 'bool' }, (lng, lat, shape) => {
    const place = placeOf(lng, lat),
      polygons = readPolygons(shape);
    if (!place || !polygons) return null;
    const point = pointOf(place);
    return polygons.some((polygon) => contains(polygon, point));
  }),
  ...scripted('geo_distance_point_to_polygon', { ...placeAndShape, returns: 'real' }, (lng, lat, shape) => {
    const found = nearestOf(lng, lat, shape);
    return found ? found.apart * EARTH_RADIUS : null;
  }),
  ...scripted('geo_closest_point_on_polygon', { ...placeAndShape, returns: 'dynamic' }, (lng, lat, shape) => {
    const found = nearestOf(lng, lat, shape);
    return found ? pointGeometry(found.at) : null;
  }),
  ...scripted('geo_intersects_2polygons', { params: ['dynamic', 'dynamic'], returns: 'bool', load: loadS2 }, (a, b) => {
    const polygons = readSimplePolygons(a),
      others = readSimplePolygons(b);
    return polygons && others ? polygons.some((one) => others.some((other) => !separate(one, other))) : null;
  }),
  ...scripted(
    'geo_intersects_line_with_polygon',
    { params: ['dynamic', 'dynamic'], returns: 'bool', load: loadS2 },
    (line, shape) => {
      const lines = linesOf(line),
        polygons = readSimplePolygons(shape);
      if (!lines || !polygons) return null;
      return lines.some((path) => {
        const arcs = arcsOfLine(path);
        return polygons.some((polygon) => {
          const how = polygon.rings.flatMap(arcsOfRing).flatMap((edge) => arcs.map((arc) => meeting(arc, edge)));
          if (how.includes('touch')) uncertain('The meeting of a line and a polygon that touch');
          const [start] = path;
          return how.includes('cross') || (start !== undefined && contains(polygon, pointOf(start)));
        });
      });
    },
  ),
];
