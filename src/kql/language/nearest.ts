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

/** Insertions, deletions, replacements and swaps of neighbours between two words; `limit` + 1 where there are more. */
function editDistance(a: string, b: string, limit: number): number {
  let previous: number[] = [],
    row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, previous[j - 2]! + 1);
      next.push(best);
    }
    if (Math.min(...next) > limit) return limit + 1;
    previous = row;
    row = next;
  }
  return row[b.length]!;
}
