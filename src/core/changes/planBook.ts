import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { PlanId } from '../../model/ids.ts';
import type { PreparedPlan } from './makePlan.ts';

/** A plan says what is there; after so long nobody should trust that. */
export const PLAN_LIFE_MS = 60 * 60_000;
/** An alert over an estate is a plan for each subscription; the oldest gives way. */
const MOST_PLANS = 1_000;

interface Entry {
  readonly prepared: PreparedPlan;
  readonly basis: string;
  readonly madeAt: number;
  taken: boolean;
}

/** The plans that were shown and may be carried out, each once, while what they were made against still holds. */
export class PlanBook {
  private readonly entries = new Map<PlanId, Entry>();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** `basis`: what must be the same when the plan is taken, as a text to compare. */
  keep(prepared: PreparedPlan, basis: string): void {
    this.entries.set(prepared.plan.id, { prepared, basis, madeAt: this.clock.now(), taken: false });
    while (this.entries.size > MOST_PLANS) this.entries.delete(this.entries.keys().next().value!);
  }

  /** What a plan was made for, to find out what its basis is now. Throws as `take` does. */
  look(id: PlanId): PreparedPlan {
    const entry = this.entries.get(id);
    if (!entry)
      throw new AppError(
        'input.planUnknown',
        'This plan is not known any more: it was made before Tenantscope was restarted, or for another cloud. Nothing was done. Plan again.',
      );
    if (entry.taken) throw carriedOutAlready();
    if (this.clock.now() - entry.madeAt > PLAN_LIFE_MS)
      throw new AppError(
        'input.planExpired',
        `This plan is older than ${PLAN_LIFE_MS / 60_000} minutes: what it says may not be so any more. Nothing was done. Plan again.`,
      );
    return entry.prepared;
  }

  /** The plan, to be carried out now and never again. Throws `input.plan*`, with nothing done. */
  take(id: PlanId, basis: string): PreparedPlan {
    const prepared = this.look(id);
    const entry = this.entries.get(id)!;
    if (entry.basis !== basis)
      throw new AppError(
        'input.planExpired',
        'The accounts, the tenants or the customers have changed since this plan was made. Nothing was done. Plan again.',
      );
    entry.taken = true;
    return prepared;
  }
}

/** What is said to whoever carries a plan out a second time. */
export function carriedOutAlready(): AppError {
  return new AppError(
    'input.planApplied',
    'This plan has been carried out already. Nothing was done a second time. Plan again to see what is left to do.',
  );
}
