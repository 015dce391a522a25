import type { CancelSignal } from '../base/cancel.ts';
import type { Account, TablePlan, WorkspaceFunction, WorkspaceTable } from '../model/estate.ts';
import type { AccountId, SubscriptionId, TenantId } from '../model/ids.ts';
import type { Cell, Column, DataTable } from '../model/kqlType.ts';
import type { RenderSpec } from '../model/render.ts';
import type { AppErrorData } from '../base/errors.ts';

/**
 * What the use cases need from the world. Adapters in `azure` and `engine` fit these structurally;
 * the composition roots assign them and the compiler proves it. Every call may reject with an AppError.
 */

export interface AccountSource {
  accounts(signal?: CancelSignal): Promise<readonly Account[]>;
}

/** One token as one account sees one tenant. Every client is made for exactly one of these. */
export interface Issuer {
  readonly account: AccountId;
  readonly tenant: TenantId;
}

export interface TenantListing {
  readonly id: TenantId;
  readonly name: string;
  readonly defaultDomain?: string;
  readonly domains?: readonly string[];
  /**
   * True for a tenant this account has no identity in: it is listed only because its subscriptions are delegated to us.
   */
  readonly delegatedOnly?: boolean;
}

export interface SubscriptionListing {
  readonly id: SubscriptionId;
  readonly name: string;
  /** The tenant that owns it; not the issuer's where the subscription is delegated by Lighthouse. */
  readonly tenant: TenantId;
  readonly state: string;
}

/** A workspace as ARM or Resource Graph describes it, before customers are known. */
export interface WorkspaceListing {
  readonly armId: string;
  readonly guid: string;
  readonly name: string;
  readonly tenant: TenantId;
  readonly subscription: SubscriptionId;
  readonly resourceGroup: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sku: string;
  readonly retentionDays: number;
  readonly dailyCapGb?: number;
  readonly ingestionStatus?: string;
  readonly sentinel?: boolean;
}

