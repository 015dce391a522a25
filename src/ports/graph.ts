import type { CancelSignal } from '../base/cancel.ts';
import type { SubscriptionId } from '../model/ids.ts';
import type { Issuer } from './issuer.ts';
import type { LogsAnswer } from './logs.ts';

/** One question to Resource Graph about subscriptions that are all of one tenant; at least one. */
export interface GraphQuestion {
  readonly issuer: Issuer;
  readonly subscriptions: readonly SubscriptionId[];
  readonly query: string;
}

/**
 * Azure Resource Graph. Rejects with an AppError of the query, access, auth, service or network family; the places of
 * `query.*` are lines and columns of the text as it was sent.
 */
export interface GraphPort {
  /**
   * All pages of an answer, as the one table `PrimaryResult`. `partial` says why there is more than came: rows without
   * their id end with the first page (`query.truncated`, data `{ unpaged: true }`). Keeps to the quota that the service
   * tells; rejects with `service.throttled` where it stays used up.
   */
  query(question: GraphQuestion, signal: CancelSignal): Promise<LogsAnswer>;
}
