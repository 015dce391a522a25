import type { AppErrorData } from '../base/errors.ts';
import type { AccessPathKind } from './estate.ts';
import type { CustomerKey, RunId, SubscriptionId, TenantId, WorkspaceKey } from './ids.ts';
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
  /** Its answer is too large for one request: the slice of time that is asked or came last, and how many there are. */
  readonly slices?: { readonly number: number; readonly count: number };
  readonly attempts: number;
  /** Of rows that are nobody's (of a workspace that several customers send to): how many, and who sends them. */
  readonly nobodys?: string;
  /** Why it is partial, failed or skipped, and what to do next. */
  readonly error?: AppErrorData;
}

/** One workspace in one run. */
export interface WorkspaceTarget extends TargetFacts {
  readonly kind: 'workspace';
  readonly workspace: WorkspaceKey;
  readonly workspaceName: string;
  /** It is shared: the rows there that are this customer's, or nobody's, and no others. */
  readonly portion?: true;
}

/** A tenant of the scope that could not be entered: it stands for the workspaces nobody could list, always skipped. */
export interface TenantTarget extends TargetFacts {
  readonly kind: 'tenant';
}

/** Subscriptions of one tenant as one token sees them, in a run that asks Resource Graph: one request's worth. */
export interface SubscriptionsTarget extends TargetFacts {
  readonly kind: 'subscriptions';
  /** Unlike any other's of the run. */
  readonly key: string;
  readonly name: string;
  readonly subscriptions: readonly SubscriptionId[];
}

/** One row of a run's targets. */
export type Target = WorkspaceTarget | TenantTarget | SubscriptionsTarget;

/** What a target is called beside its customer and tenant. */
export function targetName(target: Target): string {
  if (target.kind === 'subscriptions') return target.name;
  return target.kind === 'workspace' ? target.workspaceName : `all of ${target.tenantName}`;
}

/** The one thing that tells a target from all others of its run. */
export function targetKey(target: Target): string {
  if (target.kind === 'subscriptions') return target.key;
  if (target.kind !== 'workspace') return `${target.kind}:${target.tenant}`;
  return target.portion ? `${target.workspace}#${target.customer}` : target.workspace;
}

/**
 * What a run asks: the workspaces of its scope, Resource Graph about their customers' subscriptions, or what roll-ups
 * have stored of the workspaces in the lake.
 */
export type RunSource = 'workspaces' | 'resourceGraph' | 'lake';

/** What one target of a run is called where they are counted. */
export function targetNoun(source: RunSource | undefined): 'workspace' | 'tenant' {
  return source === 'resourceGraph' ? 'tenant' : 'workspace';
}

/** What a workspace says of the query itself: the same text gets the same refusal. */
const OF_THE_QUERY: ReadonlySet<string> = new Set(['query.syntax', 'query.semantic']);

/** Whether an error is about a part of an across plan, whose text is none of the person's. */
export function isOfPart({ data }: AppErrorData): boolean {
  return data?.['part'] !== undefined;
}

/** Whether asking a target of an ended run again may bring what is missing of its answer. */
export function mayAnswerAgain({ state, error }: Pick<Target, 'state' | 'error'>): boolean {
  if (state !== 'failed' && state !== 'cancelled' && state !== 'partial') return false;
  // A text of ours was made of the tables as they were told; it is made anew of what they are now.
  return !(state === 'failed' && error && OF_THE_QUERY.has(error.code) && !isOfPart(error));
}

/**
 * Whether a run has ended and nobody's answer came of it, not even that there is no row: it failed as a whole, or every
 * target did. The same for a snapshot and for what a page is told of it.
 */
