import { key, workspaceScope } from '../armId.ts';
import { readInstant } from '../clock.ts';
import type { SummaryRule } from '../flows.ts';
import { columnsOf } from '../logs/tableColumns.ts';
import { TableStore } from '../logs/tableStore.ts';
import type { Deps } from '../router.ts';
import type { Workspace, World } from '../state.ts';
import type { Cell } from '../../model/kqlType.ts';
import { askBin } from './binQuery.ts';
import type { BinAnswer } from './binQuery.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const LOOK_MS = 1_000;
/** A bin is tried so often within eight hours; so many bins in a row that came to nothing stop the rule. */
const TRIES = 10;
const PAUSE = (8 * HOUR) / TRIES;
const MOST_IN_A_ROW = 8;
/** The default delay is a tenth of the bin, and this at least. */
const SHORTEST_DELAY = 3.5 * MINUTE;

/**
 * Runs summary rules that were made by a request, bin by bin, by the emulator's clock; those of the sample estate stand
 * still. What can be seen of a bin when it is run is counted, and nothing that comes later.
 */
export class SummaryRuleService {
  private readonly world: World;
  private readonly deps: Deps;
  private readonly store: TableStore;
  private readonly timer: NodeJS.Timeout;
  private readonly stopListening: () => void;
  private working: Promise<void> | undefined;
  private again = false;
  private closed = false;

  constructor(world: World, deps: Deps) {
    this.world = world;
    this.deps = deps;
    this.store = new TableStore(world, deps.logs, () => deps.engine(), deps.ingested);
    this.timer = setInterval(() => {
      this.look();
    }, LOOK_MS);
    this.timer.unref();
    // Whoever moves the clock says so.
    this.stopListening = world.onChange(() => {
      this.look();
    });
  }

  /** Runs what has come due, one bin after the other. */
  look(): void {
    this.again = true;
    this.working ??= (async () => {
      while (this.again && !this.closed) {
        this.again = false;
        const run = [...this.world.workspaces.values()].flatMap((workspace) =>
          [...(workspace.summaryRules?.values() ?? [])]
            .filter(({ progress }) => progress)
            .map((rule) => ({ workspace, rule })),
        );
        for (const { workspace, rule } of run) await this.advance(workspace, rule);
      }
    })().finally(() => {
      this.working = undefined;
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    this.stopListening();
    await this.working;
  }

  /** Runs a bin that came to nothing once more; whether it did now. */
  async retry(workspace: Workspace, rule: SummaryRule, bin: number): Promise<boolean> {
    const { progress } = rule;
    if (!progress?.failed.includes(bin)) return false;
    if (await this.run(workspace, rule, bin)) progress.failed = progress.failed.filter((one) => one !== bin);
    this.world.touch();
    return true;
  }

  /** A query over what can be seen of a workspace now, in a range of `TimeGenerated` (ISO, half-open). */
  async ask(workspace: Workspace, query: string, from: string, to: string): Promise<BinAnswer> {
    const id = key(workspaceScope(workspace));
    await this.deps.agents.flow((flow) => flow.workspace === id);
    return askBin(this.store, await this.deps.engine(), workspace, query, { from, to });
  }

  private async advance(workspace: Workspace, rule: SummaryRule): Promise<void> {
    const { progress, ruleDefinition } = rule;
    if (!progress) return;
    const width = ruleDefinition.binSize * MINUTE;
    const delay =
      ruleDefinition.binDelay === undefined ? Math.max(SHORTEST_DELAY, width / 10) : ruleDefinition.binDelay * MINUTE;
    while (rule.isActive && !this.closed) {
      const now = this.world.clock.now();
      const due = progress.tried ? progress.tried.at + PAUSE : progress.next + width + delay;
      if (now < due) return;
      const bin = progress.next;
      const times = (progress.tried?.times ?? 0) + 1;
      if (await this.run(workspace, rule, bin)) {
        progress.inARow = 0;
      } else if (times < TRIES) {
        progress.tried = { times, at: now };
        continue;
      } else {
        progress.failed.push(bin);
        if (++progress.inARow >= MOST_IN_A_ROW) {
          rule.isActive = false;
          rule.statusCode = 'DataPlaneError';
        }
      }
      delete progress.tried;
      progress.next = bin + width;
      this.world.touch();
    }
  }

  /** Whether a bin could be computed; its groups are in the table then. */
  private async run(workspace: Workspace, rule: SummaryRule, bin: number): Promise<boolean> {
    const { world, deps } = this;
    const { query, binSize, destinationTable } = rule.ruleDefinition;
    const table = workspace.tables.get(key(destinationTable));
    if (!table) return false;
    const [from, to] = [bin, bin + binSize * MINUTE].map((ms) => new Date(ms).toISOString()) as [string, string];
    try {
      const answer = await this.ask(workspace, query, from, to);
      const columns = columnsOf(world, table);
      const own: Readonly<Record<string, Cell>> = {
        TimeGenerated: world.clock.iso(),
        TenantId: workspace.properties.customerId,
        Type: table.name,
        _RuleName: rule.name,
        _RuleLastModifiedTime: rule.progress?.changed ?? null,
        _BinSize: binSize,
        _BinStartTime: from,
      };
      const rows = answer.rows.map((row) => {
        const cells = new Map<string, Cell>(Object.entries(own));
        answer.columns.forEach(({ name }, at) => cells.set(storedName(name), row[at] ?? null));
        return columns.map(({ name }) => cells.get(name) ?? null);
      });
      if (rows.length > 0) await deps.ingested.add(workspace.properties.customerId, table.name, columns, rows);
      return true;
    } catch {
      return false;
    }
  }
}

const RESERVED: ReadonlySet<string> = new Set([
  'TimeGenerated',
  'TenantId',
  'Type',
  '_ResourceId',
  '_SubscriptionId',
  '_IsBillable',
  '_BilledSize',
]);

/** A column of the query that the service has itself goes by another name. */
export function storedName(name: string): string {
  return RESERVED.has(name) ? `_Original${name.startsWith('_') ? '' : '_'}${name}` : name;
}

/** Where the first bin begins: as the rule says, else one bin before the next whole hour. */
export function firstBin(now: number, binSize: number, start: string | undefined): number {
  return readInstant(start ?? '') ?? Math.ceil((now + 1) / HOUR) * HOUR - binSize * MINUTE;
}
