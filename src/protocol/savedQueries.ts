import type { WorkspaceKey } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { QueryPack, SavedQuery, SavedQueryBody } from '../model/savedQuery.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** Where saved queries are kept: a workspace, or a query pack (an ARM id) of its subscription. */
type Place = { workspace: WorkspaceKey; pack?: string };

/** Queries kept in Azure: what there is, and the plan of keeping others, which `provision.apply` carries out. */
export type SavedQueriesContract = {
  requests: {
    'savedQueries.packs': { input: { workspace: WorkspaceKey }; output: readonly QueryPack[] };
    'savedQueries.list': { input: Place; output: readonly SavedQuery[] };
    /** Rejects with `input.queries` where two are called the same. */
    'savedQueries.planExport': { input: Place & { queries: readonly SavedQueryBody[] }; output: Plan };
  };
  events: Record<never, never>;
};

/** How long each request may take. */
export const SAVED_QUERIES_DEADLINES: Deadlines<SavedQueriesContract> = {
  'savedQueries.packs': MINUTE,
  'savedQueries.list': 2 * MINUTE,
  'savedQueries.planExport': 5 * MINUTE,
};
