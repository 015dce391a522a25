import { counted } from '../../base/counted.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { CustomerKey, TenantId } from '../../model/ids.ts';
import type { Scope, Selector } from '../../model/scope.ts';
import { NOT_ATTRIBUTED } from '../../model/sharedWorkspace.ts';
import { ownersOf } from '../../kql/across/ownRows.ts';
import { printScope } from '../../kql/scopeLine.ts';
import { EstateIndex } from './estateIndex.ts';
import { readSelector } from './selectors.ts';

/** Why a scope cannot be taken as written. `selector` is absent where the whole of it is the trouble. */
export interface ScopeProblem {
  readonly selector?: Selector;
  readonly message: string;
  readonly suggestions: readonly string[];
}

/**
 * A tenant the scope speaks of whose workspaces nobody could list: it is not in the answer, and the person must know.
 */
export interface ScopeGap {
  readonly tenant: TenantId;
  readonly tenantName: string;
  readonly customer: CustomerKey;
  readonly customerName: string;
  readonly error?: AppErrorData;
}

/** A scope is sound when `problems` is empty; nothing may be sent to anybody otherwise. */
export interface ResolvedScope {
  readonly workspaces: readonly Workspace[];
  readonly problems: readonly ScopeProblem[];
  readonly gaps: readonly ScopeGap[];
}

/**
 * The workspaces a scope means in this picture of the estate, in the estate's order. A name nobody has is a problem
 * with suggestions - also in `except`, where ignoring it would ask somebody who was to be left out. An empty result is
 * a problem.
 */
export function resolveScope(scope: Scope, estate: Estate): ResolvedScope {
  return resolve(scope, estate, estate.workspaces);
}

/**
 * The same of rows: of a workspace that several customers send to, an entry for each customer whose rows there the
 * scope means (`customer` is that one), and one for those that are nobody's. Who names a customer means its rows
 * wherever they lie; who names such a workspace, or everything, means all of them.
 */
export function resolveRows(scope: Scope, estate: Estate): ResolvedScope {
  return resolve(scope, estate, estate.workspaces.flatMap(portionsOf));
}

/** Whose rows lie in a workspace: entries of it, each under the name of who they are. */
export function portionsOf(workspace: Workspace): readonly Workspace[] {
  const { shared } = workspace;
  if (!shared || shared.problem !== undefined) return [workspace];
  const owners = new Set([...ownersOf(shared.rules), workspace.customer, NOT_ATTRIBUTED]);
  return [...owners].map((customer) => ({ ...workspace, customer }));
}

function resolve(scope: Scope, estate: Estate, candidates: readonly Workspace[]): ResolvedScope {
  const problems: ScopeProblem[] = [];
  const read = (selectors: readonly Selector[]) =>
    selectors.flatMap((selector) => {
      const meaning = readSelector(selector, estate);
      if (meaning.ok) return [meaning];
      problems.push({ selector, message: meaning.message, suggestions: meaning.suggestions });
      return [];
    });
  const include = scope.include === 'all' ? 'all' : read(scope.include);
  const except = read(scope.except);
  const workspaces = candidates.filter(
    (workspace) =>
      (include === 'all' || include.some((meaning) => meaning.matches(workspace))) &&
      !except.some((meaning) => meaning.matches(workspace)),
  );
  const index = EstateIndex.of(estate);
  const gaps = estate.tenants
    .filter(
      (tenant) =>
        tenant.state !== 'entered' &&
        (include === 'all' || include.some((meaning) => meaning.covers(tenant.id, tenant.customer))) &&
        !except.some((meaning) => meaning.covers(tenant.id, tenant.customer)),
    )
    .map((tenant): ScopeGap => ({
      tenant: tenant.id,
      tenantName: tenant.name,
      customer: tenant.customer,
      customerName: index.customerName(tenant.customer),
      ...(tenant.error ? { error: tenant.error } : {}),
    }));
  if (workspaces.length === 0 && problems.length === 0)
    problems.push({ message: emptyMessage(scope, estate), suggestions: [] });
  return { workspaces, problems, gaps };
}

/**
 * Tells of a tenant and its customer whether a scope speaks of them, workspaces or not. Names that nobody has are
 * passed over: `resolveScope` tells them.
 */
export function coverageOf(scope: Scope, estate: Estate): (tenant: TenantId, customer: CustomerKey) => boolean {
  const read = (selectors: readonly Selector[]) =>
    selectors.map((selector) => readSelector(selector, estate)).filter((meaning) => meaning.ok);
  const include = scope.include === 'all' ? 'all' : read(scope.include);
  const except = read(scope.except);
  return (tenant, customer) =>
    (include === 'all' || include.some((meaning) => meaning.covers(tenant, customer))) &&
    !except.some((meaning) => meaning.covers(tenant, customer));
}

function emptyMessage(scope: Scope, estate: Estate): string {
  if (estate.workspaces.length === 0)
    return 'There is no workspace you can see yet. Sign in, or look at the Estate view for what could not be entered.';
  return `No workspace is left in the scope "${printScope(scope)}". Widen it.`;
}

/** What the status bar says: `12 workspaces, 8 customers`, or the one workspace by name. */
export function scopeLabel(resolved: Pick<ResolvedScope, 'workspaces'>, estate: Estate): string {
  const [first, second] = resolved.workspaces;
  if (!first) return 'no workspaces';
  if (!second) return `${first.name} (${EstateIndex.of(estate).customerName(first.customer)})`;
  const customers = new Set(resolved.workspaces.map((workspace) => workspace.customer));
  customers.delete(NOT_ATTRIBUTED);
  // One that several customers share is there for each of them.
  const workspaces = new Set(resolved.workspaces.map(({ key }) => key)).size;
  return `${counted(workspaces, 'workspace')}, ${counted(customers.size, 'customer')}`;
}
