import type { CancelSignal } from '../../base/cancel.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type { WorkspaceFunction, WorkspaceTable } from '../../model/estate.ts';
import { READ_DEADLINE_MS, callAzure } from '../calls.ts';
import type { AzureClients } from '../clients.ts';
import { subjectOf, subjectOfTenant } from '../errors/subject.ts';
import { parseArmId } from './armId.ts';
import type { DirectoryPort, SubscriptionListing, TenantListing, WorkspaceListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';

/** Told what a listing had to leave out. */
type Report = (where: string, error: AppErrorData) => void;

/**
 * Subscriptions and resource groups listed at once where Resource Graph cannot be asked: well inside Resource Manager's
 * 25 reads a second.
 */
const LISTINGS_AT_ONCE = 8;

/**
 * Tenants, subscriptions, workspaces, tables and functions as one issuer sees them.
 */
export class Directory implements DirectoryPort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  tenants(issuer: Issuer, signal?: CancelSignal): Promise<readonly TenantListing[]> {
    return this.call(issuer, signal, async (abort) => (await this.clients.subscriptions(issuer)).tenants(abort));
  }

  subscriptions(issuer: Issuer, signal?: CancelSignal): Promise<readonly SubscriptionListing[]> {
    return this.call(issuer, signal, async (abort) =>
      (await this.clients.subscriptions(issuer)).subscriptions(abort, issuer.tenant),
    );
  }

  /** One Resource Graph query, 1,000 workspaces a page; where it is refused or fails, each subscription is listed. */
  async workspaces(
    issuer: Issuer,
    signal?: CancelSignal,
    report: Report = () => undefined,
  ): Promise<readonly WorkspaceListing[]> {
    try {
      return await this.call(issuer, signal, async (abort) => (await this.clients.graph(issuer)).workspaces(abort));
    } catch (thrown) {
      const error = toAppError(thrown);
      // A tenant that cannot be entered or a network that is down would not list either, and a throttled one is not to
      // be asked more.
      if (
        error.family === 'auth' ||
        error.family === 'cancelled' ||
        error.family === 'network' ||
        error.code === 'access.notInTenant' ||
        error.code === 'service.throttled'
      )
        throw error;
      return this.listWorkspaces(issuer, signal, report);
    }
  }

  tables(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<readonly WorkspaceTable[]> {
    return this.inWorkspace(issuer, armId, signal, async (door, id, abort) =>
      (await door.tables(id.resourceGroup, id.name, abort)).map(({ table }) => table),
    );
  }

  functions(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<readonly WorkspaceFunction[]> {
    return this.inWorkspace(issuer, armId, signal, (door, id, abort) =>
      door.functions(id.resourceGroup, id.name, abort),
    );
  }

  private async listWorkspaces(
    issuer: Issuer,
    signal: CancelSignal | undefined,
    report: Report,
  ): Promise<readonly WorkspaceListing[]> {
    const subscriptions = await this.subscriptions(issuer, signal);
    const limiter = new Limiter(LISTINGS_AT_ONCE);
    const lists = await Promise.all(
      subscriptions.map(async (subscription) => {
        try {
          return await this.listSubscription(issuer, subscription, limiter, signal);
        } catch (thrown) {
          const error = toAppError(thrown);
          if (error.family === 'cancelled') throw error;
          report(`subscription ${subscription.name}: workspaces`, error.toData());
          return [];
        }
      }),
    );
    return lists.flat();
  }

  /**
   * Who may read single resource groups only (a common Lighthouse delegation) is refused the subscription's list, not
   * theirs.
   */
  private async listSubscription(
    issuer: Issuer,
    subscription: SubscriptionListing,
    limiter: Limiter,
    signal: CancelSignal | undefined,
  ): Promise<readonly WorkspaceListing[]> {
    const subject = subjectOf(`/subscriptions/${subscription.id}`, issuer.tenant);
    const ask = <T>(call: (abort: { readonly abortSignal: AbortSignal }) => Promise<T>): Promise<T> =>
      limiter.run(() => callAzure({ subject, signal, deadlineMs: READ_DEADLINE_MS }, call), signal);
    const list = (group?: string): Promise<readonly WorkspaceListing[]> =>
      ask(async (abort) =>
        (await this.clients.workspaces(issuer, subscription.id, subscription.tenant)).list(abort, group),
      );
    try {
      return await list();
    } catch (thrown) {
      if (toAppError(thrown).code !== 'access.insufficient') throw thrown;
      const groups = await ask(async (abort) =>
        (await this.clients.resources(issuer, subscription.id)).resourceGroups(abort),
      );
      if (groups.length === 0) throw thrown;
      const lists = await Promise.all(groups.map((group) => list(group.name)));
      return lists.flat();
    }
  }

  private inWorkspace<T>(
    issuer: Issuer,
    armId: string,
    signal: CancelSignal | undefined,
    read: (
      door: Awaited<ReturnType<AzureClients['workspaces']>>,
      id: ReturnType<typeof parseArmId>,
      abort: { abortSignal: AbortSignal },
    ) => Promise<T>,
  ): Promise<T> {
    return callAzure(
      { subject: subjectOf(armId, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
      async (abort) => {
        const id = parseArmId(armId);
        return read(await this.clients.workspaces(issuer, id.subscription), id, abort);
      },
    );
  }

  private call<T>(
    issuer: Issuer,
    signal: CancelSignal | undefined,
    call: (abort: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    return callAzure({ subject: subjectOfTenant(issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS }, call);
  }
}
