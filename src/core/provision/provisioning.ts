import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { Workspace } from '../../model/estate.ts';
import type { CustomerKey, PlanId, SubscriptionId, WorkspaceKey } from '../../model/ids.ts';
import type { ChangeProgress, Plan, PlanResult, WorkspaceChange, WorkspaceRequest } from '../../model/plan.ts';
import type { DirectoryPort } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { ProvisionPort } from '../../ports/workspaces.ts';
import type { ChangeService } from '../changes/changeService.ts';
import type { EstateService } from '../estate/estateService.ts';
import { choosePath } from '../estate/path.ts';
import { checkName } from './checkName.ts';
import type { WorkspacePlace } from './checkName.ts';
import { draftDeletion, draftSettings, draftWorkspace } from './draftWorkspace.ts';
import type { ExistingWorkspace } from './draftWorkspace.ts';
import { lossesOf } from './losses.ts';
import { sameRegion } from './nameState.ts';
import type { NameAnswer } from './nameState.ts';
import { reachableSubscriptions } from './reachableSubscriptions.ts';
import type { ReachableSubscription } from './reachableSubscriptions.ts';
import { needsRegistration } from './resourceProviderHandler.ts';
import { planSubjects, whose, whoseText } from './whose.ts';

/** What provisioning stands on. */
export interface ProvisioningWorld {
  readonly port: Pick<
    ProvisionPort,
    'locations' | 'resourceGroups' | 'resourceProvider' | 'workspace' | 'deletedWorkspaces'
  >;
  readonly directory: Pick<DirectoryPort, 'subscriptions' | 'tables' | 'functions'>;
  readonly estate: Pick<EstateService, 'load'>;
  readonly changes: Pick<ChangeService, 'plan' | 'apply' | 'cancel' | 'close'>;
}

/**
 * Creating, recovering, changing and deleting workspaces: what can be chosen, the plan of it, and carrying the plan
 * out. The worker and the command line are two ways to this.
 */
export class Provisioning {
  private readonly world: ProvisioningWorld;

  constructor(world: ProvisioningWorld) {
    this.world = world;
  }

  /** Regions of a subscription that workspaces can be made in, by name. */
  locations(
    issuer: Issuer,
    subscription: SubscriptionId,
    signal?: CancelSignal,
  ): Promise<readonly { readonly name: string; readonly displayName: string }[]> {
    return this.world.port.locations(issuer, subscription, signal);
  }

  /** Subscriptions where a workspace could be, of one customer or of all. */
  async subscriptions(customer?: CustomerKey, signal?: CancelSignal): Promise<ReachableSubscription[]> {
    const estate = await this.world.estate.load({ ...(signal ? { signal } : {}) });
    return reachableSubscriptions(estate, this.world.directory, customer, signal);
  }

  /** The resource groups of a subscription, by name. */
  resourceGroups(
    issuer: Issuer,
    subscription: SubscriptionId,
    signal?: CancelSignal,
  ): Promise<readonly { readonly name: string; readonly region: string }[]> {
    return this.world.port.resourceGroups(issuer, subscription, signal);
  }

  /** Whether a name can be had at a place. */
  checkName(place: WorkspacePlace, name: string, signal?: CancelSignal): Promise<NameAnswer> {
    return checkName(this.world.port, place, name, signal);
  }

