import type { LogAnalyticsQueryPackQuery, SavedSearch } from '@azure/arm-operationalinsights';
import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import type { SubscriptionId } from '../../model/ids.ts';
import type { QueryPack, SavedQuery, SavedQueryBody } from '../../model/savedQuery.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { SavedQueriesPort } from '../../ports/savedQueries.ts';
import { READ_DEADLINE_MS, callAzure } from '../calls.ts';
import type { AzureClients } from '../clients.ts';
import { subjectOf } from '../errors/subject.ts';
import type { SavedQueriesDoor } from './savedQueriesDoor.ts';
import { parseSavedQueryId } from './savedQueryId.ts';
import type { SavedQueryId } from './savedQueryId.ts';
import { toPackQuery, toSavedSearch } from './savedQueryWire.ts';

type Abort = { readonly abortSignal: AbortSignal };
type Call<T> = (door: SavedQueriesDoor, id: SavedQueryId, abort: Abort) => Promise<T>;

/** Saved searches and query packs. */
export class SavedQueriesClient implements SavedQueriesPort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  async packs(issuer: Issuer, subscription: SubscriptionId, signal?: CancelSignal): Promise<readonly QueryPack[]> {
    const subject = subjectOf(`/subscriptions/${subscription}`, issuer.tenant);
    const packs = await callAzure({ subject, signal, deadlineMs: READ_DEADLINE_MS }, async (abort) =>
      (await this.clients.savedQueries(issuer, subscription)).packs(abort),
    );
    return [...packs].sort((a, b) => a.name.localeCompare(b.name));
  }

  async queries(issuer: Issuer, place: string, signal?: CancelSignal): Promise<readonly SavedQuery[]> {
    const found = await this.at(issuer, place, signal, (door, { kind, resourceGroup, name }, abort) =>
      kind === 'workspace'
        ? door.savedSearches(resourceGroup, name, abort)
        : door.packQueries(resourceGroup, name, abort),
    );
    return [...found].sort((a, b) => a.name.localeCompare(b.name));
  }

  async query(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<SavedQuery | undefined> {
    return this.at(issuer, armId, signal, async (door, id, abort) =>
      id.kind === 'workspace'
        ? mapped(await searchAt(door, id, abort), toSavedSearch)
        : mapped(await packQueryAt(door, id, abort), toPackQuery),
    );
  }

  async putQuery(issuer: Issuer, armId: string, body: SavedQueryBody, signal?: CancelSignal): Promise<void> {
    await this.at(issuer, armId, signal, async (door, id, abort) => {
      const place = [id.resourceGroup, id.name, id.query ?? ''] as const;
      if (id.kind === 'workspace') await door.putSavedSearch(place, body, await searchAt(door, id, abort), abort);
      else await door.putPackQuery(place, body, await packQueryAt(door, id, abort), abort);
    });
  }

  private at<T>(issuer: Issuer, armId: string, signal: CancelSignal | undefined, call: Call<T>): Promise<T> {
    const id = parseSavedQueryId(armId);
    return callAzure(
      { subject: subjectOf(armId, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
      async (abort) => call(await this.clients.savedQueries(issuer, id.subscription), id, abort),
    );
  }
}

function mapped<W, T>(wire: W | undefined, map: (wire: W) => T | undefined): T | undefined {
  return wire === undefined ? undefined : map(wire);
}

function searchAt(door: SavedQueriesDoor, id: SavedQueryId, abort: Abort): Promise<SavedSearch | undefined> {
  return orAbsent(door.savedSearch(id.resourceGroup, id.name, id.query ?? '', abort));
}

function packQueryAt(
  door: SavedQueriesDoor,
  id: SavedQueryId,
  abort: Abort,
): Promise<LogAnalyticsQueryPackQuery | undefined> {
  return orAbsent(door.packQuery(id.resourceGroup, id.name, id.query ?? '', abort));
}

/** A query that is not there is no failure of reading it. */
async function orAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (thrown) {
    if (toAppError(thrown).code === 'access.notFound') return undefined;
    throw thrown;
  }
}
