import { LocalSignal } from '../../base/rpc.ts';
import { familyOf } from '../../base/errors.ts';
import type { AppError, AppErrorData } from '../../base/errors.ts';
import type { RemoteLanguage } from '../../kql/across/remoteLanguage.ts';
import { GRAPH_LANGUAGE, GRAPH_ROWS } from '../../kql/graph/graphLanguage.ts';
import type { SourceSchema } from '../../kql/scopeSchema.ts';
import type { SlicedPart } from '../../kql/across/remoteQuery.ts';
import type { RunId, WorkspaceKey } from '../../model/ids.ts';
import type { RenderSpec } from '../../model/render.ts';
import { isOfPart, mayAnswerAgain, targetKey, targetName } from '../../model/run.ts';
import type { AnswerMode, Run, RunRequest, RunSource, RunStages, SharedRequests, Target } from '../../model/run.ts';
import { toTimespanAt } from '../../model/timeRange.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';
import { COMBINED } from '../../ports/rows.ts';
import type { RowStoreRun } from '../../ports/rows.ts';
import type { AcrossWorld, PlanQuestion } from './across/acrossWorld.ts';
import type { Stages } from './across/stages.ts';
import { uniteRender } from './answer.ts';
import { changedTarget } from './asking.ts';
import type { Asking, TargetChange } from './asking.ts';
import { unknownToAll } from './tableMissing.ts';
import { looksOtherwise, tablesChanged } from './tablesChanged.ts';
import { completenessOf } from './completeness.ts';
import { errorAsWritten } from './errorAsWritten.ts';
import { MAX_ROWS_PER_WORKSPACE, MOST_ROWS_PER_WORKSPACE } from './limits.ts';
import { namesCustomer } from './namesCustomer.ts';
import { aboutTargets, noteOf, OWN_ANSWERS } from './perWorkspaceNote.ts';
import { commonRefusal, hasAnswered, isBodiless, ofTheText, refusedByAll } from './refusals.ts';
import { OwnTexts } from './ownTexts.ts';
import { soleStage } from './soleStage.ts';
import type { RunPlan } from './planRun.ts';
import { withReasons } from './withReasons.ts';
import type { PlannedTarget, Way } from './plannedTarget.ts';
import { sliceWhole } from './slices/sliceWhole.ts';

/** One run while the program lives: what was planned, how each target stands, and where its rows are. */
export class ActiveRun implements Asking {
  readonly id: RunId;
  readonly request: RunRequest;
  readonly passing: boolean;
  readonly source: RunSource;
  readonly planned: readonly PlannedTarget[];
  readonly tables: readonly string[] | undefined;
  readonly unnamedTables: boolean;
  readonly accountNames: RunPlan['accountNames'];
  readonly rows: RowStoreRun;
  /** Milliseconds since 1970: the moment of the run, for all its targets whenever they are asked. */
  readonly startedAt: number;
  readonly timespan: string | undefined;
  readonly isConfidential: RunPlan['isConfidential'];
  readonly maxRows: number;
  /** Who may be asked together. */
  readonly sharing: SharedRequests;
  readonly noCache: boolean;
  signal = new LocalSignal();
  /** Fires when nobody wants even what came. */
  readonly closing = new LocalSignal();
  /** A retry may allow it. */
  scan: boolean;
  /** The tables of targets, by their index, as far as they were asked. */
  readonly schemas = new Map<number, SourceSchema>();
  /** Targets that refused a text made of what they had told: what is kept of it is not to be asked. */
  readonly outdated = new Set<number>();
  /** Targets that have other tables now than those their texts were made of, and which. */
  private readonly retold = new Map<number, SourceSchema>();
  /** What the person calls it. */
  label: string | undefined;
  /** Keys of the targets that the rows were made of, where they are a total; and the stamp of those rows. */
  combinedOf: readonly string[] = [];
  combinedStamp: number | undefined;
  /** The work of the latest round (start or retry). */
  done: Promise<void> = Promise.resolve();

  private readonly states: Target[];
  private readonly own = new OwnTexts();
  private readonly renders = new Map<number, RenderSpec>();
  private readonly plan: RunPlan;
  private answer: AnswerMode;
  note: Run['perWorkspaceNote'];
  private atWork: Stages | undefined;
  /** Stages cannot be had, and what is sent is the query itself. */
  private plain = false;
  private totalTookMs: number | undefined;
  private totalFailed = false;
  private collectsRows = false;
  private state: Run['state'] = 'running';
  private finishedAt: number | undefined;
  private error: AppErrorData | undefined;

