import type { CancelSignal } from '../../../base/cancel.ts';
import { toAppError } from '../../../base/errors.ts';
import type { Subscription } from '../../../model/estate.ts';
import type { TenantId } from '../../../model/ids.ts';
import { issuerKey } from '../../../ports/issuer.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type { ListedRole, OwnRolesPort } from '../../../ports/leaving.ts';
import type { MicrosoftGraphPort, PrincipalName } from '../../../ports/microsoftGraph.ts';
import type { OffboardPort, PreflightPort } from '../../../ports/onboarding.ts';
import { distinctIssuers } from '../../assess/measure/sight.ts';
import { wantDelegationEnd } from '../delegationHandler.ts';
import { allowed } from '../preflight/mayWrite.ts';
import { wantRemoval } from '../removalHandler.ts';
import { azLine, liesIn } from './leavingNotes.ts';
import type { Leaving, LeavingNotes } from './leavingNotes.ts';
import { isOurs, ownTenants } from './ownPrincipals.ts';

const ROLE_ASSIGNMENTS = '2022-04-01';
const REMOVE_ROLE = 'Microsoft.Authorization/roleAssignments/delete';
const END_DELEGATION = 'Microsoft.ManagedServices/registrationAssignments/delete';

/** What is asked about our own access. */
export interface AccessWorld {
  readonly offboard: Pick<OffboardPort, 'delegations'>;
  readonly preflight: Pick<PreflightPort, 'permissions'>;
  readonly ownRoles: OwnRolesPort;
  readonly names: Pick<MicrosoftGraphPort, 'principals'>;
}

/**
 * Notes the end of our access: role assignments of our people and applications in the customer's directory, then
 * delegations, those of resource groups before those of subscriptions. What our roles do not let us remove becomes a
 * task of its administrators.
 */
export async function endAccess(
  leaving: Leaving,
  world: AccessWorld,
  notes: LeavingNotes,
  signal: CancelSignal,
): Promise<void> {
  for (const subscription of leaving.subscriptions) await endRoles(leaving, subscription, world, notes, signal);
  for (const subscription of leaving.subscriptions) await endDelegations(leaving, subscription, world, notes, signal);
}

/** Tokens of the customer's own directory: others are shown no assignment. */
function insiders({ paths, tenant }: Subscription): readonly Issuer[] {
  return distinctIssuers(
    paths.filter(({ issuer }) => issuer === tenant).map(({ account, issuer }) => ({ account, tenant: issuer })),
  );
}

async function endRoles(
  leaving: Leaving,
  subscription: Subscription,
  world: AccessWorld,
  notes: LeavingNotes,
  signal: CancelSignal,
): Promise<void> {
  const { id, name, tenant } = subscription;
  const inside = insiders(subscription);
  const [issuer] = inside;
  if (!issuer) {
    notes.tasks.push({
      what: `Role assignments in subscription ${name}: Azure Lighthouse does not show them to us. Remove those of our guests, of our applications, and of "Identity not found".`,
      commands: [azLine('role', 'assignment', 'list', '--all', '--subscription', id, '--output', 'table')],
      advice: true,
    });
    return;
  }
  await notes.tryTo(`role assignments of subscription ${name}`, async () => {
    const assignments = await world.ownRoles.roleAssignments(issuer, id, signal);
    const ids = [...new Set(assignments.map(({ principalId }) => principalId))];
    const names = await principalsOf(issuer, ids, world, notes, name, signal);
    const own = new Set<string>();
    // Whoever is at home there is of the customer, though it is signed in here.
    const home = new Set(
      leaving.estate.accounts.filter((one) => one.homeTenant === tenant).map((account) => account.id),
    );
    for (const one of inside.filter(({ account }) => !home.has(account)))
      own.add((await world.ownRoles.ownObjectId(one)) ?? '');
    const doing = await world.ownRoles.ownObjectId(issuer);
    const ours = assignments.filter(
      ({ principalId }) => own.has(principalId) || isOurs(names.get(principalId), leaving),
    );
    // Whoever does it last of all, and then what lets them do it.
    ours.sort((a, b) => rank(a, doing) - rank(b, doing) || a.armId.localeCompare(b.armId));
    const mayAt = new Map<string, boolean>();
    for (const { armId, scope, principalId, roleName } of ours) {
      const who =
        names.get(principalId)?.name ?? (principalId === doing ? 'the account that is used here' : principalId);
      const called = `${roleName} of ${who} on ${scopeName(scope, subscription)}`;
      let may = mayAt.get(scope.toLowerCase());
      may ??=
        liesIn(scope, `/subscriptions/${id}`) &&
        allowed(await world.preflight.permissions(issuer, scope, signal), REMOVE_ROLE);
      mayAt.set(scope.toLowerCase(), may);
      if (may)
        notes.add(
          'access',
          issuer,
          wantRemoval(armId, {
            apiVersion: ROLE_ASSIGNMENTS,
            called: `role ${called}`,
            consequence: 'It is given by the customer alone',
            ownAccess: true,
          }),
        );
      else
        notes.tasks.push({
          what: `Role ${called}: none of our roles lets us remove it.`,
          commands: [azLine('role', 'assignment', 'delete', '--ids', armId)],
        });
    }
  });
}

