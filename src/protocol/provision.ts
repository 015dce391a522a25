import type { AccountId, CustomerKey, SubscriptionId, TenantId, WorkspaceKey } from '../model/ids.ts';
import type {
  ProvisionPlan,
  ProvisionProgress,
  ProvisionResult,
  WorkspaceChange,
  WorkspaceRequest,
} from '../model/plan.ts';
import { MINUTE } from './deadlines.ts';
import type { Deadlines } from './deadlines.ts';

export type NameCheck =
  | { readonly state: 'free' }
  | { readonly state: 'invalid' | 'taken'; readonly message: string }
  | { readonly state: 'softDeleted'; readonly message: string; readonly region: string };

/** Creating, changing and deleting workspaces. */
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
    'provision.plan': { input: WorkspaceRequest & { recover?: boolean }; output: ProvisionPlan };
    'provision.apply': { input: { plan: ProvisionPlan; token: string }; output: ProvisionResult };
    'provision.change': { input: WorkspaceChange; output: ProvisionResult };
    'provision.delete': {
      input: { workspace: WorkspaceKey; permanent: boolean; token: string };
      output: ProvisionResult;
    };
  };
  events: {
    'provision.progress': { token: string; progress: ProvisionProgress };
  };
};

export const PROVISION_DEADLINES: Deadlines<ProvisionContract> = {
  'provision.locations': MINUTE,
  'provision.subscriptions': MINUTE,
  'provision.resourceGroups': MINUTE,
  'provision.checkName': MINUTE,
  'provision.plan': MINUTE,
  'provision.apply': Infinity,
  'provision.change': Infinity,
  'provision.delete': Infinity,
};
