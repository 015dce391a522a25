import { readDocumentScopes } from '../../kql/documentScopes.ts';
import { placedSelectors } from '../../kql/scopeLine.ts';
import type { ScopeLine } from '../../kql/scopeLine.ts';
import type { Estate } from '../../model/estate.ts';
import { resolveRows } from './scope.ts';

/** What is wrong with a name of a scope line, with the nearest names there are, and where: offsets in UTF-16 units. */
export interface ScopeLineProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

/** What is wrong with every scope line of a document that a query of it follows. */
export function scopeLineProblems(text: string, estate: Estate): readonly ScopeLineProblem[] {
  return readDocumentScopes(text).followed.flatMap((line) => problemsOfLine(text, line, estate));
}

/**
 * Why a scope line of a document means nothing in this estate: each name that nobody has, or several have, at its
 * place; the line as a whole where it leaves no workspace. Empty where a run would be sent, and where the line cannot
 * be read, which the language says.
 */
export function problemsOfLine(text: string, line: ScopeLine, estate: Estate): readonly ScopeLineProblem[] {
  if (!line.scope) return [];
  const places = placedSelectors(text, line);
  return resolveRows(line.scope, estate).problems.map(({ selector, message }) => {
    const place = places.find((one) => one.selector === selector);
    const whole = line.start + text.slice(line.start, line.end).search(/\S/);
    return { start: place?.start ?? whole, end: place?.end ?? line.end, message };
  });
}