  /**
   * The plan of creating a workspace, or of bringing a deleted one back. Rejects with `input.workspace` for what
   * cannot be and with `input.softDeleted` where a deleted workspace holds the name and `recover` is not said, or
   * does not help.
   */
  async planWorkspace(
    request: WorkspaceRequest,
    options: { readonly recover?: boolean; readonly subscriptionName?: string } = {},
    signal?: CancelSignal,
  ): Promise<Plan> {
    const estate = await this.world.estate.load({ ...(signal ? { signal } : {}) });
    const tenant = estate.tenants.find((entry) => entry.id === request.tenant);
    const customer = estate.customers.find((entry) => entry.key === tenant?.customer);
    const issuer = { account: request.account, tenant: request.issuer };
    const [register, regionName] = await Promise.all([
      needsRegistration(this.world.port, issuer, request.subscription, signal),
      this.regionName(issuer, request, signal),
    ]);
    const subscriptionName =
      options.subscriptionName ??
      estate.workspaces.find(({ subscription }) => subscription === request.subscription)?.subscriptionName;
    const workspace = { name: request.name };
    const draft = draftWorkspace(request, {
      ...options,
      register,
      owner: whoseText(whose(estate, request.tenant)),
      about: planSubjects(estate, { ...request, subscriptionName, workspace }),
      ...(subscriptionName === undefined ? {} : { subscriptionName }),
      ...(regionName === undefined ? {} : { regionName }),
      ...(customer ? { customer } : {}),
      ...(tenant ? { tenantName: tenant.name } : {}),
    });
    return this.world.changes.plan(draft, signal);
  }

  /** The plan of other settings. Rejects with `input.workspace`, `input.unknownWorkspace` or `access.noPath`. */
  async planSettings(change: WorkspaceChange, signal?: CancelSignal): Promise<Plan> {
    return this.world.changes.plan(draftSettings(await this.find(change.workspace, signal), change), signal);
  }

  /** The plan of a deletion, with what goes with the workspace; a permanent one wants its name typed to be done. */
  async planDeletion(key: WorkspaceKey, permanent: boolean, signal?: CancelSignal): Promise<Plan> {
    const found = await this.find(key, signal);
    const losses = await lossesOf(found.workspace, permanent, this.world.directory, found.issuer, signal);
    return this.world.changes.plan(draftDeletion(found, permanent, losses), signal);
  }

  /**
   * Carries a plan out, once, by its id; what was done is in the estate at once. `typed`: what the person typed where
   * the plan wants that. Rejects with `input.plan*` or `input.notConfirmed`.
   */
  apply(
    plan: PlanId,
    report: (progress: ChangeProgress) => void,
    signal?: CancelSignal,
    typed?: string,
  ): Promise<PlanResult> {
    return this.world.changes.apply(plan, report, signal, typed);
  }

  /** Stops a plan that is being carried out; its result says what there is then. */
  cancel(plan: PlanId): void {
    this.world.changes.cancel(plan);
  }

  /** Stops what is being carried out and waits for its results. Never rejects. */
  close(): Promise<void> {
    return this.world.changes.close();
  }

  /** What a region is called. Not being told is no failure: the code says it, too. */
  private async regionName(
    issuer: Issuer,
    { subscription, region }: WorkspaceRequest,
    signal?: CancelSignal,
  ): Promise<string | undefined> {
    try {
      const offered = await this.world.port.locations(issuer, subscription, signal);
      return offered.find(({ name }) => sameRegion(name, region))?.displayName;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family === 'cancelled') throw error;
      return undefined;
    }
  }

  private async find(
    key: WorkspaceKey,
    signal?: CancelSignal,
  ): Promise<ExistingWorkspace & { readonly workspace: Workspace }> {
    const estate = await this.world.estate.load({ ...(signal ? { signal } : {}) });
    const workspace = estate.workspaces.find((entry) => entry.key === key);
    if (!workspace)
      throw new AppError('input.unknownWorkspace', 'This workspace is no longer in your estate. Refresh the estate.');
    const path = choosePath(workspace);
    if (!path)
      throw new AppError(
        'access.noPath',
        `No signed-in account reaches ${workspace.name}. Sign in, or ask for access.`,
      );
    return {
      armId: workspace.armId,
      name: workspace.name,
      owner: workspace.tenant,
      tags: workspace.tags,
      sku: workspace.sku,
      issuer: { account: path.account, tenant: path.issuer },
      whose: whoseText(whose(estate, workspace.tenant)),
      about: planSubjects(estate, { ...workspace, account: path.account, issuer: path.issuer, workspace }),
      workspace,
    };
  }
}
