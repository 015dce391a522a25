import { plainLabel } from '../platform/plainLabel.ts';
import { EstateIndex } from '../../core/estate/estateIndex.ts';
import { pathLabel } from '../../core/estate/path.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { Scope, Selector } from '../../model/scope.ts';
import { customerSelector, tenantSelector, workspaceSelector } from './scopeOfWorkspaces.ts';

/** One line of the scope picker, free of vscode. `heading` lines part the kinds and cannot be picked. */
export type ScopePickItem =
  | { readonly heading: string }
  | {
      readonly heading?: never;
      readonly label: string;
      readonly description: string;
      readonly detail?: string;
      readonly selector: Selector | 'all';
      readonly picked: boolean;
    };

type Choice = Exclude<ScopePickItem, { heading: string }>;

/**
 * Everything a scope can name in this estate, by kind, with what the current scope includes ticked. Searching matches
 * labels, descriptions and details.
 */
export function scopePickItems(estate: Estate, scope: Scope): ScopePickItem[] {
  const index = EstateIndex.of(estate);
  const picked = new Set(scope.include === 'all' ? [] : scope.include.map(keyOf));
  const choice = (kind: string, label: string, description: string, selector: Selector, detail?: string): Choice => ({
    label: `$(${ICONS[kind] ?? 'circle'}) ${plainLabel(label)}`,
    description: plainLabel(description),
    selector,
    picked: picked.has(keyOf(selector)),
    ...(detail ? { detail: plainLabel(detail) } : {}),
  });
  const names = countNames(estate.workspaces);
  const groups = countBy(estate.workspaces, (workspace) => index.customerOf(workspace)?.groups ?? []);
  const customers = countBy(estate.workspaces, (workspace) => [workspace.customer]);
  const tenants = countBy(estate.workspaces, (workspace) => [workspace.tenant]);
  const spelling = new Map<string, string>();
  // Tags that differ in case alone are one, as a scope reads them: written as the first of them is.
  const tags = countBy(estate.workspaces, (workspace) => {
    const words = [...tagsOf(workspace.tags), ...tagsOf(index.customerOf(workspace)?.tags ?? {})];
    for (const word of words) if (!spelling.has(word.toLowerCase())) spelling.set(word.toLowerCase(), word);
    return new Set(words.map((word) => spelling.get(word.toLowerCase())!));
  });
  const regions = countBy(estate.workspaces, (workspace) => [workspace.region]);
  const named = (map: ReadonlyMap<string, number>, kind: 'group' | 'tag' | 'region'): Choice[] =>
    [...map]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([value, count]) => choice(kind, value, counted(count), { kind, value }));
  const sections: [string, Choice[]][] = [
    ['groups', named(groups, 'group')],
    [
      'customers',
      byName(estate.customers).map((customer) =>
        choice(
          'customer',
          customer.name,
          counted(customers.get(customer.key) ?? 0),
          customerSelector(customer),
          customer.groups.join(', '),
        ),
      ),
    ],
    [
      'tenants',
      byName(estate.tenants).map((tenant) =>
        choice(
          'tenant',
          tenant.name,
          [counted(tenants.get(tenant.id) ?? 0), index.customerName(tenant.customer)].join(' · '),
          tenantSelector(tenant),
          tenant.defaultDomain,
        ),
      ),
    ],
    [
      'workspaces',
      byName(estate.workspaces).map((workspace) =>
        choice(
          'workspace',
          workspace.name,
          [index.customerName(workspace.customer), workspace.region, pathLabel(workspace)].join(' · '),
          workspaceSelector(workspace, names),
        ),
      ),
    ],
    ['tags', named(tags, 'tag')],
    ['regions', named(regions, 'region')],
  ];
  const everything: Choice = {
    label: '$(globe) Everything',
    description: counted(estate.workspaces.length),
    selector: 'all',
    picked: scope.include === 'all',
  };
  return [everything, ...sections.flatMap(([heading, items]) => (items.length ? [{ heading }, ...items] : []))];
}

/**
 * The scope that the ticked lines mean. What the scope left out (`except`) stays left out; ticking nothing means an
 * empty scope.
 */
export function scopeOfPicks(picks: readonly (Selector | 'all')[], before: Scope): Scope {
  if (picks.includes('all')) return { include: 'all', except: before.except };
  return { include: picks.filter((pick): pick is Selector => pick !== 'all'), except: before.except };
}

/**
 * Selectors of `scope` that no line stands for (written by hand, or of a customer who is gone): the picker must not
 * lose them silently.
 */
export function unlistedSelectors(scope: Scope, items: readonly ScopePickItem[]): Selector[] {
  if (scope.include === 'all') return [];
  const listed = new Set(
    items.flatMap((item) => (item.heading === undefined && item.selector !== 'all' ? [keyOf(item.selector)] : [])),
  );
  return scope.include.filter((selector) => !listed.has(keyOf(selector)));
}

const ICONS: Readonly<Record<string, string>> = {
  group: 'layers',
  customer: 'organization',
  tenant: 'azure',
  workspace: 'database',
  tag: 'tag',
  region: 'globe',
};

function keyOf(selector: Selector): string {
  return `${selector.kind}:${selector.value.toLowerCase()}`;
}
function counted(count: number): string {
  return `${count} ${count === 1 ? 'workspace' : 'workspaces'}`;
}
function tagsOf(tags: Readonly<Record<string, string>>): string[] {
  return Object.entries(tags).map(([name, value]) => (value === '' ? name : `${name}=${value}`));
}
function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => a.name.localeCompare(b.name));
}
function countNames(workspaces: readonly Workspace[]): Map<string, number> {
  return countBy(workspaces, (workspace) => [workspace.name.toLowerCase()]);
}

function countBy(
  workspaces: readonly Workspace[],
  keysOf: (workspace: Workspace) => Iterable<string>,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const workspace of workspaces) for (const key of keysOf(workspace)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
