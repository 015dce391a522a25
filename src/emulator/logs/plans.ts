import { key } from '../armId.ts';
import type { WorkspaceTable } from '../state.ts';
import { badArgument } from './failures.ts';
import type { QueryRequest } from './queryRequest.ts';
import type { QueryScope } from './scopes.ts';

/** Analytics tables that a search may look up in, or unite its one table with. */
const MOST_OTHERS = 5;

/**
 * Basic and Auxiliary tables are only asked through `/search`, one at a time, with the time beside the query.
 * `crosses`: the text reaches into other workspaces. Throws the 400s; the one of `/query` in the service's own words.
 */
export function checkPlans(
  { endpoint, request }: { readonly endpoint: 'query' | 'search'; readonly request: QueryRequest },
  scope: QueryScope,
  crosses: boolean,
  mentioned: readonly WorkspaceTable[],
): void {
  const isCheap = ({ plan }: WorkspaceTable): boolean => plan !== 'Analytics';
  if (endpoint === 'query') {
    if (!mentioned.some(isCheap)) return;
    const api = 'https://api.loganalytics.io/v1/workspaces/{workspaceId}';
    throw badArgument(
      {
        code: 'UnsupportedApiQueryValidationError',
        message: `Query of Basic Logs table is not supported with the API '${api}/query'.\nYou can use '${api}/search' instead.\nTo learn more on queries on Basic Logs table, read here: https://aka.ms/basicLogsQueryAPI.`,
      },
      request.correlationId,
    );
  }
  // What the service's code for these is has not been recorded.
  const refuse = (message: string): Error =>
    badArgument({ code: 'TablePlanNotSupported', message }, request.correlationId);
  if (!request.range) throw refuse('Queries of Basic and Auxiliary tables need a timespan beside the query.');
  if (crosses || scope.workspaces.length > 1)
    throw refuse('Queries of Basic and Auxiliary tables run in one workspace only.');
  const operator = /\b(join|find|search|externaldata)\b/.exec(request.query)?.[1];
  if (operator) throw refuse(`The operator '${operator}' is not supported for Basic and Auxiliary tables.`);
  const names = (tables: readonly WorkspaceTable[]): number => new Set(tables.map(({ name }) => key(name))).size;
  if (names(mentioned.filter(isCheap)) > 1) throw refuse('Queries of Basic and Auxiliary tables read one of them.');
  if (names(mentioned.filter((table) => !isCheap(table))) > MOST_OTHERS)
    throw refuse(`Queries of Basic and Auxiliary tables read at most ${MOST_OTHERS} Analytics tables beside.`);
}
