import type { Estate, Workspace } from '../../model/estate.ts';
import { isGuid, toCustomerKey, toWorkspaceKey } from '../../model/ids.ts';
import type { CustomerKey } from '../../model/ids.ts';
import { NOT_ATTRIBUTED, RULE_KINDS } from '../../model/sharedWorkspace.ts';
import type { AttributionRule, RuleOf, SharedRows } from '../../model/sharedWorkspace.ts';
import type { CustomersFile, SharedEntry } from '../customers/customersFile.ts';
import { EstateIndex } from '../estate/estateIndex.ts';

/** What the customers file says of shared workspaces that are not there, or that a name does not tell apart. */
export interface SharedProblem {
  readonly entry: SharedEntry;
  readonly message: string;
}

/**
 * The workspaces, those that the customers file says are shared with whose their rows are. What the estate knows
 * (subscription -> tenant -> customer, and their domains) needs no rule. `complete`: a workspace that was not seen by
 * now is not there.
 */
export function withSharedRows(
  estate: Estate,
  { customers, shared = [], sharedProblem }: Pick<CustomersFile, 'customers' | 'shared' | 'sharedProblem'>,
  complete: boolean,
): { readonly workspaces: readonly Workspace[]; readonly problems: readonly SharedProblem[] } {
  if (shared.length === 0 && sharedProblem === undefined) return { workspaces: estate.workspaces, problems: [] };
  const known = knownRules(estate, customers);
  const problems: SharedProblem[] = [];
  const made = new Map<Workspace, SharedRows>();
  const saidBy = new Map<Workspace, SharedEntry>();
  for (const entry of shared) {
    const found = workspacesOf(entry, estate);
    const file = entry.rules.map(({ line: _line, customer, ...rule }): AttributionRule => ({
      ...rule,
      customer: toCustomerKey(customer),
      origin: 'file',
    }));
    const problem =
      found.length > 1
        ? `"${entry.workspace}" is the name of ${found.length} workspaces: share one by its resource ID.`
        : entry.problem === undefined
          ? undefined
          : `Line ${entry.problem} of the customers file is wrong.`;
    if (found.length > 1) problems.push({ entry, message: problem! });
    if (found.length === 0 && complete)
      problems.push({ entry, message: `There is no workspace "${entry.workspace}" in your estate to be shared.` });
    for (const workspace of found) {
      const rival = saidBy.get(workspace);
      saidBy.set(workspace, entry);
      // Of one file, by its name and by an ID: no rule of either may be lost.
      const twice = rival && rival.under === entry.under ? twiceText(rival, entry) : undefined;
      if (twice !== undefined) problems.push({ entry, message: twice });
      const wrong = problem ?? twice;
      made.set(workspace, { rules: inOrder([...file, ...known]), ...(wrong === undefined ? {} : { problem: wrong }) });
    }
  }
  const unread =
    sharedProblem === undefined
      ? undefined
      : `Line ${sharedProblem} of the customers file, on what is shared, is wrong.`;
  return {
    workspaces: estate.workspaces.map((workspace) => {
      const rows = made.get(workspace);
      if (rows) return { ...workspace, shared: rows };
      return unread === undefined
        ? workspace
        : { ...workspace, shared: { rules: [], problem: unread, unsure: true as const } };
    }),
    problems,
  };
}

function twiceText(one: SharedEntry, other: SharedEntry): string {
  return `"${one.workspace}" (line ${one.line}) and "${other.workspace}" (line ${other.line}) are one workspace; put their rules together.`;
}

/** What the estate itself tells of whose a row is. */
export function knownRules(estate: Estate, entries: CustomersFile['customers']): readonly AttributionRule[] {
  const rules: AttributionRule[] = [];
  const add = (rule: RuleOf, customer: CustomerKey): void => {
    rules.push({ ...rule, customer, origin: 'estate' });
  };
  const domain = (text: string | undefined, customer: CustomerKey): void => {
    const value = text?.trim().toLowerCase().replace(/\.$/, '') ?? '';
    if (value !== '') add({ by: 'computer', value }, customer);
  };
  for (const { id, customer } of estate.subscriptions ?? []) add({ by: 'subscription', value: id }, customer);
  for (const { subscription, customer } of estate.workspaces)
    add({ by: 'subscription', value: subscription }, customer);
  for (const { id, defaultDomain, customer } of estate.tenants) {
    add({ by: 'tenant', value: id }, customer);
    domain(defaultDomain, customer);
  }
  for (const { key, declared } of estate.customers) for (const name of declared?.domains ?? []) domain(name, key);
  for (const { key, tenants } of entries)
    for (const tenant of tenants) if (!isGuid(tenant)) domain(tenant, toCustomerKey(key));
  return rules;
}

/**
 * The rules as they count, each text once: what the file says goes before what the estate knows, and what two customers
 * claim is nobody's.
 */
export function inOrder(rules: readonly AttributionRule[]): readonly AttributionRule[] {
  const kept = new Map<string, AttributionRule[]>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.by, rule.by === 'column' ? rule.column : '', rule.value.toLowerCase()]);
    kept.set(key, [...(kept.get(key) ?? []), rule]);
  }
  const one = (same: readonly AttributionRule[]): AttributionRule => {
    const first = same.find(({ origin }) => origin === 'file') ?? same[0]!;
    const rivals = same.filter((other) => other.origin === first.origin && other.customer !== first.customer);
    return rivals.length > 0 ? { ...first, customer: NOT_ATTRIBUTED } : first;
  };
  return [...kept.values()]
    .map(one)
    .sort(
      (a, b) =>
        RULE_KINDS.indexOf(a.by) - RULE_KINDS.indexOf(b.by) ||
        b.value.length - a.value.length ||
        compare(a.value, b.value) ||
        (a.by === 'column' && b.by === 'column' ? compare(a.column, b.column) : 0),
    );
}

function workspacesOf({ workspace }: SharedEntry, estate: Estate): readonly Workspace[] {
  const wanted = workspace.toLowerCase();
  const byId = EstateIndex.of(estate).workspaces.get(toWorkspaceKey(workspace.replace(/\/+$/, '')));
  if (byId) return [byId];
  const byGuid = estate.workspaces.filter(({ guid }) => guid === wanted);
  return byGuid.length > 0 ? byGuid : estate.workspaces.filter(({ name }) => name.toLowerCase() === wanted);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
