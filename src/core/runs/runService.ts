import { NEVER } from '../../base/cancel.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import type { LocalSignal } from '../../base/rpc.ts';
import type { Event } from '../../base/event.ts';
import type { SourceSchema } from '../../kql/scopeSchema.ts';
import { KEEP_LIMITS } from '../../model/keepLimits.ts';
import { toRunId } from '../../model/ids.ts';
import type { RunId, WorkspaceKey } from '../../model/ids.ts';
import { targetKey } from '../../model/run.ts';
import type { EarlierResult, NamedResult, QueryReaders, Run, RunExplanation, RunRequest } from '../../model/run.ts';
import { toTimespanAt } from '../../model/timeRange.ts';
import type { RowStoreRun } from '../../ports/rows.ts';
import { ActiveRun } from './activeRun.ts';
import { answerAcross } from './across/answerAcross.ts';
import { countRows } from './across/countRows.ts';
import type { CountRows } from './across/countRows.ts';
import { askOwnAnswers } from './across/ownAnswers.ts';
import { explainRun } from './across/explainRun.ts';
import { GRAPH_LIMITS, SCAN_LIMITS } from '../fanOut/quotaLimits.ts';
import { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import { RETRY_RULES } from '../fanOut/retry.ts';
import { askLake } from './askLake.ts';
import { askResult, checkNames, checkSource, noRetry } from './askResult.ts';
import type { ResultQuestion, ResultSource } from './askResult.ts';
import { askTargets } from './askTargets.ts';
import type { AskWorld } from './askWorld.ts';
import { SNAPSHOT_EVERY_MS } from './limits.ts';
import { KeptRuns } from './keptRuns.ts';
import { planRun, checkQuery, checkQueryText } from './planRun.ts';
import { presentRun } from './presentRun.ts';
import type { MakeRun } from './presentRun.ts';
import { checkReaders } from './queryReaders.ts';
import type { PlanOptions } from './planRun.ts';
import { resultTables } from './resultTables.ts';
import type { RunFacts } from './runFacts.ts';
import { withSource } from './graph/sourceOf.ts';
import { checkScan } from './scan.ts';
import type { RunWorld } from './runWorld.ts';
import { Throttle } from './throttle.ts';
import { waitReasons } from './waitReasons.ts';

/** A run of this session, or one that can be read but not retried: of an earlier session, or over another's rows. */
interface Entry {
  readonly rows: RowStoreRun;
  readonly active?: ActiveRun;
  readonly past?: Run;
}

/**
 * Runs: one query over one scope each. Everything that concerns a single target is a state of that target; only
 * refusals reject.
 */
export class RunService {
  private readonly entries = new Map<RunId, Entry>();
  /** Questions about results that are at work, and what ends each. */
  private readonly asking = new Map<LocalSignal, Promise<unknown>>();
  /** The discarding of runs past a limit. */
  private tidying: Promise<unknown> = Promise.resolve();
  private readonly emitter = new Emitter<Run>();
  private readonly scheduler: QuotaScheduler;
  private readonly scans: QuotaScheduler;
  private readonly hearing: Disposable | undefined;
  private readonly kept: KeptRuns;
  private readonly graphQuota: QuotaScheduler;
  private readonly world: RunWorld;

  /** Full snapshots, at most one in 100 ms per run, and always the last one. */
  readonly changed: Event<Run> = this.emitter.event;

  constructor(world: RunWorld) {
    this.world = world;
    this.scheduler = world.scheduler ?? new QuotaScheduler(world.clock);
    this.scans = new QuotaScheduler(world.clock, SCAN_LIMITS);
    this.hearing = world.across?.schemas.onDidChange?.(({ workspace, schema }) => {
      this.tablesChanged(workspace, schema);
    });
    this.kept = new KeptRuns(world, world.store, world.clock);
    this.graphQuota = new QuotaScheduler(world.clock, GRAPH_LIMITS);
  }

  /** Takes up the runs of earlier sessions that are still there; those past a limit go. */
  async restore(): Promise<void> {
    for await (const { past, rows } of this.kept.restore((id) => this.entries.has(id)))
      this.entries.set(past.id, { past, rows });
    await this.discardOldest();
  }

  /**
   * Plans and begins; resolves to the first snapshot, everybody waiting. Rejects with `query.*` or `input.scope` where
   * nothing was sent; after that the run itself tells. `signal` ends looking for who keeps the text of queries.
   */
  async start(wanted: RunRequest, signal: CancelSignal = NEVER): Promise<Run> {
    checkQueryText(wanted.query);
    const request = withSource(wanted);
    checkScan(request);
    if (request.source === 'lake') return this.askStored(request, signal);
    const [facts, estate] = await Promise.all([this.world.readQuery(request.query), this.world.estate()]);
    const now = this.world.clock.now();
    const plan = planRun(request.query, facts, request.scope, estate, { now, ...this.wantedOf(request) });
    const { audited = 'allow' } = request;
    if (audited !== 'allow') {
      const readers = await this.world.audits?.of(plan.targets, signal);
      if (readers) checkReaders(readers, audited);
    }
    const id = toRunId(this.world.newId());
    const { passing = false } = request;
    const run = new ActiveRun(id, request, plan, await this.world.store.open(id, { passing }), now);
    this.entries.set(id, { rows: run.rows, active: run });
    const first = run.snapshot();
    this.work(run);
    return first;
  }

  /**
   * What a run of this would send to whom, and what is done with what comes. Nothing is sent but the question for the
   * tables of the targets and, with `count`, each part for how many rows it brings: a request for each part and target.
   * Rejects as `start` does, and when cancelled.
   */
  async explain(wanted: RunRequest, signal: CancelSignal = NEVER, count = false): Promise<RunExplanation> {
    const { query, scope } = wanted;
    checkQueryText(query);
    const request = withSource(wanted);
    const [facts, estate] = await Promise.all([this.world.readQuery(query), this.world.estate()]);
    const now = this.world.clock.now();
    const sharing = request.shared ?? 'never';
    const plan = planRun(query, facts, scope, estate, { now, ...this.wantedOf(request) });
    const { logs, random, across, retry = RETRY_RULES } = this.world;
    const timespan = toTimespanAt(request.timeRange, now);
    const world = { logs, random, retry, scheduler: this.scheduler };
    const counting: CountRows = (text, targets) => countRows(text, targets, timespan, world, signal);
    const [explanation, readers] = await Promise.all([
      explainRun({ query, plan, now, sharing }, across, signal, count ? counting : undefined),
      this.world.audits?.of(plan.targets, signal),
    ]);
    return { ...explanation, ...(readers ? { readers } : {}) };
  }

  /**
   * Who would be able to read the text of a query over this scope. Rejects as `start` does, and when cancelled; with
   * nobody asked where nothing tells.
   */
  async readers(wanted: RunRequest, signal: CancelSignal = NEVER): Promise<QueryReaders> {
    checkQueryText(wanted.query);
    const request = withSource(wanted);
    if (request.source === 'lake') return { asked: 0, audited: [], unseen: [] };
    const [facts, estate] = await Promise.all([this.world.readQuery(request.query), this.world.estate()]);
    const options = { now: this.world.clock.now(), ...this.wantedOf(request) };
    const plan = planRun(request.query, facts, request.scope, estate, options);
    return (await this.world.audits?.of(plan.targets, signal)) ?? { asked: 0, audited: [], unseen: [] };
  }

  /**
   * Asks the rows of ended runs, here: nobody is sent anything. Resolves to the ended run of the answer, which lacks
   * what its sources lack. Rejects with `query.*` and its place as `start` does, with `input.*` where a source goes
   * on, is no longer kept or nobody answered it, with `engine.*`, and when cancelled.
   */
  async askResult({ results, query }: ResultQuestion, signal: CancelSignal = NEVER): Promise<Run> {
    checkQueryText(query);
    checkNames(results);
    this.sourcesOf(results);
    const facts = await this.world.readQuery(query);
    return this.askRows(query, facts, results, signal);
  }

  /**
   * Asks the earlier results that the query names as its tables, here, and nobody else; a query that names none of them
   * is started as `start` does it. Rejects as these do, and as `resultTables` says.
   */
  async startWith(request: RunRequest, results: readonly EarlierResult[], signal: CancelSignal = NEVER): Promise<Run> {
    const { query } = request;
    checkQueryText(query);
    const facts = await this.world.readQuery(query);
    const tables = resultTables(query, facts, results);
    return tables ? this.askRows(query, facts, tables, signal) : this.start(request, signal);
  }

  private async askStored(request: RunRequest, signal: CancelSignal): Promise<Run> {
    const facts = await this.world.readQuery(request.query);
    checkQuery(facts);
    return this.present([], signal, (made) => askLake(made, request, facts, this.world), request.passing);
  }

  private async askRows(
    query: string,
    facts: RunFacts,
    results: readonly NamedResult[],
    signal: CancelSignal,
  ): Promise<Run> {
    checkQuery(facts);
    const [first, ...others] = this.sourcesOf(results);
    const { clock } = this.world;
    const of = results.map(({ run }) => run);
    return this.present(of, signal, (made) =>
      askResult({ ...made, query, facts, sources: [first!, ...others], clock }),
    );
  }

  /**
   * An ended run of its own that `work` fills, of the rows of other runs (`of`) where there are any. Where it fails it
   * leaves nothing, and rejects with one of the others that was deleted meanwhile. `unkept`: nothing of it is kept.
   */
  async present(of: readonly RunId[], signal: CancelSignal, work: MakeRun, unkept = false): Promise<Run> {
    const passing = unkept || of.some((source) => this.snapshotOf(this.entry(source)).passing === true);
    const presenting = { signal, passing, atWork: this.asking, work };
    const { past, rows } = await presentRun(this.world, presenting, (stopped) => {
      // It was deleted meanwhile: what its rows say of that is nobody's business.
      if (!stopped) for (const source of of) this.entry(source);
    });
    this.entries.set(past.id, { past, rows });
    this.emitter.fire(past);
    await this.kept.add(past);
    await this.discardOldest();
    return past;
  }

  /** Ends what waits and what runs; rows that came stay. */
  cancel(id: RunId): void {
    this.entries.get(id)?.active?.signal.abort();
  }

  /**
   * Asks again only those targets that failed, were cancelled or came in part; the rest stays as it is. `scan`: Basic
   * and Auxiliary tables may be searched from now on, which is charged.
   */
  retry(id: RunId, scan = false): void {
    const { active: run, past } = this.entry(id);
    if (!run) throw noRetry(past!);
    if (run.running) throw new AppError('input.runBusy', 'The run is still going on. Cancel it, or wait for its end.');
    checkScan({ scan, timeRange: run.request.timeRange });
    run.scan ||= scan;
    if (run.reopen()) this.work(run);
  }

  /** What the person calls it from now on; undefined for its query's own name. Resolves to its snapshot. */
  async label(id: RunId, label: string | undefined): Promise<Run> {
    const entry = this.entry(id);
    if (entry.active) entry.active.label = label;
    else {
      const { label: _label, ...past } = entry.past!;
      this.entries.set(id, { rows: entry.rows, past: { ...past, ...(label === undefined ? {} : { label }) } });
    }
    const run = this.get(id);
    this.emitter.fire(run);
    if (run.state !== 'running') await this.kept.add(run);
    return run;
  }

  /** Newest first. */
  list(): Run[] {
    return this.newestFirst().map(({ run }) => run);
  }

  get(id: RunId): Run {
    return this.snapshotOf(this.entry(id));
  }
  rows(id: RunId): RowStoreRun {
    return this.entry(id).rows;
  }

  /** Resolves with the last snapshot when the run has ended; never rejects for what happened inside. */
  async ended(id: RunId): Promise<Run> {
    await this.entry(id).active?.done;
    return this.get(id);
  }

  /** Forgets the run and deletes its rows. */
  async discard(id: RunId): Promise<void> {
    const entry = this.entries.get(id);
    if (!entry) return;
    entry.active?.signal.abort();
    entry.active?.closing.abort();
    await entry.active?.done;
    this.entries.delete(id);
    await entry.active?.stages?.discard();
    await entry.rows.discard();
    await this.kept.remove(id);
  }

  /** Cancels everything, waits until nothing is at work, and deletes the rows that are not to be kept. */
  async close(): Promise<void> {
    const active = [...this.entries.values()].flatMap((entry) => entry.active ?? []);
    for (const run of active) {
      run.signal.abort();
      run.closing.abort();
    }
    for (const stop of this.asking.keys()) stop.abort();
    await Promise.all([...active.map((run) => run.done), Promise.allSettled(this.asking.values())]);
    this.hearing?.dispose();
    await this.tidying;
    for (const { run, rows } of this.newestFirst()) if (run.passing) await rows.discard().catch(() => undefined);
    this.emitter.dispose();
  }

  private wantedOf(request: RunRequest): Omit<PlanOptions, 'now'> {
    const { answer = 'across', source } = request;
    const mode = this.world.across ? answer : 'perWorkspace';
    return { answer: mode, sharing: request.shared ?? 'never', ...(source ? { source } : {}) };
  }

  /** The quota that the targets of a run are asked within. */
  private quotaOf({ source }: ActiveRun): QuotaScheduler {
    return source === 'resourceGraph' ? this.graphQuota : this.scheduler;
  }

  private work(run: ActiveRun): void {
    const { clock, logs, graph, catalog, random, across, store, retry = RETRY_RULES } = this.world;
    const journal = this.kept.follow(run);
    const throttle = new Throttle(clock, SNAPSHOT_EVERY_MS, () => {
      this.emitter.fire(this.snapshot(run));
    });
    const changed = (): void => {
      throttle.trigger();
      journal?.changed();
    };
    const world: AskWorld = {
      logs,
      ...(graph ? { graph } : {}),
      catalog,
      clock,
      random,
      retry,
      scheduler: this.quotaOf(run),
      scans: this.scans,
      across,
    };
    changed();
    const asked =
      across && run.needsStages
        ? answerAcross(run, { ...world, across, store }, changed)
        : across && !run.noted
          ? askOwnAnswers(run, { ...world, across }, changed)
          : askTargets(run, world, changed);
    run.done = asked
      .catch((thrown: unknown) => {
        run.fail(toAppError(thrown).toData());
      })
      // Who was quicker must not decide where rows are; an answer in another order is still an answer.
      .then(() => run.rows.arrange(run.planned.map(({ target }) => targetKey(target))).catch(() => undefined))
      .then(async () => {
        run.finish(clock.now(), (armId) => catalog.find(armId)?.keys() ?? []);
        throttle.dispose();
        // A listener that throws is its own trouble; the run has ended all the same.
        try {
          this.emitter.fire(run.snapshot());
        } finally {
          await this.kept.add(run.snapshot());
          await journal?.ended();
        }
      })
      .catch(() => undefined);
    this.tidying = Promise.all([this.tidying, run.done]).then(() => this.discardOldest().catch(() => undefined));
  }

  /** What an ended run lacks by it is told at once; of one that goes on, at its end. */
  private tablesChanged(workspace: WorkspaceKey, schema: SourceSchema): void {
    for (const { active: run } of this.entries.values()) {
      if (!run?.tablesChanged(workspace, schema) || run.running) continue;
      this.emitter.fire(run.snapshot());
      void this.kept.add(run.snapshot());
    }
  }

  /** The runs that are asked, each ended and answered, or the refusal of the first that is not. */
  private sourcesOf(results: ResultQuestion['results']): ResultSource[] {
    return results.map(({ run: id, name }) => {
      const entry = this.entry(id);
      const run = this.snapshotOf(entry);
      checkSource(run);
      return { name, run, rows: entry.rows };
    });
  }

  private entry(id: RunId): Entry {
    const entry = this.entries.get(id);
    if (!entry) throw new AppError('input.unknownRun', 'That run is no longer kept. Run its query again.');
    return entry;
  }

  private snapshotOf({ active, past }: Entry): Run {
    return active ? this.snapshot(active) : past!;
  }

  private snapshot(run: ActiveRun): Run {
    return run.snapshot(run.running ? waitReasons(run, this.quotaOf(run), this.scans) : undefined);
  }

  private newestFirst(): { readonly run: Run; readonly rows: RowStoreRun }[] {
    return [...this.entries.values()]
      .map((entry) => ({ run: this.snapshotOf(entry), rows: entry.rows }))
      .sort(({ run: a }, { run: b }) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
  }

  private async discardOldest(): Promise<void> {
    const ended = this.newestFirst().filter(({ run }) => run.state !== 'running');
    for (const id of await this.kept.pastLimits(ended, this.world.limits?.() ?? KEEP_LIMITS)) await this.discard(id);
  }
}
