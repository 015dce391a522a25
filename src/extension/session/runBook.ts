import type { CancelSignal } from '../../base/cancel.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { cancelled, familyOf, toAppError } from '../../base/errors.ts';
import type { Disposable } from '../../base/disposable.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import { LocalSignal } from '../../base/rpc.ts';
import type { RunId } from '../../model/ids.ts';
import type { EarlierResult, Run, RunRequest } from '../../model/run.ts';
import type { Worker } from '../platform/dataWorker.ts';
import type { Fault, QueryOrigin } from './fault.ts';
import { faultOf } from './fault.ts';
import { REFUSED, refusedRun } from './refusedRun.ts';
import { STARTING, crashedRun, startingRun } from './startingRun.ts';

/** A refusal is quicker than this once the worker is warm; the page need not open for it. */
const PATIENCE_MS = 150;

/** A run and what its rows are called in the queries that ask them. */
export interface NamedRun {
  readonly name: string;
  readonly run: Run;
}

/**
 * The runs this window knows, newest first, and the one whose results are shown. The worker holds the rows; this holds
 * snapshots.
 */
export class RunBook implements Disposable {
  private readonly byId = new Map<RunId, Run>();
  private shownId: RunId | undefined;
  /** What is shown of a run that was asked for and has no snapshot yet. */
  private starting: Run | undefined;
  /** What is shown in the place of an answer while the latest query was refused, and where it is at fault. */
  private refused: { readonly run: Run; readonly fault: Fault | undefined } | undefined;
  private readonly quiet = new Set<RunId>();
  /** Texts that are being started quietly: the worker may tell of a run before it answers who it is. */
  private readonly quietRequests = new Set<string>();
  private readonly origins = new Map<RunId, QueryOrigin>();
  /** The person gave up on the run that is only starting: it is cancelled as soon as it has an id. */
  private unwanted = false;
  /** Ends the question that is only starting, where it can be ended before it has an id. */
  private stopStarting: LocalSignal | undefined;
  /** Runs that the worker died with, until the next one has told what it found of them. */
  private readonly crashed = new Set<RunId>();
  private historyLoaded = false;
  private history: Promise<void> | undefined;
  private readonly changed = new Emitter<Run | undefined>();
  private readonly shownChanged = new Emitter<Run | undefined>();
  private readonly wanted = new Emitter<void>();
  private readonly store = new DisposableStore();
  private readonly worker: Worker;

  /** A run's new snapshot, or undefined where the list changed as a whole. */
  readonly onDidChange = this.changed.event;
  /** Another run is the shown one, or none is any more. */
  readonly onDidShow = this.shownChanged.event;
  /** Somebody wants to see the shown run's results now: open the page. */
  readonly onWanted = this.wanted.event;

  constructor(worker: Worker) {
    this.worker = worker;
    this.store.add(
      worker.on('run.changed', (run) => {
        this.accept(run);
      }),
    );
    this.store.add(
      worker.onExit((reason) => {
        const now = new Date().toISOString();
        for (const run of this.running) {
          this.crashed.add(run.id);
          this.accept(crashedRun(run, reason.toData(), now));
        }
        // What had arrived of them may be there after all: the next worker knows.
        if (this.crashed.size > 0) this.history = undefined;
      }),
    );
    this.store.add(this.changed);
    this.store.add(this.shownChanged);
    this.store.add(this.wanted);
  }

