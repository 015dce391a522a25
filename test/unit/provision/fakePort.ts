import { cancelled } from '../../../src/base/errors.ts';
import type { AppError } from '../../../src/base/errors.ts';
import type { CancelSignal } from '../../../src/base/cancel.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { applyPlan } from '../../../src/core/changes/applyPlan.ts';
import type { AppliedPlan } from '../../../src/core/changes/applyPlan.ts';
import type { ChangeHandler } from '../../../src/core/changes/changeHandler.ts';
import { makePlan } from '../../../src/core/changes/makePlan.ts';
import type { Draft, PreparedPlan } from '../../../src/core/changes/makePlan.ts';
import { resourceGroupHandler } from '../../../src/core/provision/resourceGroupHandler.ts';
import { resourceProviderHandler } from '../../../src/core/provision/resourceProviderHandler.ts';
import { workspaceHandler } from '../../../src/core/provision/workspaceHandler.ts';
import type { WorkspaceListing } from '../../../src/ports/directory.ts';
import type { Issuer } from '../../../src/ports/issuer.ts';
import type {
  ProvisionPort,
  ResourceGroupNow,
  ResourceProviderNow,
  WorkspaceBody,
  WorkspaceNow,
} from '../../../src/ports/workspaces.ts';
import { toAccountId, toPlanId, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import type { ChangeProgress, WorkspaceRequest } from '../../../src/model/plan.ts';

export const TENANT = toTenantId('00000000-0000-4000-8000-000000000001');

export function request(more: Partial<WorkspaceRequest> = {}): WorkspaceRequest {
  return {
    account: toAccountId('ann'),
    issuer: TENANT,
    tenant: TENANT,
    subscription: toSubscriptionId('5ub'),
    resourceGroup: 'rg-logs',
    createResourceGroup: false,
    name: 'law-contoso',
    region: 'westeurope',
    sku: { name: 'PerGB2018' },
    retentionDays: 90,
    tags: {},
    ...more,
  };
}

/** Resource Manager in memory; `fail` makes a call throw before (or, with `late`, after) it did its work. */
export class FakePort implements ProvisionPort {
  readonly calls: string[] = [];
  readonly existing = new Map<string, WorkspaceListing>();
  readonly groups = new Map<string, ResourceGroupNow & { readonly tags?: Readonly<Record<string, string>> }>();
  /** What a GET of a workspace says of its state, one after the other; `Succeeded` where there is none. */
  states: string[] = [];
  /** What a GET of the resource provider says, one after the other; `Registered` where there is none. */
  registrations: string[] = [];
  deleted: { name: string; resourceGroup: string; region: string }[] = [];
  fail: Partial<Record<'register' | 'group' | 'put' | 'patch' | 'delete', { error: AppError; late?: boolean }>> = {};

  locations(): Promise<{ name: string; displayName: string }[]> {
    return Promise.resolve([{ name: 'westeurope', displayName: 'West Europe' }]);
  }
  resourceGroups(): Promise<{ name: string; region: string }[]> {
    return Promise.resolve([]);
  }
  resourceProvider(): Promise<ResourceProviderNow> {
    return Promise.resolve({ registrationState: this.registrations.shift() ?? 'Registered' });
  }
  registerResourceProvider(_issuer: Issuer, _subscription: string, namespace: string): Promise<void> {
    return this.act('register', `register ${namespace}`, () => undefined);
  }
  resourceGroup(_issuer: Issuer, _subscription: string, name: string): Promise<ResourceGroupNow | undefined> {
    return Promise.resolve(this.groups.get(name.toLowerCase()));
  }
  /** As the service does it: a PUT of a region alone leaves no tags. */
  createResourceGroup(_issuer: Issuer, _subscription: string, name: string, region: string): Promise<void> {
    return this.act('group', `group ${name}`, () => {
      this.groups.set(name.toLowerCase(), { name, region, provisioningState: 'Succeeded', tags: {} });
    });
  }
  workspace(_issuer: Issuer, armId: string): Promise<WorkspaceNow | undefined> {
    const listing = this.existing.get(armId.toLowerCase());
    return Promise.resolve(
      listing && {
        name: listing.name,
        region: listing.region,
        provisioningState: this.states.shift() ?? 'Succeeded',
        listing,
      },
    );
  }
  deletedWorkspaces(): Promise<{ name: string; resourceGroup: string; region: string }[]> {
    return Promise.resolve(this.deleted);
  }

  putWorkspace(
    _issuer: Issuer,
    armId: string,
    body: WorkspaceBody,
    report: (state: string) => void,
    _signal?: CancelSignal,
  ): Promise<void> {
    report('running');
    return this.act('put', `put ${armId.split('/').at(-1)!}`, () => {
      this.store(armId, body);
    });
  }

  patchWorkspace(_issuer: Issuer, armId: string, body: Partial<WorkspaceBody>): Promise<void> {
    return this.act('patch', `patch ${JSON.stringify(body)}`, () => {
      const { dailyCapGb: capBefore, ...before } = this.existing.get(armId.toLowerCase())!;
      const { dailyCapGb = capBefore ?? -1, retentionDays = before.retentionDays, tags = before.tags } = body;
      this.existing.set(armId.toLowerCase(), {
        ...before,
        retentionDays,
        tags,
        ...(dailyCapGb >= 0 ? { dailyCapGb } : {}),
      });
    });
  }

  deleteWorkspace(_issuer: Issuer, armId: string, permanent: boolean): Promise<void> {
    return this.act('delete', `delete ${permanent ? 'permanently' : 'softly'}`, () => {
      this.existing.delete(armId.toLowerCase());
    });
  }

  store(armId: string, body: WorkspaceBody): WorkspaceListing {
    const listing: WorkspaceListing = {
      armId,
      guid: 'guid',
      name: armId.split('/').at(-1)!,
      tenant: TENANT,
      subscription: toSubscriptionId('5ub'),
      resourceGroup: 'rg-logs',
      region: body.location,
      tags: body.tags,
      sku: body.sku,
      retentionDays: body.retentionDays,
      ...(body.dailyCapGb >= 0 ? { dailyCapGb: body.dailyCapGb } : {}),
    };
    this.existing.set(armId.toLowerCase(), listing);
    return listing;
  }

  private async act<T>(
    kind: 'register' | 'group' | 'put' | 'patch' | 'delete',
    call: string,
    work: () => T,
  ): Promise<T> {
    this.calls.push(call);
    await Promise.resolve();
    const failure = this.fail[kind];
    if (failure && !failure.late) throw failure.error;
    const done = work();
    if (failure) throw failure.error;
    return done;
  }
}

/** Time that passes by being waited for. */
export function hastyClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => slept.reduce((sum, ms) => sum + ms, 0),
    sleep: async (ms, signal) => {
      if (signal?.aborted) throw cancelled();
      // What is ready without time passing comes first.
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      if (signal?.aborted) throw cancelled();
      slept.push(ms);
    },
  };
}

/** A draft, planned against what the port holds. */
export function planOn(port: ProvisionPort, draft: Draft): Promise<PreparedPlan> {
  return makePlan(toPlanId('plan'), draft, handlersOf(port));
}

/** A draft, planned and carried out on the port: the result with what the estate is told. */
export async function carryOut(
  port: ProvisionPort,
  draft: Draft,
  report: (progress: ChangeProgress) => void = () => undefined,
  signal?: CancelSignal,
): Promise<AppliedPlan> {
  return applyPlan(await planOn(port, draft), {
    handlers: handlersOf(port),
    clock: hastyClock(),
    report,
    ...(signal ? { signal } : {}),
  });
}

/** The handlers of provisioning over one port. */
export function handlersOf(port: ProvisionPort): readonly ChangeHandler[] {
  return [resourceProviderHandler(port), resourceGroupHandler(port), workspaceHandler(port)];
}
