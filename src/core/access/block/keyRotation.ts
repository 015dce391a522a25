import { counted } from '../../../base/counted.ts';
import type { AgentFact } from '../../../model/assessment/facts.ts';
import type { CustomerKey } from '../../../model/ids.ts';

/** Legacy agents of one customer, or of nobody that is known, that sign in with the workspace's keys. */
export interface KeyHolders {
  readonly customer?: CustomerKey;
  readonly customerName: string;
  readonly computers: readonly string[];
}

/** What it takes to shut out legacy agents, which no data collection rule tells apart: new keys, for everybody. */
export interface KeyRotation {
  /** Legacy agents of the customer that is to be blocked. */
  readonly blocked: KeyHolders;
  /** Everybody else who stops sending when the keys are renewed. */
  readonly hit: readonly KeyHolders[];
  /** In order, in words; no key is in them. */
  readonly steps: readonly string[];
}

/** Whose legacy agents they are; undefined where the blocked customer has none, so that no key need be renewed. */
export function planRotation(
  workspace: { readonly name: string; readonly armId: string },
  customer: { readonly key: CustomerKey; readonly name: string },
  agents: readonly AgentFact[],
  ownerOf: (agent: AgentFact) => { readonly key: CustomerKey; readonly name: string } | undefined,
): KeyRotation | undefined {
  const holders = new Map<CustomerKey | undefined, { name: string; computers: string[] }>();
  for (const agent of agents) {
    if (!agent.legacy) continue;
    const owner = ownerOf(agent);
    const known = holders.get(owner?.key);
    if (known) known.computers.push(agent.computer);
    else holders.set(owner?.key, { name: owner?.name ?? 'nobody that is known', computers: [agent.computer] });
  }
  const mine = holders.get(customer.key);
  if (!mine) return undefined;
  const toHolders = ([key, { name, computers }]: readonly [
    CustomerKey | undefined,
    { readonly name: string; readonly computers: readonly string[] },
  ]): KeyHolders => ({
    ...(key === undefined ? {} : { customer: key }),
    customerName: name,
    computers: [...computers].sort(),
  });
  const hit = [...holders].filter(([key]) => key !== customer.key).map(toHolders);
  hit.sort((a, b) => a.customerName.localeCompare(b.customerName));
  const others = hit.reduce((sum, { computers }) => sum + computers.length, 0);
  return {
    blocked: toHolders([customer.key, mine]),
    hit,
    steps: [
      ...(others === 0
        ? ['No other legacy agent signs in here: nobody else is hit.']
        : [
            `Move ${counted(others, 'legacy agent')} of others to the Azure Monitor Agent, with a data collection rule each customer has to itself: agents that still sign in with a key stop sending at the next step.`,
          ]),
      'Look for programs and other services that hold a key (HTTP Data Collector API): they are not among the agents.',
      `Renew the keys. The service takes no choice of key, so that every holder is hit:\n   az rest --method post --url ${workspace.armId}/regenerateSharedKey?api-version=2025-07-01 --query "'renewed'"`,
      'Hand the new keys to nobody who can do without. Best, switch keys off for good (disableLocalAuth) once nothing needs them.',
      `Look whether the ${counted(mine.computers.length, 'computer')} of ${customer.name} have fallen silent in ${workspace.name}: table Heartbeat, Category "Direct Agent".`,
    ],
  };
}
