import type { AppErrorData } from '../../base/errors.ts';
import type { RunId } from '../../model/ids.ts';
import type { RenderSpec } from '../../model/render.ts';
import { mayAnswerAgain, targetKey, targetName } from '../../model/run.ts';
import type { Run, RunRequest, Target } from '../../model/run.ts';
import type { RowStoreRun } from '../../ports/rows.ts';
import { LocalSignal } from '../../base/rpc.ts';
import { uniteRender } from './answer.ts';
import { serviceError, unknownTable } from './tableMissing.ts';
import { completenessOf } from './completeness.ts';
import type { PlannedTarget, RunPlan, Way } from './planRun.ts';

/** What of a target changes in a run; who it is does not. */
type TargetChange = Pick<Target, 'state'> &
  Partial<Pick<Target, 'rows' | 'tookMs' | 'waitedMs' | 'bytes' | 'attempts' | 'error'>>;

/** One run while the program lives: what was planned, how each target stands, and where its rows are. */
export class ActiveRun {
  readonly id: RunId;
  readonly request: RunRequest;
  readonly planned: readonly PlannedTarget[];
  /** What is sent; the request keeps the query as written. */
  readonly sent: string;
  /** Names that stand where tables do. */
  readonly tables: readonly string[] | undefined;
  /** Whether it also reads tables that it does not name. */
  readonly unnamedTables: boolean;
  /** What to call the accounts that ask, by their ids. */
  readonly accountNames: RunPlan['accountNames'];
  readonly rows: RowStoreRun;
  readonly startedAt: number;
  signal = new LocalSignal();
  /** Whether Basic and Auxiliary tables may be searched; a retry may allow it. */
  scan: boolean;
  /** The work of the latest round (start or retry). */
  done: Promise<void> = Promise.resolve();

  private readonly states: Target[];
  private readonly renders = new Map<number, RenderSpec>();
  private readonly note: Run['perWorkspaceNote'];
  private readonly sorted: boolean;
  private state: Run['state'] = 'running';
  private finishedAt: number | undefined;
  private error: AppErrorData | undefined;

  constructor(id: RunId, request: RunRequest, plan: RunPlan, rows: RowStoreRun, now: number) {
    this.id = id;
    this.request = request;
    this.scan = request.scan ?? false;
    this.planned = plan.targets;
    this.sent = plan.query;
    this.tables = plan.tables;
    this.unnamedTables = plan.unnamedTables ?? false;
    this.accountNames = plan.accountNames;
    this.note = plan.perWorkspaceNote;
    this.sorted = plan.sorted ?? false;
    this.rows = rows;
    this.startedAt = now;
    this.states = plan.targets.map((entry) => entry.target);
  }

  get running(): boolean {
    return this.state === 'running';
  }
  target(index: number): Target {
    return this.states[index]!;
  }
  /** What a target's rows are stored under. */
  key(index: number): string {
    return targetKey(this.states[index]!);
  }
  /** The names of those of these keys that are targets here. */
  namesOf(keys: readonly string[]): string[] {
    return this.states.filter((target) => keys.includes(targetKey(target))).map(targetName);
  }
  /** How a target that waits is asked. */
  way(index: number): Way {
    return this.planned[index]!.way!;
  }
  /** Indexes of the targets that are to be asked: all that wait. */
  waiting(): number[] {
    return this.states.flatMap((target, index) => (target.state === 'waiting' ? [index] : []));
  }

  /** Changes one target. A later state never inherits the reason of an earlier one. */
  update(index: number, change: TargetChange): void {
    const { error: _reason, ...rest } = this.states[index]!;
    this.states[index] = { ...rest, ...change };
  }

  setRender(index: number, render: RenderSpec | undefined): void {
    if (render) this.renders.set(index, render);
    else this.renders.delete(index);
  }

  /**
   * Puts back to `waiting` what failed, was cancelled, or came only in part; what came whole stays, and what the query
   * itself was refused for.
   */
  reopen(): number {
    let reopened = 0;
    this.states.forEach((target, index) => {
      if (!mayAnswerAgain(target) || !this.planned[index]!.way) return;
      this.update(index, { state: 'waiting', attempts: 0 });
      reopened++;
    });
    if (reopened > 0) {
      this.state = 'running';
      this.error = undefined;
      this.finishedAt = undefined;
      this.signal = new LocalSignal();
    }
    return reopened;
  }

  /**
   * Ends the round. A table that no workspace knows fails the run, once and with the nearest of the names that
   * `tablesOf` gives for a workspace's ARM id; one that some lack is no failure.
   */
  finish(now: number, tablesOf: (armId: string) => Iterable<string> = () => []): void {
    this.finishedAt = now;
    const lacking = this.states.flatMap((target, index) =>
      target.state === 'empty' && target.error?.code === 'query.tableMissing' ? [{ target, index }] : [],
    );
    const known = this.states.some(
      (target) =>
        target.state === 'answered' ||
        target.state === 'partial' ||
        // There, though not for this account.
        target.error?.code === 'access.tableDenied' ||
        (target.state === 'empty' && !target.error && !isBodiless(target)),
    );
    const first = lacking[0];
    if (first && !known) {
      for (const { target, index } of lacking)
        this.update(index, { state: 'failed', error: serviceError(target.error!) });
      const names = lacking.flatMap(({ index }) => [...tablesOf(this.way(index).armId)]);
      this.error = unknownTable(first.target.error!, lacking.length, names);
    }
    this.error ??= this.commonRefusal();
    this.state = this.error
      ? 'failed'
      : this.states.some((target) => target.state === 'cancelled')
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
    const render = uniteRender([...this.renders].sort((a, b) => a[0] - b[0]).map(([, spec]) => spec));
    return {
      id: this.id,
      query: this.request.query,
      scope: this.request.scope,
      timeRange: this.request.timeRange,
      state: this.state,
      startedAt: new Date(this.startedAt).toISOString(),
      ...(this.finishedAt === undefined ? {} : { finishedAt: new Date(this.finishedAt).toISOString() }),
      targets: this.states.map((target, index) => {
        const reason = target.state === 'waiting' ? waits(index) : undefined;
        return reason === undefined ? target : { ...target, waits: reason };
      }),
      columns: this.rows.columns(),
      rowCount: this.rows.rowCount(),
      completeness: completenessOf(this.states),
      ...(this.note ? { perWorkspaceNote: this.note } : {}),
      ...(render ? { render } : {}),
      ...(this.sorted ? { sorted: true } : {}),
      ...(this.error ? { error: this.error } : {}),
    };
  }

  /** Where every workspace that was asked refuses the query for the same reason, that is the answer of the run. */
  private commonRefusal(): AppErrorData | undefined {
    const asked = this.states.filter((target) => target.state !== 'skipped' && !isBodiless(target));
    const first = asked[0]?.error;
    // By code and place: a message may name its workspace.
    const kind = (error: AppErrorData | undefined): string =>
      JSON.stringify([error?.code, error?.data?.['kqlCode'], error?.data?.['line'], error?.data?.['pos']]);
    return first?.code.startsWith('query.') &&
      asked.every((target) => target.state === 'failed' && kind(target.error) === kind(first))
      ? first
      : undefined;
  }
}

/**
 * A workspace that never had data answers anything with nothing: it says neither that a table is there nor that the
 * query is sound.
 */
function isBodiless(target: Target): boolean {
  return target.state === 'empty' && target.bytes === 0;
}
