import { AppError } from '../../base/errors.ts';
import type { Difference, PlannedChange, WorkspaceChange, WorkspaceRequest } from '../../model/plan.ts';
import type { WorkspaceListing } from '../../ports/directory.ts';
import { SOFT_DELETE_DAYS } from './rules.ts';
import { judgeName } from './nameState.ts';
import { printTags } from './tagText.ts';
import { nameOf } from '../changes/explain.ts';
import type { Effect, Intent } from '../changes/changeHandler.ts';
import { isAsRequested } from './workspaceVerify.ts';
import { regionText } from './workspaceWanted.ts';
import type { WorkspaceFound, WorkspaceWanted } from './workspaceWanted.ts';

/** What fulfilling the intent would do to the workspace that was found, or why it cannot be (`input.*`). */
export function diffWorkspace(
  { target, wanted }: Intent<WorkspaceWanted>,
  found: WorkspaceFound | undefined,
  earlier: readonly PlannedChange[],
): Effect {
  const name = nameOf({ target });
  switch (wanted.kind) {
    case 'present':
      return diffPresent(wanted, found, earlier);
    case 'settings':
      return diffSettings(name, wanted.change, found?.now?.listing);
    case 'absent':
      return found?.now
        ? {
            action: 'delete',
            title: `Delete workspace ${found.now.name}${wanted.permanent ? ' permanently' : ''}`,
            detail: wanted.permanent
              ? 'With all its data, for good; its name is free again'
              : `It can be recovered with its data for ${SOFT_DELETE_DAYS} days and keeps its name until then`,
            differences: [],
            basis: identityOf(found.now.listing),
          }
        : {
            action: 'none',
            title: `Workspace ${name} is not there`,
            detail: 'There is nothing to delete',
            differences: [],
          };
  }
}

function diffPresent(
  wanted: WorkspaceWanted & { readonly kind: 'present' },
  found: WorkspaceFound | undefined,
  earlier: readonly PlannedChange[],
): Effect {
  const { request, recover } = wanted;
  const { now, deleted, deletedKnown = true } = found ?? {};
  if (now && isAsRequested(now, request))
    return {
      action: 'none',
      title: `Workspace ${now.name} exists already`,
      detail: `In resource group ${request.resourceGroup}, with these settings`,
      differences: [],
    };
  const answer = judgeName(request.name, request, now, deleted);
  if (answer.state === 'taken' || answer.state === 'invalid') throw new AppError('input.workspace', answer.message);
  if (answer.state === 'softDeleted' && !(recover && answer.recoverable))
    throw new AppError('input.softDeleted', answer.message);
  if (answer.state === 'free' && recover && deletedKnown)
    throw new AppError(
      'input.workspace',
      `There is no deleted workspace ${request.name} in ${request.resourceGroup} to recover.`,
    );
  const settings = describeSettings(request, regionText(request.region, wanted.regionName));
  const common = {
    differences: listSettings(request, regionText(request.region, wanted.regionName), earlier),
    ...(deletedKnown || recover
      ? {}
      : {
          warnings: [
            `The deleted workspaces of the subscription may not be listed: if one called ${request.name} was deleted from this resource group less than ${SOFT_DELETE_DAYS} days ago, it is recovered with its data.`,
          ],
        }),
  };
  return recover
    ? {
        action: 'recover',
        title: `Recover workspace ${request.name} with its data`,
        detail: `Brought back in resource group ${request.resourceGroup} and set to: ${settings}`,
        ...common,
      }
    : {
        action: 'create',
        title: `Create workspace ${request.name}`,
        detail: `In resource group ${request.resourceGroup}: ${settings}`,
        ...common,
      };
}

