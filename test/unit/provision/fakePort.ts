import type { AppError } from '../../../src/base/errors.ts';
import type { CancelSignal } from '../../../src/base/cancel.ts';
import type { WorkspaceListing } from '../../../src/ports/directory.ts';
import type { Issuer } from '../../../src/ports/issuer.ts';
import type { ProvisionPort, WorkspaceBody } from '../../../src/ports/workspaces.ts';
import { toAccountId, toSubscriptionId, toTenantId } from '../../../src/model/ids.ts';
import type { WorkspaceRequest } from '../../../src/model/plan.ts';

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
  deleted: { name: string; resourceGroup: string; region: string }[] = [];
  fail: Partial<Record<'group' | 'put' | 'delete', { error: AppError; late?: boolean }>> = {};

  locations(): Promise<{ name: string; displayName: string }[]> {
    return Promise.resolve([{ name: 'westeurope', displayName: 'West Europe' }]);
  }
  resourceGroups(): Promise<{ name: string; region: string }[]> {
    return Promise.resolve([]);
  }
  createResourceGroup(_issuer: Issuer, _subscription: string, name: string): Promise<void> {
    return this.act('group', `group ${name}`, () => undefined);
  }
  workspace(_issuer: Issuer, armId: string): Promise<WorkspaceListing | undefined> {
    return Promise.resolve(this.existing.get(armId.toLowerCase()));
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
  ): Promise<WorkspaceListing> {
    report('running');
    return this.act('put', `put ${armId.split('/').at(-1)!}`, () => this.store(armId, body));
  }

  patchWorkspace(_issuer: Issuer, armId: string, body: Partial<WorkspaceBody>): Promise<WorkspaceListing> {
    this.calls.push(`patch ${JSON.stringify(body)}`);
    return Promise.resolve(this.existing.get(armId.toLowerCase())!);
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

  private async act<T>(kind: 'group' | 'put' | 'delete', call: string, work: () => T): Promise<T> {
    this.calls.push(call);
    await Promise.resolve();
    const failure = this.fail[kind];
    if (failure && !failure.late) throw failure.error;
    const done = work();
    if (failure) throw failure.error;
    return done;
  }
}
