import type { GroupMembers, Reader } from '../../model/access.ts';
import type { ReaderRow } from '../../model/assessment/assessment.ts';
import type { DelegationFact, Fact } from '../../model/assessment/facts.ts';
import type { Workspace } from '../../model/estate.ts';
import type { TenantId } from '../../model/ids.ts';
import type { PrincipalName } from '../../ports/microsoftGraph.ts';
import type { EstateIndex } from '../estate/estateIndex.ts';
import { providerHomes } from '../estate/providerHomes.ts';
import type { AllMembers, GroupPlace, Members } from './groupMembers.ts';
import type { Names } from './principalNames.ts';

/** What a row is told by. */
export interface ReaderWords {
  readonly names: Names;
  readonly index: EstateIndex;
  readonly delegations: Fact<readonly DelegationFact[]>;
  readonly members: AllMembers;
}

/** A row of the readers with the name its directory gives, and where the right comes from. */
export function toReader(row: ReaderRow, workspace: Workspace, words: ReaderWords): Reader {
  const { workspace: _workspace, ...rest } = row;
  const directory = directoryOf(row, workspace, words.delegations);
  const told = row.principal === undefined ? undefined : words.names.find(directory, row.principal);
  const kind = told && told.kind !== 'unknown' ? told.kind : row.kind;
  const side = (who: PrincipalName): Reader['side'] =>
    row.by === 'delegation' ? rest.side : sideOf(who, rest.side, workspace, words.index);
  const members =
    kind === 'group' && row.principal !== undefined ? words.members.of({ directory, group: row.principal }) : undefined;
  return {
    ...rest,
    kind,
    side: told ? side(told) : untoldSide(row, workspace, words.index),
    ...(told ? { name: told.name } : labelOf(row, words.index)),
    from: fromOf({ ...row, kind }, workspace, words, directory),
    ...(members ? { members: toGroupMembers(members, side) } : {}),
  };
}

/** One of our own accounts is called as it is elsewhere. */
function labelOf({ who }: ReaderRow, { estate }: EstateIndex): { readonly name?: string } {
  const own = estate.accounts.find(({ id }) => id === who);
  return own ? { name: own.label } : {};
}

function toGroupMembers(members: Members, side: (who: PrincipalName) => Reader['side']): GroupMembers {
  if (members.state === 'notVisible') return members;
  return {
    ...members,
    people: members.people.map((who) => ({ name: who.name, kind: who.kind, side: side(who) })),
  };
}

/** The group that a row is about, where it is about one. */
export function groupOf(
  row: ReaderRow,
  workspace: Workspace,
  { names, delegations }: Pick<ReaderWords, 'names' | 'delegations'>,
): GroupPlace | undefined {
  if (row.principal === undefined) return undefined;
  const directory = directoryOf(row, workspace, delegations);
  const kind = names.find(directory, row.principal)?.kind ?? row.kind;
  return kind === 'group' ? { directory, group: row.principal } : undefined;
}

/** The directory whose principal it is: an assignment's is the workspace's own, a delegation's the managing one. */
function directoryOf(row: ReaderRow, workspace: Workspace, delegations: ReaderWords['delegations']): TenantId {
  if (row.by !== 'delegation' || delegations.state !== 'known') return workspace.tenant;
  return (
    delegations.value.find(
      ({ scope, offer, roles }) =>
        scope === row.scope && offer === row.offer && roles.some(({ principalId }) => principalId === row.principal),
    )?.managedBy ?? workspace.tenant
  );
}

/**
 * A person of the customer's own directory is the customer's; a guest is the provider's where the domain it comes from
 * is that of one of its tenants. An application may be anybody's.
 */
function sideOf(
  { kind, guestOf }: PrincipalName,
  otherwise: Reader['side'],
  { tenant }: Workspace,
  { estate }: EstateIndex,
): Reader['side'] {
  const homes = providerHomes(estate);
  if (guestOf !== undefined) {
    const from = estate.tenants.find(({ defaultDomain }) => defaultDomain?.toLowerCase() === guestOf);
    return from && homes.has(from.id) ? 'provider' : 'unknown';
  }
  return ofOwner(kind === 'user' ? 'customer' : otherwise, homes.has(tenant));
}

/** A person whose name nobody tells may be a guest of anybody's. */
function untoldSide(
  { side, kind, principal }: ReaderRow,
  { tenant }: Workspace,
  { estate }: EstateIndex,
): Reader['side'] {
  if (side === 'customer' && kind === 'user' && principal !== undefined) return 'unknown';
  return ofOwner(side, providerHomes(estate).has(tenant));
}

/** In the provider's own workspaces, whoever else would be the customer's is the provider's. */
function ofOwner(side: Reader['side'], isOwn: boolean): Reader['side'] {
  return isOwn && side === 'customer' ? 'provider' : side;
}

function fromOf(row: ReaderRow, workspace: Workspace, { index }: ReaderWords, directory: TenantId): string {
  const who = row.kind === 'group' ? ' by membership of the group' : '';
  if (row.by === 'delegation')
    return `Azure Lighthouse offer "${row.offer ?? ''}" on ${placeOf(row.scope, workspace)}, to tenant ${index.tenantName(directory)}${who}`;
  if (row.by === 'sharedKey') return 'The keys of the workspace';
  if (row.scope !== undefined)
    return `Role assignment on ${placeOf(row.scope, workspace)} in tenant ${index.tenantName(workspace.tenant)}${who}`;
  if (row.side === 'provider') return `Signed in to tenant ${index.tenantName(workspace.tenant)}`;
  return 'The access mode of the workspace';
}

/** A scope in words, from the workspace's point of view. */
function placeOf(scope: string | undefined, workspace: Workspace): string {
  const id = (scope ?? '').toLowerCase();
  if (id === '' || id === '/') return 'the root of the tenant';
  const management = /\/managementgroups\/([^/]+)$/.exec(id)?.[1];
  if (management !== undefined) return `management group ${management}, above it`;
  if (id === workspace.armId.toLowerCase()) return 'the workspace itself';
  const group = /\/resourcegroups\/([^/]+)$/.exec(id)?.[1];
  if (group !== undefined) return `resource group ${group}`;
  return id === `/subscriptions/${workspace.subscription.toLowerCase()}`
    ? `subscription ${workspace.subscriptionName}`
    : id;
}
