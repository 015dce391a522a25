import type { Estate } from '../../model/estate.ts';
import { EVERYTHING } from '../../model/scope.ts';
import type { Scope } from '../../model/scope.ts';

/** What an entry of the tree tells, by shape: features do not know one another's types. */
interface EntryShape {
  readonly kind?: unknown;
  readonly label?: unknown;
  readonly customer?: { readonly key?: unknown };
  readonly source?: { readonly children?: unknown };
}

/**
 * Whom an entry of the tree stands for: a customer, a group of customers, or the customers of whatever else workspaces
 * are grouped by there (a region). Everything where it is none of these.
 */
export function scopeOfEntry(node: unknown, estate: Estate | undefined): Scope {
  const { kind, label, customer, source } = (node ?? {}) as EntryShape;
  const customers = estate?.customers ?? [];
  if (kind === 'customer' && customers.some(({ key }) => key === customer?.key))
    return { include: [{ kind: 'customer', value: customer!.key as string }], except: [] };
  if (kind !== 'group') return EVERYTHING;
  if (typeof label === 'string' && customers.some(({ groups }) => groups.includes(label)))
    return { include: [{ kind: 'group', value: label }], except: [] };
  const inside = customersBelow(source?.children);
  const named = customers.filter(({ key }) => inside.has(key));
  return named.length === 0
    ? EVERYTHING
    : { include: named.map(({ key }) => ({ kind: 'customer', value: key })), except: [] };
}

/** Keys of the customers of these entries, and of what is below them. */
function customersBelow(children: unknown): ReadonlySet<unknown> {
  const keys = new Set<unknown>();
  for (const child of Array.isArray(children) ? (children as readonly (PictureShape | null)[]) : [])
    for (const key of [
      child?.customer?.key,
      child?.tenant?.customer,
      child?.workspace?.customer,
      ...customersBelow(child?.children),
    ])
      keys.add(key);
  return keys;
}

/** What stands in the picture that an entry was made of. */
interface PictureShape {
  readonly customer?: { readonly key?: unknown };
  readonly tenant?: { readonly customer?: unknown };
  readonly workspace?: { readonly customer?: unknown };
  readonly children?: unknown;
}
