import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { SubscriptionId } from '../../model/ids.ts';
import { READ_DEADLINE_MS, callAzure } from '../calls.ts';
import type { AzureClients } from '../clients.ts';
import { sentence } from '../errors/query.ts';
import { subjectOf } from '../errors/subject.ts';
import { parseArmId } from './armId.ts';
import { nameLocks } from './locks.ts';
import type { WorkspacesDoor } from './workspaces.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type {
  DeletedWorkspace,
  ProvisionPort,
  ResourceGroupNow,
  ResourceProviderNow,
  WorkspaceBody,
  WorkspaceNow,
} from '../../ports/workspaces.ts';

/** Making a workspace takes the service seconds as a rule and many minutes on a bad day. */
const OPERATION_DEADLINE_MS = 30 * 60_000;

/** Creating, changing and deleting workspaces. */
export class ProvisionClient implements ProvisionPort {
  private readonly clients: AzureClients;

  constructor(clients: AzureClients) {
    this.clients = clients;
  }

  locations(
    issuer: Issuer,
    subscription: SubscriptionId,
    signal?: CancelSignal,
  ): Promise<readonly { readonly name: string; readonly displayName: string }[]> {
    return this.inSubscription(issuer, subscription, signal, async (abort) => {
      const [all, offered] = await Promise.all([
        (await this.clients.subscriptions(issuer)).locations(subscription, abort),
        this.regionsOfWorkspaces(issuer, subscription, abort),
      ]);
      return offered ? all.filter(({ name, displayName }) => offered.has(name) || offered.has(fold(displayName))) : all;
    });
  }

  resourceProvider(
    issuer: Issuer,
    subscription: SubscriptionId,
    namespace: string,
    signal?: CancelSignal,
  ): Promise<ResourceProviderNow | undefined> {
    return orAbsent(
      this.inSubscription(issuer, subscription, signal, async (abort) => {
        const { registrationState } = await (
          await this.clients.resources(issuer, subscription)
        ).provider(namespace, abort);
        return { registrationState };
      }),
    );
  }

  registerResourceProvider(
    issuer: Issuer,
    subscription: SubscriptionId,
    namespace: string,
    signal?: CancelSignal,
  ): Promise<void> {
    return this.inSubscription(issuer, subscription, signal, async (abort) =>
      (await this.clients.resources(issuer, subscription)).register(namespace, abort),
    );
  }

  resourceGroups(
    issuer: Issuer,
    subscription: SubscriptionId,
    signal?: CancelSignal,
  ): Promise<readonly { readonly name: string; readonly region: string }[]> {
    return this.inSubscription(issuer, subscription, signal, async (abort) =>
      (await this.clients.resources(issuer, subscription)).resourceGroups(abort),
    );
  }

  resourceGroup(
    issuer: Issuer,
    subscription: SubscriptionId,
    name: string,
    signal?: CancelSignal,
  ): Promise<ResourceGroupNow | undefined> {
    return orAbsent(
      this.inSubscription(issuer, subscription, signal, async (abort) =>
        (await this.clients.resources(issuer, subscription)).resourceGroup(name, abort),
      ),
    );
  }

  createResourceGroup(
    issuer: Issuer,
    subscription: SubscriptionId,
    name: string,
    region: string,
    signal?: CancelSignal,
  ): Promise<void> {
    return this.inSubscription(issuer, subscription, signal, async (abort) =>
      (await this.clients.resources(issuer, subscription)).createResourceGroup(name, region, abort),
    );
  }

