import type { CancelSignal } from '../base/cancel.ts';
import { AppError } from '../base/errors.ts';
import type { Handlers } from '../base/rpc.ts';
import { applyPlan } from '../core/provision/applyPlan.ts';
import { changeWorkspace, deleteWorkspace } from '../core/provision/changeWorkspace.ts';
import { checkName } from '../core/provision/checkName.ts';
import { planWorkspace } from '../core/provision/planWorkspace.ts';
import { reachableSubscriptions } from '../core/provision/reachableSubscriptions.ts';
import { choosePath } from '../core/estate/path.ts';
import { pathKind } from '../core/estate/sightings.ts';
import type { WorkspaceListing } from '../ports/directory.ts';
import type { Issuer } from '../ports/issuer.ts';
import type { AccessPath, Estate, Workspace } from '../model/estate.ts';
import type { AccountId, TenantId, WorkspaceKey } from '../model/ids.ts';
import type { ProvisionProgress, ProvisionResult } from '../model/plan.ts';
import type { ProvisionContract } from '../protocol/provision.ts';
import type { Session } from './session.ts';

/** Creating, changing and deleting workspaces; what was done is in the estate at once. */
export function provisionHandlers(
  live: () => Session,
  progress: (token: string, progress: ProvisionProgress) => void,
): Handlers<ProvisionContract> {
  const issuerOf = ({ account, issuer }: { account: AccountId; issuer: TenantId }): Issuer => ({
    account,
    tenant: issuer,
  });
  return {
    'provision.locations': async (input, signal) => [
      ...(await live().provision.locations(issuerOf(input), input.subscription, signal)),
    ],
    'provision.subscriptions': async ({ customer }, signal) =>
      reachableSubscriptions(await live().estate.load({ signal }), live().directory, customer, signal),
    'provision.resourceGroups': async (input, signal) => [
      ...(await live().provision.resourceGroups(issuerOf(input), input.subscription, signal)),
    ],
    'provision.checkName': (input, signal) =>
      checkName(
        live().provision,
        { issuer: issuerOf(input), subscription: input.subscription, resourceGroup: input.resourceGroup, region: '' },
        input.name,
        signal,
      ),
    'provision.plan': async ({ recover, ...request }, signal) => {
      const estate = await live().estate.load({ signal });
      const tenant = estate.tenants.find((entry) => entry.id === request.tenant);
      const customer = estate.customers.find((entry) => entry.key === tenant?.customer);
      return planWorkspace(request, {
        ...(customer ? { customer } : {}),
        ...(tenant ? { tenantName: tenant.name } : {}),
        ...(recover ? { recover } : {}),
      });
    },
    'provision.apply': async ({ plan, token }, signal) => {
      const { listing, ...result } = await applyPlan(
        plan,
        live().provision,
        (step) => {
          progress(token, step);
        },
        signal,
      );
      const issuer = issuerOf(plan.request);
      if (listing) await notePresent(live(), listing, issuer);
      return result;
    },
    'provision.change': async (change, signal): Promise<ProvisionResult> => {
      const { workspace, path } = await find(live(), change.workspace, signal);
      const issuer: Issuer = { account: path.account, tenant: path.issuer };
      const listing = await changeWorkspace(live().provision, issuer, workspace.armId, change, signal);
      live().estate.notePresent(listing, path);
      return { ok: true, workspace: workspace.key, done: ['updateWorkspace'], exists: [`workspace ${workspace.name}`] };
    },
    // The page or the command asked for the typed name before; the worker is told only once it was right.
    'provision.delete': async ({ workspace: key, permanent, token }, signal) => {
      const { workspace, path } = await find(live(), key, signal);
      const deletion = { armId: workspace.armId, name: workspace.name, permanent, typedName: workspace.name };
      const result = await deleteWorkspace(
        live().provision,
        { account: path.account, tenant: path.issuer },
        deletion,
        (step) => {
          progress(token, step);
        },
        signal,
      );
      if (result.ok) live().estate.noteGone(key);
      return result;
    },
  };
}

async function find(
  session: Session,
  key: WorkspaceKey,
  signal: CancelSignal,
): Promise<{ workspace: Workspace; path: AccessPath }> {
  const estate: Estate = await session.estate.load({ signal });
  const workspace = estate.workspaces.find((entry) => entry.key === key);
  if (!workspace)
    throw new AppError('input.unknownWorkspace', 'This workspace is no longer in your estate. Refresh the estate.');
  const path = choosePath(workspace);
  if (!path)
    throw new AppError('access.noPath', `No signed-in account reaches ${workspace.name}. Sign in, or ask for access.`);
  return { workspace, path };
}

async function notePresent(session: Session, listing: WorkspaceListing, issuer: Issuer): Promise<void> {
  const estate = await session.estate.load();
  const account = estate.accounts.find((entry) => entry.id === issuer.account);
  if (account)
    session.estate.notePresent(listing, {
      kind: pathKind(listing.tenant, account, issuer),
      account: issuer.account,
      issuer: issuer.tenant,
    });
}
