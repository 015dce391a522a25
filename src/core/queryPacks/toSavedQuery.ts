import { prepareQuery } from '../../kql/queryFiles/prepareQuery.ts';
import type { FileQuery } from '../../kql/queryFiles/queryFile.ts';
import { findResultLines } from '../../kql/resultLine.ts';
import { findSourceLines } from '../../kql/sourceLine.ts';
import { edited } from '../../kql/textEdits.ts';
import type { SavedQueryBody } from '../../model/savedQuery.ts';

/** A query of a file as it can be kept in Azure, or why it cannot, as a sentence. */
export type Exported = { readonly body: SavedQueryBody } | { readonly name: string; readonly refusal: string };

/**
 * A query of a file as a saved query: its front comment becomes the name, description and tags that Azure keeps of it,
 * and does not stay in its text, because the scope in it names customers; nor do its source and the run it asks.
 * Parameters, which Log Analytics does not have, become `let` statements with their defaults.
 */
export function toSavedQuery(query: FileQuery): Exported {
  const { name, description, tags, refusal } = query;
  if (refusal) return { name, refusal };
  const { text, missing } = prepareQuery(query, new Map());
  if (missing.length > 0) {
    return {
      name,
      refusal: `${missing.join(', ')} ${missing.length > 1 ? 'have' : 'has'} no default, and a saved query asks for nothing.`,
    };
  }
  const category = tags[0];
  return {
    body: {
      name: name.slice(0, LONGEST_NAME),
      text: withoutEmptyComments(withoutOwnLines(text)),
      ...(description ? { description } : {}),
      ...(category === undefined ? {} : { category }),
      tags,
    },
  };
}

/** Names are shown in lists; the service takes longer ones in some places and not in others. */
const LONGEST_NAME = 200;

/** Without the lines that say what a query asks here, and nothing to Azure. */
function withoutOwnLines(text: string): string {
  return [findSourceLines, findResultLines].reduce(
    (whole, find) =>
      edited(
        whole,
        find(whole).map(({ start, end }) => ({ start, end, text: '//' })),
      ),
    text,
  );
}

/** What `prepareQuery` leaves of the front comment, and `withoutOwnLines` of the rest. */
function withoutEmptyComments(text: string): string {
  return text
    .replaceAll(/^[ \t]*\/\/[ \t]*(?:\r\n|[\r\n]|$)/gm, '')
    .replaceAll(/\r\n?/g, '\n')
    .trim();
}
