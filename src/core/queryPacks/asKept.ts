import type { SavedQuery, SavedQueryBody } from '../../model/savedQuery.ts';
import { oneLine } from './toQueryFile.ts';

/**
 * What is wanted of a query that is kept already. A file writes some things otherwise than Azure keeps them (labels
 * and category in one list, lines joined): what says the same is taken as it is there, so that a query which nobody
 * touched is no change. A function that the file does not speak of stays one.
 */
export function asKept(known: SavedQuery, body: SavedQueryBody): SavedQueryBody {
  const { description: _d, category: _c, functionAlias: _a, functionParameters: _p, ...rest } = body;
  const labelled = sameLabels(known, body) ? known : body;
  const described = said(known.description) === said(body.description) ? known : body;
  const stored = sameFunction(known, body) ? known : body;
  return {
    ...rest,
    name: oneLine(known.name) === body.name ? known.name : body.name,
    text: lines(known.text) === lines(body.text) ? known.text : body.text,
    ...(described.description === undefined ? {} : { description: described.description }),
    ...(labelled.category === undefined ? {} : { category: labelled.category }),
    tags: labelled.tags,
    ...(stored.functionAlias === undefined ? {} : { functionAlias: stored.functionAlias }),
    ...(stored.functionParameters === undefined ? {} : { functionParameters: stored.functionParameters }),
  };
}

function said(text = ''): string {
  return oneLine(text);
}

function lines(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').trim();
}

/** A file has one list, its first the category; a comma parts it, whatever Azure thinks of commas in a name. */
function sameLabels(known: SavedQuery, body: SavedQueryBody): boolean {
  const category = body.category ?? known.category;
  const first = labelsOf(known.category)[0];
  if (first !== undefined && first !== labelsOf(category)[0]) return false;
  const [there, wanted] = [labelsOf(known.category, ...known.tags), labelsOf(category, ...body.tags)].map((labels) =>
    labels.sort().join('\n'),
  );
  return there === wanted;
}

function labelsOf(...texts: readonly (string | undefined)[]): string[] {
  const parts = texts.flatMap((text = '') => oneLine(text).split(','));
  return [...new Set(parts.map((part) => part.trim()).filter(Boolean))];
}

function sameFunction(known: SavedQuery, body: SavedQueryBody): boolean {
  if (body.functionAlias === undefined) return true;
  return known.functionAlias === body.functionAlias && said(known.functionParameters) === said(body.functionParameters);
}