function rank({ principalId, givesAccess }: ListedRole, doing: string | undefined): number {
  return (principalId === doing ? 2 : 0) + (givesAccess ? 1 : 0);
}

/** Names by object id; none, and a task, where the directory does not tell. */
async function principalsOf(
  issuer: Issuer,
  ids: readonly string[],
  { names }: Pick<AccessWorld, 'names'>,
  notes: LeavingNotes,
  subscription: string,
  signal: CancelSignal,
): Promise<ReadonlyMap<string, PrincipalName>> {
  try {
    return await names.principals(issuer, ids, signal);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.family === 'cancelled' || error.family === 'bug') throw error;
    notes.unseen.push(`whose the role assignments of subscription ${subscription} are: ${error.message}`);
    return new Map();
  }
}

async function endDelegations(
  leaving: Leaving,
  { id, name, tenant, paths }: Subscription,
  { offboard, preflight }: AccessWorld,
  notes: LeavingNotes,
  signal: CancelSignal,
): Promise<void> {
  const ours = ownTenants(leaving);
  const issuers = distinctIssuers(paths.map(({ account, issuer }) => ({ account, tenant: issuer })));
  const done = new Set<string>();
  for (const issuer of issuers)
    await notes.tryTo(`delegations of subscription ${name}`, async () => {
      // Of a resource group first: what ends that of the subscription may be what lets us see it.
      const all = [...(await offboard.delegations(issuer, id, signal))].sort(
        (a, b) => b.scope.length - a.scope.length || a.armId.localeCompare(b.armId),
      );
      for (const { armId, scope, managedBy, offerName } of all) {
        const manager = managedBy.toLowerCase() as TenantId;
        // Where we are guests of another manager, its delegation is not ours, though it lets us in.
        if (done.has(armId.toLowerCase()) || !ours.has(manager) || manager === tenant) continue;
        const called = scopeName(scope, { id, name });
        const may = allowed(await preflight.permissions(issuer, scope, signal), END_DELEGATION);
        // Another token of ours may be allowed to.
        if (!may && issuerKey(issuer) !== issuerKey(issuers.at(-1)!)) continue;
        done.add(armId.toLowerCase());
        if (may) notes.add('access', issuer, wantDelegationEnd(armId, offerName, called));
        else
          notes.tasks.push({
            what: `The offer "${offerName}" of Azure Lighthouse on ${called}: it does not let us end it ourselves.`,
            commands: [azLine('managedservices', 'assignment', 'delete', '--assignment', armId)],
          });
      }
    });
}

function scopeName(scope: string, { id, name }: Pick<Subscription, 'id' | 'name'>): string {
  if (scope.toLowerCase() === `/subscriptions/${id}`.toLowerCase()) return `subscription ${name}`;
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)$/i.exec(scope)?.[1];
  if (group !== undefined) return `resource group ${group} of subscription ${name}`;
  return scope === '/' ? 'the root of the directory' : scope.slice(scope.lastIndexOf('/') + 1);
}
