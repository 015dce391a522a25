import type { PhysicalValue } from '../contract.ts';
import { uncertain } from '../define.ts';
import { jsonText, type Json } from '../json.ts';

/** An argument as it comes from the database; undefined where the call does not have it. */
export type Physical = PhysicalValue | undefined;

/** The sphere the real engine measures on, in meters (S2Earth's mean radius). */
export const EARTH_RADIUS = 6371010;

/** A place on the Earth, in degrees: longitude from -180 to 180, latitude from -90 to 90. */
export interface Place {
  readonly lng: number;
  readonly lat: number;
}

/** The place of two arguments; undefined where the numbers are none. */
export function placeOf(lng: Physical, lat: Physical): Place | undefined {
  return typeof lng === 'number' && typeof lat === 'number' && Math.abs(lng) <= 180 && Math.abs(lat) <= 90
    ? { lng, lat }
    : undefined;
}

/** A GeoJSON geometry as the text of a bag: longitude before latitude. */
export function geometry(type: string, coordinates: Json): string {
  return jsonText(
    new Map<string, Json>([
      ['type', type],
      ['coordinates', coordinates],
    ]),
  );
}

/**
 * A polygon without holes as GeoJSON: its corners, longitude first, and the first of them again. One over the
 * antimeridian stops the query: the real engine cuts some shapes there, and nobody recorded which.
 */
export function outline(corners: readonly (readonly [number, number])[]): string {
  const closed = [...corners, ...corners.slice(0, 1)].map(([lng, lat]) => [lng, lat]);
  if (closed.some(([lng = 0], i) => Math.abs(lng - (closed[i + 1]?.[0] ?? lng)) > 180))
    uncertain('An area over the antimeridian or a pole as GeoJSON');
  return geometry('Polygon', [closed]);
}

/** The number of a whole-number argument: `missing` where the call has none, undefined where it is null. */
export function wholeOf(value: Physical, missing: number): number | undefined {
  if (value === undefined) return missing;
  return value === null ? undefined : Number(value);
}
