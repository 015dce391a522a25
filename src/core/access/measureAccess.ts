import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { toAppError } from '../../base/errors.ts';
import { Limiter } from '../../base/limiter.ts';
import type {
  DelegationFact,
  DiagnosticSetting,
  Fact,
  FactSource,
  RoleFact,
  WorkspaceConfiguration,
} from '../../model/assessment/facts.ts';
import type { Estate, Workspace, WorkspaceTable } from '../../model/estate.ts';
import type { SubscriptionId, TenantId, WorkspaceKey } from '../../model/ids.ts';
import type { Asked, AssessPort, GraphAnswers } from '../../ports/assess.ts';
import type { Issuer } from '../../ports/issuer.ts';
import { issuerKey } from '../../ports/issuer.ts';
import { distinctIssuers, sightOf } from '../assess/measure/sight.ts';
import { readConfiguration } from '../assess/facts/configuration.ts';
import { comparePaths } from '../estate/path.ts';

/** What tells who can read workspaces: each fact known, or unknown with its reason. */
export interface AccessFacts {
  readonly configurations: ReadonlyMap<WorkspaceKey, Fact<WorkspaceConfiguration>>;
  readonly tables: ReadonlyMap<WorkspaceKey, Fact<readonly WorkspaceTable[]>>;
  readonly diagnostics: ReadonlyMap<WorkspaceKey, Fact<readonly DiagnosticSetting[]>>;
  /** With those that somebody may activate, where they are known. */
  readonly roles: ReadonlyMap<SubscriptionId, Fact<readonly RoleFact[]>>;
  /** Roles that somebody may activate: of subscriptions that a token of their own tenant was asked for. */
  readonly eligible: ReadonlyMap<SubscriptionId, Fact<readonly RoleFact[]>>;
  readonly delegations: ReadonlyMap<TenantId, Fact<readonly DelegationFact[]>>;
}

/** Calls to Resource Manager at a time. */
const AT_ONCE = 8;

/**
 * Asks what an explanation of access needs and nothing more: two lists a workspace, two a subscription, two questions
 * to Resource Graph per issuer. Never rejects but for a cancellation.
 */
export async function measureAccess(
  estate: Estate,
  workspaces: readonly Workspace[],
  world: { readonly assess: AssessPort; readonly clock: Pick<Clock, 'now'> },
  signal: CancelSignal,
): Promise<AccessFacts> {
  const { assess, clock } = world;
  const limiter = new Limiter(AT_ONCE);
  const ask = async <V>(source: FactSource, question: () => Promise<Asked<V>>): Promise<Fact<V>> => {
    const began = clock.now();
    const measured = () => ({ source, at: new Date(began).toISOString(), ms: clock.now() - began });
    try {
      const { value, calls } = await limiter.run(question, signal);
      return { ...measured(), calls, state: 'known', value };
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.family === 'cancelled') throw error;
      return { ...measured(), calls: 1, state: 'unknown', error: error.toData() };
    }
  };
  const tenants = estate.tenants.filter(({ id }) => workspaces.some(({ tenant }) => tenant === id));
  const sight = sightOf(estate, tenants, workspaces);
  const issuers = distinctIssuers([...sight.values()].flat());
  const graph = async <Name extends 'configurations' | 'delegations'>(name: Name) =>
    new Map(
      await Promise.all(
        issuers.map(
          async (issuer) =>
            [
              issuerKey(issuer),
              await ask(assess.sourceOfGraph(name), async () => {
                const asked = await assess.graph(name, issuer, signal);
                return { value: asked, calls: asked.calls };
              }),
            ] as const,
        ),
      ),
    ) as ReadonlyMap<string, Fact<Asked<GraphAnswers[Name]>>>;
  const each = async <V>(question: (workspace: Workspace, issuer: Issuer) => Promise<Fact<V>>) =>
    new Map(
      await Promise.all(
        workspaces.map(async (workspace) => {
          const [path] = [...workspace.paths].sort(comparePaths);
          const issuer = { account: path!.account, tenant: path!.issuer };
          return [workspace.key, await question(workspace, issuer)] as const;
        }),
      ),
    );
  const inside = insiders(workspaces);
  const tenantOf = new Map(workspaces.map(({ subscription, tenant }) => [subscription, tenant]));
  const listed = async (name: 'roles' | 'eligible', whom: readonly (readonly [SubscriptionId, Issuer])[]) =>
    new Map(
      await Promise.all(
        whom.map(
          async ([subscription, issuer]) =>
            [
              subscription,
              await ask(assess.sourceOfSubscription(name, subscription), () =>
                assess.subscription(name, issuer, subscription, signal),
              ),
            ] as const,
        ),
      ),
    );
  const [configurations, delegations, tables, diagnostics, roles, activated] = await Promise.all([
    graph('configurations'),
    graph('delegations'),
    each(({ armId }, issuer) =>
      ask(assess.sourceOfWorkspace('tables', armId), () => assess.workspace('tables', issuer, armId, signal)),
    ),
    each(({ armId }, issuer) =>
      ask(assess.sourceOfWorkspace('diagnostics', armId), () => assess.workspace('diagnostics', issuer, armId, signal)),
    ),
    listed('roles', [...inside]),
    // Who comes by delegation is shown none of the customer's.
    listed(
      'eligible',
      [...inside].filter(([subscription, issuer]) => tenantOf.get(subscription) === issuer.tenant),
    ),
  ]);
  const eligible = new Map([...activated].map(([subscription, fact]) => [subscription, withoutLicence(fact)]));
  return {
    configurations: new Map(
      workspaces.map((workspace) => [
        workspace.key,
        first(sight.get(workspace.tenant) ?? [], configurations, (answer) =>
          readConfiguration(workspace, answer.value),
        ),
      ]),
    ),
    delegations: new Map(tenants.map(({ id }) => [id, delegationsOf(sight.get(id) ?? [], delegations, id)])),
    tables,
    diagnostics,
    roles: new Map(
      [...roles].map(([subscription, fact]) => [subscription, together(fact, eligible.get(subscription))]),
    ),
    eligible,
  };
}

