import { AppError } from '../../../src/base/errors.ts';
import type { Clock } from '../../../src/base/clock.ts';
import type { Account } from '../../../src/model/estate.ts';
import { toSubscriptionId } from '../../../src/model/ids.ts';
import type { TenantId } from '../../../src/model/ids.ts';
import type { AccountSource } from '../../../src/ports/accounts.ts';
import type {
  DirectoryPort,
  SubscriptionListing,
  TenantListing,
  WorkspaceListing,
} from '../../../src/ports/directory.ts';
import type { Issuer } from '../../../src/ports/issuer.ts';

/** What one token sees: key `account tenant`. An AppError in place of a list is thrown. */
export interface Seen {
  readonly tenants?: readonly TenantListing[] | AppError;
  readonly subscriptions?: readonly SubscriptionListing[] | AppError;
  readonly workspaces?: readonly WorkspaceListing[] | AppError;
}

/** A directory by script, counting its calls. Tokens it knows nothing of are refused. */
export class FakeDirectory implements DirectoryPort, AccountSource {
  readonly calls: string[] = [];
  readonly people: Account[];
  readonly seen: Map<string, Seen>;

  constructor(people: readonly Account[], seen: Readonly<Record<string, Seen>>) {
    this.people = [...people];
    this.seen = new Map(Object.entries(seen));
  }

  accounts(): Promise<readonly Account[]> {
    return Promise.resolve(this.people);
  }
  tenants(issuer: Issuer): Promise<readonly TenantListing[]> {
    return this.answer('tenants', issuer, (seen) => seen.tenants);
  }
  subscriptions(issuer: Issuer): Promise<readonly SubscriptionListing[]> {
    return this.answer('subscriptions', issuer, (seen) => seen.subscriptions);
  }
  workspaces(issuer: Issuer): Promise<readonly WorkspaceListing[]> {
    return this.answer('workspaces', issuer, (seen) => seen.workspaces);
  }
  tables(): Promise<never[]> {
    this.calls.push('tables');
    return Promise.resolve([]);
  }
  functions(): Promise<never[]> {
    this.calls.push('functions');
    return Promise.resolve([]);
  }

  private async answer<T>(
    call: string,
    issuer: Issuer,
    pick: (seen: Seen) => readonly T[] | AppError | undefined,
  ): Promise<readonly T[]> {
    this.calls.push(`${call} ${issuer.account} ${issuer.tenant}`);
    await Promise.resolve();
    const seen = this.seen.get(`${issuer.account} ${issuer.tenant}`);
    if (!seen) throw new AppError('access.notInTenant', `Not in ${issuer.tenant}.`);
    const answer = pick(seen) ?? [];
    if (answer instanceof AppError) throw answer;
    return answer;
  }
}

export function listing(name: string, tenant: TenantId, more: Partial<WorkspaceListing> = {}): WorkspaceListing {
  const subscription = toSubscriptionId(`sub-${tenant.slice(-4)}`);
  return {
    armId: `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/${name}`,
    guid: `guid-${name}`,
    name,
    tenant,
    subscription,
    resourceGroup: 'rg',
    region: 'westeurope',
    tags: {},
    sku: 'PerGB2018',
    retentionDays: 30,
    ...more,
  };
}

export function subscriptionOf(tenant: TenantId, name: string): SubscriptionListing {
  return { id: toSubscriptionId(`sub-${tenant.slice(-4)}`), name, tenant, state: 'Enabled' };
}

/** Time that moves only when told to. */
export class FixedClock implements Clock {
  time = Date.parse('2026-11-22T08:00:00Z');
  now(): number {
    return this.time;
  }
  sleep(): Promise<void> {
    return Promise.resolve();
  }
}