  get runs(): readonly Run[] {
    return [...this.byId.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : 0));
  }
  get running(): readonly Run[] {
    return this.runs.filter((run) => run.state === 'running');
  }
  get shown(): Run | undefined {
    return this.refused?.run ?? this.beforeRefusal ?? this.starting;
  }
  /** The run whose answer is shown as soon as a refused query is put aside. */
  get beforeRefusal(): Run | undefined {
    return this.shownId === undefined ? undefined : this.byId.get(this.shownId);
  }

  find(id: RunId): Run | undefined {
    return this.byId.get(id);
  }

  /**
   * Starts a run and shows it from its first snapshot; more follow by themselves. Where the worker needs a moment (it
   * may be loading its engine), the page says meanwhile that it starts. A refusal takes the place of the answer of an
   * earlier query; `origin` is where the query stands, and `faultIn` where a refusal speaks of something beside it.
   */
  start(
    request: RunRequest,
    origin?: QueryOrigin,
    faultIn: (error: AppErrorData) => Fault | undefined = () => undefined,
  ): Promise<Run> {
    return this.begin(request, () => this.worker.request('runs.start', request), origin, faultIn);
  }

  /**
   * Runs a query to its end without showing it: its results are in the list of runs, and nothing is told of it. An
   * aborted signal cancels it; the run then says so. Rejects where it is refused before anything is sent.
   */
  async runQuietly(request: RunRequest, signal: CancelSignal): Promise<Run> {
    this.quietRequests.add(request.query);
    try {
      const first = await this.worker.request('runs.start', request);
      this.quiet.add(first.id);
      if (!this.byId.has(first.id)) this.accept(first);
      const cancel = (): void => {
        void this.cancel(first.id).catch(() => undefined);
      };
      signal.addEventListener('abort', cancel);
      if (signal.aborted) cancel();
      try {
        return await this.ended(first.id);
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    } finally {
      this.quietRequests.delete(request.query);
    }
  }

  /** A run whose end is told elsewhere: with those of many, or below its cell. */
  isQuiet({ id, query }: Run): boolean {
    return this.quiet.has(id) || this.quietRequests.has(query);
  }

  /** The run once it is over; rejects with `cancelled.*` where it was deleted before. */
  private ended(id: RunId): Promise<Run> {
    return new Promise((resolve, reject) => {
      const look = (): boolean => {
        const run = this.byId.get(id);
        if (run?.state === 'running') return false;
        if (run) resolve(run);
        else reject(cancelled());
        return true;
      };
      if (look()) return;
      const listening = this.onDidChange(() => {
        if (look()) listening.dispose();
      });
    });
  }

  /** Takes up a run that was made here at once, and shows it. */
  showMade(run: Run): void {
    this.accept(run);
    this.show(run.id);
  }

  /** What the run is called from now on; undefined for its query's own name. */
  async label(id: RunId, label: string | undefined): Promise<void> {
    this.accept(await this.worker.request('runs.label', { run: id, ...(label === undefined ? {} : { label }) }));
  }

  /** Asks the rows of these runs, here, and shows the answer as `start` does; a refusal, too. */
  askResult(
    sources: readonly [NamedRun, ...NamedRun[]],
    query: string,
    origin?: QueryOrigin,
    faultIn: (error: AppErrorData) => Fault | undefined = () => undefined,
  ): Promise<Run> {
    const { scope, timeRange, answer } = sources[0].run;
    const results = sources.map(({ name, run }) => ({ name, run: run.id }));
    const ask = (signal: CancelSignal): Promise<Run> =>
      this.worker.request('runs.askResult', { results, query }, { signal });
    return this.begin({ query, scope, timeRange, answer }, ask, origin, faultIn);
  }

  /**
   * Starts a run whose answer is shown where it was asked for: no page opens, and no message is given at its end. A
   * query that names one of `results` asks their rows. Rejects as the worker does, and shows nothing then.
   */
  async startInPlace(
    request: RunRequest,
    results: readonly EarlierResult[],
    origin: QueryOrigin,
    signal: CancelSignal,
  ): Promise<Run> {
    this.quietRequests.add(request.query);
    try {
      const run = await this.worker.request('runs.startWith', { ...request, results }, { signal });
      this.quiet.add(run.id);
      this.origins.set(run.id, origin);
      // Events overtake a reply at times: what came already is newer.
      if (!this.byId.has(run.id)) this.accept(run);
      return this.byId.get(run.id)!;
    } finally {
      this.quietRequests.delete(request.query);
    }
  }

  private async begin(
    request: RunRequest,
    ask: (signal: CancelSignal) => Promise<Run>,
    origin: QueryOrigin | undefined,
    faultIn: (error: AppErrorData) => Fault | undefined,
  ): Promise<Run> {
    const before = this.shownId;
    this.unwanted = false;
    const stop = (this.stopStarting = new LocalSignal());
    const timer = setTimeout(() => {
      this.starting = startingRun(request, new Date().toISOString());
      this.refused = undefined;
      this.shownId = undefined;
      this.shownChanged.fire(this.starting);
      this.wanted.fire();
    }, PATIENCE_MS);
    try {
      const run = await ask(stop);
      clearTimeout(timer);
      this.starting = undefined;
      if (origin) this.origins.set(run.id, origin);
      // Events overtake a reply at times: what came already is newer.
      if (!this.byId.has(run.id)) this.accept(run);
      this.show(run.id);
      if (this.crashed.size > 0) void this.loadHistory().catch(() => undefined);
      if (this.unwanted && run.state === 'running') await this.cancel(run.id);
      return run;
    } catch (error) {
      clearTimeout(timer);
      const wasStarting = this.starting !== undefined;
      if (wasStarting) {
        this.starting = undefined;
        this.shownId = before;
      }
      const refusal = toAppError(error).toData();
      if (familyOf(refusal.code) !== 'cancelled')
        this.refuse(request, refusal, faultIn(refusal) ?? (origin && faultOf(refusal, request.query, origin)));
      else if (wasStarting) this.shownChanged.fire(this.shown);
      throw error;
    }
  }

  /** A query was refused before anything was sent: that is shown now, and no answer of an earlier one. */
  refuse(request: RunRequest, error: AppErrorData, fault?: Fault): void {
    this.refused = { run: refusedRun(request, error, new Date().toISOString()), fault };
    this.shownChanged.fire(this.shown);
    this.wanted.fire();
  }

  /** Whether a run is what stands for a refused query: it has no rows, and nobody was asked. */
  isRefused(id: RunId): boolean {
    return id === REFUSED;
  }

  /** Puts a refused query aside: what was shown before it is shown again. */
  showBefore(): void {
    if (!this.refused) return;
    this.refused = undefined;
    this.shownChanged.fire(this.shown);
  }

  /** Where a run's query came from, as far as this window knows. */
  originOf(id: RunId): QueryOrigin | undefined {
    return this.origins.get(id);
  }

  /** Where the query of a run is at fault, for one that was refused or failed as a whole for what its text says. */
  faultOf(run: Run): Fault | undefined {
    if (run.id === REFUSED) return this.refused?.fault;
    const origin = this.origins.get(run.id);
    return origin && run.error ? faultOf(run.error, run.query, origin) : undefined;
  }

  /** A run the worker has not planned yet: it has no rows, and nobody to ask for them. */
  isStarting(id: RunId): boolean {
    return this.starting !== undefined && id === STARTING;
  }

  /** The run's results become the shown ones, and their page opens. */
  show(id: RunId): void {
    this.shownId = id;
    this.starting = undefined;
    this.refused = undefined;
    this.shownChanged.fire(this.shown);
    this.wanted.fire();
  }

  async cancel(id: RunId): Promise<void> {
    if (this.isStarting(id)) {
      this.unwanted = true;
      this.stopStarting?.abort();
      return;
    }
    await this.worker.request('runs.cancel', { run: id });
  }

  /** `scan`: the person agreed to the charge of searching Basic and Auxiliary tables. */
  async retry(id: RunId, scan = false): Promise<void> {
    await this.worker.request('runs.retry', { run: id, ...(scan ? { scan } : {}) });
  }

  async discard(id: RunId): Promise<void> {
    await this.worker.request('runs.discard', { run: id });
    this.byId.delete(id);
    this.origins.delete(id);
    this.quiet.delete(id);
    if (this.shownId === id) {
      this.shownId = undefined;
      this.shownChanged.fire(undefined);
    }
    this.changed.fire(undefined);
  }

  /** Loads the runs of earlier windows, once; a failure may be tried again. */
  loadHistory(): Promise<void> {
    this.history ??= this.fetchHistory().catch((error: unknown) => {
      this.history = undefined;
      throw error;
    });
    return this.history;
  }

  /** Whether the runs of earlier windows are known: a run that is not found then is gone. */
  get knowsHistory(): boolean {
    return this.historyLoaded;
  }

  dispose(): void {
    this.store.dispose();
  }

  private async fetchHistory(): Promise<void> {
    for (const run of await this.worker.request('runs.list', null)) {
      if (this.crashed.delete(run.id)) this.accept(run);
      else if (!this.byId.has(run.id)) this.byId.set(run.id, run);
    }
    this.crashed.clear();
    this.historyLoaded = true;
    this.changed.fire(undefined);
  }

  private accept(run: Run): void {
    this.byId.set(run.id, run);
    this.changed.fire(run);
  }
}
