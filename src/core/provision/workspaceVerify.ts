import type { WorkspaceRequest } from '../../model/plan.ts';
import type { WorkspaceListing } from '../../ports/directory.ts';
import type { WorkspaceNow } from '../../ports/workspaces.ts';
import { sameRegion } from './nameState.ts';
import { nameOf } from '../changes/explain.ts';
import type { Intent, Verification } from '../changes/changeHandler.ts';
import type { WorkspaceFound, WorkspaceWanted } from './workspaceWanted.ts';

/** The settings that an intent names; what is undefined is not looked at, a cap of null is none. */
interface Settings {
  readonly retentionDays?: number | undefined;
  readonly dailyCapGb?: number | null | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly sku?: string | undefined;
  readonly dropped?: readonly string[];
}

/** Whether what was read after the change is what was wanted; success is only what the service calls `Succeeded`. */
export function verifyWorkspace(
  { target, wanted }: Intent<WorkspaceWanted>,
  found: WorkspaceFound | undefined,
): Verification {
  const name = nameOf({ target });
  const now = found?.now;
  if (wanted.kind === 'absent')
    return now ? { state: 'pending', what: `still there, ${now.provisioningState}` } : { state: 'verified' };
  if (!now) return { state: 'pending', what: `workspace ${name} is not shown yet` };
  const { provisioningState: state, listing } = now;
  if (state === 'Failed' || state === 'Canceled')
    return { state: 'different', message: `The service did not finish workspace ${name}: it says ${state}.` };
  if (state !== 'Succeeded') return { state: 'pending', what: state };
  if (!listing) return { state: 'pending', what: `workspace ${name} has no workspace ID yet` };
  const different = findDifferences(listing, settingsOf(wanted));
  return different.length === 0
    ? { state: 'verified' }
    : {
        state: 'different',
        message: `The workspace ${name} exists, but ${different.join(' and ')}. A policy of the subscription may have changed it.`,
      };
}

/** Whether a workspace that is there is whole and just what is asked for. */
export function isAsRequested({ provisioningState, listing }: WorkspaceNow, request: WorkspaceRequest): boolean {
  return (
    provisioningState === 'Succeeded' &&
    listing !== undefined &&
    sameRegion(listing.region, request.region) &&
    findDifferences(listing, settingsOf({ kind: 'present', request, recover: false })).length === 0
  );
}

function settingsOf(wanted: Exclude<WorkspaceWanted, { kind: 'absent' }>): Settings {
  if (wanted.kind === 'settings') return { ...wanted.change, ...(wanted.dropped ? { dropped: wanted.dropped } : {}) };
  const { retentionDays, dailyCapGb = null, tags, sku } = wanted.request;
  return { retentionDays, dailyCapGb, tags, sku: sku.name };
}

/** Tags that a policy added are no difference; a tag that is lost or another is. */
function findDifferences(listing: WorkspaceListing, wanted: Settings): readonly string[] {
  const { retentionDays, dailyCapGb, tags = {}, sku, dropped = [] } = wanted;
  const there = new Set(Object.keys(listing.tags).map((tag) => tag.toLowerCase()));
  const kept = dropped.filter((tag) => there.has(tag.toLowerCase()));
  const missing = missingTags(tags, listing.tags);
  return [
    ...(retentionDays === undefined || listing.retentionDays === retentionDays
      ? []
      : [`retention is ${listing.retentionDays} days, not ${retentionDays}`]),
    ...(dailyCapGb === undefined || listing.dailyCapGb === (dailyCapGb ?? undefined)
      ? []
      : [`the daily cap is ${capText(listing.dailyCapGb)}, not ${capText(dailyCapGb ?? undefined)}`]),
    ...(sku === undefined || listing.sku.toLowerCase() === sku.toLowerCase()
      ? []
      : [`the pricing tier is ${listing.sku}, not ${sku}`]),
    ...(missing.length === 0 ? [] : [`it lacks the tags ${missing.join(', ')}`]),
    ...(kept.length === 0 ? [] : [`it still has the tags ${kept.join(', ')}`]),
  ];
}

function missingTags(wanted: Readonly<Record<string, string>>, there: Readonly<Record<string, string>>): string[] {
  const known = new Map(Object.entries(there).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.entries(wanted).flatMap(([name, value]) =>
    known.get(name.toLowerCase()) === value ? [] : [`${name}=${value}`],
  );
}

function capText(gb: number | undefined): string {
  return gb === undefined ? 'off' : `${gb} GB`;
}
