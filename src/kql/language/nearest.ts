import { editDistance } from '../../base/editDistance.ts';

/** At most three names that a slip of the fingers away, best first. */
export function nearest(wrong: string, names: Iterable<string>): string[] {
  const target = wrong.toLowerCase();
  const limit = Math.max(1, Math.floor(target.length / 3));
  const ranked: { name: string; distance: number }[] = [];
  for (const name of names) {
    if (Math.abs(name.length - target.length) > limit) continue;
    if (name === wrong) continue;
    const distance = editDistance(target, name.toLowerCase(), limit);
    if (distance <= limit) ranked.push({ name, distance });
  }
  return ranked
    .sort((a, b) => a.distance - b.distance || b.name.length - a.name.length || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map((entry) => entry.name);
}
