import { AppError } from '../../base/errors.ts';
import { findResultLines } from '../../kql/resultLine.ts';
import { findScopeLines } from '../../kql/scopeLine.ts';
import { findSourceLine } from '../../kql/sourceLine.ts';
import { checkQuery, checkQueryText } from '../runs/planRun.ts';
import type { ReadQuery, RunFacts } from '../runs/runFacts.ts';

/**
 * Refuses a query that would read what lies outside of its workspaces, whoever would answer it, and one that is no
 * query. A person may ask `workspace("other")`; a model was given a scope. Resolves to the query's facts; rejects with
 * `query.*`.
 */
export async function checkReach(query: string, readQuery: ReadQuery): Promise<RunFacts> {
  checkQueryText(query);
  checkLines(query);
  const facts = await readQuery(query);
  checkQuery(facts);
  // Unknown is not allowed: only the parser can tell.
  const { reachesOut } = facts;
  if (reachesOut?.length === 0) return facts;
  throw reaching('The query', reachesOut ?? []);
}

/**
 * Refuses with `query.line` the lines by which a text says whom it asks: a call says that, and the person was shown
 * what the call says. A line that did not count would look as if it did.
 */
function checkLines(query: string): void {
  const source = findSourceLine(query);
  if (source && source.source !== 'workspaces')
    throw lineRefused('source', 'A tool asks the workspaces of the scope and nothing else.');
  if (findScopeLines(query).length > 0) throw lineRefused('scope', 'Say it in "scope".');
  if (findResultLines(query).length > 0) throw lineRefused('result', 'Rows of earlier runs cannot be asked by a tool.');
}

function lineRefused(name: string, instead: string): AppError {
  return new AppError('query.line', `The query has a "// @${name}" line. ${instead} Take it out. Nothing was sent.`);
}

/** The refusal of calls of functions that neither KQL nor a workspace of the scope has. */
export function calling(what: string, names: readonly string[]): AppError {
  return new AppError(
    'query.reachesOut',
    `${what} calls ${names.map((name) => `${name}()`).join(', ')}, which neither KQL nor a workspace of the scope is known to have, so nobody can tell whether it stays within the scope that the person gave. Nothing was sent.`,
  );
}

/** The refusal of what reaches out, by these names where they are known. */
export function reaching(what: string, names: readonly string[]): AppError {
  const happened =
    names.length > 0
      ? `reaches out of the scope that the person gave, with ${names.map((name) => `${name}()`).join(', ')}`
      : 'cannot be read, so nobody can tell whether it stays within the scope that the person gave';
  return new AppError(
    'query.reachesOut',
    `${what} ${happened}. Ask the tables of the scope alone; "scope" says which workspaces. Nothing was sent.`,
  );
}
