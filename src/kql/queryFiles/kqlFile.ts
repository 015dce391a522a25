import { readDocumentScopes } from '../documentScopes.ts';
import { findScopeLines } from '../scopeLine.ts';
import type { ScopeLine } from '../scopeLine.ts';
import { codeStart } from '../scan.ts';
import { readFrontComment } from './frontComment.ts';
import type { Place } from '../plan.ts';
import { MAX_QUERIES } from './queryFile.ts';
import type { QueryFile } from './queryFile.ts';
import { MAX_SPLIT, splitQueries } from './splitQueries.ts';
import { toFileQuery } from './toFileQuery.ts';

/**
 * The queries of a file of KQL. With several `// @name` lines each begins a query, which goes on to the next one; a
 * file with one, or with `whole`, is one query; else blank lines part them (`splitQueries`).
 * A query follows its own scope line, else the one at the top, as in the editor.
 */
export function readKqlFile(name: string, text: string, whole = false): QueryFile {
  const { names, problems } = readFrontComment(text);
  const scopeAt = scopesOf(text);
  const places = whole || names.length === 1 ? [] : names.length > 1 ? sectionsOf(text, names) : splitQueries(text);
  const queries = (places.length > 0 ? places : [{ start: 0, length: text.length }]).map((place, i, { length }) => {
    const scope = scopeAt(place);
    return toFileQuery({
      name: length > 1 ? `${name} ${i + 1}` : name,
      text: text.slice(place.start, place.start + place.length),
      place,
      segments: [{ at: 0, file: place.start }],
      ...(scope ? { scope } : {}),
    });
  });
  return { queries, problems };
}

/** From each name to the next one; what stands before the first belongs to it. */
function sectionsOf(text: string, names: readonly Place[]): Place[] {
  return names.slice(0, MAX_QUERIES + 1).map(({ start }, i) => {
    const from = i === 0 ? 0 : start;
    return { start: from, length: (names[i + 1]?.start ?? text.length) - from };
  });
}

/** The scope line that counts for a part of a file: one of its own, else the one at the top. */
function scopesOf(text: string): (place: Place) => ScopeLine | undefined {
  const inside = ({ start, length }: Place, at: number): boolean => start <= at && at < start + length;
  const lines = findScopeLines(text);
  if (text.length > MAX_SPLIT || lines.length === 0) {
    const top = lines.find((line) => line.start < codeStart(text));
    return (place) => lines.find((line) => inside(place, line.start)) ?? top;
  }
  const { blocks, top } = readDocumentScopes(text);
  return (place) => {
    const own = blocks.filter(({ block }) => inside(place, block.codeStart));
    return (own.find((one) => one.own) ?? own.find(({ line }) => line))?.line ?? top;
  };
}
