import { NEVER } from '../../../base/cancel.ts';
import type { CancelSignal } from '../../../base/cancel.ts';
import type { Clock } from '../../../base/clock.ts';
import { AppError, toAppError } from '../../../base/errors.ts';
import type { AppErrorData } from '../../../base/errors.ts';
import type { Customer, Estate, Workspace } from '../../../model/estate.ts';
import type { TenantId } from '../../../model/ids.ts';
import type { Plan } from '../../../model/plan.ts';
import type { AssessPort } from '../../../ports/assess.ts';
import type { Issuer } from '../../../ports/issuer.ts';
import type { SendingPort } from '../../../ports/leaving.ts';
import type { LogsPort } from '../../../ports/logs.ts';
import type { Intent } from '../../changes/changeHandler.ts';
import type { ChangeService } from '../../changes/changeService.ts';
import type { CustomersFile } from '../../customers/customersFile.ts';
import { EstateIndex } from '../../estate/estateIndex.ts';
import { allSubscriptions } from '../../estate/scopeSubscriptions.ts';
import type { QuotaScheduler } from '../../fanOut/quotaScheduler.ts';
import { wantSendingEnd } from '../../onboard/sendingEndHandler.ts';
import { whose, whoseText } from '../../provision/whose.ts';
import { agentOwners, agentsOf } from './blockAgents.ts';
import { associationIntent, byIssuer, lastOf, placeOf, settingIntent } from './blockIntents.ts';
import { findAssociations } from './findAssociations.ts';
import { findSettings } from './findSettings.ts';
import type { FoundSetting, SettingsWorld } from './findSettings.ts';
import { planRotation } from './keyRotation.ts';
import type { KeyRotation } from './keyRotation.ts';
import type { BlockUndo, RemovedSetting } from './undoFile.ts';

/** What the use case stands on. */
export interface BlockWorld {
  readonly estate: { load(options?: { readonly signal?: CancelSignal }): Promise<Estate> };
  readonly customers: { load(): Promise<CustomersFile> };
  readonly assess: Pick<AssessPort, 'graph'>;
  readonly logs: Pick<LogsPort, 'query'>;
  readonly quota: QuotaScheduler;
  readonly changes: Pick<ChangeService, 'plan'>;
  readonly clock: Pick<Clock, 'now'>;
  /** What looks at diagnostic settings. */
  readonly senders: SettingsWorld & { readonly sending: Pick<SendingPort, 'sending'> };
}

/** What is ended beside associations. */
export interface BlockOptions {
  /** Diagnostic settings that send to the workspace, too; they are found and named either way. */
  readonly settings?: boolean;
}

/** A way on which rows come that no plan of a block ends, and what ends it. */
export interface OtherWay {
  readonly what: string;
  readonly remedy: string;
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
  /** What goes on sending when the plans are carried out. */
  readonly others: readonly OtherWay[];
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
  async block(
    name: string,
    workspace: Workspace,
    signal: CancelSignal = NEVER,
    { settings: endsSettings = false }: BlockOptions = {},
  ): Promise<BlockPlan> {
    const { assess, clock, senders } = this.world;
    const estate = await this.world.estate.load({ signal });
    const customer = customerOf(name, estate);
    if (workspace.customer === customer.key)
      throw new AppError(
        'input.customer',
        `${workspace.name} is ${customer.name}'s own workspace, and not shared: there is nobody to block.`,
      );
    const problems: { where: string; error: AppErrorData }[] = [];
    const legacy = await agentsOf(workspace, estate, this.world, signal);
    if (!legacy.ok) problems.push({ where: `Legacy agents of ${workspace.name}`, error: legacy.error });
    const agents = legacy.ok ? legacy.value : [];
    const owners = agentOwners(estate, (await this.world.customers.load()).customers);
    // What the customer has at its provider: the domain says so, for the subscription is the provider's.
    const hosted = agents.filter((one) => owners.isHosted(one, customer, workspace.customer));
    const machines = new Set(hosted.map(({ resourceId }) => resourceId));
    const collected = await findAssociations(estate, customer, workspace, assess, signal, machines);
    const index = EstateIndex.of(estate);
    for (const { tenant, error } of collected.problems)
      problems.push({ where: `Tenant ${index.tenantName(tenant)}`, error });
    const found = await this.settings(estate, customer, workspace, problems, signal);
    const bodies = new Map<string, RemovedSetting>();
    if (endsSettings)
      for (const { armId, issuer } of found.filter((one) => !one.armId.toLowerCase().startsWith('/providers/'))) {
        const now = await senders.sending.sending(issuer, armId, [workspace.armId], signal);
        if (now?.body) bodies.set(armId, { id: armId, ...now.body });
      }
    const ended = found.filter(({ armId }) => bodies.has(armId));
    const associations = collected.found;
    const plans: Plan[] = [];
    const groups = byIssuer([
      ...associations.map((one) => ({ ...one, kind: 'association' as const })),
      ...ended.map((one) => ({ ...one, kind: 'setting' as const, tenant: tenantOf(one, estate, customer) })),
    ]);
    for (const group of groups) {
      const [{ tenant, issuer }] = group as [(typeof group)[0]];
      const others = new Set(
        group.flatMap((one) => (one.kind === 'association' ? one.alsoTo : []).map((id) => lastOf(id))),
      );
      const intents = group.map((one, at) =>
        one.kind === 'association'
          ? associationIntent(at, { id: one.id })
          : wantSendingEnd(one.armId, {
              called: `diagnostic setting ${one.name} of ${one.called}`,
              workspaces: [workspace.armId.toLowerCase()],
            }),
      );
      const title = `Take ${whoseText(whose(estate, tenant))} from ${workspace.name}`;
      const warnings = [
        ...(endsSettings || found.length === 0
          ? []
          : [`Diagnostic settings of ${customer.name} that send to ${workspace.name} stay.`]),
        `Programs that send to ${workspace.name} go on.`,
        ...(others.size > 0
          ? [`Their rules send to ${[...others].join(', ')}, too: what these machines send there ends as well.`]
          : []),
      ];
      plans.push(await this.plan(title, { estate, issuer, tenant }, intents, warnings, signal));
    }
    const rotation = planRotation(workspace, customer, agents, owners.ownerOf);
    return {
      plans,
      undo: {
        version: 1,
        at: new Date(clock.now()).toISOString(),
        cloud: estate.cloud,
        customer: customer.key,
        customerName: customer.name,
        workspace: workspace.armId,
        associations: associations.map(({ id, rule, description }) => ({
          id,
          rule,
          ...(description === undefined ? {} : { description }),
        })),
        ...(bodies.size > 0 ? { settings: [...bodies.values()] } : {}),
      },
      unseen: collected.unknown.map(({ machine }) => machine),
      problems,
      others: [
        ...found
          .filter(({ armId }) => !bodies.has(armId))
          .map(({ name: setting, called }) => ({
            what: `Diagnostic setting ${setting} of ${called} sends there.`,
            remedy: endsSettings
              ? `It is a setting of a directory: end it in Microsoft Entra ID.`
              : 'It is ended, too, where you say so (--diagnostics).',
          })),
        ...collected.direct.map(({ id }) => ({
          what: `Rule ${lastOf(id)} takes what programs send to it.`,
          remedy: `Take the role Monitoring Metrics Publisher on it from programs of ${customer.name}: az role assignment list --scope ${id} --output table`,
        })),
      ],
      ...(rotation ? { rotation } : {}),
    };
  }

