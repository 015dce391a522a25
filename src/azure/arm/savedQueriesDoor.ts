import { OperationalInsightsManagementClient } from '@azure/arm-operationalinsights';
import type { LogAnalyticsQueryPackQuery, SavedSearch } from '@azure/arm-operationalinsights';
import type { TokenCredential } from '@azure/core-auth';
import type { QueryPack, SavedQuery, SavedQueryBody } from '../../model/savedQuery.ts';
import { armClientOptions, mapErrors } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { itemsOf } from './listing.ts';
import { packBody, searchBody, toPackQuery, toSavedSearch } from './savedQueryWire.ts';

interface Abort {
  readonly abortSignal: AbortSignal;
}

/** Saved searches and query packs of one subscription: a door of @azure/arm-operationalinsights. */
export class SavedQueriesDoor {
  private readonly client: OperationalInsightsManagementClient;

  constructor(credential: TokenCredential, subscription: string, settings: ClientSettings, issuer: Issuer) {
    this.client = new OperationalInsightsManagementClient(credential, subscription, armClientOptions(settings));
    mapErrors(this.client.pipeline, issuer);
  }

  async packs(abort: Abort): Promise<readonly QueryPack[]> {
    const found: QueryPack[] = [];
    for await (const { id, name, location } of itemsOf(this.client.queryPacks.list(abort), abort.abortSignal)) {
      const resourceGroup = /\/resourcegroups\/([^/]+)/i.exec(id ?? '')?.[1];
      if (id && name && resourceGroup) found.push({ armId: id, name, resourceGroup, region: location });
    }
    return found;
  }

  /** A list of saved searches has no pages. */
  async savedSearches(resourceGroup: string, workspace: string, abort: Abort): Promise<readonly SavedQuery[]> {
    const { value = [] } = await this.client.savedSearches.listByWorkspace(resourceGroup, workspace, abort);
    return value.flatMap((search) => toSavedSearch(search) ?? []);
  }

  /** Without `includeBody` the service leaves the KQL out. */
  async packQueries(resourceGroup: string, pack: string, abort: Abort): Promise<readonly SavedQuery[]> {
    const found: SavedQuery[] = [];
    const list = this.client.queries.list(resourceGroup, pack, { ...abort, includeBody: true });
    for await (const query of itemsOf(list, abort.abortSignal)) {
      const read = toPackQuery(query);
      if (read) found.push(read);
    }
    return found;
  }

  savedSearch(resourceGroup: string, workspace: string, id: string, abort: Abort): Promise<SavedSearch> {
    return this.client.savedSearches.get(resourceGroup, workspace, id, abort);
  }

  packQuery(resourceGroup: string, pack: string, id: string, abort: Abort): Promise<LogAnalyticsQueryPackQuery> {
    return this.client.queries.get(resourceGroup, pack, id, abort);
  }

  /** `now`: what is there, whose etag the service compares; undefined for nothing. */
  async putSavedSearch(
    [resourceGroup, workspace, id]: readonly [string, string, string],
    body: SavedQueryBody,
    now: SavedSearch | undefined,
    abort: Abort,
  ): Promise<void> {
    await this.client.savedSearches.createOrUpdate(resourceGroup, workspace, id, searchBody(body, now), abort);
  }

  async putPackQuery(
    [resourceGroup, pack, id]: readonly [string, string, string],
    body: SavedQueryBody,
    now: LogAnalyticsQueryPackQuery | undefined,
    abort: Abort,
  ): Promise<void> {
    await this.client.queries.put(resourceGroup, pack, id, packBody(body, now), abort);
  }
}
