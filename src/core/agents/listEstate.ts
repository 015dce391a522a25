import type { AgentAnswer } from '../../model/agentTool.ts';
import type { Estate, Workspace } from '../../model/estate.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { filterEstate } from '../estate/filterEstate.ts';
import { pathLabel } from '../estate/path.ts';
import type { AgentCall, AgentWorld } from './agentWorld.ts';
import { narrowScope } from './narrowScope.ts';
import type { AgentInput } from './readInput.ts';
import { LONGEST, shortened } from './writeAnswer.ts';

/** Tenants told by name that could not be entered. */
const CLOSED_TOLD = 20;

/** Who there is within the scope, and who could not be entered. */
export async function listEstate(
  { estate }: AgentWorld,
  { scope, filter, refresh }: AgentInput,
  call: AgentCall,
): Promise<AgentAnswer> {
  const narrowed = narrowScope(call.scope, scope, await estate.load({ refresh, signal: call.signal }));
  const seen = filterEstate(narrowed.estate, filter);
  const closed = seen.tenants.filter(({ state }) => state !== 'entered');
  const index = EstateIndex.of(seen);
  return {
    facts: {
      customers: seen.customers.length,
      tenants: seen.tenants.length,
      groups: [...new Set(seen.customers.flatMap(({ groups }) => groups))].sort().slice(0, 100),
      seenAt: seen.seenAt,
      ...(closed.length > 0
        ? {
            tenantsNotEntered: closed.length,
            notEntered: closed.slice(0, CLOSED_TOLD).map(({ name, customer, error }) => ({
              tenant: shortened(name, LONGEST.name),
              customer: index.customerName(customer),
              reason: shortened(error?.message ?? 'It was not entered.', LONGEST.cell),
            })),
          }
        : {}),
    },
    list: {
      name: 'workspaces',
      items: seen.workspaces.map((workspace) => toItem(workspace, seen)),
      total: seen.workspaces.length,
      more: 'Narrow them with "filter" or "scope".',
    },
  };
}

function toItem(workspace: Workspace, estate: Estate): Readonly<Record<string, unknown>> {
  const index = EstateIndex.of(estate);
  const customer = index.customerOf(workspace);
  return {
    customer: index.customerName(workspace.customer),
    ...(customer && customer.groups.length > 0 ? { groups: customer.groups } : {}),
    tenant: index.tenantName(workspace.tenant),
    workspace: workspace.name,
    workspaceId: workspace.guid,
    region: workspace.region,
    access: pathLabel(workspace) || 'none',
    retentionDays: workspace.retentionDays,
    ...(workspace.sentinel ? { sentinel: true } : {}),
    ...(workspace.cap === 'none' || workspace.cap === 'respected' ? {} : { dailyCap: workspace.cap }),
    ...(Object.keys(workspace.tags).length > 0 ? { tags: workspace.tags } : {}),
  };
}
