import type { Assessment } from '../../../model/assessment/assessment.ts';
import type { Estate } from '../../../model/estate.ts';
import type { CustomerKey } from '../../../model/ids.ts';
import { findProvider } from '../attribution.ts';

/** Names by whose they are, as a copy for one customer looks at them. */
export interface HiddenNames {
  /** What is called after the customer itself: it may stand in its copy, whoever else is called alike. */
  readonly own: readonly string[];
  /** The provider's workspaces: names, ids. */
  readonly provider: readonly string[];
  /** What every other customer is called and has. */
  readonly others: readonly string[];
}

/**
 * Names that a customer's copy must not hold, and its own. Of the estate as it is, in the assessment or not, and of the
 * assessment: what it knew may be gone.
 */
export function hiddenNames(
  key: CustomerKey,
  { customers }: Pick<Assessment, 'customers'>,
  estate: Estate,
): HiddenNames {
  const entries = estate.customers.map(({ key: one, provider }) => ({ key: one, tenants: [], provider: !!provider }));
  const providers = new Set<CustomerKey>([
    ...findProvider({ estate, entries }).customers,
    ...customers.filter(({ provider }) => provider).map((one) => one.key),
  ]);
  const own: string[] = [];
  const provider: string[] = [];
  const others: string[] = [];
  const add = (of: CustomerKey, names: readonly (string | undefined)[], places = false): void => {
    const list = of === key ? own : !providers.has(of) ? others : places ? provider : [];
    for (const name of names) if (name !== undefined && name !== '') list.push(name);
  };
  for (const { key: one, name, declared } of estate.customers)
    add(one, [
      one,
      name,
      ...(declared?.domains ?? []),
      declared?.contact?.includes('@') === true ? declared.contact : undefined,
    ]);
  for (const { customer, id, name, defaultDomain } of estate.tenants) add(customer, [id, name, defaultDomain]);
  for (const one of estate.workspaces) {
    add(one.customer, [one.key, one.guid, one.name], true);
    add(one.customer, [one.subscription, one.subscriptionName]);
  }
  for (const { key: one, name, pictures } of customers) {
    add(one, [one, name]);
    for (const place of pictures.today.places)
      for (const { id, kind, label } of place.boxes)
        if (kind === 'workspace' && !place.provider) add(one, [id, label], true);
  }
  return { own, provider, others };
}
