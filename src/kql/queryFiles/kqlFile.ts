import { findScopeLine } from '../scopeLine.ts';
import { readFrontComment } from './frontComment.ts';
import type { Place } from '../plan.ts';
import type { QueryFile } from './queryFile.ts';
import { splitQueries } from './splitQueries.ts';
import { toFileQuery } from './toFileQuery.ts';

/**
 * The queries of a file of KQL. With several `// @name` lines each begins a query, which goes on to the next one; a
 * file with one, or with `whole`, is one query; else blank lines part them (`splitQueries`). As everywhere, the first
 * `// @scope` line of the file counts for all of it.
 */
export function readKqlFile(name: string, text: string, whole = false): QueryFile {
  const { names, problems } = readFrontComment(text);
  const scope = findScopeLine(text);
  const places = whole || names.length === 1 ? [] : names.length > 1 ? sectionsOf(text, names) : splitQueries(text);
  const queries = (places.length > 0 ? places : [{ start: 0, length: text.length }]).map((place, i, { length }) =>
    toFileQuery({
      name: length > 1 ? `${name} ${i + 1}` : name,
      text: text.slice(place.start, place.start + place.length),
      place,
      segments: [{ at: 0, file: place.start }],
      ...(scope ? { scope } : {}),
    }),
  );
  return { queries, problems };
}

/** From each name to the next one; what stands before the first belongs to it. */
function sectionsOf(text: string, names: readonly Place[]): Place[] {
  return names.map(({ start }, i) => {
    const from = i === 0 ? 0 : start;
    return { start: from, length: (names[i + 1]?.start ?? text.length) - from };
  });
}