export interface DirectoryPort {
  tenants(issuer: Issuer, signal?: CancelSignal): Promise<readonly TenantListing[]>;
  subscriptions(issuer: Issuer, signal?: CancelSignal): Promise<readonly SubscriptionListing[]>;
  /**
   * Resource Graph, paged by 1,000; falls back to listing where Resource Graph is refused. What a listing had to leave
   * out is told to `report`.
   */
  workspaces(
    issuer: Issuer,
    signal?: CancelSignal,
    report?: (where: string, error: AppErrorData) => void,
  ): Promise<readonly WorkspaceListing[]>;
  tables(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<readonly WorkspaceTable[]>;
  functions(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<readonly WorkspaceFunction[]>;
}

/** What a workspace's tables look like to a query: from the query API's metadata, with plans where known. */
export interface WorkspaceSchema {
  readonly tables: readonly {
    readonly name: string;
    readonly columns: readonly (Column & { readonly description?: string })[];
    readonly plan?: TablePlan;
    readonly description?: string;
  }[];
  readonly functions: readonly WorkspaceFunction[];
}

export interface LogsQuery {
  readonly issuer: Issuer;
  readonly workspaceGuid: string;
  readonly armId: string;
  readonly query: string;
  readonly timespan?: string;
  readonly noCache?: boolean;
}

/**
 * Rows that are read only as they are asked for, page by page and once: a large answer is never all in memory. A page
 * that cannot be read throws an AppError.
 */
export interface RowPages {
  readonly length: number;
  pages(): Iterable<readonly (readonly Cell[])[]>;
}

/**
 * One workspace's answer, exact: longs beyond 2^53 are bigints, times keep seven digits. `partial` is the service's own
 * error inside a 200.
 */
export interface LogsAnswer {
  readonly tables: readonly {
    readonly name: string;
    readonly columns: readonly Column[];
    readonly rows: readonly (readonly Cell[])[] | RowPages;
  }[];
  readonly render?: RenderSpec;
  readonly partial?: AppErrorData;
  readonly bytes: number;
}

export interface LogsPort {
  /** One attempt, no retries of its own. Throttling rejects with `service.throttled`, data {retryAfterMs?}. */
  query(request: LogsQuery, signal: CancelSignal): Promise<LogsAnswer>;
  schema(issuer: Issuer, workspaceGuid: string, armId: string, signal?: CancelSignal): Promise<WorkspaceSchema>;
}

/** Where the rows of runs live and are asked for in windows. */
export interface RowStore {
  open(run: string): Promise<RowStoreRun>;
}

export interface Attribution {
  readonly customer: string;
  readonly tenant: string;
  readonly workspace: string;
  readonly subscriptionId: string;
  readonly resourceId: string;
}

export interface RowStoreRun {
  /**
   * Adds one target's rows; columns are united by name and type. A retried target replaces its earlier rows. The store
   * takes the rows over: a large
   * array is emptied as it is stored, so that no answer is twice in memory. `stored` hears how many of them can be read
   * already.
   */
  append(
    target: string,
    attribution: Attribution,
    columns: readonly Column[],
    rows: readonly (readonly Cell[])[] | RowPages,
    stored?: (rows: number) => void,
  ): Promise<void>;
  /**
   * Rows are in order of arrival until they are arranged: then target by target as named here, each target's rows as
   * its workspace gave them.
   */
  arrange(targets: readonly string[]): Promise<void>;
  columns(): readonly {
    readonly name: string;
    readonly type: Column['type'];
    readonly presentIn: number;
    readonly attribution?: true;
  }[];
  rowCount(): number;
  window(request: RowWindowRequest): Promise<RowWindow>;
  statistics(column: string, filters?: readonly RowFilter[]): Promise<ColumnStatistics>;
  /** All rows that pass, as a table small enough for a chart or the terminal; `truncated` past `limit`. */
  table(
    limit: number,
    filters?: readonly RowFilter[],
    sort?: readonly RowSort[],
  ): Promise<{ table: DataTable; truncated: boolean }>;
  chart(request: ChartRequest): Promise<ChartData>;
  /**
   * Writes csv or json (one array of objects); returns rows written. CSV is safe against formulas and is UTF-8 with a
   * BOM only on request.
   */
  export(
    path: string,
    format: 'csv' | 'json',
    options?: { filters?: readonly RowFilter[]; sort?: readonly RowSort[]; signal?: CancelSignal },
  ): Promise<number>;
  discard(): Promise<void>;
}

export interface RowSort {
  readonly column: string;
  readonly descending: boolean;
}
export interface RowFilter {
  readonly column: string;
  readonly op: 'equals' | 'notEquals' | 'contains' | 'notContains' | 'greater' | 'less' | 'empty' | 'notEmpty';
  readonly value?: string;
}
export interface RowWindowRequest {
  readonly first: number;
  readonly count: number;
  readonly columns?: readonly string[];
  readonly sort?: readonly RowSort[];
  readonly filters?: readonly RowFilter[];
  readonly search?: string;
}
/**
 * Cells as text or simple values that survive every message channel: a long beyond 2^53 is text. `total` counts the
 * rows that pass the filters.
 */
export interface RowWindow {
  readonly first: number;
  readonly total: number;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}
export interface ColumnStatistics {
  readonly column: string;
  readonly rows: number;
  readonly empty: number;
  readonly distinct: number;
  readonly min?: string;
  readonly max?: string;
  readonly top: readonly { readonly value: string; readonly count: number }[];
}
export interface ChartRequest {
  readonly kind: string;
  readonly x?: string;
  readonly y?: readonly string[];
  readonly series?: readonly string[];
  readonly maxPoints: number;
  readonly filters?: readonly RowFilter[];
}
/**
 * One line, bar group or pie per series; x as epoch milliseconds for times, numbers, or category texts. `reduced` says
 * that points were thinned.
 */
export interface ChartData {
  readonly kind: string;
  readonly xType: 'time' | 'number' | 'category';
  readonly xName: string;
  readonly series: readonly {
    readonly name: string;
    readonly x: readonly (number | string)[];
    readonly y: readonly (number | null)[];
  }[];
  readonly reduced: boolean;
  readonly problem?: string;
}

/**
 * Provisioning's side of ARM. Long-running operations report and can be cancelled (the service may still finish them).
 */
export interface ProvisionPort {
  locations(
    issuer: Issuer,
    subscription: SubscriptionId,
    signal?: CancelSignal,
  ): Promise<readonly { readonly name: string; readonly displayName: string }[]>;
  resourceGroups(
    issuer: Issuer,
    subscription: SubscriptionId,
    signal?: CancelSignal,
  ): Promise<readonly { readonly name: string; readonly region: string }[]>;
  createResourceGroup(
    issuer: Issuer,
    subscription: SubscriptionId,
    name: string,
    region: string,
    signal?: CancelSignal,
  ): Promise<void>;
  workspace(issuer: Issuer, armId: string, signal?: CancelSignal): Promise<WorkspaceListing | undefined>;
  deletedWorkspaces(
    issuer: Issuer,
    subscription: SubscriptionId,
    signal?: CancelSignal,
  ): Promise<readonly { readonly name: string; readonly resourceGroup: string; readonly region: string }[]>;
  putWorkspace(
    issuer: Issuer,
    armId: string,
    body: WorkspaceBody,
    report: (state: string) => void,
    signal?: CancelSignal,
  ): Promise<WorkspaceListing>;
  patchWorkspace(
    issuer: Issuer,
    armId: string,
    body: Partial<WorkspaceBody>,
    signal?: CancelSignal,
  ): Promise<WorkspaceListing>;
  deleteWorkspace(
    issuer: Issuer,
    armId: string,
    permanent: boolean,
    report: (state: string) => void,
    signal?: CancelSignal,
  ): Promise<void>;
}

export interface WorkspaceBody {
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sku: string;
  readonly capacityReservationLevel?: number;
  readonly retentionDays: number;
  /** -1 for no cap. */
  readonly dailyCapGb: number;
}

/** Text files the product keeps: customers, history. Paths are the composition root's business. */
export interface TextFile {
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}
