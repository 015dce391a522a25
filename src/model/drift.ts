import type { AppErrorData } from '../base/errors.ts';
import type { BaselineSection } from './baselineSection.ts';
import type { CustomerKey } from './ids.ts';
import type { Difference } from './plan.ts';

/** How much a difference from the baseline matters. */
export type DriftSeverity = 'high' | 'medium' | 'low';

/** Where a setting of a baseline belongs, in words and ids. */
export interface SettingPlace {
  readonly customer: CustomerKey;
  readonly customerName: string;
  readonly section: BaselineSection;
  /** Its name in the section: a table, a function, a rule ...; `settings` and `features` of a workspace. */
  readonly name: string;
  /** `workspace law-contoso`, `subscription Contoso` ... */
  readonly where: string;
  /** ARM id of what is compared; empty where nothing could be. */
  readonly target: string;
}

/** When and by whom a resource was changed last, or why that is not known. */
export type ChangedSince =
  | { readonly state: 'known'; readonly at: string; readonly by: string; readonly operation: string }
  /** Not within the days that the activity log keeps. */
  | { readonly state: 'notSeen'; readonly days: number }
  | { readonly state: 'unknown'; readonly reason: string };

/** A setting that is not as the baseline says. */
export interface Drift extends SettingPlace {
  readonly severity: DriftSeverity;
  /** What a plan would do: `Change table SigninLogs`. */
  readonly title: string;
  readonly differences: readonly Difference[];
  /** There is nothing of it. */
  readonly missing: boolean;
  /** Why no plan of ours puts it right, and who can. */
  readonly blocked?: string;
  readonly since?: ChangedSince;
}

/** A setting that could not be compared: not the same as one that is right. */
export interface UnknownSetting extends SettingPlace {
  readonly error: AppErrorData;
}

/** How one customer stands. */
export interface CustomerDrift {
  readonly key: CustomerKey;
  readonly name: string;
  /** Layers that apply: `provider`, `group gold`, `customer contoso`. */
  readonly layers: readonly string[];
  /** Settings in all, and how many of them are as the baseline says. */
  readonly settings: number;
  readonly kept: number;
}

/** What a check of the baseline found. */
export interface DriftReport {
  /** ISO time of its beginning, and how long it took. */
  readonly at: string;
  readonly ms: number;
  /** Requests and pages. */
  readonly calls: number;
  readonly customers: readonly CustomerDrift[];
  readonly drift: readonly Drift[];
  readonly unknown: readonly UnknownSetting[];
  readonly cancelled: boolean;
}
