import type { AppErrorData } from '../../base/errors.ts';
import type { ComingCustomer, OnboardingState } from '../../model/onboarding.ts';
import type { Plan, PlanResult } from '../../model/plan.ts';

/** What became of one customer. */
export interface FinishedCustomer {
  readonly customer: ComingCustomer;
  readonly state: OnboardingState;
  readonly steps: readonly AppliedStep[];
  /** What was done beside that, or is left to do, a sentence each. */
  readonly notes: readonly string[];
  /** Tables that rows came to. */
  readonly tables: readonly string[];
  readonly error?: AppErrorData;
}

/** A plan that was carried out. */
export interface AppliedStep {
  readonly plan: Plan;
  readonly result: PlanResult;
}
