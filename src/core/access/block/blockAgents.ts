import type { CancelSignal } from '../../../base/cancel.ts';
import { AppError } from '../../../base/errors.ts';
import type { Outcome } from '../../../base/outcome.ts';
import type { AgentFact } from '../../../model/assessment/facts.ts';
import type { Customer, Estate, Workspace } from '../../../model/estate.ts';
import type { CustomerKey } from '../../../model/ids.ts';
import type { LogsPort } from '../../../ports/logs.ts';
import { Attributor } from '../../assess/attribution.ts';
import { agents } from '../../assess/facts/agents.ts';
import { rowsOf } from '../../assess/facts/answerRows.ts';
import { unheard } from '../../assess/facts/heard.ts';
import { isQuestion } from '../../assess/facts/queryFact.ts';
import type { CustomerDeclaration } from '../../assess/estateFacts.ts';
import { EstateIndex } from '../../estate/estateIndex.ts';
import { askWorkspaces } from '../../fanOut/askWorkspaces.ts';
import type { QuotaScheduler } from '../../fanOut/quotaScheduler.ts';

/** The agents of a shared workspace, of everybody, within the quota of runs. */
export async function agentsOf(
  workspace: Workspace,
  estate: Estate,
  { logs, quota }: { readonly logs: Pick<LogsPort, 'query'>; readonly quota: QuotaScheduler },
  signal: CancelSignal,
): Promise<Outcome<readonly AgentFact[]>> {
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

/** Whose agents they are. */
export interface AgentOwners {
  /** By the subscription it lies in, else by its domain. */
  readonly ownerOf: (agent: AgentFact) => { readonly key: CustomerKey; readonly name: string } | undefined;
  /** Whether it bears a domain of the customer, and lies in a subscription of `host`: who owns the workspace. */
  readonly isHosted: (agent: AgentFact, customer: Customer, host: CustomerKey) => boolean;
}

/** Tells agents apart by the customers of the estate and what is declared of them. */
export function agentOwners(estate: Estate, entries: readonly CustomerDeclaration[]): AgentOwners {
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
  const domainOf = ({ computer }: AgentFact): string => computer.slice(computer.indexOf('.') + 1);
  return {
    ownerOf: (agent) => {
      const owner = attributor.ownerOf({ subscription: agent.subscription, domain: domainOf(agent) });
      return owner && { key: owner.customer, name: index.customerName(owner.customer) };
    },
    isHosted: (agent, { key }, host) =>
      agent.resourceId !== '' &&
      attributor.ownerOf({ subscription: agent.subscription, domain: '' })?.customer === host &&
      attributor.ownerOf({ subscription: '', domain: domainOf(agent) })?.customer === key,
  };
}