  workspace(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<WorkspaceNow | undefined> {
    return orAbsent(
      this.onWorkspace(issuer, armId, signal, READ_DEADLINE_MS, (door, id, abort) =>
        door.get(id.resourceGroup, id.name, abort),
      ),
    );
  }

  deletedWorkspaces(
    issuer: Issuer,
    subscription: SubscriptionId,
    signal?: CancelSignal,
  ): Promise<readonly DeletedWorkspace[]> {
    return orAbsent(
      this.inSubscription(issuer, subscription, signal, async (abort) =>
        (await this.clients.workspaces(issuer, subscription)).deleted(abort),
      ),
    ).then((found) => found ?? []);
  }

  putWorkspace(
    issuer: Issuer,
    armId: string,
    body: WorkspaceBody,
    report: (state: string) => void,
    signal?: CancelSignal,
  ): Promise<void> {
    return this.onWorkspace(issuer, armId, signal, OPERATION_DEADLINE_MS, (door, id, abort) =>
      door.put(id.resourceGroup, id.name, body, report, abort),
    );
  }

  patchWorkspace(issuer: Issuer, armId: string, body: Partial<WorkspaceBody>, signal?: CancelSignal): Promise<void> {
    return this.onWorkspace(issuer, armId, signal, READ_DEADLINE_MS, (door, id, abort) =>
      door.patch(id.resourceGroup, id.name, body, abort),
    );
  }

  deleteWorkspace(
    issuer: Issuer,
    armId: string,
    permanent: boolean,
    report: (state: string) => void,
    signal?: CancelSignal,
  ): Promise<void> {
    return this.onWorkspace(issuer, armId, signal, OPERATION_DEADLINE_MS, (door, id, abort) =>
      door.delete(id.resourceGroup, id.name, permanent, report, abort),
    );
  }

  /**
   * What the resource provider lists for workspaces, which is not every region of a subscription. Undefined where the
   * provider may not be read (a delegation of single resource groups) or lists nothing.
   */
  private async regionsOfWorkspaces(
    issuer: Issuer,
    subscription: SubscriptionId,
    abort: { readonly abortSignal: AbortSignal },
  ): Promise<ReadonlySet<string> | undefined> {
    try {
      const door = await this.clients.resources(issuer, subscription);
      const regions = (await door.provider('Microsoft.OperationalInsights', abort)).regionsOf('workspaces');
      return regions.length === 0 ? undefined : new Set(regions.map(fold));
    } catch (thrown) {
      if (toAppError(thrown).code === 'access.insufficient') return undefined;
      throw thrown;
    }
  }

  private inSubscription<T>(
    issuer: Issuer,
    subscription: string,
    signal: CancelSignal | undefined,
    call: (abort: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    return callAzure(
      { subject: subjectOf(`/subscriptions/${subscription}`, issuer.tenant), signal, deadlineMs: READ_DEADLINE_MS },
      call,
    );
  }

  private async onWorkspace<T>(
    issuer: Issuer,
    armId: string,
    signal: CancelSignal | undefined,
    deadlineMs: number,
    call: (
      door: WorkspacesDoor,
      id: ReturnType<typeof parseArmId>,
      abort: { readonly abortSignal: AbortSignal },
    ) => Promise<T>,
  ): Promise<T> {
    const subject = subjectOf(armId, issuer.tenant);
    const id = parseArmId(armId);
    const owner = await this.clients.ownerOf(issuer, id.subscription, signal, subject);
    try {
      return await callAzure({ subject, signal, deadlineMs }, async (abort) => {
        try {
          return await call(await this.clients.workspaces(issuer, id.subscription, owner), id, abort);
        } catch (error) {
          throw failedOperation(error, id.name);
        }
      });
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code !== 'access.locked') throw error;
      throw await nameLocks(error, subject, owner !== issuer.tenant, () =>
        this.inSubscription(issuer, id.subscription, signal, async (abort) =>
          (await this.clients.resources(issuer, id.subscription)).locks(armId, abort),
        ),
      );
    }
  }
}

/** A region as its name writes it: providers list `West Europe`, resources have `westeurope`. */
function fold(region: string): string {
  return region.toLowerCase().replaceAll(' ', '');
}

/** A long-running operation that ended badly: the poller keeps the service's code and message in its text only. */
function failedOperation(error: unknown, name: string): unknown {
  if (
    !(error instanceof Error) ||
    error instanceof AppError ||
    !/long-running operation has (?:failed|been canceled)/i.test(error.message)
  )
    return error;
  const [, code, message] = /operation has failed\. ([^.]*)\. ([^]*)/.exec(error.message) ?? [];
  return new AppError(
    'service.operationFailed',
    `The service began the operation on workspace ${name} and gave it up.${message ? ` ${sentence(message)}` : ''}`,
    { ...(code ? { data: { wireCode: code } } : {}), cause: error },
  );
}

/** A resource that is not there is no failure of reading it; a subscription that is not there or not seen is. */
async function orAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'access.notFound' && error.data?.['wireCode'] !== 'SubscriptionNotFound') return undefined;
    // Nothing can be there of a service that the subscription never used; registering it is another question.
    if (error.code === 'access.notRegistered') return undefined;
    throw error;
  }
}
