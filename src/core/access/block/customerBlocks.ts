import { NEVER } from '../../../base/cancel.ts';
import type { CancelSignal } from '../../../base/cancel.ts';
import type { Clock } from '../../../base/clock.ts';
import { AppError } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import type { AgentFact } from '../../../model/assessment/facts.ts';
import type { Customer, Estate, Workspace } from '../../../model/estate.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { Plan } from '../../../model/plan.ts';
import type { AssessPort } from '../../../ports/assess.ts';
import { issuerKey } from '../../../ports/issuer.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type { LogsPort } from '../../../ports/logs.ts';
import { Attributor } from '../../assess/attribution.ts';
import { agents } from '../../assess/facts/agents.ts';
import { rowsOf } from '../../assess/facts/answerRows.ts';
import { unheard } from '../../assess/facts/heard.ts';
import { isQuestion } from '../../assess/facts/queryFact.ts';
import type { WantedAssociation } from '../../baseline/handlers/collectionAssociationHandler.ts';
import type { Intent } from '../../changes/changeHandler.ts';
import type { ChangeService } from '../../changes/changeService.ts';
import type { CustomersFile } from '../../customers/customersFile.ts';
import { EstateIndex } from '../../estate/estateIndex.ts';
import { issuerOf } from '../../estate/path.ts';
import { askWorkspaces } from '../../fanOut/askWorkspaces.ts';
import type { QuotaScheduler } from '../../fanOut/quotaScheduler.ts';
import { whose, whoseText } from '../../provision/whose.ts';
import { findAssociations } from './findAssociations.ts';
import { planRotation } from './keyRotation.ts';
import type { KeyRotation } from './keyRotation.ts';
import type { BlockUndo, RemovedAssociation } from './undoFile.ts';

/** What the use case stands on. */
export interface BlockWorld {
  readonly estate: { load(options?: { readonly signal?: CancelSignal }): Promise<Estate> };
  readonly customers: { load(): Promise<CustomersFile> };
  readonly assess: Pick<AssessPort, 'graph'>;
  readonly logs: Pick<LogsPort, 'query'>;
  readonly quota: QuotaScheduler;
  readonly changes: Pick<ChangeService, 'plan'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** How a customer is blocked: plans to look at, and what they do not reach. */
export interface BlockPlan {
  /** One for each tenant of the customer with machines that send there. */
  readonly plans: readonly Plan[];
  /** What puts it back; to be kept before anything is done. */
  readonly undo: BlockUndo;
  /** Machines (ARM ids) that follow rules which nobody here sees: they may send there, too. */
  readonly unseen: readonly string[];
  /** What could not be asked. */
  readonly problems: readonly { readonly where: string; readonly error: AppErrorData }[];
  /** Where legacy agents of the customer send there; absent where none does. */
  readonly rotation?: KeyRotation;
}

/** Blocks one customer of a shared workspace, and lets it in again; nobody else's machines are touched. */
export class CustomerBlocks {
  private readonly world: BlockWorld;

  constructor(world: BlockWorld) {
    this.world = world;
  }

  /**
   * What is to be done so that the customer's machines send no more to the workspace. Rejects with `input.customer`
   * where nobody is called that, and as plans do.
   */
  async block(name: string, workspace: Workspace, signal: CancelSignal = NEVER): Promise<BlockPlan> {
    const { assess, clock } = this.world;
    const estate = await this.world.estate.load({ signal });
    const customer = customerOf(name, estate);
    if (workspace.customer === customer.key)
      throw new AppError(
        'input.customer',
        `${workspace.name} is ${customer.name}'s own workspace, and not shared: there is nobody to block.`,
      );
    const [{ found, unknown, problems }, legacy] = await Promise.all([
      findAssociations(estate, customer, workspace, assess, signal),
      this.legacy(workspace, estate, signal),
    ]);
    const index = EstateIndex.of(estate);
    const plans: Plan[] = [];
    for (const group of byIssuer(found)) {
      const [{ tenant, issuer }] = group as [(typeof group)[0]];
      const others = new Set(group.flatMap(({ alsoTo }) => alsoTo.map((id) => id.slice(id.lastIndexOf('/') + 1))));
      plans.push(
        await this.plan(
          `Take ${whoseText(whose(estate, tenant))} from ${workspace.name}`,
          { estate, issuer, tenant },
          group.map(({ id }) => ({ id })),
          [
            `Diagnostic settings, exports and programs of ${customer.name} that send to ${workspace.name} stay as they are.`,
            ...(others.size > 0
              ? [`Their rules send to ${[...others].join(', ')}, too: what these machines send there ends as well.`]
              : []),
          ],
          signal,
        ),
      );
    }
    const rotation = legacy.ok
      ? planRotation(workspace, customer, legacy.value, await this.ownerOf(estate))
      : undefined;
    return {
      plans,
      undo: {
        version: 1,
        at: new Date(clock.now()).toISOString(),
        cloud: estate.cloud,
        customer: customer.key,
        customerName: customer.name,
        workspace: workspace.armId,
        associations: found.map(({ id, rule, description }) => ({
          id,
          rule,
          ...(description === undefined ? {} : { description }),
        })),
      },
      unseen: unknown.map(({ machine }) => machine),
      problems: [
        ...problems.map(({ tenant, error }) => ({ where: `Tenant ${index.tenantName(tenant)}`, error })),
        ...(legacy.ok ? [] : [{ where: `Legacy agents of ${workspace.name}`, error: legacy.error }]),
      ],
      ...(rotation ? { rotation } : {}),
    };
  }

