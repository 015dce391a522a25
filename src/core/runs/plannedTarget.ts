import type { SubscriptionId } from '../../model/ids.ts';
import type { Target } from '../../model/run.ts';
import type { RowsOf } from '../../model/sharedWorkspace.ts';
import type { Issuer } from '../../ports/issuer.ts';

/** How one target is asked. */
export type Way = WorkspaceWay | SubscriptionsWay;

/** How Resource Graph is asked about subscriptions, by their ids with their names. */
export interface SubscriptionsWay {
  readonly issuer: Issuer;
  readonly subscriptions: ReadonlyMap<SubscriptionId, string>;
}

/** How one workspace is asked. */
export interface WorkspaceWay {
  readonly issuer: Issuer;
  readonly guid: string;
  readonly armId: string;
  readonly region: string;
  /** Roles of the control plane read no rows there: see `Workspace.dataActionsOnly`. */
  readonly dataActionsOnly?: true;
  /** It is shared: the rows that may be asked for, and no others. */
  readonly only?: RowsOf;
}

/** One target and the way to it; there is none where it cannot be asked (the target then says why). */
export interface PlannedTarget {
  readonly target: Target;
  readonly way?: Way;
}