  constructor(id: RunId, request: RunRequest, plan: RunPlan, rows: RowStoreRun, now: number) {
    this.id = id;
    this.request = request;
    this.passing = request.passing ?? false;
    this.scan = request.scan ?? false;
    this.sharing = request.shared ?? 'never';
    this.noCache = request.noCache ?? false;
    this.planned = plan.targets;
    this.plan = plan;
    this.answer = plan.answer;
    this.note = plan.answer === 'perWorkspace' ? aboutTargets(OWN_ANSWERS, request.source) : undefined;
    this.tables = plan.tables;
    this.unnamedTables = plan.unnamedTables ?? false;
    this.accountNames = plan.accountNames;
    this.isConfidential = plan.isConfidential;
    this.maxRows = Math.min(request.maxRows ?? MAX_ROWS_PER_WORKSPACE, MOST_ROWS_PER_WORKSPACE);
    this.source = request.source ?? 'workspaces';
    this.timespan = this.source === 'resourceGraph' ? undefined : toTimespanAt(request.timeRange, now);
    this.rows = rows;
    this.startedAt = now;
    this.states = plan.targets.map((entry) => entry.target);
  }

  /** Whether its answer needs more than everybody's rows one under the other. */
  get needsStages(): boolean {
    return this.plan.needsStages === true && this.answer === 'across' && !this.plain;
  }
  /** What targets that are no workspaces take. */
  get language(): RemoteLanguage | undefined {
    if (this.source !== 'resourceGraph') return undefined;
    return this.collectsRows ? GRAPH_ROWS : GRAPH_LANGUAGE;
  }
  get running(): boolean {
    return this.state === 'running';
  }
  get stages(): Stages | undefined {
    return this.atWork;
  }
  /** What everybody is sent who is no part of a workspace; the request keeps the query as written. */
  text(index: number): string {
    return this.own.of(this, index) ?? this.plan.query;
  }
  prepare(across: AcrossWorld | undefined): Promise<void> {
    return this.own.prepare(this, this.request.query, this.question, across);
  }
  asWritten(error: AppError): AppError {
    return errorAsWritten(error, this.request.query, this.plan.edits);
  }
  async sliced(index: number, across: AcrossWorld | undefined): Promise<SlicedPart | undefined> {
    const target = this.states[index]!;
    if (!across || target.kind !== 'workspace') return undefined;
    const { signal, question, request } = this;
    const whole = { query: request.query, question, workspace: target.workspace, way: this.way(index), signal };
    return sliceWhole(whole, across);
  }
  /** What the query is planned for. */
  get question(): PlanQuestion {
    const { isConfidential, tables, language } = this;
    return {
      now: ticksOfMs(this.startedAt),
      ...(isConfidential ? { isConfidential } : {}),
      ...(language ? { language } : {}),
      ...(tables && !this.unnamedTables ? { tables } : {}),
    };
  }
  target(index: number): Target {
    return this.states[index]!;
  }
  key(index: number): string {
    return targetKey(this.states[index]!);
  }
  namesOf(keys: readonly string[]): string[] {
    return this.states.filter((target) => keys.includes(targetKey(target))).map(targetName);
  }
  way(index: number): Way {
    return this.planned[index]!.way!;
  }
  waiting(): number[] {
    return this.states.flatMap((target, index) => (target.state === 'waiting' ? [index] : []));
  }

  update(index: number, change: TargetChange): void {
    this.states[index] = changedTarget(this.states[index]!, change);
  }

  /** Takes over how a target stands in the parts of its plan. */
  partChanged(index: number): void {
    const standing = this.atWork?.standing(index);
    if (standing) this.update(index, standing);
  }

  /** From now on the answer comes of these parts. */
  adopt(stages: Stages): void {
    this.atWork = stages;
    this.combinedOf = [];
    this.combinedStamp = undefined;
    this.states.forEach((_, index) => {
      this.partChanged(index);
    });
  }

