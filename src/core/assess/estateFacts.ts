import type { FactCost } from '../../model/assessment/assessment.ts';
import type { FactName, SubscriptionFacts, TenantFacts, WorkspaceFacts } from '../../model/assessment/facts.ts';
import type { SubscriptionOwner } from '../../model/assessment/subject.ts';
import type { Customer, Estate } from '../../model/estate.ts';
import type { CustomerKey } from '../../model/ids.ts';

/** Everything that was measured of a part of an estate. Facts that were not are unknown, each with its reason. */
export interface EstateFacts {
  /** ISO time of the beginning. */
  readonly at: string;
  readonly ms: number;
  /** Workspaces of the customers asked for, and all of the provider: rows of anybody may lie there. */
  readonly workspaces: readonly WorkspaceFacts[];
  /** Subscriptions that hold one of these workspaces. */
  readonly subscriptions: readonly SubscriptionFacts[];
  /** Tenants of the customers asked for. */
  readonly tenants: readonly TenantFacts[];
  /** Every subscription anybody told of, for the attribution of rows. */
  readonly owners: readonly SubscriptionOwner[];
  readonly costs: readonly FactCost[];
  /** Somebody ended it before everything was measured. */
  readonly cancelled: boolean;
}

/** What is measured: an estate, and whose part of it. `entries` are the customers as their file declares them. */
export interface AssessScope {
  readonly estate: Estate;
  readonly customers: readonly CustomerKey[];
  readonly entries: readonly CustomerDeclaration[];
}

/** What of a customer's entry in the customers file an assessment needs beside `Customer`. */
export interface CustomerDeclaration {
  readonly key: string;
  /** Guids or domains, as written. */
  readonly tenants: readonly string[];
  /** It is the provider itself, or a part of it. */
  readonly provider?: boolean;
}

/** How far a measurement is. `what` is the fact and whose, for people: names in it are untrusted text. */
export interface AssessProgress {
  readonly phase: AssessPhase;
  readonly done: number;
  readonly total: number;
  readonly what: string;
  readonly fact?: FactName;
  readonly customer?: Customer['key'];
}

/** The steps of a measurement, cheapest first. */
export type AssessPhase = 'graph' | 'resourceManager' | 'volumes' | 'logs' | 'sources';
