import { AppError } from '../../base/errors.ts';
import { checkQuery, checkQueryText } from '../runs/planRun.ts';
import type { ReadQuery } from '../runs/runFacts.ts';

/**
 * Refuses a query that would read what lies outside of its workspaces, whoever would answer it, and one that is no
 * query. A person may ask `workspace("other")`; a model was given a scope. Rejects with `query.*`.
 */
export async function checkReach(query: string, readQuery: ReadQuery): Promise<void> {
  checkQueryText(query);
  const facts = await readQuery(query);
  checkQuery(facts);
  // Unknown is not allowed: only the parser can tell.
  const { reachesOut } = facts;
  if (reachesOut?.length === 0) return;
  throw new AppError(
    'query.reachesOut',
    `The query reaches out of the scope that the person gave${reachesOut ? `, with ${reachesOut.map((name) => `${name}()`).join(', ')}` : ''}. Ask the tables of the scope alone; "scope" says which workspaces. Nothing was sent.`,
  );
}
