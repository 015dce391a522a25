import { AppError } from '../../../src/base/errors.ts';
import { QuotaScheduler } from '../../../src/core/fanOut/quotaScheduler.ts';
import { RollupService } from '../../../src/core/rollup/rollupService.ts';
import { loadRollupPlanner } from '../../../src/core/rollup/rollupWorld.ts';
import type { RollupPlanner } from '../../../src/core/rollup/rollupWorld.ts';
import type { RollupPlan } from '../../../src/kql/rollup/planRollup.ts';
import { TableCatalog } from '../../../src/core/schema/tableCatalog.ts';
import type { WorkspaceKey } from '../../../src/model/ids.ts';
import type { Outcome } from '../../../src/base/outcome.ts';
import type { SourceSchema } from '../../../src/kql/scopeSchema.ts';
import type { LogsAnswer, LogsQuery } from '../../../src/ports/logs.ts';
import type { RollupBatch, RollupStatePort, SinkPort } from '../../../src/ports/rollups.ts';
import { RunnerClock } from './history.ts';
import type { History } from './history.ts';
import { sha256 } from '../../harness/sha256.ts';

/** What can go wrong with one step of a runner. */
export type Fault = 'none' | 'kill' | 'before' | 'after' | 'twice' | 'throttled' | 'partial';

/** Does work as a step of a runner, which may go wrong in every way; `once` where it cannot be done twice. */
export type Step = <T>(name: string, work: () => Promise<T>, once?: boolean) => Promise<T>;

/** Where a runner stores: what it makes of its own steps, so that it can be killed within a write, too. */
export type SinkOf = (step: Step, history: History) => SinkPort;

/** Says of each step what goes wrong with it: `query`, `write`, `page`, `commit`, `verify`, `load`, `save`, and those of the sink. */
export type Faults = (step: string) => Fault | Promise<Fault>;

const lost = (): AppError => new AppError('network.lost', 'The connection was lost.', { retryable: true });

const throttled = (): AppError =>
  new AppError('service.throttled', 'Slow down.', { retryable: true, data: { retryAfterMs: 2_000 } });

const plans = new Map<string, RollupPlan>();

/** The planner, which need not bind the same two queries for each of a thousand runners. */
async function rememberingPlanner(): Promise<RollupPlanner> {
  const planner = await loadRollupPlanner();
  return {
    ...planner,
    plan: (query, schemas, options) => {
      const key = JSON.stringify([query, schemas]);
      const plan = plans.get(key) ?? planner.plan(query, schemas, options);
      plans.set(key, plan);
      return plan;
    },
  };
}

let runners = 0;

/** A process that runs roll-ups: once it is killed nothing it does has an effect any more. */
export class Runner {
  dead = false;
  private readonly faults: Faults;
  readonly service: RollupService;

  constructor(
    history: History,
    state: RollupStatePort,
    sinkOf: SinkPort | SinkOf,
    skew: number,
    faults: Faults,
    planner: () => Promise<RollupPlanner> = rememberingPlanner,
    place?: string,
  ) {
    this.faults = faults;
    const clock = new RunnerClock(history, skew);
    const step: Step = (name, work, once) => this.step(name, work, once);
    const sink = typeof sinkOf === 'function' ? sinkOf(step, history) : sinkOf;
    this.service = new RollupService({
      logs: { query: (request) => this.query(history, request) },
      schemas: {
        ofWorkspaces: (keys: readonly WorkspaceKey[]) =>
          Promise.resolve(
            new Map(
              keys.map((key): [WorkspaceKey, Outcome<SourceSchema>] => {
                const { guid } = history.estate.workspaces.find((workspace) => workspace.key === key)!;
                const { untold } = history;
                return [
                  key,
                  untold ? { ok: false, error: untold.toData() } : { ok: true, value: history.schemaOf(guid) },
                ];
              }),
            ),
          ),
      },
      catalog: new TableCatalog(
        {
          tables: () => Promise.resolve([history.listed]),
        },
        clock,
      ),
      estate: () => Promise.resolve(history.estate),
      quota: new QuotaScheduler(clock),
      random: () => history.random.next(),
      clock,
      owner: `runner${++runners}`,
      digest: sha256,
      placeOf: () => place,
      planner,
      state: {
        load: (name) => this.step('load', () => state.load(name)),
        save: (name, value, version) => this.step('save', () => state.save(name, value, version)),
        list: (folder) => this.step('load', () => state.list(folder)),
      },
      sinks: [
        {
          name: sink.name,
          prepare: (table) => this.step('prepare', () => sink.prepare(table)),
          write: (batch, signal) => this.step('write', () => sink.write(this.failing(batch), signal), true),
          verify: (table, key) => this.step('verify', () => sink.verify(table, key)),
          erase: (customer) => this.step('erase', () => sink.erase(customer)),
          rowsOnce: (table) => sink.rowsOnce(table),
        },
      ],
    });
  }

  /** One step, and what goes wrong before or after it: an accepted request whose answer is lost is `after`. */
  private async step<T>(name: string, work: () => Promise<T>, once = false): Promise<T> {
    this.live();
    const fault = await this.faults(name);
    if (fault === 'kill') this.dead = true;
    this.live();
    if (fault === 'throttled') throw throttled();
    if (fault === 'before') throw lost();
    if (fault === 'twice' && !once) await work();
    const value = await work();
    this.live();
    if (fault === 'after' || fault === 'partial') throw lost();
    return value;
  }

  /** A batch whose pages and commit may fail. */
  private failing(batch: RollupBatch): RollupBatch {
    const step = (name: string): Promise<void> => this.step(name, () => Promise.resolve());
    async function* pages(): RollupBatch['pages'] {
      for await (const page of batch.pages) {
        await step('page');
        yield page;
      }
      await step('page');
    }
    return {
      ...batch,
      pages: pages(),
      mayCommit: async () => {
        await batch.mayCommit();
        await step('commit');
      },
    };
  }

  private async query(history: History, request: LogsQuery): Promise<LogsAnswer> {
    this.live();
    await Promise.resolve();
    switch (await this.faults('query')) {
      case 'kill':
        this.dead = true;
        break;
      case 'throttled':
        throw throttled();
      case 'before':
        throw new AppError('service.unavailable', 'Busy.', { retryable: true });
      case 'after':
        history.answer(request);
        throw lost();
      case 'partial':
        return {
          ...history.answer(request),
          partial: { code: 'query.partial', message: 'A shard is missing.', retryable: true },
        };
      default:
    }
    this.live();
    return history.answer(request);
  }

  private live(): void {
    if (this.dead) throw new AppError('bug.killed', 'This process is no more.');
  }
}
