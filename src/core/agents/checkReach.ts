import { AppError } from '../../base/errors.ts';
import { checkQuery, checkQueryText } from '../runs/planRun.ts';
import type { ReadQuery, RunFacts } from '../runs/runFacts.ts';

/**
 * Refuses a query that would read what lies outside of its workspaces, whoever would answer it, and one that is no
 * query. A person may ask `workspace("other")`; a model was given a scope. Resolves to the query's facts; rejects with
 * `query.*`.
 */
export async function checkReach(query: string, readQuery: ReadQuery): Promise<RunFacts> {
  checkQueryText(query);
  const facts = await readQuery(query);
  checkQuery(facts);
  // Unknown is not allowed: only the parser can tell.
  const { reachesOut } = facts;
  if (reachesOut?.length === 0) return facts;
  throw reaching('The query', reachesOut ?? []);
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
