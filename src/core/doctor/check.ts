import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppError } from '../../base/errors.ts';
import type { Check, CheckNames, CheckState, ProbeName, ServiceEnd } from '../../model/diagnosis.ts';
import { nextStep } from './nextSteps.ts';

/** Which check it is, and whom it is about. */
export interface CheckHead {
  readonly probe: ProbeName;
  readonly service?: ServiceEnd;
  readonly names: CheckNames;
}

/** What a probe found where it did not fail. */
export interface Finding<T> {
  readonly value: T;
  /** Without names. */
  readonly detail: string;
  readonly state?: Exclude<CheckState, 'fails' | 'skipped'>;
  readonly next?: string;
}

/** A check with what later probes go on with; undefined where it failed. */
export interface Probed<T> {
  readonly check: Check;
  readonly value?: T;
  readonly error?: AppError;
}

/** Carries a probe out; what it rejects with is a failed check with the next step. Rejects only when cancelled. */
export async function probe<T>(head: CheckHead, clock: Clock, work: () => Promise<Finding<T>>): Promise<Probed<T>> {
  const started = clock.now();
  const ms = (): number => Math.max(0, Math.round(clock.now() - started));
  try {
    const { value, detail, state = 'works', next } = await work();
    return { value, check: { ...head, state, detail, ...(next === undefined ? {} : { next }), ms: ms() } };
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.family === 'cancelled') throw error;
    return { error, check: failed(head, error, ms()) };
  }
}

/** A check that failed by an error that is known already. */
export function failed(head: CheckHead, error: AppError, ms = 0): Check {
  const { code, message } = error;
  return { ...head, state: 'fails', detail: `failed: ${code}`, code, message, next: nextStep(code), ms };
}

/** A check that could not be tried. `because` is without names. */
export function skipped({ probe: name, service, names }: CheckHead, because: string): Check {
  return { probe: name, ...(service ? { service } : {}), names, state: 'skipped', detail: because, ms: 0 };
}

/** What every probe is given beside its ports. */
export interface ProbeCall {
  readonly clock: Clock;
  readonly signal: CancelSignal;
}
