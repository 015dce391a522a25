import type { ErrorCode } from '../base/errors.ts';

/** What the doctor looks at: the way to a service, then what each account may do in each tenant. */
export type ProbeName =
  | 'proxy'
  | 'connection'
  | 'certificate'
  | 'clock'
  | 'accounts'
  | 'tenants'
  | 'signIn'
  | 'resourceManager'
  | 'resourceGraph'
  | 'query';

/** `skipped`: it could not be tried, because of something before it. */
export type CheckState = 'works' | 'warns' | 'fails' | 'skipped';

/** A service of the cloud by its part in it. */
export type ServiceEnd = 'signIn' | 'resourceManager' | 'logAnalytics';

/** Whom and what a check is about. Everything in here is a name of somebody. */
export interface CheckNames {
  readonly account?: string;
  readonly tenant?: string;
  readonly workspace?: string;
  readonly host?: string;
  readonly proxy?: string;
}

/** One thing that was tried. Only `names` and `message` hold names; neither holds a secret. */
export interface Check {
  readonly probe: ProbeName;
  readonly state: CheckState;
  readonly service?: ServiceEnd;
  readonly names: CheckNames;
  /** What was found, in words without names. */
  readonly detail: string;
  /** Of a failure: its code, and what it says of itself. */
  readonly code?: ErrorCode;
  readonly message?: string;
  /** What a person can do about it, without names. */
  readonly next?: string;
  readonly ms: number;
}

/** What works between here and Azure, and what does not. `at` is the ISO time by this machine's clock. */
export interface Diagnosis {
  readonly cloud: string;
  readonly version: string;
  readonly at: string;
  readonly checks: readonly Check[];
}