  /** Settings of the customer's that send to this workspace. */
  private async settings(
    estate: Estate,
    customer: Customer,
    workspace: Workspace,
    problems: { where: string; error: AppErrorData }[],
    signal: CancelSignal,
  ): Promise<readonly FoundSetting[]> {
    const own = <T extends { readonly customer: Customer['key'] }>(one: T): boolean => one.customer === customer.key;
    const owner = {
      estate,
      customer,
      workspaces: estate.workspaces.filter(own),
      subscriptions: allSubscriptions(estate).filter(own),
    };
    const tryTo = async (where: string, work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.family === 'cancelled' || error.family === 'bug') throw error;
        problems.push({ where, error: error.toData() });
      }
    };
    const found = await findSettings(owner, this.world.senders, { tryTo }, signal);
    return found.filter((one) => one.workspace === workspace.armId.toLowerCase());
  }

  /**
   * What is to be done so that everything is as before a block. Rejects with `input.undoFile` for a file of another
   * cloud, or with machines that are none of that customer's any more.
   */
  async unblock(undo: BlockUndo, signal: CancelSignal = NEVER): Promise<readonly Plan[]> {
    const estate = await this.world.estate.load({ signal });
    if (estate.cloud !== undo.cloud)
      throw new AppError('input.undoFile', `The undo file is of the cloud ${undo.cloud}, not of ${estate.cloud}.`);
    const placed = [
      ...undo.associations.map((one) => ({ kind: 'association' as const, ...one, ...placeOf(one.id, undo, estate) })),
      ...(undo.settings ?? []).map((one) => ({ kind: 'setting' as const, ...one, ...placeOf(one.id, undo, estate) })),
    ];
    const plans: Plan[] = [];
    for (const group of byIssuer(placed)) {
      const [{ tenant, issuer }] = group as [(typeof group)[0]];
      const title = `Let ${whoseText(whose(estate, tenant))} send again to ${lastOf(undo.workspace)}`;
      const intents = group.map((one, at) =>
        one.kind === 'association' ? associationIntent(at, one) : settingIntent(one, undo.workspace),
      );
      plans.push(await this.plan(title, { estate, issuer, tenant }, intents, [], signal));
    }
    return plans;
  }

  private plan(
    title: string,
    { estate, issuer, tenant }: { readonly estate: Estate; readonly issuer: Issuer; readonly tenant: TenantId },
    intents: readonly Intent[],
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
        intents,
        warnings,
      },
      signal,
    );
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

/** Whose a setting is: its subscription's. */
function tenantOf({ armId, issuer }: FoundSetting, estate: Estate, { tenants }: Customer): TenantId {
  const subscription = armId.split('/')[2]?.toLowerCase();
  return (
    allSubscriptions(estate).find(({ id }) => id.toLowerCase() === subscription)?.tenant ?? tenants[0] ?? issuer.tenant
  );
}
