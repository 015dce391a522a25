import type { CancelSignal } from '../base/cancel.ts';
import type { Asked, ByTenant } from './assess.ts';
import type { Issuer } from './issuer.ts';

/** Tags by name; Azure compares names without case. */
export type Tags = Readonly<Record<string, string>>;

/** A subscription or resource group with its tags. */
export interface TaggedScope {
  /** Lower case. */
  readonly armId: string;
  readonly tags: Tags;
}

/**
 * Tags of anything that Resource Manager has: a subscription, a resource group or a resource, by its ARM id. Everything
 * rejects with an AppError.
 */
export interface TagsPort {
  /** Undefined where there is nothing of that id. */
  tags(issuer: Issuer, scope: string, signal?: CancelSignal): Promise<Tags | undefined>;
  /** Sets these; all others stay. */
  changeTags(issuer: Issuer, scope: string, tags: Tags, signal?: CancelSignal): Promise<void>;
  /** Every subscription and resource group that a token sees, in one question to Resource Graph. */
  containers(issuer: Issuer, signal?: CancelSignal): Promise<Asked<ByTenant<TaggedScope>>>;
}
