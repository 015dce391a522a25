import type { AppErrorData } from '../../base/errors.ts';
import type { WorkspaceKey } from '../ids.ts';
import type { FactName, Measurement } from './facts.ts';

/** How bad a finding is, worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
/** One of `SEVERITIES`. */
export type Severity = (typeof SEVERITIES)[number];

/** What a finding is about. `name` is what people call it. */
export interface FindingSubject {
  readonly kind: 'customer' | 'tenant' | 'subscription' | 'workspace' | 'table' | 'delegation';
  readonly name: string;
  /** Where it is about a workspace or something inside one. */
  readonly workspace?: WorkspaceKey;
}

/** What was found, in words, and how: one click away. */
export interface Evidence {
  readonly text: string;
  readonly measured: Measurement;
}

/** What we can do about it: each opens what shows a plan first. */
export type FindingAction =
  | { readonly kind: 'provisionWorkspace'; readonly region?: string }
  | { readonly kind: 'setRetention'; readonly workspace: WorkspaceKey; readonly days: number }
  | { readonly kind: 'setCap'; readonly workspace: WorkspaceKey; readonly gb?: number }
  | { readonly kind: 'openQuery'; readonly workspace: WorkspaceKey; readonly query: string; readonly timespan: string }
  | { readonly kind: 'openPortal'; readonly armId: string }
  | { readonly kind: 'openCustomers' }
  /** Plans what brings the customer back to its baseline. */
  | { readonly kind: 'fixBaseline' };

/** One thing that is not as it should be, at one customer. */
export interface Finding {
  /** The check's id. */
  readonly check: string;
  readonly severity: Severity;
  readonly subject: FindingSubject;
  /** One sentence that names the subject and the number. */
  readonly title: string;
  readonly evidence: readonly Evidence[];
  readonly why: string;
  readonly remedy: string;
  readonly actions: readonly FindingAction[];
  /** What a provider may send to the customer, where the customer has to act. */
  readonly message?: string;
  /** Not for the customer's copy: it speaks of the provider's costs or of others. */
  readonly internal?: true;
}

/** Something a check could not look at, and why. */
export interface Unknown {
  readonly subject: FindingSubject;
  readonly fact: FactName;
  readonly error: AppErrorData;
}

/** What became of one check at one customer. `notApplicable` says why it has nothing to look at. */
export interface CheckOutcome {
  readonly check: string;
  readonly title: string;
  readonly state: 'passed' | 'found' | 'unknown' | 'notApplicable';
  readonly findings: readonly Finding[];
  readonly unknown: readonly Unknown[];
  readonly because?: string;
}
