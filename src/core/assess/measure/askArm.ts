import type { Fact, FactsOf, SubscriptionFacts, SubscriptionFactValues } from '../../../model/assessment/facts.ts';
import type { Workspace } from '../../../model/estate.ts';
import type { SubscriptionId } from '../../../model/ids.ts';
import type { SubscriptionAnswers, WorkspaceAnswers } from '../../../ports/assess.ts';
import { issuerOf } from '../../estate/path.ts';
import { ARM_READ_LIMITS } from '../../fanOut/quotaLimits.ts';
import { diagnostics } from '../facts/diagnostics.ts';
import { exports } from '../facts/exports.ts';
import { readList } from '../facts/listFact.ts';
import type { ListFact } from '../facts/listFact.ts';
import { locks } from '../facts/locks.ts';
import { roles } from '../facts/roles.ts';
import { tables } from '../facts/tables.ts';
import type { Measuring } from './measuring.ts';
import { Questions } from './questions.ts';
import type { ServiceLimits } from './questions.ts';

/** What an assessment asks of Resource Manager at once. */
export const ARM_LIMITS: ServiceLimits = {
  quota: ARM_READ_LIMITS,
  atOnce: 24,
  atOnceOfTenant: 4,
  deadlineMs: 60_000,
};

/** Asks Resource Manager for what Resource Graph lacks: three lists a workspace, two a subscription. */
export class ResourceManager {
  private readonly measuring: Measuring;
  private readonly questions: Questions;

  constructor(measuring: Measuring) {
    this.measuring = measuring;
    this.questions = new Questions(measuring, ARM_LIMITS);
  }

  /** The three lists of every workspace, filed as they come. Never rejects. */
  async workspaces(workspaces: readonly Workspace[]): Promise<void> {
    const { measuring } = this;
    await Promise.all(
      workspaces.flatMap((workspace) => [
        this.ofWorkspace(workspace, tables, (fact) => {
          measuring.put(workspace.key, 'tables', fact);
        }),
        this.ofWorkspace(workspace, diagnostics, (fact) => {
          measuring.put(workspace.key, 'diagnostics', fact);
        }),
        this.ofWorkspace(workspace, exports, (fact) => {
          measuring.put(workspace.key, 'exports', fact);
        }),
      ]),
    );
  }

  /** The two lists of every subscription that holds one of the workspaces. Never rejects. */
  async subscriptions(workspaces: readonly Workspace[]): Promise<readonly SubscriptionFacts[]> {
    const best = new Map<SubscriptionId, Workspace>();
    for (const workspace of workspaces) {
      const other = best.get(workspace.subscription);
      if (!other || nearness(workspace) > nearness(other)) best.set(workspace.subscription, workspace);
    }
    return Promise.all(
      [...best].map(async ([subscription, workspace]) => {
        const facts: FactsOf<SubscriptionFactValues> = {
          roles: await this.ofSubscription(workspace, roles),
          locks: await this.ofSubscription(workspace, locks),
        };
        return { subscription, name: workspace.subscriptionName, tenant: workspace.tenant, ...facts };
      }),
    );
  }

  private async ofWorkspace<Name extends keyof WorkspaceAnswers>(
    workspace: Workspace,
    list: ListFact<Name, WorkspaceAnswers[Name][number]>,
    file: (fact: Fact<WorkspaceAnswers[Name]>) => void,
  ): Promise<void> {
    const { assess } = this.measuring.world;
    const { armId, tenant, subscription } = workspace;
    const fact = await this.questions.ask({
      fact: list.name,
      tenant,
      issuer: () => issuerOf(workspace),
      bucket: subscription,
      source: assess.sourceOfWorkspace(list.name, armId),
      ask: (issuer, signal) => assess.workspace(list.name, issuer, armId, signal),
      read: (value) => readList(list, value as WorkspaceAnswers[Name]) as WorkspaceAnswers[Name],
    });
    file(fact);
    this.measuring.settled('resourceManager', list.name, workspace);
  }

  private async ofSubscription<Name extends keyof SubscriptionFactValues>(
    workspace: Workspace,
    list: ListFact<Name, SubscriptionAnswers[Name][number]>,
  ): Promise<Fact<SubscriptionAnswers[Name]>> {
    const { assess } = this.measuring.world;
    const { tenant, subscription, subscriptionName, customer } = workspace;
    const inside = workspace.paths.find(({ issuer }) => issuer === tenant);
    const fact = await this.questions.ask({
      fact: list.name,
      tenant,
      // Who comes by delegation is not shown the customer's own assignments: a guest is.
      issuer: () => (inside ? { account: inside.account, tenant } : issuerOf(workspace)),
      bucket: subscription,
      source: assess.sourceOfSubscription(list.name, subscription),
      ask: (issuer, signal) => assess.subscription(list.name, issuer, subscription, signal),
      read: (value) => readList(list, value as SubscriptionAnswers[Name]) as SubscriptionAnswers[Name],
    });
    this.measuring.settled('resourceManager', list.name, { name: subscriptionName, customer });
    return fact;
  }
}

/** How much of a workspace's subscription its paths show: from inside its tenant, by delegation, nothing. */
function nearness({ paths, tenant }: Workspace): number {
  return paths.some(({ issuer }) => issuer === tenant) ? 2 : Math.min(paths.length, 1);
}
