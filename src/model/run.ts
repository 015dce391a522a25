import type { AppErrorData } from '../base/errors.ts';
import type { AccessPathKind } from './estate.ts';
import type { CustomerKey, RunId, TenantId, WorkspaceKey } from './ids.ts';
import type { Column } from './kqlType.ts';
import type { RenderSpec } from './render.ts';
import type { Scope } from './scope.ts';
import type { TimeRange } from './timeRange.ts';

/** How one target of a run stands; the last six of these are ends. */
export type TargetState = 'waiting' | 'running' | 'answered' | 'empty' | 'partial' | 'failed' | 'skipped' | 'cancelled';

/** What is known of whatever a run was to ask. A failure is a state with a reason, never an exception of the run. */
interface TargetFacts {
  readonly customer: CustomerKey;
  readonly customerName: string;
  readonly tenant: TenantId;
  readonly tenantName: string;
  readonly path: AccessPathKind;
  readonly state: TargetState;
  readonly rows: number;
  /** Milliseconds from sending to the last byte, or to the failure; and what was spent waiting for quota before. */
  readonly tookMs?: number;
  readonly waitedMs?: number;
  /** Of one that waits: why it has not been asked yet, in words. Where the service refused it, `error` says so. */
  readonly waits?: string;
  readonly bytes?: number;
  readonly attempts: number;
  /** Why it is partial, failed or skipped, and what to do next. */
  readonly error?: AppErrorData;
}

/** One workspace in one run. */
export interface WorkspaceTarget extends TargetFacts {
  readonly kind: 'workspace';
  readonly workspace: WorkspaceKey;
  readonly workspaceName: string;
}

/** A tenant of the scope that could not be entered: it stands for the workspaces nobody could list, always skipped. */
export interface TenantTarget extends TargetFacts {
  readonly kind: 'tenant';
}

/** One row of a run's targets. */
export type Target = WorkspaceTarget | TenantTarget;

/** What a target is called beside its customer and tenant. */
export function targetName(target: Target): string {
  return target.kind === 'workspace' ? target.workspaceName : `all of ${target.tenantName}`;
}

/** The one thing that tells a target from all others of its run. */
export function targetKey(target: Target): string {
  return target.kind === 'workspace' ? target.workspace : `${target.kind}:${target.tenant}`;
}

/** What a workspace says of the query itself: the same text gets the same refusal. */
const OF_THE_QUERY: ReadonlySet<string> = new Set(['query.syntax', 'query.semantic']);

/** Whether asking a target of an ended run again may bring what is missing of its answer. */
export function mayAnswerAgain({ state, error }: Pick<Target, 'state' | 'error'>): boolean {
  if (state !== 'failed' && state !== 'cancelled' && state !== 'partial') return false;
  return !(state === 'failed' && error && OF_THE_QUERY.has(error.code));
}

/**
 * Whether a run has ended and nobody's answer came of it, not even that there is no row: it failed as a whole, or every
 * target did. The same for a snapshot and for what a page is told of it.
 */
export function isUnanswered(run: {
  readonly state: RunState;
  readonly rowCount: number;
  readonly error?: unknown;
  readonly targets: readonly Pick<Target, 'state'>[];
}): boolean {
  if (run.state === 'running' || run.rowCount > 0) return false;
  const answered = run.targets.some(({ state }) => state === 'answered' || state === 'empty' || state === 'partial');
  return run.error !== undefined || (run.targets.length > 0 && !answered);
}

/** Every answer states it. `missing` groups targets that did not answer fully by reason. */
export interface Completeness {
  readonly asked: number;
  readonly answered: number;
  readonly complete: boolean;
  readonly missing: readonly {
    readonly reason: string;
    readonly count: number;
    readonly workspaces: readonly WorkspaceKey[];
    /** Tenants that could not be entered for this reason. */
    readonly tenants?: readonly TenantId[];
  }[];
  /** One plain sentence: "38 of 40 workspaces answered, 1 no access, 1 truncated at 500,000 rows". */
  readonly sentence: string;
}

/** How a run as a whole stands. */
export type RunState = 'running' | 'finished' | 'cancelled' | 'failed';

/** Says that the answer is each workspace's own, and why one total would differ; absent where both are the same. */
export interface PerWorkspaceNote {
  readonly sentence: string;
  readonly constructs: readonly string[];
}

/**
 * A column of the merged answer: where workspaces disagree on a type, the same name appears once per type
 * (`Level_string`, `Level_long`).
 */
export interface MergedColumn extends Column {
  /** In how many of the answering workspaces it exists. */
  readonly presentIn: number;
  readonly attribution?: true;
}

/**
 * One question to one scope. `noCache` asks the service not to answer from its short-lived cache; `scan` is the
 * person's word that Basic and Auxiliary tables may be searched, which is charged.
 */
export interface RunRequest {
  readonly query: string;
  readonly scope: Scope;
  readonly timeRange: TimeRange;
  readonly noCache?: boolean;
  readonly scan?: boolean;
}

/**
 * A snapshot of a run: its question, everybody who is asked and what became of each, and what the answer looks like so
 * far. Times are ISO texts; the rows are in the store.
 */
export interface Run {
  readonly id: RunId;
  readonly query: string;
  readonly scope: Scope;
  readonly timeRange: TimeRange;
  readonly state: RunState;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly targets: readonly Target[];
  readonly columns: readonly MergedColumn[];
  readonly rowCount: number;
  readonly completeness: Completeness;
  readonly perWorkspaceNote?: PerWorkspaceNote;
  readonly render?: RenderSpec;
  /** The query put each answer's rows in an order. */
  readonly sorted?: true;
  readonly error?: AppErrorData;
}
