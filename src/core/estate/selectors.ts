import type { Estate, Workspace } from '../../model/estate.ts';
import { toWorkspaceKey } from '../../model/ids.ts';
import type { CustomerKey, TenantId } from '../../model/ids.ts';
import type { Selector } from '../../model/scope.ts';
import { toRegion } from '../../model/region.ts';
import { EstateIndex } from './estateIndex.ts';
import { didYouMean, suggestNames } from './suggestions.ts';

/**
 * What one selector means in one estate: a test for workspaces and the tenants it speaks of, or why it means nothing.
 */
export type SelectorMeaning =
  | {
      readonly ok: true;
      matches(workspace: Workspace): boolean;
      covers(tenant: TenantId, customer: CustomerKey): boolean;
    }
  | { readonly ok: false; readonly message: string; readonly suggestions: readonly string[] };

/**
 * Names are compared without case and without surrounding space; a name nobody has is refused with the nearest known
 * ones.
 */
export function readSelector(selector: Selector, estate: Estate): SelectorMeaning {
  const wanted = selector.value.trim().toLowerCase();
  if (wanted === '') return refuse(`The scope names an empty ${selector.kind}.`, []);
  switch (selector.kind) {
    case 'group':
      return readGroup(selector.value, wanted, estate);
    case 'customer':
      return readCustomer(selector.value, wanted, estate);
    case 'tenant':
      return readTenant(selector.value, wanted, estate);
    case 'workspace':
      return readWorkspace(selector.value, wanted, estate);
    case 'tag':
      return readTag(selector.value, wanted, estate);
    case 'region':
      return readRegion(selector.value, wanted, estate);
    default:
      // Kept by a later version: left out, the query would go to more customers than somebody chose.
      return refuse(`This version does not know "${String(selector.kind)}", which the scope names.`, []);
  }
}

function readGroup(text: string, wanted: string, estate: Estate): SelectorMeaning {
  const members = new Set(
    estate.customers
      .filter((customer) => customer.groups.some((group) => group.toLowerCase() === wanted))
      .map((customer) => customer.key),
  );
  if (members.size === 0)
    return unknown(
      'group',
      text,
      estate.customers.flatMap((customer) => customer.groups),
    );
  return ofCustomers(members);
}

function readCustomer(text: string, wanted: string, estate: Estate): SelectorMeaning {
  const byKey = estate.customers.find((customer) => customer.key.toLowerCase() === wanted);
  const found = byKey ? [byKey] : estate.customers.filter((customer) => customer.name.toLowerCase() === wanted);
  if (found.length === 0)
    return unknown(
      'customer',
      text,
      estate.customers.flatMap((customer) => [customer.name, customer.key]),
    );
  if (found.length > 1)
    return ambiguous(
      'customers',
      text,
      found.map((customer) => customer.key),
    );
  return ofCustomers(new Set(found.map((customer) => customer.key)));
}

function readTenant(text: string, wanted: string, estate: Estate): SelectorMeaning {
  const exact = estate.tenants.find((tenant) => tenant.id === wanted || tenant.defaultDomain?.toLowerCase() === wanted);
  const found = exact ? [exact] : estate.tenants.filter((tenant) => tenant.name.toLowerCase() === wanted);
  const [tenant] = found;
  if (!tenant)
    return unknown(
      'tenant',
      text,
      estate.tenants.flatMap((known) => [known.name, ...(known.defaultDomain ? [known.defaultDomain] : []), known.id]),
    );
  if (found.length > 1)
    return ambiguous(
      'tenants',
      text,
      found.map((other) => other.defaultDomain ?? other.id),
    );
  return { ok: true, matches: (workspace) => workspace.tenant === tenant.id, covers: (id) => id === tenant.id };
}

