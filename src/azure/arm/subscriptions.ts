import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import type { TokenCredential } from '@azure/core-auth';
import { toSubscriptionId, toTenantId } from '../../model/ids.ts';
import type { TenantId } from '../../model/ids.ts';
import { armClientOptions, mapErrors } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';
import { itemsOf } from './listing.ts';
import type { TenantListing, SubscriptionListing } from '../../ports/directory.ts';
import type { Issuer } from '../../ports/issuer.ts';

interface Abort {
  readonly abortSignal: AbortSignal;
}

/** Tenants, subscriptions and locations: the door of @azure/arm-resources-subscriptions. */
export class SubscriptionsDoor {
  private readonly client: SubscriptionClient;

  constructor(credential: TokenCredential, settings: ClientSettings, issuer: Issuer) {
    this.client = new SubscriptionClient(credential, armClientOptions(settings));
    mapErrors(this.client.pipeline, issuer);
  }

  async tenants(abort: Abort): Promise<readonly TenantListing[]> {
    const tenants: TenantListing[] = [];
    for await (const tenant of itemsOf(this.client.tenants.list(abort), abort.abortSignal)) {
      if (!tenant.tenantId) continue;
      tenants.push({
        id: toTenantId(tenant.tenantId),
        name: tenant.displayName ?? tenant.defaultDomain ?? tenant.tenantId,
        ...(tenant.defaultDomain ? { defaultDomain: tenant.defaultDomain } : {}),
        ...(tenant.domains ? { domains: tenant.domains } : {}),
        // ProjectedBy and ManagedBy tenants delegate to us (Lighthouse) or are managed for us; there is no identity of
        // ours in them.
        ...(tenant.tenantCategory && tenant.tenantCategory !== 'Home' ? { delegatedOnly: true } : {}),
      });
    }
    return tenants;
  }

  /** Deleted subscriptions are left out: nothing in them answers. */
  async subscriptions(abort: Abort, issuerTenant: TenantId): Promise<readonly SubscriptionListing[]> {
    const subscriptions: SubscriptionListing[] = [];
    for await (const subscription of itemsOf(this.client.subscriptions.list(abort), abort.abortSignal)) {
      if (!subscription.subscriptionId || subscription.state === 'Deleted') continue;
      subscriptions.push({
        id: toSubscriptionId(subscription.subscriptionId),
        name: subscription.displayName ?? subscription.subscriptionId,
        tenant: subscription.tenantId ? toTenantId(subscription.tenantId) : issuerTenant,
        state: subscription.state ?? 'Unknown',
      });
    }
    return subscriptions;
  }

  /** The tenant a subscription belongs to, which its resources do not say. */
  async owner(subscription: string, abort: Abort): Promise<TenantId | undefined> {
    const { tenantId } = await this.client.subscriptions.get(subscription, abort);
    return tenantId ? toTenantId(tenantId) : undefined;
  }

  async locations(
    subscription: string,
    abort: Abort,
  ): Promise<readonly { readonly name: string; readonly displayName: string }[]> {
    const locations: { name: string; displayName: string }[] = [];
    for await (const location of itemsOf(
      this.client.subscriptions.listLocations(subscription, abort),
      abort.abortSignal,
    )) {
      // Logical groupings such as `europe` hold no resources.
      const physical = location.metadata?.regionType === undefined || location.metadata.regionType === 'Physical';
      if (location.name && physical)
        locations.push({ name: location.name, displayName: location.displayName ?? location.name });
    }
    return locations.sort((a, b) => a.displayName.localeCompare(b.displayName));
  }
}
