import { editDistance } from '../../base/editDistance.ts';

/** At most `limit` of the known names that a misspelt one probably meant, nearest first. */
export function suggestNames(wanted: string, known: Iterable<string>, limit = 3): readonly string[] {
  const wish = wanted.toLowerCase();
  const byText = new Map<string, string>();
  for (const name of known) if (!byText.has(name.toLowerCase())) byText.set(name.toLowerCase(), name);
  const scored = [...byText].map(([text, name]) => ({ name, score: scoreName(wish, text) }));
  return scored
    .filter((entry) => entry.score <= Math.max(2, wish.length / 3))
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map((entry) => entry.name);
}

/** Edits between the two, or 1 where one contains the other: people type the part they remember. */
function scoreName(wish: string, name: string): number {
  if (wish.length >= 3 && name.includes(wish)) return 1;
  return editDistance(wish, name);
}

/** ` Did you mean "a" or "b"?`, or nothing. */
export function didYouMean(suggestions: readonly string[]): string {
  return suggestions.length === 0 ? '' : ` Did you mean ${suggestions.map((name) => `"${name}"`).join(' or ')}?`;
}