  /**
   * What is to be done so that everything is as before a block. Rejects with `input.undoFile` for a file of another
   * cloud, or with machines that are none of that customer's any more.
   */
  async unblock(undo: BlockUndo, signal: CancelSignal = NEVER): Promise<readonly Plan[]> {
    const estate = await this.world.estate.load({ signal });
    if (estate.cloud !== undo.cloud)
      throw new AppError('input.undoFile', `The undo file is of the cloud ${undo.cloud}, not of ${estate.cloud}.`);
    const placed = undo.associations.map((one) => ({ ...one, ...placeOf(one, undo, estate) }));
    const plans: Plan[] = [];
    for (const group of byIssuer(placed)) {
      const [{ tenant, issuer }] = group as [(typeof group)[0]];
      const title = `Let ${whoseText(whose(estate, tenant))} send again to ${undo.workspace.slice(undo.workspace.lastIndexOf('/') + 1)}`;
      plans.push(await this.plan(title, { estate, issuer, tenant }, group, [], signal));
    }
    return plans;
  }

  private plan(
    title: string,
    { estate, issuer, tenant }: { readonly estate: Estate; readonly issuer: Issuer; readonly tenant: TenantId },
    associations: readonly (Pick<RemovedAssociation, 'id'> & Partial<RemovedAssociation>)[],
    warnings: readonly string[],
    signal: CancelSignal,
  ): Promise<Plan> {
    const { customer, tenant: tenantName } = whose(estate, tenant);
    const account = estate.accounts.find(({ id }) => id === issuer.account)?.label ?? issuer.account;
    return this.world.changes.plan(
      {
        title,
        issuer,
        owner: tenant,
        about: [
          { what: 'Customer', name: customer, main: true },
          { what: 'Tenant', name: tenantName, id: tenant, main: true },
          { what: 'Done as', name: account },
        ],
        intents: associations.map(({ id, rule, description }, at): Intent<WantedAssociation> => ({
          id: `association${at + 1}`,
          resource: 'collectionAssociation',
          target: id,
          wanted: {
            machine: machineOf(id),
            ...(rule === undefined ? {} : { rule }),
            ...(description === undefined ? {} : { description }),
          },
        })),
        warnings,
      },
      signal,
    );
  }

  /** The agents of the workspace, of everybody, within the quota of runs. */
  private async legacy(workspace: Workspace, estate: Estate, signal: CancelSignal) {
    const { logs, quota } = this.world;
    const plan = agents.plan({ workspace });
    const outcomes = await askWorkspaces<readonly AgentFact[]>({
      workspaces: [workspace.key],
      estate,
      quota,
      name: 'block',
      signal,
      ask: async ({ guid, armId }, issuer, attempt) => {
        if (!isQuestion(plan)) throw new AppError('bug.agents', 'The question for agents is none.');
        const { query } = plan;
        const answer = await logs.query(
          { issuer, workspaceGuid: guid, armId, query, timespan: agents.timespan },
          attempt.signal,
        );
        const rows = rowsOf(answer);
        const silent = unheard(answer, rows.length, plan, { workspace });
        if (silent) throw new AppError(silent.code, silent.message);
        return agents.read(rows);
      },
    });
    return outcomes.get(workspace.key)!;
  }

  private async ownerOf(estate: Estate) {
    const { customers: entries } = await this.world.customers.load();
    const owners = [
      ...(estate.subscriptions ?? []),
      ...estate.workspaces.map((one) => ({ ...one, id: one.subscription })),
    ];
    const attributor = new Attributor(
      estate,
      entries,
      owners.map(({ id, tenant }) => ({ subscription: id, tenant })),
    );
    const index = EstateIndex.of(estate);
    return ({ subscription, computer }: AgentFact) => {
      const owner = attributor.ownerOf({ subscription, domain: computer.slice(computer.indexOf('.') + 1) });
      return owner && { key: owner.customer, name: index.customerName(owner.customer) };
    };
  }
}

function customerOf(name: string, { customers }: Estate): Customer {
  const wanted = name.toLowerCase();
  const found = customers.filter((one) => one.key.toLowerCase() === wanted || one.name.toLowerCase() === wanted);
  if (found.length === 1) return found[0]!;
  throw new AppError(
    'input.customer',
    found.length === 0
      ? `There is no customer "${name}" in your estate. "tenantscope estate" lists them.`
      : `${found.length} customers are called "${name}": name the one you mean by its key.`,
  );
}

/** Where an association of an undo file lies now, and whose token reaches it. */
function placeOf(
  { id }: RemovedAssociation,
  { customer, customerName }: BlockUndo,
  estate: Estate,
): { readonly tenant: TenantId; readonly issuer: Issuer } {
  const subscription = id.split('/')[2]!.toLowerCase();
  const known = estate.subscriptions?.find((one) => one.id.toLowerCase() === subscription);
  if (known && known.customer === customer && known.paths[0])
    return { tenant: known.tenant, issuer: { account: known.paths[0].account, tenant: known.paths[0].issuer } };
  const beside = estate.workspaces.find((one) => one.subscription.toLowerCase() === subscription);
  if (beside && beside.customer === customer) return { tenant: beside.tenant, issuer: issuerOf(beside) };
  throw new AppError(
    'input.undoFile',
    `The undo file names ${machineOf(id)} in subscription ${subscription}, which is none of ${customerName}'s that you reach. Nothing was sent.`,
  );
}

function byIssuer<T extends { readonly issuer: Issuer; readonly tenant: TenantId }>(
  items: readonly T[],
): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = `${issuerKey(item.issuer)}\n${item.tenant}`;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** `vm-1` of the id of its association. */
function machineOf(association: string): string {
  const machine = association.slice(0, association.toLowerCase().lastIndexOf('/providers/microsoft.insights/'));
  return machine.slice(machine.lastIndexOf('/') + 1);
}
