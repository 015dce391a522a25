import { readFrontComment } from '../../kql/queryFiles/frontComment.ts';
import { withValues } from '../../kql/queryFiles/prepareQuery.ts';
import type { FileQuery } from '../../kql/queryFiles/queryFile.ts';
import { findResultLines } from '../../kql/resultLine.ts';
import { findSourceLines } from '../../kql/sourceLine.ts';
import { edited } from '../../kql/textEdits.ts';
import type { Edit } from '../../kql/textEdits.ts';
import type { SavedQueryBody } from '../../model/savedQuery.ts';

/** A query of a file as it can be kept in Azure, or why it cannot, as a sentence. */
export type Exported = { readonly body: SavedQueryBody } | { readonly name: string; readonly refusal: string };

/**
 * A query of a file as a saved query: its front comment becomes the name, description and tags that Azure keeps of it,
 * and does not stay in its text, because the scope in it names customers; nor do its source and the run it asks.
 * Parameters, which Log Analytics does not have, become `let` statements with their defaults; those of a stored
 * function (`// @function`) stay its own.
 */
export function toSavedQuery(query: FileQuery): Exported {
  const { name, description, tags, refusal } = query;
  if (refusal) return { name, refusal };
  const given = query.function?.parameters ?? [];
  const parameters = query.parameters.filter((one) => !given.some((other) => other.name === one.name));
  const { edits, missing } = withValues({ ...query, parameters }, new Map());
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
      text: withoutOwnLines(edited(query.text, [...withoutFrontComment(query.text, query), ...edits]))
        .replaceAll(/\r\n?/g, '\n')
        .trim(),
      ...(description ? { description } : {}),
      ...(category === undefined ? {} : { category }),
      tags,
      ...(query.function ? { functionAlias: query.function.alias } : {}),
      ...(query.function?.signature ? { functionParameters: query.function.signature } : {}),
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
        find(whole).map(({ start, end }) => ({ start, end: behindLine(whole, end), text: '' })),
      ),
    text,
  );
}

/** Takes the front comment out, line by line: empty comments of the author stay. */
function withoutFrontComment(text: string, { declaration }: FileQuery): readonly Edit[] {
  const inside = (at: number): boolean =>
    declaration !== undefined && declaration.start <= at && at < declaration.start + declaration.length;
  return readFrontComment(text)
    .lines.filter(({ start }) => !inside(start))
    .map(({ start, length }) => ({ start, end: behindLine(text, start + length), text: '' }));
}

/** Where the next line begins. */
function behindLine(text: string, end: number): number {
  return end + (/^(?:\r\n|[\r\n])/.exec(text.slice(end, end + 2))?.[0].length ?? 0);
}