/** A tenant without a licence for Privileged Identity Management has nobody who could activate a role. */
function withoutLicence(fact: Fact<readonly RoleFact[]>): Fact<readonly RoleFact[]> {
  if (fact.state === 'known' || fact.error.code !== 'access.notLicensed') return fact;
  const { source, at, ms, calls } = fact;
  return { source, at, ms, calls, state: 'known', value: [] };
}

function together(
  roles: Fact<readonly RoleFact[]>,
  eligible: Fact<readonly RoleFact[]> | undefined,
): Fact<readonly RoleFact[]> {
  if (roles.state !== 'known' || eligible?.state !== 'known') return roles;
  return { ...roles, value: [...roles.value, ...eligible.value] };
}

/** Who is asked for the roles of a subscription: a token of the owner's own tenant sees them, a delegated one none. */
function insiders(workspaces: readonly Workspace[]): ReadonlyMap<SubscriptionId, Issuer> {
  const found = new Map<SubscriptionId, Issuer>();
  for (const { subscription, tenant, paths } of workspaces) {
    const sorted = [...paths].sort(comparePaths);
    const path = sorted.find(({ issuer }) => issuer === tenant) ?? sorted[0];
    const known = found.get(subscription);
    if (path && (!known || (known.tenant !== tenant && path.issuer === tenant)))
      found.set(subscription, { account: path.account, tenant: path.issuer });
  }
  return found;
}

/** The first answer that has it; else why the last one has not. */
function first<A, V>(
  issuers: readonly Issuer[],
  answers: ReadonlyMap<string, Fact<A>>,
  read: (answer: A) => V,
): Fact<V> {
  let missing: Fact<V> | undefined;
  for (const issuer of issuers) {
    const fact = answers.get(issuerKey(issuer))!;
    if (fact.state === 'unknown') missing = fact;
    else
      try {
        return { ...fact, value: read(fact.value) };
      } catch (thrown) {
        missing = { ...fact, state: 'unknown', error: toAppError(thrown).toData() };
      }
  }
  return missing!;
}

/**
 * Delegations of a tenant. Those that several tokens see are put together; where one of them could not tell, nobody
 * knows whether there are more.
 */
function delegationsOf(
  issuers: readonly Issuer[],
  answers: ReadonlyMap<string, Fact<Asked<GraphAnswers['delegations']>>>,
  tenant: TenantId,
): Fact<readonly DelegationFact[]> {
  const found = new Map<string, DelegationFact>();
  let last: Fact<readonly DelegationFact[]> | undefined;
  for (const issuer of issuers) {
    const fact = answers.get(issuerKey(issuer))!;
    const error = fact.state === 'unknown' ? fact.error : fact.value.unknown?.get(tenant);
    const { source, at, ms, calls } = fact;
    if (error) return { source, at, ms, calls, state: 'unknown', error };
    if (fact.state === 'known')
      for (const one of fact.value.value.get(tenant) ?? [])
        found.set(`${one.scope} ${one.managedBy} ${one.offer}`, one);
    last = { source, at, ms, calls, state: 'known', value: [...found.values()] };
  }
  return last!;
}