function describeSettings(request: WorkspaceRequest, region: string): string {
  const sku =
    request.sku.name === 'CapacityReservation'
      ? `commitment tier of ${request.sku.gbPerDay} GB a day`
      : 'pay as you go';
  const cap = request.dailyCapGb === undefined ? 'no daily cap' : `daily cap ${request.dailyCapGb} GB`;
  const tags = Object.entries(request.tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
  return `${region}, ${sku}, retention ${request.retentionDays} days, ${cap}${tags ? `, tags ${tags}` : ''}`;
}

function listSettings(
  request: WorkspaceRequest,
  region: string,
  earlier: readonly PlannedChange[],
): readonly Difference[] {
  const isNewGroup = earlier.some((change) => change.resource === 'resourceGroup' && change.action === 'create');
  const rows: readonly (readonly [string, string])[] = [
    ['Name', request.name],
    ['Resource group', `${request.resourceGroup}${isNewGroup ? ' (new)' : ''}`],
    ['Region', region],
    [
      'Pricing tier',
      request.sku.name === 'PerGB2018' ? 'Pay as you go (PerGB2018)' : `Commitment of ${request.sku.gbPerDay} GB a day`,
    ],
    ['Retention', `${request.retentionDays} days`],
    ['Daily cap', capText(request.dailyCapGb)],
    ['Tags', printTags(request.tags) || 'none'],
  ];
  return rows.map(([name, after]) => ({ name, after }));
}

/** A difference for each tag; Azure compares the names without case. */
function diffTags(now: WorkspaceListing['tags'], wanted: WorkspaceListing['tags']): readonly Difference[] {
  const byName = (tags: WorkspaceListing['tags']): ReadonlyMap<string, readonly [name: string, value: string]> =>
    new Map(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), [name, value]]));
  const [there, all] = [byName(now), new Map([...byName(now), ...byName(wanted)])];
  const to = byName(wanted);
  return [...all].flatMap(([key, [name]]) => {
    const [before, after] = [there.get(key)?.[1], to.get(key)?.[1]];
    if (before === after) return [];
    return [
      { name: `Tag ${name}`, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
    ];
  });
}

function diffSettings(name: string, change: WorkspaceChange, now: WorkspaceListing | undefined): Effect {
  if (!now)
    throw new AppError(
      'input.unknownWorkspace',
      `The workspace ${name} is not there any more, or not whole yet. Refresh the estate.`,
    );
  const { retentionDays, dailyCapGb, tags } = change;
  const differences: readonly Difference[] = [
    ...(retentionDays === undefined || retentionDays === now.retentionDays
      ? []
      : [{ name: 'Retention', before: `${now.retentionDays} days`, after: `${retentionDays} days` }]),
    ...(dailyCapGb === undefined || (dailyCapGb ?? undefined) === now.dailyCapGb
      ? []
      : [{ name: 'Daily cap', before: capText(now.dailyCapGb), after: capText(dailyCapGb ?? undefined) }]),
    ...(tags === undefined ? [] : diffTags(now.tags, tags)),
  ];
  if (differences.length === 0)
    return {
      action: 'none',
      title: `Workspace ${now.name} has these settings already`,
      detail: 'There is nothing to change',
      differences,
    };
  const warning = warnOfSettings(change, now);
  return {
    action: 'update',
    title: `Change workspace ${now.name}`,
    detail: differences
      .map(({ name: what, before = 'none', after = 'none' }) => `${what}: ${before} -> ${after}`)
      .join(', '),
    differences,
    basis: now.guid,
    ...(warning === undefined ? {} : { warnings: [warning] }),
  };
}

/** What a change means for the data that is already there; undefined where it costs nothing. */
function warnOfSettings(change: WorkspaceChange, now: WorkspaceListing): string | undefined {
  if (change.retentionDays !== undefined && change.retentionDays < now.retentionDays)
    return `Logs older than ${change.retentionDays} days will be removed from ${now.name}; the service waits 30 days before it does.`;
  return typeof change.dailyCapGb === 'number'
    ? `Once ${change.dailyCapGb} GB have come in on a day, ${now.name} loses further logs of that day.`
    : undefined;
}

/** Which workspace it is, and what its owner says of it: a person agreed to lose this one. */
function identityOf(listing: WorkspaceListing | undefined): string {
  return JSON.stringify(
    listing ? [listing.guid, listing.region, Object.entries(listing.tags).sort(([a], [b]) => (a < b ? -1 : 1))] : [],
  );
}

function capText(gb: number | undefined): string {
  return gb === undefined ? 'none' : `${gb} GB`;
}
