import type { Clock } from '../../../base/clock.ts';
import type { CancelSignal } from '../../../base/cancel.ts';
import { toAppError } from '../../../base/errors.ts';
import { ticksOfMs } from '../../../model/values/ticks.ts';
import type { ActiveRun } from '../activeRun.ts';
import { localErrorAsWritten } from '../errorAsWritten.ts';
import { Throttle } from '../throttle.ts';
import type { Stages } from './stages.ts';

/** Least time between two refinements of a total, milliseconds. */
const REFINE_EVERY_MS = 1_000;
/** Rows past which a total is worked out once, at the end: more would keep the database busy for nothing. */
const REFINED_ROWS = 200_000;

/** Makes the answer of a run of what its targets brought: now and then while they still arrive, and at the end. */
export class Combining {
  private readonly run: ActiveRun;
  private readonly stages: Stages;
  private readonly clock: Clock;
  private readonly throttle: Throttle;
  private busy: Promise<void> = Promise.resolve();
  private working = false;

  /** `changed` hears of every refinement. */
  constructor(run: ActiveRun, stages: Stages, clock: Clock, changed: () => void) {
    this.run = run;
    this.stages = stages;
    this.clock = clock;
    this.throttle = new Throttle(clock, REFINE_EVERY_MS, () => {
      this.refine(changed);
    });
  }

  /** A target has come further. */
  arrived(): void {
    if (this.run.combinedOf.length < this.run.in().length) this.throttle.trigger();
  }

  /** The answer of all that came. Where it cannot be made, that is the run's failure; what was collected stays. */
  async finish(): Promise<void> {
    this.throttle.dispose();
    await this.busy;
    const { run, stages } = this;
    try {
      // Who cancelled the asking wants to see what came; who closes the run does not.
      if (run.in().length > 0) await this.combine(run.signal.aborted ? run.closing : run.signal);
    } catch (thrown) {
      run.failTotal(localErrorAsWritten(toAppError(thrown), run.request.query, stages.plan.writtenAt).toData());
    }
  }

  private refine(changed: () => void): void {
    if (this.working || this.run.signal.aborted || this.stages.rowCount() > REFINED_ROWS) return;
    this.working = true;
    // What fails here is told at the end, if it fails there too.
    this.busy = this.combine(this.run.signal)
      .then(changed, () => undefined)
      .finally(() => {
        this.working = false;
      });
  }

  private async combine(signal: CancelSignal): Promise<void> {
    const { run, stages, clock } = this;
    const targets = run.in();
    const tables = stages.parts.map((part) => part.collected(targets));
    const began = clock.now();
    const { render } = await run.rows.combine(stages.plan.local!, tables, { now: ticksOfMs(run.startedAt), signal });
    run.combined(targets, clock.now() - began, stages.plan.render ?? render);
  }
}
