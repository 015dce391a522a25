import type { AccountId, CustomerKey, PlanId, SubscriptionId, TenantId, WorkspaceKey } from '../model/ids.ts';
import type { ChangeProgress, Plan, PlanResult, WorkspaceChange, WorkspaceRequest } from '../model/plan.ts';
import type { PlanExportFile, PlanExportFormat, PlanSource } from '../model/planExport.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

/** Whether a name can be had, and why not. */
export type NameCheck =
  | { readonly state: 'free' }
  | { readonly state: 'invalid' | 'taken'; readonly message: string }
  | { readonly state: 'softDeleted'; readonly message: string; readonly region: string };

/**
 * Creating, changing and deleting workspaces: a plan is made and kept in the worker, read here, and carried out by its
 * id, once. Nothing that is sent with the id could change what is done.
 */
export type ProvisionContract = {
  requests: {
    'provision.locations': {
      input: { account: AccountId; issuer: TenantId; subscription: SubscriptionId };
      output: { name: string; displayName: string }[];
    };
    'provision.subscriptions': {
      input: { customer?: CustomerKey };
      output: {
        account: AccountId;
        issuer: TenantId;
        tenant: TenantId;
        customer: CustomerKey;
        subscription: SubscriptionId;
        name: string;
      }[];
    };
    'provision.resourceGroups': {
      input: { account: AccountId; issuer: TenantId; subscription: SubscriptionId };
      output: { name: string; region: string }[];
    };
    'provision.checkName': {
      input: {
        account: AccountId;
        issuer: TenantId;
        subscription: SubscriptionId;
        resourceGroup: string;
        name: string;
      };
      output: NameCheck;
    };
    /** Rejects with `input.softDeleted` where a deleted workspace holds the name and `recover` is not said. */
    'provision.plan': { input: WorkspaceRequest & { recover?: boolean; subscriptionName?: string }; output: Plan };
    'provision.planSettings': { input: WorkspaceChange; output: Plan };
    'provision.planDeletion': { input: { workspace: WorkspaceKey; permanent: boolean }; output: Plan };
    /**
     * `typed`: what the person typed, where the plan wants that. Rejects with `input.notConfirmed`,
     * `input.planUnknown`, `input.planExpired` or `input.planApplied` before anything is done.
     */
    'provision.apply': { input: { plan: PlanId; typed?: string }; output: PlanResult };
    /**
     * Stops a plan that is being carried out. Not by the signal of `provision.apply`, whose asker would hear nothing of
     * what is there now: the answer to that request says it.
     */
    'provision.cancel': { input: { plan: PlanId }; output: null };
    /** A plan in another tool's words. Rejects with `input.exportNothing` where the form cannot say it. */
    'provision.export': {
      input: { title: string; source: PlanSource; format: PlanExportFormat; name: string };
      output: PlanExportFile[];
    };
  };
  events: {
    'provision.progress': { plan: PlanId; progress: ChangeProgress };
  };
};

/** How long each request may take; carrying a plan out takes what the service takes. */
export const PROVISION_DEADLINES: Deadlines<ProvisionContract> = {
  'provision.locations': MINUTE,
  'provision.subscriptions': MINUTE,
  'provision.resourceGroups': MINUTE,
  'provision.checkName': MINUTE,
  'provision.plan': 2 * MINUTE,
  'provision.planSettings': 2 * MINUTE,
  'provision.planDeletion': 2 * MINUTE,
  'provision.apply': Infinity,
  'provision.cancel': MINUTE,
  'provision.export': MINUTE,
};
