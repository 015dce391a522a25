import type { AppErrorData } from '../base/errors.ts';
import type { AccessPathKind } from './estate.ts';
import type { CustomerKey, RunId, TenantId, WorkspaceKey } from './ids.ts';
import type { Column } from './kqlType.ts';
import type { RenderSpec } from './render.ts';
import type { Scope } from './scope.ts';
import type { TimeRange } from './timeRange.ts';

/** Both are words of the product; this version answers per workspace and says so. */
export type AnswerMode = 'across' | 'perWorkspace';

/** How one target of a run stands; the last six of these are ends. */
export type TargetState = 'waiting' | 'running' | 'answered' | 'empty' | 'partial' | 'failed' | 'skipped' | 'cancelled';

/** One workspace in one run. A failure is a state with a reason, never an exception of the run. */
export interface Target {
  readonly workspace: WorkspaceKey;
  readonly workspaceName: string;
  readonly customer: CustomerKey;
  readonly customerName: string;
  readonly tenant: TenantId;
  readonly tenantName: string;
  readonly path: AccessPathKind;
  readonly state: TargetState;
  readonly rows: number;
  /** Milliseconds from sending to the last byte; and what was spent waiting for quota before. */
  readonly tookMs?: number;
  readonly waitedMs?: number;
  readonly bytes?: number;
  readonly attempts: number;
  /** Why it is partial, failed or skipped, and what to do next. */
  readonly error?: AppErrorData;
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

/** One question to one scope. `noCache` asks the service not to answer from its short-lived cache. */
export interface RunRequest {
  readonly query: string;
  readonly scope: Scope;
  readonly timeRange: TimeRange;
  readonly mode: AnswerMode;
  readonly noCache?: boolean;
}

export interface Run {
  readonly id: RunId;
  readonly query: string;
  readonly scope: Scope;
  readonly timeRange: TimeRange;
  readonly mode: AnswerMode;
  readonly state: RunState;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly targets: readonly Target[];
  readonly columns: readonly MergedColumn[];
  readonly rowCount: number;
  readonly completeness: Completeness;
  readonly perWorkspaceNote?: PerWorkspaceNote;
  readonly render?: RenderSpec;
  readonly error?: AppErrorData;
}
