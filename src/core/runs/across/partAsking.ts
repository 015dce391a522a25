import type { CancelSignal } from '../../../base/cancel.ts';
import { AppError } from '../../../base/errors.ts';
import type { RemotePart } from '../../../kql/across/acrossPlan.ts';
import type { SharedQuery, SlicedPart } from '../../../kql/across/remoteQuery.ts';
import { mayAnswerAgain, targetName } from '../../../model/run.ts';
import type { RunPart, SharedRequests, Target } from '../../../model/run.ts';
import type { CollectedTable, RowStoreRun } from '../../../ports/rows.ts';
import { changedTarget } from '../asking.ts';
import type { Asking, StagedRun, TargetChange } from '../asking.ts';
import type { PartText } from './partTexts.ts';
import type { Way } from '../plannedTarget.ts';

/** One part of an across plan while it is asked: its own state of each target, and its own rows. */
export class PartAsking implements Asking {
  readonly id: string;
  readonly part: RemotePart;
  readonly rows: RowStoreRun;
  readonly accountNames: ReadonlyMap<string, string>;
  readonly tables: readonly string[];
  readonly keeps: readonly string[];
  /** Tables of a part are told by name, those of wildcards too. */
  readonly unnamedTables = false;
  private readonly run: StagedRun;
  private readonly states = new Map<number, Target>();
  private readonly texts = new Map<number, PartText>();
  private readonly slices = new Map<number, () => SlicedPart | undefined>();
  private readonly sharedBy = { requests: 0, targets: 0, text: '' };

  constructor(run: StagedRun, part: RemotePart, rows: RowStoreRun) {
    // One queue with the other parts: for others the run is one.
    this.id = run.id;
    this.accountNames = run.accountNames;
    this.run = run;
    this.part = part;
    this.rows = rows;
    this.tables = part.tables;
    this.keeps = part.columns.map(({ name }) => name);
  }

  get signal(): CancelSignal {
    return this.run.signal;
  }
  get scan(): boolean {
    return this.run.scan;
  }
  get noCache(): boolean {
    return this.run.noCache;
  }
  get timespan(): string | undefined {
    return this.run.timespan;
  }
  get maxRows(): number {
    return this.run.maxRows;
  }

  /** What a target is sent, and how it is cut by time; one without the part's tables is done with, and says so. */
  assign(index: number, written: PartText | undefined, sliced: () => SlicedPart | undefined): void {
    const { error: _reason, ...target } = this.run.target(index);
    if (written === undefined) {
      const error = lacksTables(targetName(target), this.tables);
      this.states.set(index, { ...target, state: 'empty', rows: 0, error });
      return;
    }
    this.texts.set(index, written);
    this.slices.set(index, sliced);
    this.states.set(index, { ...target, state: 'waiting', rows: 0, attempts: 0 });
  }

  /** As if it had never been assigned. */
  forget(index: number): void {
    this.states.delete(index);
    this.texts.delete(index);
    this.slices.delete(index);
  }

  /** Puts back to `waiting` what may come after all. */
  reopen(index: number): void {
    const state = this.states.get(index);
    if (state && this.texts.has(index) && mayAnswerAgain(state))
      this.states.set(index, changedTarget(state, { state: 'waiting', attempts: 0 }));
  }

  /** A target that the query itself leaves out has nothing to give, and is not asked for it. */
  leaveOut(index: number): void {
    const { error: _reason, ...target } = this.run.target(index);
    this.states.set(index, { ...target, state: 'empty', rows: 0 });
  }

  text(index: number): string {
    return this.texts.get(index)!.text;
  }
  /** How a target is asked together with others; undefined where it is asked alone. */
  shared(index: number): SharedQuery | undefined {
    return this.texts.get(index)?.shared;
  }
  get sharing(): SharedRequests {
    return this.run.sharing;
  }
  /** A request of this text has brought the answers of so many targets. */
  answeredTogether(targets: number, text: string): void {
    this.sharedBy.requests++;
    this.sharedBy.targets += targets;
    if (targets > 0) this.sharedBy.text = text;
  }
  async sliced(index: number): Promise<SlicedPart | undefined> {
    return this.slices.get(index)?.();
  }
  target(index: number): Target {
    return this.states.get(index)!;
  }
  /** Undefined where the target has not been assigned yet. */
  find(index: number): Target | undefined {
    return this.states.get(index);
  }
  way(index: number): Way {
    return this.run.way(index);
  }
  namesOf(keys: readonly string[]): string[] {
    return this.run.namesOf(keys);
  }
  key(index: number): string {
    return this.run.key(index);
  }
  waiting(): number[] {
    return [...this.states].flatMap(([index, { state }]) => (state === 'waiting' ? [index] : []));
  }
  update(index: number, change: TargetChange): void {
    this.states.set(index, changedTarget(this.states.get(index)!, change));
    this.run.partChanged(index);
  }
  /** The plan says how the answer is drawn. */
  setRender(): void {
    /* Nothing of a part is drawn. */
  }
  /** A place in a text of ours is none of the query's. */
  asWritten(error: AppError): AppError {
    const { line: _line, pos: _pos, ...data } = error.data ?? {};
    return new AppError(error.code, error.message, {
      retryable: error.retryable,
      data: { ...data, part: this.part.name },
      cause: error,
    });
  }

  /** The rows of these targets as a table of the local part. */
  collected(targets: readonly number[]): CollectedTable {
    const { name, columns } = this.part;
    return { name, columns, rows: this.rows, targets: targets.map((index) => this.key(index)) };
  }

  told(): RunPart {
    const states = [...this.states.values()];
    const texts = [...this.texts.values()].map(({ text }) => text);
    const { requests, targets: together, text } = this.sharedBy;
    return {
      name: this.part.name,
      text: text || (texts[0] ?? ''),
      groups: new Set(texts).size,
      targets: texts.length,
      ...(requests > 0 ? { shared: { requests, targets: together } } : {}),
      rows: states.reduce((sum, { rows }) => sum + rows, 0),
      bytes: states.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
    };
  }
}

function lacksTables(workspace: string, tables: readonly string[]) {
  const [table = ''] = tables;
  const more = tables.length > 1 ? ` and none of ${tables.slice(1).join(', ')}` : '';
  return new AppError('query.tableMissing', `${workspace} has no table ${table}${more}.`, {
    data: { table },
  }).toData();
}
