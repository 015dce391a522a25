import { AppError } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import { isGuid, toSubscriptionId, toTenantId } from '../../../model/ids.ts';
import type { SubscriptionId, TenantId } from '../../../model/ids.ts';
import type { ByTenant } from '../../../ports/assess.ts';
import { toText } from './wire.ts';
import type { Wire } from './wire.ts';

/** Rows of Resource Graph sorted by the tenants that own them; what one tenant spoils is its own. */
export class TenantRows<V> {
  private readonly found = new Map<TenantId, V[]>();
  private readonly spoilt = new Map<TenantId, AppErrorData>();

  /** The tenant and subscription of a row. Throws a SyntaxError where it has none: what is nobody's is no answer. */
  placeOf(row: Wire): { readonly tenant: TenantId; readonly subscription: SubscriptionId } {
    const [tenant, subscription] = [toText(row['tenantId']), toText(row['subscriptionId'])];
    if (!isGuid(tenant) || !isGuid(subscription)) throw new SyntaxError('A row of Resource Graph that is nobody’s.');
    return { tenant: toTenantId(tenant), subscription: toSubscriptionId(subscription) };
  }

  add(tenant: TenantId, value: V): void {
    const values = this.found.get(tenant);
    if (values) values.push(value);
    else this.found.set(tenant, [value]);
  }

  /** A row of the tenant is not what it should be: its whole part is unknown. */
  spoil(tenant: TenantId, what: string): void {
    this.cannot(
      tenant,
      new AppError(
        'service.unreadable',
        `Resource Graph does not tell ${what} of the tenant ${tenant} in a form that can be read. Try again.`,
        { retryable: true },
      ),
    );
  }

  /** Why the tenant's part is not known. */
  cannot(tenant: TenantId, error: AppError): void {
    if (!this.spoilt.has(tenant)) this.spoilt.set(tenant, error.toData());
  }

  /** Everything that was added, and the tenants it is not whole of. */
  result(): { readonly value: ByTenant<V>; readonly unknown?: ReadonlyMap<TenantId, AppErrorData> } {
    for (const tenant of this.spoilt.keys()) this.found.delete(tenant);
    return { value: this.found, ...(this.spoilt.size > 0 ? { unknown: this.spoilt } : {}) };
  }
}
