import type { AgentFact } from '../../../model/assessment/facts.ts';
import type { QueryFact } from './queryFact.ts';

/**
 * "Direct Agent" is the retired agent. A computer that moved to another one is not legacy, however many old heartbeats
 * it left; one that runs both still is.
 */
const QUERY = `Heartbeat
| where TimeGenerated > ago(14d)
| summarize First = min(TimeGenerated), LastLegacy = maxif(TimeGenerated, Category == "Direct Agent"),
    arg_max(TimeGenerated, OSType, _SubscriptionId)
    by Computer = tolower(Computer), ResourceId = tolower(_ResourceId)
| project Computer, ResourceId, Subscription = tolower(_SubscriptionId), OS = OSType, First, Last = TimeGenerated,
    Legacy = isnotnull(LastLegacy) and LastLegacy > TimeGenerated - 1h
| order by Computer asc, ResourceId asc`;

/** The computers that an agent reported from in 14 days. */
export const agents: QueryFact<'agents'> = {
  name: 'agents',
  timespan: 'P14D',
  plan: () => ({ query: QUERY, tables: ['Heartbeat'] }),
  read: (rows) =>
    joinMoved(
      rows.map((row) => ({
        computer: row.text('Computer'),
        legacy: row.flag('Legacy'),
        os: row.text('OS'),
        resourceId: row.text('ResourceId'),
        subscription: row.text('Subscription') || subscriptionOf(row.text('ResourceId')),
        first: row.time('First') ?? '',
        last: row.time('Last') ?? '',
      })),
    ),
};

/** The subscription that a resource id names, lower case; empty where it names none. */
export function subscriptionOf(resourceId: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(resourceId)?.[1]?.toLowerCase() ?? '';
}

/**
 * A machine outside Azure has no resource id until it is connected with Arc: its old heartbeats and its new ones are
 * one computer. Where two resources bear the name, nobody knows whose the old ones are: they stay apart.
 */
function joinMoved(all: readonly AgentFact[]): readonly AgentFact[] {
  const byName = new Map<string, AgentFact[]>();
  for (const one of all) {
    const same = byName.get(one.computer);
    if (same) same.push(one);
    else byName.set(one.computer, [one]);
  }
  return [...byName.values()].flatMap((ones) => {
    const bare = ones.find(({ resourceId }) => resourceId === '');
    const [resource, second] = ones.filter(({ resourceId }) => resourceId !== '');
    if (!bare || !resource || second) return ones;
    const [older, newer] = bare.last < resource.last ? [bare, resource] : [resource, bare];
    const { os, last } = newer;
    const legacy = newer.legacy || (older.legacy && Date.parse(last) - Date.parse(older.last) < 3_600_000);
    return [{ ...resource, os, last, legacy, first: bare.first < resource.first ? bare.first : resource.first }];
  });
}
