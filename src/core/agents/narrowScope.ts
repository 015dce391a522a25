import { AppError } from '../../base/errors.ts';
import { parseScope } from '../../kql/scopeLine.ts';
import type { AgentAudience } from '../../model/agentTool.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { Scope } from '../../model/scope.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { portionsOf, resolveRows, resolveScope } from '../estate/scope.ts';
import type { ResolvedScope } from '../estate/scope.ts';

/** Whom a call asks, and the part of the estate that may be spoken of at all. */
export interface NarrowedScope extends Pick<ResolvedScope, 'workspaces' | 'gaps'> {
  /** These workspaces and these tenants and nobody else, whatever the estate becomes. */
  readonly scope: Scope;
  /** Nothing in it is outside of the scope that the person gave. */
  readonly estate: Estate;
  /** How many workspaces it leaves out that several customers share, not all of whom it means. */
  readonly partly: number;
}

/**
 * What a model may ask: what it wants (`wanted`, as a scope line says it) within what the person gave. A name that
 * means nothing there is refused by name, without a word on whether it means something outside. Throws `input.scope`.
 */
export function narrowScope(given: Scope, wanted: string | undefined, estate: Estate): NarrowedScope {
  const all = resolveWhole(given, estate);
  // What is wrong with it is the person's to read: the nearest names may be of others.
  if (all.problems.some(({ selector }) => selector))
    throw new AppError(
      'input.scope',
      'The scope that the person gave names something their estate does not have. Ask them to mend it. Nothing was sent.',
    );
  const within = estateWithin(all, estate);
  const resolved = wanted === undefined ? all : resolveWanted(wanted, within);
  if (resolved.workspaces.length === 0 && resolved.gaps.length === 0)
    throw new AppError('input.scope', 'No workspace is left in this scope. Nothing was sent.');
  const { workspaces, gaps } = resolved;
  return {
    workspaces,
    gaps,
    partly: partlyMeant(given, wanted, estate, workspaces),
    estate: wanted === undefined ? within : estateWithin(resolved, within),
    scope: {
      include: [
        ...workspaces.map(({ armId }) => ({ kind: 'workspace' as const, value: armId })),
        ...gaps.map(({ tenant }) => ({ kind: 'tenant' as const, value: tenant })),
      ],
      // A tenant that is entered only now brings workspaces; those that were left out stay so.
      except: gaps.length > 0 ? given.except : [],
    },
  };
}

function resolveWanted(wanted: string, within: Estate): ResolvedScope {
  const { scope, error } = parseScope(wanted);
  if (error) throw new AppError('input.scope', `The scope cannot be read: ${error.message} Nothing was sent.`);
  const resolved = resolveWhole(scope, within);
  const problems = resolved.problems.filter(({ selector }) => selector || resolved.gaps.length === 0);
  if (problems.length > 0)
    throw new AppError(
      'input.scope',
      `${problems.map(({ message }) => message).join(' ')} The estate here is what lies within the scope that the person gave, and nothing else can be asked; listEstate tells what that is. Nothing was sent.`,
    );
  return resolved;
}

/**
 * What a scope means, without workspaces that several customers share and of which it means some alone: they would be
 * asked by their ids, for everybody's rows.
 */
function resolveWhole(scope: Scope, estate: Estate): ResolvedScope {
  const resolved = resolveScope(scope, estate);
  if (!estate.workspaces.some(({ shared }) => shared)) return resolved;
  const parts = resolveRows(scope, estate).workspaces;
  const isWhole = (workspace: Workspace): boolean =>
    portionsOf(workspace).length === parts.filter(({ key }) => key === workspace.key).length;
  return { ...resolved, workspaces: resolved.workspaces.filter(isWhole) };
}

/** How many shared workspaces hold rows that are meant, and are left out. */
function partlyMeant(
  given: Scope,
  wanted: string | undefined,
  estate: Estate,
  asked: readonly Pick<Workspace, 'key'>[],
): number {
  const meant = (scope: Scope): Set<string> => {
    const parts = resolveRows(scope, estate).workspaces.filter(({ shared }) => shared);
    return new Set(parts.map(({ key, customer }) => `${key}\n${customer}`));
  };
  const narrower = meant((wanted === undefined ? undefined : parseScope(wanted).scope) ?? given);
  const parts = [...meant(given)].filter((part) => narrower.has(part));
  const left = new Set(parts.map((part) => part.slice(0, part.indexOf('\n'))));
  for (const { key } of asked) left.delete(key);
  return left.size;
}

/** The picture of an estate in which there is nothing else than what a scope resolved to. */
function estateWithin({ workspaces, gaps }: Pick<ResolvedScope, 'workspaces' | 'gaps'>, estate: Estate): Estate {
  const tenants = new Set([...workspaces.map(({ tenant }) => tenant), ...gaps.map(({ tenant }) => tenant)]);
  const customers = new Set([...workspaces.map(({ customer }) => customer), ...gaps.map(({ customer }) => customer)]);
  return {
    ...estate,
    accounts: [],
    workspaces,
    tenants: estate.tenants.filter(({ id }) => tenants.has(id)),
    customers: estate.customers
      .filter(({ key }) => customers.has(key))
      .map((customer) => ({ ...customer, tenants: customer.tenants.filter((id) => tenants.has(id)) })),
    problems: estate.problems.filter(({ tenant }) => tenant !== undefined && tenants.has(tenant)),
  };
}

/** Whom a narrowed scope asks, for the person who is asked before. */
export function audienceOf({ workspaces, estate }: Pick<NarrowedScope, 'workspaces' | 'estate'>): AgentAudience {
  const index = EstateIndex.of(estate);
  const customers = new Set(workspaces.map(({ customer }) => index.customerName(customer)));
  return { workspaces: workspaces.length, customers: [...customers].sort() };
}
