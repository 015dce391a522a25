import type { AppErrorData } from '../../../base/errors.ts';
import type {
  DiagnosticSetting,
  Fact,
  FactSource,
  UsageFact,
  WorkspaceFactValues,
} from '../../../model/assessment/facts.ts';
import type { Workspace, WorkspaceTable } from '../../../model/estate.ts';
import type { AnswerRow } from './answerRows.ts';

/** What is known of a workspace by the time a fact of it is asked; absent where it has not been asked. */
export interface About {
  readonly workspace: Workspace;
  readonly usage?: Fact<UsageFact>;
  readonly tables?: Fact<readonly WorkspaceTable[]>;
  readonly diagnostics?: Fact<readonly DiagnosticSetting[]>;
}

/** The question itself: its text, the tables whose rows it reads, and those it leaves out (`NAME (why)`). */
export interface FactQuestion {
  readonly query: string;
  readonly tables: readonly string[];
  /** A function it reads them through, where it does. */
  readonly through?: string;
  readonly leftOut?: readonly string[];
}

/** How a fact is had of one workspace: by a question, or from what is known already, for better or worse. */
export type FactPlan<V> =
  | FactQuestion
  | { readonly known: V; readonly source: FactSource }
  | { readonly unknown: AppErrorData; readonly source: FactSource };

/** A fact that one query of a workspace gives: one call. */
export interface QueryFact<Name extends keyof WorkspaceFactValues> {
  readonly name: Name;
  /** How far back it looks, as the query API takes it; the query says the same. */
  readonly timespan: string;
  readonly plan: (about: About) => FactPlan<WorkspaceFactValues[Name]>;
  /** Throws `service.unreadable` for rows that are not those of its query. */
  readonly read: (rows: readonly AnswerRow[]) => WorkspaceFactValues[Name];
}

/** Whether a plan is a question to the service. */
export function isQuestion<V>(plan: FactPlan<V>): plan is FactQuestion {
  return 'query' in plan;
}

/** A fact that is not asked for because nothing can follow from it: unknown, and no trouble. */
export function notNeeded(message: string): AppErrorData {
  return { code: 'input.notNeeded', message, retryable: false };
}
