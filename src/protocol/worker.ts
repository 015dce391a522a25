import type { AccountId, CustomerKey, RunId, SubscriptionId, TenantId, WorkspaceKey } from '../model/ids.ts';
import type { Account, Estate, WorkspaceFunction, WorkspaceTable } from '../model/estate.ts';
import type {
  ProvisionPlan,
  ProvisionProgress,
  ProvisionResult,
  WorkspaceChange,
  WorkspaceRequest,
} from '../model/plan.ts';
import type { Run, RunRequest } from '../model/run.ts';
import type { Cloud, SampleAccount } from '../model/cloud.ts';
import type { Column } from '../model/kqlType.ts';
import type { ChartDataView, ColumnStatisticsView, RowFilterView, RowSortView, RowWindowView } from './rows.ts';

/**
 * Whose tokens the worker uses: the extension host's, asked for one by one through `HostContract` (VS Code's accounts),
 * or its own,
 * made in the worker by the Azure CLI or with client secrets (a service principal, or the sample accounts of a custom
 * cloud's file).
 */
export type SignIn =
  | { readonly kind: 'host' }
  | { readonly kind: 'azureCli' }
  | { readonly kind: 'clientSecret'; readonly accounts: readonly SampleAccount[] };

/** What the worker is told before anything else, and again whenever a part of it changed. */
export interface WorkerSettings {
  readonly cloud: Cloud;
  /** `host` where absent. */
  readonly signIn?: SignIn;
  /**
   * Text of the customers files with where each came from, from weakest to strongest: the personal one, then the
   * repository's.
   */
  readonly customersFiles: readonly { readonly label: string; readonly text: string }[];
  /** A folder of ours for row stores and temporary files. */
  readonly storageDirectory: string;
  readonly memoryLimitMb: number;
  readonly persistRuns: boolean;
}

export interface ScopeSchema {
  readonly workspaces: number;
  /**
   * `splitFrom`: the name each workspace itself has for a column whose type differs between them. `have`: in how many
   * of the scope's workspaces (whose schema could be read) the table or column exists.
   */
  readonly tables: readonly {
    readonly name: string;
    readonly have: number;
    readonly notes?: readonly string[];
    readonly description?: string;
    readonly columns: readonly (Column & {
      readonly have: number;
      readonly splitFrom?: string;
      readonly description?: string;
    })[];
    /** Some of the fewer ones, where only some workspaces have it. */
    readonly who?: { readonly they: 'have' | 'lack'; readonly names: readonly string[]; readonly count: number };
    readonly plans?: readonly { readonly plan: string; readonly have: number }[];
    readonly retentionDays?: readonly [least: number, most: number];
  }[];
  readonly functions: readonly {
    readonly name: string;
    readonly parameters: string;
    readonly body: string;
    readonly have: number;
  }[];
  readonly problems: readonly { readonly workspace: WorkspaceKey; readonly message: string }[];
}

/** What the extension host asks of the data worker: the same use cases the CLI calls in its own process. */
export type WorkerContract = {
  requests: {
    configure: { input: WorkerSettings; output: { problems: { label: string; line: number; message: string }[] } };
    'estate.load': { input: { refresh: boolean }; output: Estate };
    'estate.tables': { input: { workspace: WorkspaceKey }; output: WorkspaceTable[] };
    'estate.functions': { input: { workspace: WorkspaceKey }; output: WorkspaceFunction[] };
    'estate.lastData': {
      input: { workspaces: WorkspaceKey[] };
      output: { workspace: WorkspaceKey; lastData: string | null }[];
    };
    'schema.forScope': { input: { workspaces: WorkspaceKey[] }; output: ScopeSchema };
    'runs.start': { input: RunRequest; output: { run: RunId } };
    'runs.cancel': { input: { run: RunId }; output: null };
    'runs.retry': { input: { run: RunId }; output: null };
    'runs.rows': {
      input: {
        run: RunId;
        first: number;
        count: number;
        columns?: string[];
        sort?: RowSortView[];
        filters?: RowFilterView[];
        search?: string;
      };
      output: RowWindowView;
    };
    'runs.statistics': {
      input: { run: RunId; column: string; filters?: RowFilterView[] };
      output: ColumnStatisticsView;
    };
    'runs.chart': {
      input: {
        run: RunId;
        kind: string;
        x?: string;
        y?: string[];
        series?: string[];
        maxPoints: number;
        filters?: RowFilterView[];
      };
      output: ChartDataView;
    };
    'runs.export': {
      input: { run: RunId; path: string; format: 'csv' | 'json'; sort?: RowSortView[]; filters?: RowFilterView[] };
      output: { rows: number };
    };
    'runs.list': { input: null; output: Run[] };
    'runs.discard': { input: { run: RunId }; output: null };
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
    'estate.changed': Estate;
    /** A full snapshot, at most every 100 ms a run, and always the last one. */
    'run.changed': Run;
    'provision.progress': { token: string; progress: ProvisionProgress };
    log: { level: 'debug' | 'info' | 'warn'; message: string };
  };
};

export type NameCheck =
  | { readonly state: 'free' }
  | { readonly state: 'invalid' | 'taken'; readonly message: string }
  | { readonly state: 'softDeleted'; readonly message: string; readonly region: string };

/** What the worker asks of the extension host: accounts and tokens, never stored on its side beyond their life. */
export type HostContract = {
  requests: {
    accounts: { input: null; output: Account[] };
    token: {
      input: { account: AccountId; tenant: TenantId; audience: string; claims?: string };
      output: { token: string; expiresOn: number };
    };
  };
  events: Record<string, never>;
};
