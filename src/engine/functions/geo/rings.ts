import { uncertain } from '../define.ts';
import { arcsOfRing, meeting, type Arc } from './arcs.ts';
import type { Rings } from './shapes.ts';

/** Every edge is held against every other one: more of them take seconds. */
const MAX_EDGES = 8000;

/** Stops the query at a polygon whose edges cross or touch: what the real engine makes of one is not documented. */
export function polygonIsSimple(rings: Rings): void {
  const all: { readonly arc: Arc; readonly ring: number; readonly at: number; readonly of: number }[] = rings.flatMap(
    (ring, i) => arcsOfRing(ring).map((arc, at) => ({ arc, ring: i, at, of: ring.length })),
  );
  if (all.length > MAX_EDGES) uncertain(`A polygon with more than ${MAX_EDGES} corners`);
  for (const [i, a] of all.entries())
    for (let j = i + 1; j < all.length; j++) {
      const b = all[j];
      if (!b) break;
      const neighbours = a.ring === b.ring && (b.at - a.at === 1 || (a.at === 0 && b.at === b.of - 1));
      if (!neighbours && meeting(a.arc, b.arc) !== 'apart') uncertain('A polygon whose edges cross or touch');
    }
}
