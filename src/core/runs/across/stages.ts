import type { AcrossPlan } from '../../../kql/across/acrossPlan.ts';
import type { TargetAttribution } from '../../../kql/across/isAsked.ts';
import type { SourceSchema } from '../../../kql/scopeSchema.ts';
import type { RunStages, Target } from '../../../model/run.ts';
import type { RowStore, RowStoreRun } from '../../../ports/rows.ts';
import type { StagedRun, TargetChange } from '../asking.ts';
import type { WrittenPlan } from './acrossWorld.ts';
import { PartAsking } from './partAsking.ts';
import { PartTexts } from './partTexts.ts';

/** An across plan at work: each target is asked each part, and what came of them is combined here. */
export class Stages {
  readonly plan: AcrossPlan;
  readonly parts: readonly PartAsking[];
  private readonly texts: readonly PartTexts[];
  private readonly written: WrittenPlan;

  private constructor(written: WrittenPlan, parts: readonly PartAsking[], sharing: boolean) {
    const { plan } = written;
    this.plan = plan;
    this.parts = parts;
    this.written = written;
    this.texts = plan.parts.map((part) => new PartTexts(part, written, sharing));
  }

  /** Where there is nothing to combine, the rows of the only part are the run's own. */
  static async open(run: StagedRun, written: WrittenPlan, store: RowStore): Promise<Stages> {
    const { plan } = written;
    const open = async (name: string): Promise<RowStoreRun> =>
      plan.local === undefined ? run.rows : store.open(`${run.id}/${name}`, { passing: run.passing });
    const rows = await Promise.all(plan.parts.map((part) => open(part.name)));
    return new Stages(
      written,
      plan.parts.map((part, i) => new PartAsking(run, part, rows[i]!)),
      run.sharing !== 'never',
    );
  }

  /** Whether the answer is made of all targets together. */
  get total(): boolean {
    return this.plan.local !== undefined;
  }

  /** Tells each part what a target of this schema is sent. */
  assign(index: number, schema: SourceSchema, target: TargetAttribution): void {
    this.parts.forEach((asking, i) => {
      if (this.written.asks(asking.part, target))
        asking.assign(index, this.texts[i]!.of(schema), () => this.written.sliced(asking.part, schema));
      else asking.leaveOut(index);
    });
  }

  /** Every table that a part reads. */
  get tables(): ReadonlySet<string> {
    return new Set(this.plan.parts.flatMap((part) => part.tables));
  }

  /** Whether a target has been told what it is sent. */
  knows(index: number): boolean {
    return this.parts.every((part) => part.find(index) !== undefined);
  }

  /** What a target was told no longer holds: it is to be told anew. */
  forget(index: number): void {
    for (const part of this.parts) part.forget(index);
  }

  reopen(index: number): void {
    for (const part of this.parts) part.reopen(index);
  }

  /** Whether all that a target was asked has come, whole or cut by the service: then it counts in a total. */
  isIn(index: number): boolean {
    return this.parts.every((part) => IN.has(part.find(index)?.state ?? 'waiting'));
  }

  /** Rows that have come, of all parts. */
  rowCount(): number {
    return this.parts.reduce((sum, part) => sum + part.rows.rowCount(), 0);
  }

  /** How a target stands, all its parts together. */
  standing(index: number): TargetChange | undefined {
    const parts = this.parts.flatMap((part) => part.find(index) ?? []);
    const [first] = parts;
    if (!first) return undefined;
    const decides = parts.reduce((worst, part) => (rankOf(part, parts) < rankOf(worst, parts) ? part : worst), first);
    const most = (of: (target: Target) => number | undefined): number =>
      Math.max(0, ...parts.map((one) => of(one) ?? 0));
    const sum = (of: (target: Target) => number | undefined): number =>
      parts.reduce((all, one) => all + (of(one) ?? 0), 0);
    // Where a part has begun and another waits, it is at work.
    const atWork = decides.state === 'waiting' && parts.some((one) => one.state !== 'waiting');
    return {
      state: atWork ? 'running' : decides.state,
      rows: sum((one) => one.rows),
      attempts: most((one) => one.attempts),
      ...(parts.some((one) => one.tookMs !== undefined) ? { tookMs: most((one) => one.tookMs) } : {}),
      ...(parts.some((one) => one.waitedMs !== undefined) ? { waitedMs: most((one) => one.waitedMs) } : {}),
      ...(parts.some((one) => one.bytes !== undefined) ? { bytes: sum((one) => one.bytes) } : {}),
      ...(decides.slices ? { slices: decides.slices } : {}),
      ...(decides.error ? { error: decides.error } : {}),
    };
  }

  told(tookMs: number | undefined): RunStages {
    const { local, promise } = this.plan;
    return {
      parts: this.parts.map((part) => part.told()),
      ...(local === undefined ? {} : { local }),
      promise,
      ...(tookMs === undefined ? {} : { tookMs }),
    };
  }

  /** Deletes what was collected. */
  async discard(): Promise<void> {
    if (this.total) for (const part of this.parts) await part.rows.discard();
  }
}

const IN: ReadonlySet<Target['state']> = new Set(['answered', 'empty', 'partial']);

/** The lowest decides how the target stands: what fails in one part is no answer, whatever the others brought. */
const RANKS: readonly Target['state'][] = [
  'failed',
  'cancelled',
  'skipped',
  'running',
  'waiting',
  'partial',
  'answered',
  'empty',
];
function rankOf(target: Target, parts: readonly Target[]): number {
  // A table that is missing for one part is no matter where another part has rows to give.
  const lacks = target.state === 'empty' && target.error !== undefined && parts.some((one) => !one.error);
  return RANKS.indexOf(target.state) + (lacks ? RANKS.length : 0);
}
