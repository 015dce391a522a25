import type { PhysicalValue } from '../contract.ts';
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

/** The number of a whole-number argument: `missing` where the call has none, undefined where it is null. */
export function wholeOf(value: Physical, missing: number): number | undefined {
  if (value === undefined) return missing;
  return value === null ? undefined : Number(value);
}
