import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { ComingCustomer } from '../../model/onboarding.ts';
import type { Plan } from '../../model/plan.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { LogsPort } from '../../ports/logs.ts';
import type { OnboardingFolder, PreflightPort } from '../../ports/onboarding.ts';
import type { ChangeService } from '../changes/changeService.ts';
import type { Draft } from '../changes/makePlan.ts';
import type { EstateService } from '../estate/estateService.ts';
import type { Provisioning } from '../provision/provisioning.ts';
import type { PreflightLook } from './preflight/preflightCheck.ts';
import type { AgreedAhead } from './preparedCustomer.ts';

/** What is to be done as it was agreed. */
export interface Agreed {
  readonly drafts: readonly Draft[];
  readonly notes: readonly string[];
}

/** What onboarding stands on. */
export interface OnboardWorld {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly estate: Pick<EstateService, 'load' | 'expect'>;
  readonly provisioning: Pick<Provisioning, 'subscriptions' | 'planWorkspace' | 'planSettings' | 'apply'>;
  readonly changes: Pick<ChangeService, 'plan'>;
  readonly provision: PreflightLook['provision'];
  readonly preflight: PreflightPort;
  readonly logs: Pick<LogsPort, 'query'>;
  /** The same GUID for the same words, always. */
  readonly guidOf: (...words: readonly string[]) => string;
  /**
   * What was agreed with the customer beyond its workspace (the baseline), as drafts that are carried out once the
   * workspace is there; a draft of nothing but what is there already costs reads alone. Notes are for the receipt;
   * `before` are the plans of it that were shown already.
   */
  readonly agreed?: (customer: ComingCustomer, before: readonly Plan[], signal?: CancelSignal) => Promise<Agreed>;
  /**
   * Sees to it that the customers file names a customer whose workspace answers: a sentence of what was written, or why
   * it was not; undefined where it is named already. Never rejects.
   */
  readonly named?: (customer: ComingCustomer, signal?: CancelSignal) => Promise<string | undefined>;
  /** The same as it can be said before anything is made, for the eyes of whoever reads the plan. */
  readonly ahead?: (
    customer: ComingCustomer,
    issuer: Issuer,
    plan: Plan | undefined,
    signal?: CancelSignal,
  ) => Promise<AgreedAhead>;
}

/** How one customer is onboarded. */
export interface OnboardOptions {
  /** The customer's own folder. */
  readonly folder: OnboardingFolder;
  readonly signal?: CancelSignal;
  /** Hears where it stands. */
  readonly report?: (message: string) => void;
  /** So long data is waited for; a single look where 0. */
  readonly dataWithinMs?: number;
  /** So long the new workspace may take until it answers. */
  readonly queryWithinMs?: number;
}
