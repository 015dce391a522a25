import type { Estate } from '../../model/estate.ts';
import type { CustomerKey } from '../../model/ids.ts';
import { NameGuard } from '../assess/copy/nameGuard.ts';

/**
 * Tells of a text whether somebody who is asked would read in it of another customer: its name, its domain, the name or
 * id of a tenant, subscription or workspace of it. Where one customer alone is asked its own names are its own; where
 * several are, each one's names are foreign to the others. The provider's name is no customer's.
 */
export function foreignNames(estate: Estate, asked: ReadonlySet<CustomerKey>): (text: string) => boolean {
  const alone = asked.size === 1 ? [...asked][0] : undefined;
  const own: string[] = [];
  const foreign: string[] = [];
  const providers = new Set(estate.customers.filter(({ provider }) => provider).map(({ key }) => key));
  const add = (of: CustomerKey, names: readonly (string | undefined)[]): void => {
    const list = of === alone || providers.has(of) ? own : foreign;
    for (const name of names) if (name !== undefined && name !== '') list.push(name);
  };
  for (const { key, name, declared } of estate.customers) add(key, [key, name, ...(declared?.domains ?? [])]);
  for (const { customer, id, name, defaultDomain } of estate.tenants) add(customer, [id, name, defaultDomain]);
  for (const { customer, key, guid, name, subscription, subscriptionName } of estate.workspaces)
    add(customer, [key, guid, name, subscription, subscriptionName]);
  const guard = new NameGuard(own, foreign);
  const known = new Map<string, boolean>();
  return (text) => {
    let told = known.get(text);
    if (told === undefined) known.set(text, (told = guard.names(text) || guard.names(joined(text))));
    return told;
  };
}

/** Longer texts are sentences: what stands at the end of a word and at the begin of the next is no name of anybody. */
const LONGEST_JOINED = 40;

/** A short text without what separates its letters: `Con-toso`, `fabri.?kam`. */
function joined(text: string): string {
  return text.length > LONGEST_JOINED ? '' : text.replaceAll(/[^\p{L}\p{N}]+/gu, '');
}
