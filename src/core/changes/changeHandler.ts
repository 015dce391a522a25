import type { CancelSignal } from '../../base/cancel.ts';
import type { WorkspaceKey } from '../../model/ids.ts';
import type { Difference, PlannedChange } from '../../model/plan.ts';
import type { ChangeAction } from '../../model/changeAction.ts';
import type { HandlerWord } from './secretBook.ts';
import type { ArmRequest } from '../../model/planExport.ts';
import type { WorkspaceListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';

/**
 * One resource and what is wanted of it, before anybody looked at what is there. `Wanted` is its handler's own type.
 */
export interface Intent<Wanted = unknown> {
  /** Unique within the plan. */
  readonly id: string;
  /** The kind of resource: the name of its handler. */
  readonly resource: string;
  /** ARM id of the resource. */
  readonly target: string;
  /** A secret in it is a `SecretText`: so no text that is made of it holds it. */
  readonly wanted: Wanted;
  /** Ids of earlier intents that must be fulfilled before this one is tried. */
  readonly after?: readonly string[];
}

/** Whose token a change uses, and who may stop it. */
export interface ChangeCall {
  readonly issuer: Issuer;
  readonly signal?: CancelSignal;
}

/** What a change would do to what is there. Without an effect the action is `none`. */
export interface Effect {
  readonly action: ChangeAction;
  readonly title: string;
  readonly detail: string;
  readonly differences: readonly Difference[];
  readonly warnings?: readonly string[];
  /**
   * What the change rests on beside the differences: where it is another when the plan is carried out, nothing is done.
   */
  readonly basis?: string;
}

/** Whether a resource came out as wanted. `pending`: the service is still at it, look again; in words for a person. */
export type Verification =
  | { readonly state: 'verified' }
  | { readonly state: 'pending'; readonly what: string }
  | { readonly state: 'different'; readonly message: string };

/** What the estate is told of a change at once, before the service's index knows. */
export type EstateNote =
  | { readonly kind: 'present'; readonly listing: WorkspaceListing }
  | { readonly kind: 'gone'; readonly workspace: WorkspaceKey };

/**
 * One kind of resource that plans can change. `Now` is what is there, with undefined for nothing. A handler keeps no
 * state and knows no plan: order, dependency, freshness, waiting, cancellation and what is said of a failure are the
 * plan's.
 */
export interface ChangeHandler<Wanted = unknown, Now = unknown> {
  /** What intents and plans call it, e.g. `resourceGroup`; results name a change by its action and this. */
  readonly resource: string;
  /** What a sentence calls it, e.g. `resource group`. */
  readonly noun: string;
  /** What is there now. Rejects where that cannot be known. */
  read(intent: Intent<Wanted>, call: ChangeCall): Promise<Now | undefined>;
  /**
   * What fulfilling the intent would do. `earlier` are the plan's changes before this one. Throws `input.*` for what
   * the service would refuse, or for what stands in the way.
   */
  diff(intent: Intent<Wanted>, now: Now | undefined, earlier: readonly PlannedChange[]): Effect;
  /** Does it; `action` is never `none`. `report` hears the service's own words on a long operation. */
  apply(intent: Intent<Wanted>, action: ChangeAction, call: ChangeCall, report: (state: string) => void): Promise<void>;
  /** Whether what was read after `apply` is what was wanted. */
  verify(intent: Intent<Wanted>, now: Now | undefined): Verification;
  /** What there is, for the sentence "There is now: ..."; undefined for nothing. */
  describe(intent: Intent<Wanted>, now: Now | undefined): string | undefined;
  /** The ids that the service gave it, e.g. the workspace ID; its ARM id is the intent's target. */
  ids?(now: Now): readonly { readonly name: string; readonly value: string }[];
  /** What the estate should know of it. */
  note?(intent: Intent<Wanted>, now: Now | undefined): EstateNote | undefined;
  /** The change as `az` commands, each as its words after `az`. */
  commands?(intent: Intent<Wanted>, action: ChangeAction): readonly (readonly HandlerWord[])[];
  /** The change as resources of an ARM template, secrets as they are: the plan puts parameters in their place. */
  templateResources?(intent: Intent<Wanted>, action: ChangeAction): readonly object[];
  /** The change as requests, where it is no resource of a template: a resource group, other settings, a deletion. */
  requests?(intent: Intent<Wanted>, action: ChangeAction): readonly ArmRequest[];
}
