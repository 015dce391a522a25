import type { Architecture } from './assessment/verdict.ts';
import type { SubscriptionId, TenantId } from './ids.ts';

/** How the provider is to reach a customer: `PATHS` of `AccessPath`, but for home. */
export const COMING_ACCESS = ['lighthouse', 'guest', 'servicePrincipal'] as const;
/** One of them. */
export type ComingAccess = (typeof COMING_ACCESS)[number];

/** Who of the provider gets which role by an offer of Azure Lighthouse. */
export interface OfferAuthorization {
  /** Object ID (GUID) in the provider's tenant. */
  readonly principalId: string;
  /** As people know it. */
  readonly name: string;
  /** GUID of a built-in role, and its name as far as it is known. */
  readonly role: { readonly id: string; readonly name: string };
}

/** An offer of Azure Lighthouse. The same name under the same provider is the same offer: deployed again it changes. */
export interface ManagedOffer {
  readonly name: string;
  readonly description: string;
  /** The tenant that will manage. */
  readonly managedBy: TenantId;
  readonly authorizations: readonly OfferAuthorization[];
}

/** A customer that is to be onboarded, all defaults filled in and all names made. */
export interface ComingCustomer {
  /** Names its folder: lower-case letters, digits and hyphens. */
  readonly key: string;
  readonly name: string;
  readonly tenant: TenantId;
  readonly subscription: SubscriptionId;
  readonly access: ComingAccess;
  readonly architecture: Architecture;
  /** As Resource Manager writes it: `westeurope`. */
  readonly region: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  readonly retentionDays: number;
  /** GB a day; no cap where absent. */
  readonly dailyCapGb?: number;
  readonly tags: Readonly<Record<string, string>>;
  /** ARM id of the provider's workspace, with the architecture `central`. */
  readonly centralWorkspace?: string;
  /** Client ID of the provider's application, with the access `servicePrincipal`. */
  readonly application?: string;
  /** Addresses of the provider's people, with the access `guest`. */
  readonly guests?: readonly string[];
}

/** A mistake in a file of customers to come; `line` from 1. */
export interface OnboardingProblem {
  readonly line: number;
  readonly message: string;
}

/** What a file says of every customer that does not say it itself; what it says neither is absent. */
export type OnboardingDefaults = Partial<
  Pick<
    ComingCustomer,
    | 'access'
    | 'architecture'
    | 'region'
    | 'retentionDays'
    | 'dailyCapGb'
    | 'centralWorkspace'
    | 'application'
    | 'guests'
  >
>;

/** A file of customers to come. An entry with a mistake is left out and named; the others go on. */
export interface OnboardingFile {
  readonly offer?: ManagedOffer;
  readonly defaults: OnboardingDefaults;
  /** How names are made, with `{customer}`, `{region}` and `{tenant}`. */
  readonly patterns: { readonly workspace: string; readonly resourceGroup: string };
  readonly customers: readonly ComingCustomer[];
  readonly problems: readonly OnboardingProblem[];
}

/**
 * What a look before the first change found. `stops`: carrying the plan out would fail. `unknown`: nobody may see it.
 */
export interface PreflightFinding {
  readonly check: string;
  readonly state: 'fine' | 'warns' | 'stops' | 'unknown';
  readonly message: string;
  /** What to do, and who has to do it; absent where nothing. */
  readonly remedy?: string;
}

/** What Azure itself says a template would do to one resource (deployments what-if). */
export interface WhatIfChange {
  readonly armId: string;
  /** The service's words: `Create`, `Modify`, `NoChange`, `Ignore`, `Unsupported` ... */
  readonly change: string;
}

/** How far one customer's onboarding came. */
export const ONBOARDING_STATES = [
  'waitingForCustomer',
  'refused',
  'planned',
  'failed',
  'waitingForData',
  'done',
] as const;
/** One of them. */
export type OnboardingState = (typeof ONBOARDING_STATES)[number];

/** What a person answered of one customer to come; a name that is the convention's is left to it. */
export interface ComingAnswers extends Pick<
  ComingCustomer,
  | 'name'
  | 'key'
  | 'tenant'
  | 'subscription'
  | 'access'
  | 'architecture'
  | 'region'
  | 'workspace'
  | 'resourceGroup'
  | 'retentionDays'
  | 'dailyCapGb'
  | 'centralWorkspace'
  | 'application'
  | 'guests'
> {
  /** The offer of Azure Lighthouse, where the file has none yet. */
  readonly offer?: ManagedOffer;
}
