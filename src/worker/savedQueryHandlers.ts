import type { Handlers } from '../base/rpc.ts';
import type { SavedQueries } from '../core/queryPacks/savedQueries.ts';
import type { SavedQueriesContract } from '../protocol/savedQueries.ts';

/** Saved searches and query packs; plans stay here and are carried out by id. */
export function savedQueryHandlers(
  live: () => { readonly savedQueries: SavedQueries },
): Handlers<SavedQueriesContract> {
  return {
    'savedQueries.packs': ({ workspace }, signal) => live().savedQueries.packs(workspace, signal),
    'savedQueries.list': (place, signal) => live().savedQueries.list(place, signal),
    'savedQueries.planExport': ({ queries, ...place }, signal) =>
      live().savedQueries.planExport(place, queries, { signal }),
  };
}