export function isUnanswered(run: {
  readonly of?: unknown;
  readonly state: RunState;
  readonly rowCount: number;
  readonly error?: unknown;
  readonly targets: readonly Pick<Target, 'state'>[];
}): boolean {
  // Rows that are here answer, whoever answered for them.
  if (run.state === 'running' || run.rowCount > 0 || run.of !== undefined) return false;
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
    /** Keys of targets that are subscriptions. */
    readonly subscriptions?: readonly string[];
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
 * Across: the rows that one workspace holding everybody's rows would return. Per workspace: each one's own answer, one
 * under the other.
 */
export type AnswerMode = 'across' | 'perWorkspace';

/** What an across answer promises; `error` says for people what is estimated, and how far it may be off. */
export type AnswerPromise = { readonly kind: 'exact' } | { readonly kind: 'approximate'; readonly error: string };

/** A query that targets were sent, and what came of it. */
export interface RunPart {
  readonly name: string;
  /** As one of the groups of targets was sent it. */
  readonly text: string;
  /** How many different texts went out: targets whose tables differ get each their own. */
  readonly groups: number;
  readonly targets: number;
  /** Requests that asked several targets at once, where there were any; `targets` those that answered by them. */
  readonly shared?: { readonly requests: number; readonly targets: number };
  readonly rows: number;
  readonly bytes: number;
}

/** How a run's answer is made: what was sent, and what is done here with what came. */
export interface RunStages {
  readonly parts: readonly RunPart[];
  /** KQL over the collected parts; absent where their rows are the answer. */
  readonly local?: string;
  /** Absent where each workspace answers for itself. */
  readonly promise?: AnswerPromise;
  /** Milliseconds of the local part, the last time it ran. */
  readonly tookMs?: number;
}

/** Rows that workspaces say they would answer with, counted by themselves just now. */
export interface CountedRows {
  readonly rows: number;
  /** How many of them said so. */
  readonly workspaces: number;
  /** How many could not, and why the first of them could not. */
  readonly failed?: number;
  readonly reason?: string;
}

/** What a run would send and do, before it is done. */
export interface RunExplanation {
  readonly answer: AnswerMode;
  /** What would be asked; the workspaces where absent. */
  readonly source?: RunSource;
  readonly perWorkspaceNote?: PerWorkspaceNote;
  readonly promise?: AnswerPromise;
  /** What goes out, each text with the targets that get it; `lacking` are those that have no table of the part. */
  readonly parts: readonly {
    readonly name: string;
    /** What comes back of each row; absent where that depends on the workspace. */
    readonly columns?: readonly Column[];
    readonly texts: readonly {
      readonly text: string;
      readonly targets: readonly string[];
      /** How many requests carry it, where each asks several targets, who read of one another. */
      readonly requests?: number;
    }[];
    /** Where counting was asked for. */
    readonly counted?: CountedRows;
    /** Rows that each target answers with at most, whatever its tables hold; absent where they decide. */
    readonly most?: number;
    /** Why there are no counts, though they were asked for. */
    readonly uncounted?: string;
    readonly lacking: readonly string[];
    /** Targets that the query's own conditions on whose rows it wants leave out. */
    readonly leftOut?: readonly string[];
  }[];
  readonly local?: string;
  /** Absent where nobody could tell. */
  readonly readers?: QueryReaders;
  /** Who could not be asked, and why. */
  readonly problems: readonly { readonly target: string; readonly message: string }[];
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
 * Which workspaces of one sign-in may be asked by one request, in which each reads the ids of the others: none, those
 * of one customer, or all.
 */
export const SHARED_REQUESTS = ['never', 'sameCustomer', 'everyone'] as const;
/** One of them. */
export type SharedRequests = (typeof SHARED_REQUESTS)[number];

/**
 * Whether a query is sent to workspaces that keep its text for others to read (diagnostic category Audit, table
 * LAQueryLogs): yes, if the person says so each time, or not at all.
 */
export const ASKED_AUDITED = ['allow', 'ask', 'refuse'] as const;
/** One of them. */
export type AskedAudited = (typeof ASKED_AUDITED)[number];

/** What workspaces may learn by being asked, as the person's settings have it. */
export interface Confidentiality {
  readonly shared?: SharedRequests;
  readonly audited?: AskedAudited;
}

/** Who will be able to read the text of a query, of the `asked` that would be sent it; by customer and name. */
export interface QueryReaders {
  readonly asked: number;
  /** `keptIn`: names of the workspaces, storage accounts or event hubs it is sent on to. */
  readonly audited: readonly { readonly target: string; readonly keptIn: readonly string[] }[];
  /** Those whose settings cannot be read, and why. */
  readonly unseen: readonly { readonly target: string; readonly message: string }[];
}

/**
 * One question to one scope. `noCache` asks the service not to answer from its short-lived cache; `scan` is the
 * person's word that Basic and Auxiliary tables may be searched, which is charged.
 */
export interface RunRequest extends Confidentiality {
  readonly query: string;
  readonly scope: Scope;
  readonly timeRange: TimeRange;
  readonly noCache?: boolean;
  readonly scan?: boolean;
  /** Across unless it says otherwise. */
  readonly answer?: AnswerMode;
  /** `never` unless it says otherwise. */
  readonly shared?: SharedRequests;
  /** `allow` unless it says otherwise; `ask` refuses, too, and whoever can ask a person asks with `allow` then. */
  readonly audited?: AskedAudited;
  /**
   * How far an answer that the service cuts goes on: in slices of time, until a workspace gave so many rows or more. It
   * cuts none. 0: what the service cuts stays cut.
   */
  readonly maxRows?: number;
  /** Nothing of it is kept: its rows and that it was go with the window. */
  readonly passing?: true;
  /** The workspaces unless it says otherwise. Resource Graph knows no time range: what is now is what there is. */
  readonly source?: RunSource;
}

/** A run whose rows are a table, of this name, of the queries that ask them. */
export interface NamedResult {
  readonly run: RunId;
  readonly name: string;
}

/** What two runs can be compared by: the columns both have, and those that tell the rows of both apart. */
export interface ComparisonKeys {
  readonly columns: readonly Column[];
  /** Empty where nothing does: then whole rows are compared. */
  readonly suggested: readonly string[];
}

/** What a run is that was made here and answers no query of anybody: nothing of it is asked again. */
export type MadeOf =
  | {
      /** What changed from one run to another (`Run.of`), in rows. */
      readonly kind: 'comparison';
      readonly before: RunId;
      /** When the two began, ISO texts. */
      readonly beforeAt: string;
      readonly afterAt: string;
      /** Columns that say which row is which; none where whole rows were compared. */
      readonly key: readonly string[];
      readonly added: number;
      readonly gone: number;
      readonly changed: number;
      readonly same: number;
      /** Sentences on what the rows cannot tell. */
      readonly notes: readonly string[];
    }
  | {
      /** What tables and columns there are. */
      readonly kind: 'schema';
      readonly notes: readonly string[];
    };

/** An earlier result that a query may name as a table; without a run nobody has asked for it yet. */
export interface EarlierResult {
  readonly name: string;
  readonly run?: RunId;
}

/**
 * A snapshot of a run: its question, everybody who is asked and what became of each, and what the answer looks like so
 * far. Times are ISO texts; the rows are in the store.
 */
export interface Run {
  readonly id: RunId;
  /**
   * The run whose rows it asked, here: then nobody was sent anything, and targets, completeness and answer mode are
   * those of that run.
   */
  readonly of?: RunId;
  /** Then `query` is only what it is called by. */
  readonly made?: MadeOf;
  /** Further runs whose rows it asked as well; what these lack, it lacks, too. */
  readonly alsoOf?: readonly RunId[];
  /** What was asked; the workspaces where absent. */
  readonly source?: RunSource;
  readonly query: string;
  /** What the person calls it. */
  readonly label?: string;
  /** Nothing of it is kept: its rows and that it was go with the window. */
  readonly passing?: true;
  readonly scope: Scope;
  readonly timeRange: TimeRange;
  readonly state: RunState;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly targets: readonly Target[];
  readonly columns: readonly MergedColumn[];
  readonly rowCount: number;
  readonly completeness: Completeness;
  /** What the answer is; per workspace with a note where across was asked for and could not be had. */
  readonly answer: AnswerMode;
  /** What was asked for, where the answer is another. */
  readonly asked?: AnswerMode;
  readonly plan?: RunStages;
  /** Rows made of all targets together, of which some are missing: not the answer yet. */
  readonly unfinished?: true;
  readonly perWorkspaceNote?: PerWorkspaceNote;
  readonly render?: RenderSpec;
  /** The query put each answer's rows in an order. */
  readonly sorted?: true;
  readonly error?: AppErrorData;
}
