import type { CancelSignal } from '../base/cancel.ts';
import type { SubscriptionId } from '../model/ids.ts';
import type { QueryPack, SavedQuery, SavedQueryBody } from '../model/savedQuery.ts';
import type { Issuer } from './issuer.ts';

/** Saved searches of workspaces and the queries of query packs: one shape for both, told apart by their ARM ids. */
export interface SavedQueriesPort {
  /** The query packs of a subscription, by name. */
  packs(issuer: Issuer, subscription: SubscriptionId, signal?: CancelSignal): Promise<readonly QueryPack[]>;
  /** What a workspace or a query pack (`place`, an ARM id) keeps, by name. Rejects where there is no such place. */
  queries(issuer: Issuer, place: string, signal?: CancelSignal): Promise<readonly SavedQuery[]>;
  /** One saved search or query of a pack by its ARM id; undefined where there is none. */
  query(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<SavedQuery | undefined>;
  /**
   * Makes or changes one. What the service keeps of it beside `body` (an alias, other tags) stays. Rejects with
   * `service.changed` where somebody else changes it at the same time, as far as the service tells.
   */
  putQuery(issuer: Issuer, armId: string, body: SavedQueryBody, signal?: CancelSignal): Promise<void>;
}
