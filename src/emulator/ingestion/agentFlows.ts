import type { Cell } from '../../model/kqlType.ts';
import { key } from '../armId.ts';
import { columnsOf } from '../logs/tableColumns.ts';
import { newTable } from '../populate.ts';
import type { Workspace, WorkspaceTable, World } from '../state.ts';
import { findReferenceColumns } from '../world/tableReference.ts';
import { agentOn, sourcesOf } from './agentSources.ts';
import type { AgentMachine, AgentSource, AgentTable } from './agentSources.ts';
import type { IngestedRows } from './ingestedRows.ts';

/** An agent asks for its rules every few minutes: before that nothing of a new one is sent. */
const FIRST_LOOK_MS = 3 * 60_000;
/** No more than this is made up for, however long nobody looked. */
const MOST_MS = 86_400_000;

/** What a machine sends somewhere for a rule; ARM ids in lower case. */
export interface AgentFlow {
  readonly machine: string;
  readonly rule: string;
  readonly workspace: string;
}

/**
 * Rows of machines with the Azure Monitor Agent that a request has associated with a data collection rule, by the
 * emulator's clock: they are made whenever somebody looks or changes what is followed. Machines of the sample estate,
 * whose associations were there from the beginning, have rows of their own.
 */
export class AgentFlows {
  private readonly world: World;
  private readonly ingested: Pick<IngestedRows, 'add'>;
  private readonly delayMs: number;
  private readonly firstLookMs: number;
  /** Until when (ms since 1970) a source's rows are made. */
  private readonly sent = new Map<string, number>();
  private working: Promise<void> = Promise.resolve();

  /**
   * `delayMs`: how long the service takes until a row can be seen; `firstLookMs`: how long an agent takes until it sees
   * that it is to follow a rule (3 minutes unless given).
   */
  constructor(world: World, ingested: Pick<IngestedRows, 'add'>, delayMs: number, firstLookMs = FIRST_LOOK_MS) {
    this.world = world;
    this.ingested = ingested;
    this.delayMs = delayMs;
    this.firstLookMs = firstLookMs;
  }

  /** Sends what has come due of the flows that are meant, each row once. */
  flow(isMeant: (flow: AgentFlow) => boolean): Promise<void> {
    this.working = this.working.catch(() => undefined).then(() => this.sendDue(isMeant));
    return this.working;
  }

  private async sendDue(isMeant: (flow: AgentFlow) => boolean): Promise<void> {
    const until = this.world.clock.now() - this.delayMs;
    for (const { resourceId, ruleId, since } of this.world.collectionAssociations) {
      if (ruleId === undefined || since === undefined || since + this.firstLookMs > until) continue;
      const rule = this.world.resources.get(key(ruleId));
      const machine = agentOn(this.world, resourceId);
      if (!rule || !machine) continue;
      for (const source of sourcesOf(rule, machine))
        if (isMeant({ machine: key(resourceId), rule: key(ruleId), workspace: source.workspace }))
          // One heartbeat, of however many rules a workspace is named by.
          await this.send(machine, source, source.table === 'Heartbeat' ? '' : ruleId, since + this.firstLookMs, until);
    }
  }

  private async send(
    machine: AgentMachine,
    source: AgentSource,
    rule: string,
    since: number,
    until: number,
  ): Promise<void> {
    const workspace = this.world.workspaces.get(source.workspace);
    if (!workspace) return;
    const id = [machine.id, rule, source.workspace, source.table, source.name].map(key).join(' ');
    const from = Math.max(this.sent.get(id) ?? 0, since, until - MOST_MS);
    // An agent that begins tells at once that it is there, and then on the minute.
    const times = source.table === 'Heartbeat' && !this.sent.has(id) ? [from] : [];
    for (let at = Math.ceil((from + 1) / source.every) * source.every; at <= until; at += source.every) times.push(at);
    if (times.length === 0) return;
    this.sent.set(id, until);
    const table = this.tableOf(workspace, source.table);
    const columns = columnsOf(this.world, table);
    const rows = times.map((time) => {
      const values: Readonly<Record<string, Cell>> = {
        ...source.values,
        ...common(machine, workspace, table.name),
        TimeGenerated: new Date(time).toISOString(),
      };
      return columns.map(({ name, type }): Cell => values[name] ?? (type === 'string' ? '' : null));
    });
    await this.ingested.add(workspace.properties.customerId, table.name, columns, rows, until);
  }

  /** A table of a workspace comes into being with its first row. */
  private tableOf(workspace: Workspace, name: AgentTable): WorkspaceTable {
    const known = workspace.tables.get(key(name));
    if (known) return known;
    const columns = this.world.standardTables.has(key(name)) ? undefined : findReferenceColumns(name);
    const made = newTable({ name, ...(columns ? { columns } : {}) });
    workspace.tables.set(key(name), made);
    this.world.touch();
    return made;
  }
}

function common({ id }: AgentMachine, workspace: Workspace, table: string): Record<string, Cell> {
  const [, , subscription = '', , group = ''] = id.split('/');
  const name = id.slice(id.lastIndexOf('/') + 1);
  return {
    TenantId: workspace.properties.customerId,
    Type: table,
    Computer: name,
    HostName: name,
    Resource: name,
    ResourceGroup: group,
    SubscriptionId: subscription,
    ResourceId: id,
    _ResourceId: key(id),
    _SubscriptionId: subscription,
    SourceSystem: 'Azure',
  };
}