  /**
   * An across answer cannot be had by stages: each workspace gives its own rows, and where those are not the answer the
   * run says why. Throws `query.namesCustomer` where they would be sent a customer's name: nobody has chosen that.
   */
  answerPerWorkspace(why: Pick<AppErrorData, 'message' | 'data'>): void {
    const apart = this.atWork?.plan.apart ?? [];
    this.atWork = undefined;
    this.plain = true;
    if (this.plan.stagesToShare) return;
    const { namesCustomerAt } = this.plan;
    if (namesCustomerAt !== undefined) throw namesCustomer(this.request.query, namesCustomerAt, why);
    if (this.plan.rowsAreAnswer) return;
    this.answer = 'perWorkspace';
    this.note = noteOf(why, apart, this.source);
  }

  /** Whether it is said what sets each workspace's own answer apart, where that is what everybody gives. */
  get noted(): boolean {
    return this.note !== OWN_ANSWERS;
  }
  /** A target that answered what it was asked, and so has what the query names. */
  firstAnswered(): number | undefined {
    return [...this.states.keys()].find((index) => hasAnswered(this.states[index]!));
  }

  /** Indexes of the targets that count in a total: all that they were asked has come. */
  in(): number[] {
    return this.states.flatMap(({ state }, index) =>
      this.planned[index]!.way && state !== 'skipped' && this.atWork?.isIn(index) === true ? [index] : [],
    );
  }

  /** The rows are made of these targets now, by their indexes. */
  combined(of: readonly number[], tookMs: number, render: RenderSpec | undefined): void {
    this.combinedOf = of.map((index) => this.key(index));
    this.combinedStamp = this.rows.stamps()[COMBINED];
    this.totalTookMs = tookMs;
    this.totalFailed = false;
    this.setRender(0, render);
  }

  /** What came could not be combined: the run fails, and another try may do better. */
  failTotal(error: AppErrorData): void {
    this.totalFailed = true;
    if (familyOf(error.code) !== 'cancelled') this.error ??= error;
  }

  /** Where every target that was asked refuses the text it was sent, its refusal. */
  refusedByAll(): AppErrorData | undefined {
    return refusedByAll(this.states.filter((target, index) => this.schemas.has(index) && !isBodiless(target)));
  }

  /**
   * Whether groups of somebody did not fit into the one page that they get: then all are to be asked anew, for the rows
   * to group here. True at most once.
   */
  collectRows(): boolean {
    const cut = this.states.some(({ error }) => error?.code === 'query.truncated' && error.data?.['unpaged'] === true);
    if (!cut || this.signal.aborted || this.collectsRows || !this.atWork || !this.language) return false;
    this.collectsRows = true;
    this.atWork = undefined;
    this.reopenAll();
    return true;
  }

  /** Everybody who can be asked is to be asked anew. */
  reopenAll(): void {
    this.states.forEach((target, index) => {
      if (this.planned[index]!.way && this.schemas.has(index))
        this.update(index, { state: 'waiting', rows: 0, attempts: 0 });
    });
  }

  setRender(index: number, render: RenderSpec | undefined): void {
    if (render) this.renders.set(index, render);
    else this.renders.delete(index);
  }

  /**
   * Puts back to `waiting` what failed, was cancelled, or came only in part; what came whole stays, and what the query
   * itself was refused for. False where there is nothing to do again.
   */
  reopen(): boolean {
    let again = this.totalFailed;
    this.states.forEach((target, index) => {
      if (!mayAnswerAgain(target) || !this.planned[index]!.way) return;
      if (target.error && isOfPart(target.error) && ofTheText(target.error)) this.unlearn(index);
      if (this.retold.delete(index)) {
        // The tables they are now are known: the next question for them is answered at once.
        this.schemas.delete(index);
        this.atWork?.forget(index);
      }
      this.update(index, { state: 'waiting', attempts: 0 });
      this.atWork?.reopen(index);
      again = true;
    });
    if (!again) return false;
    this.state = 'running';
    this.error = this.finishedAt = undefined;
    this.signal = new LocalSignal();
    return true;
  }

