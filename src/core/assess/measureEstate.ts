import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { FactSource, WorkspaceFacts, WorkspaceFactValues } from '../../model/assessment/facts.ts';
import type { Workspace } from '../../model/estate.ts';
import type { AssessWorld } from './assessWorld.ts';
import { Attributor, findProvider } from './attribution.ts';
import type { Provider } from './attribution.ts';
import type { AssessProgress, AssessScope, EstateFacts } from './estateFacts.ts';
import { agents } from './facts/agents.ts';
import { attribution } from './facts/attribution.ts';
import { audit } from './facts/audit.ts';
import { operations } from './facts/operations.ts';
import { notNeeded } from './facts/queryFact.ts';
import { sources } from './facts/sources.ts';
import { usage } from './facts/usage.ts';
import { ResourceManager } from './measure/askArm.ts';
import { Graph } from './measure/askGraph.ts';
import { askOwners, withTenantFacts } from './measure/askOwners.ts';
import { Queries } from './measure/askQueries.ts';
import { FACT_NAMES } from './measure/ledger.ts';
import { Measuring } from './measure/measuring.ts';
import { findSharing } from './measure/sharing.ts';

/**
 * Measures the customers of a scope: their tenants, subscriptions and workspaces, and all workspaces of the provider.
 * Never rejects for what happened there: a fact that could not be had is unknown with its error. A cancellation keeps
 * what came; the rest is unknown with `cancelled.byUser`. At most six queries and three lists a workspace, two lists a
 * subscription, and one question to Resource Graph per issuer and kind. `tell` hears how far it is, at once and after
 * every answer.
 */
export async function measureEstate(
  scope: AssessScope,
  world: AssessWorld,
  signal: CancelSignal = NEVER,
  tell?: (progress: AssessProgress) => void,
): Promise<EstateFacts> {
  const beganAt = world.clock.now();
  const measuring = new Measuring(world, scope, signal, tell);
  const { estate } = scope;
  const provider = findProvider(scope);
  const asked = new Set(scope.customers);
  const tenants = estate.tenants.filter(({ customer }) => asked.has(customer));
  const workspaces = estate.workspaces.filter(
    ({ customer }) => asked.has(customer) || provider.customers.has(customer),
  );
  const centres = workspaces.filter(({ customer }) => provider.customers.has(customer));

  const graph = new Graph(measuring, tenants, workspaces);
  const subscriptions = new Set(workspaces.map(({ subscription }) => subscription)).size;
  measuring.expect(graph.count + subscriptions * 2 + workspaces.length * 8 + centres.length);
  measuring.report('graph', 'Resource Graph');

  const arm = new ResourceManager(measuring);
  const queries = new Queries(measuring, workspaces);
  const [owners, subscriptionFacts] = await Promise.all([
    centres.length > 0 ? askOwners(measuring) : [],
    arm.subscriptions(workspaces),
    graph.ask(),
    arm.workspaces(workspaces),
    queries.ask(usage, workspaces, 'volumes'),
  ]);
  graph.configure(workspaces);
  const tenantFacts = graph.tenants(tenants);
  queries.secondLook(workspaces);

  await Promise.all([
    queries.ask(attribution, centres, 'logs'),
    queries.ask(operations, workspaces, 'logs'),
    queries.ask(agents, workspaces, 'logs'),
    queries.ask(audit, workspaces, 'logs'),
  ]);
  const allOwners = withTenantFacts(owners, tenantFacts);
  const sharing = findSharing(measuring, workspaces, provider, new Attributor(estate, scope.entries, allOwners));
  measuring.expect(sharing.length - workspaces.length);
  await queries.ask(sources, sharing, 'sources');

  const workspaceFacts = workspaces.map((workspace) => factsOf(measuring, workspace, provider, sharing));
  return {
    at: new Date(beganAt).toISOString(),
    ms: world.clock.now() - beganAt,
    workspaces: workspaceFacts,
    subscriptions: subscriptionFacts,
    tenants: tenantFacts,
    owners: allOwners,
    costs: measuring.ledger.total([...workspaceFacts, ...subscriptionFacts, ...tenantFacts], FACT_NAMES),
    cancelled: signal.aborted,
  };
}

/** Everything that was measured of one workspace. */
function factsOf(
  measuring: Measuring,
  workspace: Workspace,
  provider: Provider,
  sharing: readonly Workspace[],
): WorkspaceFacts {
  const { assess } = measuring.world;
  const { key, armId } = workspace;
  const fact = <Name extends keyof WorkspaceFactValues>(name: Name, source: FactSource) =>
    measuring.find(key, name) ?? measuring.ledger.unmeasured<WorkspaceFactValues[Name]>(source);
  const left = <Name extends 'attribution' | 'sources'>(name: Name, needed: boolean, why: string) =>
    measuring.find(key, name) ??
    measuring.ledger.unmeasured<WorkspaceFactValues[Name]>(
      { kind: 'estate' },
      needed || measuring.signal.aborted ? undefined : notNeeded(why),
    );
  return {
    workspace,
    configuration: fact('configuration', assess.sourceOfGraph('configurations')),
    tables: fact('tables', assess.sourceOfWorkspace('tables', armId)),
    diagnostics: fact('diagnostics', assess.sourceOfWorkspace('diagnostics', armId)),
    exports: fact('exports', assess.sourceOfWorkspace('exports', armId)),
    usage: fact('usage', { kind: 'estate' }),
    agents: fact('agents', { kind: 'estate' }),
    operations: fact('operations', { kind: 'estate' }),
    audit: fact('audit', { kind: 'estate' }),
    attribution: left(
      'attribution',
      provider.customers.has(workspace.customer),
      'Not asked: only in a workspace of the provider may rows of several customers lie.',
    ),
    sources: left(
      'sources',
      sharing.includes(workspace),
      'Not asked: none of its rows is known to lie in a second workspace.',
    ),
  };
}
