/**
 * One condition on workspaces. `value` is as the person wrote it (a name, a domain, a guid, a tag as `key=value` or
 * `key`).
 */
export interface Selector {
  readonly kind: 'group' | 'customer' | 'tenant' | 'workspace' | 'tag' | 'region';
  readonly value: string;
}

/** What a query runs against: everything that any `include` matches (or all), less what any `except` matches. */
export interface Scope {
  readonly include: readonly Selector[] | 'all';
  readonly except: readonly Selector[];
}

/** The scope of every workspace that can be seen. */
export const EVERYTHING: Scope = { include: 'all', except: [] };
