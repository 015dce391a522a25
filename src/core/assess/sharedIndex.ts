import type { AgentFact, AttributionRow, SourceRow, TableDay, WorkspaceFacts } from '../../model/assessment/facts.ts';
import type { AttributedBy } from '../../model/assessment/subject.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { Attributor, Owner } from './attribution.ts';
import { subscriptionOf } from './facts/agents.ts';

/** What of a shared workspace is one customer's, in the order of the facts. */
export interface SharedPart {
  readonly rows: AttributionRow[];
  readonly by: Set<AttributedBy>;
  readonly agents: AgentFact[];
  readonly sources: SourceRow[];
}

/** Whose everything in a provider's workspace is, looked up once for all customers. What was not measured is empty. */
export class SharedIndex {
  /** All rows of the last day, and those that name no customer. */
  readonly of: number;
  readonly unattributed: { readonly rows: number; readonly gb: number };
  /** Volumes by the table's name in lower case. */
  readonly volumes: ReadonlyMap<string, readonly TableDay[]>;
  private readonly parts = new Map<CustomerKey, SharedPart>();

  constructor({ attribution, agents, sources, usage }: WorkspaceFacts, attributor: Attributor) {
    const all = attribution.state === 'known' ? attribution.value : [];
    const nobodys: AttributionRow[] = [];
    for (const row of all) {
      const owner = attributor.ownerOf(row);
      if (owner) {
        const part = this.make(owner);
        part.rows.push(row);
        part.by.add(owner.by);
      } else nobodys.push(row);
    }
    this.of = sumOf(all).rows;
    this.unattributed = sumOf(nobodys);
    for (const agent of agents.state === 'known' ? agents.value : []) {
      const owner = attributor.ownerOf(placeOf(agent));
      if (owner) this.make(owner).agents.push(agent);
    }
    for (const row of sources.state === 'known' ? sources.value : []) {
      const owner = attributor.ownerOf(placeOfSource(row.source));
      if (owner) this.make(owner).sources.push(row);
    }
    const volumes = new Map<string, TableDay[]>();
    for (const volume of usage.state === 'known' ? usage.value.volumes : []) {
      const table = volume.table.toLowerCase();
      const same = volumes.get(table);
      if (same) same.push(volume);
      else volumes.set(table, [volume]);
    }
    this.volumes = volumes;
  }

  /** A customer's part; undefined where no row is its. */
  partOf(customer: CustomerKey): SharedPart | undefined {
    const part = this.parts.get(customer);
    return part && part.rows.length > 0 ? part : undefined;
  }

  /** Customers that have rows here. */
  get customers(): readonly CustomerKey[] {
    return [...this.parts].flatMap(([customer, { rows }]) => (rows.length > 0 ? [customer] : []));
  }

  private make({ customer }: Owner): SharedPart {
    let part = this.parts.get(customer);
    if (!part) this.parts.set(customer, (part = { rows: [], by: new Set(), agents: [], sources: [] }));
    return part;
  }
}

/** Rows and GB of these together. */
export function sumOf(rows: readonly AttributionRow[]): { readonly rows: number; readonly gb: number } {
  return rows.reduce((sum, row) => ({ rows: sum.rows + row.rows, gb: sum.gb + row.gb }), { rows: 0, gb: 0 });
}

/** What tells whose a computer is. */
function placeOf(agent: AgentFact): { readonly subscription: string; readonly domain: string } {
  return { subscription: agent.subscription || subscriptionOf(agent.resourceId), domain: domainOf(agent.computer) };
}

/** What tells whose a source (a resource id or a computer) is. */
function placeOfSource(source: string): { readonly subscription: string; readonly domain: string } {
  return source.startsWith('/')
    ? { subscription: subscriptionOf(source), domain: '' }
    : { subscription: '', domain: domainOf(source) };
}

/** What follows the first dot, where it is no address. */
function domainOf(computer: string): string {
  return /^[^.]*\.(.*[a-z].*)$/i.exec(computer)?.[1]?.toLowerCase() ?? '';
}
