import type { CapState } from './estate.ts';

/**
 * From `workspaceCapping` of a workspace: the cap in GB a day, undefined for none, and its `dataIngestionStatus`.
 * Without a cap only a suspended subscription stops the data.
 */
export function toCapState(listing: {
  readonly dailyCapGb?: number | undefined;
  readonly ingestionStatus?: string | undefined;
}): CapState {
  if (listing.ingestionStatus === 'SubscriptionSuspended') return 'suspended';
  if (listing.dailyCapGb === undefined) return 'none';
  if (listing.ingestionStatus === 'OverQuota') return 'hit';
  if (listing.ingestionStatus === 'ApproachingQuota') return 'approaching';
  return listing.ingestionStatus === 'RespectQuota' ? 'respected' : 'unknown';
}
