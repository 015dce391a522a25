import { whose } from '../../../core/provision/whose.ts';
import type { Estate, Tenant } from '../../../model/estate.ts';
import type { TenantId } from '../../../model/ids.ts';
import { plainLabel } from '../../platform/plainLabel.ts';
import type { PickItem } from '../pickItems.ts';

/** Tenants that may manage a customer; undefined stands for another one than the first box lists. */
export interface ManagerItems {
  readonly own: readonly PickItem<TenantId | undefined>[];
  /** Everybody else's that somebody of ours gets into: hardly ever meant. */
  readonly others: readonly PickItem<TenantId | undefined>[];
}

/**
 * Our own tenants: those of the provider, and where accounts are at home. Those of customers that we are guests of
 * stand apart: an offer that names one lets that customer in. Where none is known to be ours, all are listed.
 */
export function managerItems(estate: Estate): ManagerItems {
  const { accounts, customers, tenants } = estate;
  const providers = new Set(customers.filter(({ provider }) => provider === true).map(({ key }) => key));
  const homes = new Set(accounts.flatMap(({ homeTenant }) => homeTenant ?? []));
  const entered = tenants.filter((tenant) => tenant.accounts.length > 0);
  const isOwn = ({ id, customer }: Tenant): boolean => providers.has(customer) || homes.has(id);
  const own = entered.filter(isOwn);
  if (own.length === 0) return { own: entered.map(toItem), others: [] };
  const others = entered.filter((tenant) => !isOwn(tenant));
  return {
    own: [
      ...own.map(toItem),
      ...(others.length > 0
        ? [{ label: '$(ellipsis) Another...', detail: 'A tenant that is not known to be yours', value: undefined }]
        : []),
    ],
    others: others.map((tenant) => ({
      ...toItem(tenant),
      detail: plainLabel(`Everybody with that role there could manage: is ${whose(estate, tenant.id).customer} you?`),
    })),
  };
}

function toItem({ id, name, defaultDomain }: Tenant): PickItem<TenantId> {
  return { label: plainLabel(name), description: plainLabel(defaultDomain ?? id), value: id };
}
