import type { CancelSignal } from '../base/cancel.ts';
import type { TenantId } from '../model/ids.ts';
import type { ManagedOffer, WhatIfChange } from '../model/onboarding.ts';
import type { Issuer } from './issuer.ts';

/** What a caller may do at a scope, as its roles say it; actions may hold `*`. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  /** What they allow on data; a delegation passes none of it on. */
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
}

/** A delegation as a GET shows it: who manages, with which roles. `provisioningState` in the service's words. */
export interface DelegationNow {
  readonly offerName: string;
  readonly managedBy: string;
  readonly authorizations: readonly { readonly principalId: string; readonly roleId: string }[];
  readonly provisioningState: string;
}

/** Azure Lighthouse: an offer of a subscription, and its acceptance there or at a resource group. */
export interface DelegationPort {
  /** By the acceptance's ARM id; undefined where there is none, or where the subscription is not seen any more. */
  delegation(issuer: Issuer, assignment: string, signal?: CancelSignal): Promise<DelegationNow | undefined>;
  /** The offer first, then its acceptance; `definition` and `assignment` are ARM ids. */
  putDelegation(
    issuer: Issuer,
    ids: { readonly definition: string; readonly assignment: string },
    offer: ManagedOffer,
    signal?: CancelSignal,
  ): Promise<void>;
  /** Takes the acceptance back; the offer stays. */
  deleteDelegation(issuer: Issuer, assignment: string, signal?: CancelSignal): Promise<void>;
}

/** Resources by their ARM ids alone, for taking them away. */
export interface RemovalPort {
  /** Whether it is there. */
  exists(issuer: Issuer, armId: string, apiVersion: string, signal?: CancelSignal): Promise<boolean>;
  remove(issuer: Issuer, armId: string, apiVersion: string, signal?: CancelSignal): Promise<void>;
}

/** What is asked of Resource Manager before anything is changed. */
export interface PreflightPort {
  permissions(issuer: Issuer, scope: string, signal?: CancelSignal): Promise<readonly Permission[]>;
  /** Policies (by the ids of their assignments) that would refuse this resource at `scope`; none where none would. */
  refusingPolicies(
    issuer: Issuer,
    scope: string,
    resource: { readonly content: object; readonly apiVersion: string },
    signal?: CancelSignal,
  ): Promise<readonly string[]>;
  /** What Azure says that deploying a template to a resource group would do; the group has to be there. */
  whatIf(
    issuer: Issuer,
    resourceGroup: string,
    template: object,
    signal?: CancelSignal,
  ): Promise<readonly WhatIfChange[]>;
}

/** Tenants by their domains. */
export interface TenantLookupPort {
  /** Undefined where no tenant of this cloud has the domain. */
  tenantOf(domain: string, signal?: CancelSignal): Promise<TenantId | undefined>;
}

/** The journal of one customer's onboarding: entries are added whole or not at all, and outlive the program. */
export interface JournalFile {
  /** Text of all entries, a line each; undefined where there is none yet. The last line may be torn. */
  read(): Promise<string | undefined>;
  /** Resolves when the line is on the disk. */
  append(line: string): Promise<void>;
}

/** Files beside the journal, for people. */
export interface OnboardingFolder {
  readonly journal: JournalFile;
  /**
   * Keeps the folder for this process until `release`. Rejects with `input.onboardingBusy` where another one is at it;
   * one that has ended, however it did, is in nobody's way.
   */
  hold(): Promise<void>;
  release(): Promise<void>;
  /** Replaces a file of this name whole. */
  write(name: string, text: string): Promise<void>;
}

/** A delegation among others: `scope` is where it was accepted. */
export interface ListedDelegation extends DelegationNow {
  readonly armId: string;
  readonly scope: string;
}

/** A diagnostic setting: where its logs go, as far as that is a workspace (ARM id). */
export interface ListedSetting {
  readonly armId: string;
  readonly name: string;
  readonly workspace?: string;
}

/** What is to be known of a customer before it is let go. */
export interface OffboardPort {
  /** Those of a subscription and of its resource groups. */
  delegations(issuer: Issuer, subscription: string, signal?: CancelSignal): Promise<readonly ListedDelegation[]>;
  /** Those of one resource, of a subscription (its activity log), or of a directory (`ENTRA_SCOPE`). */
  diagnosticSettings(issuer: Issuer, scope: string, signal?: CancelSignal): Promise<readonly ListedSetting[]>;
}