  /**
   * A workspace tells other tables than it had long ago, when its texts were made of those: true where the query looks
   * at what has changed. Its rows stay, and count as a part until it is asked anew.
   */
  tablesChanged(workspace: WorkspaceKey, now: SourceSchema): boolean {
    const indexes = [...this.schemas.keys()].filter((index) => {
      const target = this.states[index]!;
      if (target.kind !== 'workspace' || target.workspace !== workspace || !this.atWork) return false;
      return looksOtherwise(this, this.atWork.tables, this.schemas.get(index)!, now);
    });
    if (indexes.length === 0) return false;
    for (const index of indexes) this.retold.set(index, now);
    if (!this.running) this.tellRetold();
    return true;
  }

  private tellRetold(): void {
    for (const index of this.retold.keys()) {
      const target = this.states[index]!;
      if (target.state !== 'answered' && target.state !== 'empty') continue;
      this.update(index, { state: 'partial', error: tablesChanged(targetName(target)) });
    }
  }

  /** Its tables are not what they were told to be: they are asked for anew. */
  unlearn(index: number): void {
    if (this.schemas.delete(index)) this.outdated.add(index);
    this.atWork?.forget(index);
  }

  /**
   * Ends the round. A table that no workspace knows fails the run, once and with the nearest of the names that
   * `tablesOf` gives for a workspace's ARM id; one that some lack is no failure.
   */
  finish(now: number, tablesOf: (armId: string) => Iterable<string> = () => []): void {
    this.finishedAt = now;
    this.tellRetold();
    const unknown = unknownToAll(this.states, (index) => {
      const way = this.way(index);
      return 'armId' in way ? tablesOf(way.armId) : [];
    });
    for (const { index, error } of unknown?.targets ?? []) this.update(index, { state: 'failed', error });
    if (unknown) this.error = unknown.error;
    this.error ??= commonRefusal(this.states);
    this.state = this.error
      ? 'failed'
      : this.totalFailed || this.states.some((target) => target.state === 'cancelled')
        ? 'cancelled'
        : 'finished';
  }

  /** The run failed as a whole, e.g. the store broke: what has not answered is failed for the same reason. */
  fail(error: AppErrorData): void {
    this.error ??= error;
    this.states.forEach((target, index) => {
      if (target.state === 'waiting' || target.state === 'running') this.update(index, { state: 'failed', error });
    });
  }

  /** `waits` says why a target that waits does, by its index. */
  snapshot(waits: (index: number) => string | undefined = () => undefined): Run {
    const total = this.atWork?.total === true;
    const completeness = completenessOf(this.states, total);
    const render =
      this.atWork?.plan.render ?? uniteRender([...this.renders].sort((a, b) => a[0] - b[0]).map(([, spec]) => spec));
    return {
      id: this.id,
      ...(this.source === 'workspaces' ? {} : { source: this.source }),
      query: this.request.query,
      ...(this.label === undefined ? {} : { label: this.label }),
      ...(this.passing ? { passing: true as const } : {}),
      scope: this.request.scope,
      timeRange: this.request.timeRange,
      state: this.state,
      startedAt: new Date(this.startedAt).toISOString(),
      ...(this.finishedAt === undefined ? {} : { finishedAt: new Date(this.finishedAt).toISOString() }),
      targets: withReasons(this.states, waits),
      columns: this.columns(),
      rowCount: this.rows.rowCount(),
      completeness,
      answer: this.answer,
      ...((this.request.answer ?? 'across') === this.answer ? {} : { asked: this.request.answer ?? 'across' }),
      plan: this.told(),
      ...(total && (!completeness.complete || this.combinedOf.length < this.in().length || this.totalFailed)
        ? { unfinished: true }
        : {}),
      ...(this.note ? { perWorkspaceNote: this.note } : {}),
      ...(render ? { render } : {}),
      ...(this.plan.sorted ? { sorted: true } : {}),
      ...(this.error ? { error: this.error } : {}),
    };
  }

  /** A total has the columns of its plan before it has rows; how many workspaces it is made of is known here alone. */
  private columns(): Run['columns'] {
    if (this.atWork?.total !== true) return this.rows.columns();
    const presentIn = this.combinedOf.length;
    const columns = presentIn > 0 ? this.rows.columns() : this.atWork.plan.columns;
    return columns.map((column) => ({ ...column, presentIn }));
  }

  private told(): RunStages {
    if (this.atWork) return this.atWork.told(this.totalTookMs);
    const asked = this.states.filter((_, index) => this.planned[index]!.way);
    return soleStage(this.plan.query, asked, this.answer);
  }
}
