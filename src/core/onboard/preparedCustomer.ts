import type { ComingCustomer, PreflightFinding, WhatIfChange } from '../../model/onboarding.ts';
import type { Plan } from '../../model/plan.ts';
import type { Issuer } from '../../ports/issuer.ts';
import type { Told } from './journal.ts';

/** One customer as far as it could be looked at; nothing of Azure was changed. */
export interface PreparedCustomer {
  readonly customer: ComingCustomer;
  readonly state: 'waitingForCustomer' | 'refused' | 'planned';
  readonly told: Told;
  readonly findings: readonly PreflightFinding[];
  /** What an assessment says of the architecture. */
  readonly advice?: string;
  /** Files that were written for the customer's administrator. */
  readonly handedOver: readonly string[];
  /** What that administrator has to do, as text to send; there while we are not let in. */
  readonly request?: string;
  /** Absent where access is missing, and where no workspace is made (architecture `central`). */
  readonly plan?: Plan;
  readonly whatIf?: AzureWhatIf;
  /** What the baseline agrees, done once the workspace answers; absent where nobody asked it. */
  readonly agreed?: AgreedAhead;
  readonly issuer?: Issuer;
}

/** What will be made as the baseline agrees; `notes` says what is known only when the workspace is there. */
export interface AgreedAhead {
  readonly plans: readonly Plan[];
  readonly notes: readonly string[];
}

/** What Azure itself says of the plan, or why it was not asked. */
export type AzureWhatIf = { readonly changes: readonly WhatIfChange[] } | { readonly unasked: string };