function readWorkspace(text: string, wanted: string, estate: Estate): SelectorMeaning {
  const index = EstateIndex.of(estate);
  const qualified = (workspace: Workspace): string[] => [
    `${index.customerName(workspace.customer)}/${workspace.name}`,
    `${workspace.customer}/${workspace.name}`,
  ];
  const armId = wanted.startsWith('/subscriptions/') ? wanted.replace(/\/+$/, '') : undefined;
  // A scope may name thousands by their ids: none of them is looked for among thousands.
  const byId = armId === undefined ? undefined : index.workspaces.get(toWorkspaceKey(armId));
  const found = byId
    ? [byId]
    : estate.workspaces.filter(
        (workspace) =>
          workspace.guid === wanted ||
          workspace.name.toLowerCase() === wanted ||
          qualified(workspace).some((name) => name.toLowerCase() === wanted),
      );
  const [only] = found;
  if (!only)
    return unknown(
      'workspace',
      text,
      estate.workspaces.flatMap((workspace) => [workspace.name, qualified(workspace)[0]!]),
    );
  if (found.length > 1) {
    // Two workspaces of one customer may share a name (other resource groups): then only the resource id tells them
    // apart.
    const names = found.map((workspace) => qualified(workspace)[0]!);
    return ambiguous(
      'workspaces',
      text,
      new Set(names).size === names.length ? names : found.map((workspace) => workspace.armId),
    );
  }
  return { ok: true, matches: (workspace) => workspace.key === only.key, covers: () => false };
}

/** A tag of the workspace, or of its customer: `key=value`, or `key` with any value. */
function readTag(text: string, wanted: string, estate: Estate): SelectorMeaning {
  const index = EstateIndex.of(estate);
  const [key = '', value] = splitTag(wanted);
  const has = (tags: Readonly<Record<string, string>> | undefined): boolean =>
    Object.entries(tags ?? {}).some(
      ([name, content]) => name.toLowerCase() === key && (value === undefined || content.toLowerCase() === value),
    );
  const matches = (workspace: Workspace): boolean => has(workspace.tags) || has(index.customerOf(workspace)?.tags);
  if (!estate.workspaces.some(matches)) {
    const tags = [...estate.workspaces, ...estate.customers].flatMap((owner) => Object.entries(owner.tags));
    return unknown(
      'tag',
      text,
      tags.map(([name, content]) => (value === undefined ? name : `${name}=${content}`)),
    );
  }
  return { ok: true, matches, covers: (_tenant, customer) => has(index.customers.get(customer)?.tags) };
}

function readRegion(text: string, wanted: string, estate: Estate): SelectorMeaning {
  const region = toRegion(wanted);
  const matches = (workspace: Workspace): boolean => toRegion(workspace.region) === region;
  if (!estate.workspaces.some(matches))
    return unknown(
      'region',
      text,
      estate.workspaces.map((workspace) => workspace.region),
    );
  return { ok: true, matches, covers: () => false };
}

function splitTag(text: string): readonly string[] {
  const at = text.indexOf('=');
  return at < 0 ? [text] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function ofCustomers(keys: ReadonlySet<CustomerKey>): SelectorMeaning {
  return {
    ok: true,
    matches: (workspace) => keys.has(workspace.customer),
    covers: (_tenant, customer) => keys.has(customer),
  };
}

function unknown(kind: Selector['kind'], text: string, known: readonly string[]): SelectorMeaning {
  const suggestions = suggestNames(text.trim(), known);
  const nobody =
    kind === 'tag' || kind === 'region'
      ? `No workspace you can see has the ${kind} "${text}".`
      : `There is no ${kind} "${text}" in your estate.`;
  return refuse(`${nobody}${didYouMean(suggestions)}`, suggestions);
}

function ambiguous(kinds: string, text: string, choices: readonly string[]): SelectorMeaning {
  return refuse(
    `"${text}" is the name of ${choices.length} ${kinds}. Say which: ${choices
      .slice(0, 5)
      .map((choice) => `"${choice}"`)
      .join(', ')}${choices.length > 5 ? ', ...' : ''}.`,
    choices,
  );
}

function refuse(message: string, suggestions: readonly string[]): SelectorMeaning {
  return { ok: false, message, suggestions };
}
