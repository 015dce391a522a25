import { AppError } from '../../base/errors.ts';

/** Where saved queries are kept: a workspace or a query pack, and which query of it is meant, if one is. */
export interface SavedQueryId {
  readonly kind: 'workspace' | 'pack';
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly query?: string;
}

const PLACE =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.OperationalInsights\/(?:workspaces\/([^/]+)(?:\/savedSearches\/([^/]+))?|queryPacks\/([^/]+)(?:\/queries\/([^/]+))?)$/i;

/** The parts of the ARM id of a workspace, a query pack, or a query in one. Throws `input.armId` for any other. */
export function parseSavedQueryId(armId: string): SavedQueryId {
  const [, subscription, resourceGroup, workspace, search, pack, query] = PLACE.exec(armId) ?? [];
  const name = workspace ?? pack;
  if (!subscription || !resourceGroup || !name)
    throw new AppError('input.armId', `"${armId.slice(0, 200)}" is not the resource id of a place for saved queries.`);
  const one = search ?? query;
  return {
    kind: workspace === undefined ? 'pack' : 'workspace',
    subscription,
    resourceGroup,
    name,
    ...(one === undefined ? {} : { query: decodeURIComponent(one) }),
  };
}
