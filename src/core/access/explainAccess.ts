import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { AccessReport, ClosedTenant, WorkspaceAccess } from '../../model/access.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import type { ReaderRow } from '../../model/assessment/assessment.ts';
import type { Scope } from '../../model/scope.ts';
import type { AssessPort } from '../../ports/assess.ts';
import type { MicrosoftGraphPort } from '../../ports/microsoftGraph.ts';
import { findProvider } from '../assess/attribution.ts';
import type { Provider } from '../assess/attribution.ts';
import { readersOf } from '../assess/readers.ts';
import type { CustomersFile } from '../customers/customersFile.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { resolveScope } from '../estate/scope.ts';
import { adminRequests } from './adminRequest.ts';
import { auditOf } from './auditReaders.ts';
import { membersOf } from './groupMembers.ts';
import type { AllMembers } from './groupMembers.ts';
import { measureAccess } from './measureAccess.ts';
import type { AccessFacts } from './measureAccess.ts';
import { notVisibleOf, seesOwnRoles } from './notVisible.ts';
import { closedState, waysOf } from './ownWays.ts';
import { namesOf } from './principalNames.ts';
import type { Names } from './principalNames.ts';
import { groupOf, toReader } from './toReader.ts';

/** What the use case stands on. Without `names` people are told by their ids. */
export interface AccessWorld {
  readonly estate: { load(options?: { readonly signal?: CancelSignal }): Promise<Estate> };
  readonly customers: { load(): Promise<CustomersFile> };
  readonly assess: AssessPort;
  readonly clock: Pick<Clock, 'now'>;
  readonly names?: Pick<MicrosoftGraphPort, 'principals'> & Partial<Pick<MicrosoftGraphPort, 'members'>>;
}

/** Who can read which workspace, by what, and who cannot though one would think so. */
export class AccessXray {
  private readonly world: AccessWorld;

  constructor(world: AccessWorld) {
    this.world = world;
  }

  /**
   * Looks at every workspace of the scope; what could not be seen is told as that. Rejects with `input.scope` for a
   * scope that cannot be taken as written, and when cancelled.
   */
  async explain(scope: Scope, signal: CancelSignal = NEVER): Promise<AccessReport> {
    const { assess, clock } = this.world;
    const at = new Date(clock.now()).toISOString();
    const estate = await this.world.estate.load({ signal });
    const { workspaces, problems, gaps } = resolveScope(scope, estate);
    const wrong = problems.filter(({ selector }) => selector !== undefined || gaps.length === 0);
    if (wrong.length > 0) throw new AppError('input.scope', wrong.map(({ message }) => message).join(' '));
    const { customers: entries } = await this.world.customers.load();
    const provider = findProvider({ estate, entries });
    const reached = workspaces.filter(({ paths }) => paths.length > 0);
    const facts = await measureAccess(estate, reached, { assess, clock }, signal);
    const names = await namesOf(estate, reached, facts, this.world.names, signal);
    const index = EstateIndex.of(estate);
    const looked = reached.map((workspace) => ({ workspace, rows: rowsOf(workspace, facts, provider) }));
    const groups = looked.flatMap(({ workspace, rows }) => {
      const delegations = facts.delegations.get(workspace.tenant)!;
      return rows.flatMap((row) => groupOf(row, workspace, { names, delegations }) ?? []);
    });
    const members = await membersOf(groups, index, names, this.world.names, signal);
    const explained = looked.map(({ workspace, rows }) => accessOf(workspace, rows, { estate, facts, names, members }));
    const closed = gaps.map((gap): ClosedTenant => {
      const { tenant, tenantName, customer, customerName, error } = gap;
      const state = closedState(estate.tenants.find(({ id }) => id === tenant));
      return { tenant, tenantName, customer, customerName, state, ...(error ? { error } : {}) };
    });
    return { at, workspaces: explained, closed, requests: adminRequests(explained, closed, estate) };
  }
}

interface Seen {
  readonly estate: Estate;
  readonly facts: AccessFacts;
  readonly names: Names;
  readonly members: AllMembers;
}

/** Who can read, by id. What is not seen is told apart from who is. */
function rowsOf(workspace: Workspace, facts: AccessFacts, provider: Provider): readonly ReaderRow[] {
  const { key, tenant, subscription } = workspace;
  const configuration = facts.configurations.get(key)!;
  const tables = facts.tables.get(key)!;
  return readersOf({
    own: [{ workspace, configuration, tables }],
    subscriptions: [{ subscription, roles: facts.roles.get(subscription)! }],
    tenants: [{ id: tenant, facts: { delegations: facts.delegations.get(tenant)! } }],
    estate: { providerTenants: [...provider.tenants] },
  }).filter(({ kind, role }) => kind !== 'unknown' || role !== 'not known');
}

function accessOf(
  workspace: Workspace,
  rows: readonly ReaderRow[],
  { estate, facts, names, members }: Seen,
): WorkspaceAccess {
  const { key, tenant, customer, subscription } = workspace;
  const index = EstateIndex.of(estate);
  const configuration = facts.configurations.get(key)!;
  const tables = facts.tables.get(key)!;
  const roles = facts.roles.get(subscription)!;
  const delegations = facts.delegations.get(tenant)!;
  const eligible = facts.eligible.get(subscription);
  const readers = rows.map((row) => toReader(row, workspace, { names, index, delegations, members }));
  return {
    customer,
    customerName: index.customerName(customer),
    tenant,
    tenantName: index.tenantName(tenant),
    workspace: key,
    workspaceName: workspace.name,
    ways: waysOf(workspace, estate),
    readers,
    notVisible: notVisibleOf(workspace, { configuration, tables, roles, delegations, eligible, readers }, names),
    dataActionsOnly:
      configuration.state === 'known' ? configuration.value.dataActionsOnly : workspace.dataActionsOnly === true,
    ...(tables.state === 'known'
      ? { protectedTables: tables.value.filter((one) => one.protected).map(({ name }) => name) }
      : {}),
    audit: auditOf(workspace, facts.diagnostics.get(key)!, readers, seesOwnRoles(workspace, roles)),
  };
}
