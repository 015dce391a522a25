import type { CancelSignal } from '../../base/cancel.ts';
import type { AgentAudience, AgentToolName } from '../../model/agentTool.ts';
import type { Confidentiality } from '../../model/run.ts';
import type { Scope } from '../../model/scope.ts';
import type { TimeRange } from '../../model/timeRange.ts';
import type { EstateService } from '../estate/estateService.ts';
import type { ReadQuery } from '../runs/runFacts.ts';
import type { RunService } from '../runs/runService.ts';
import type { SchemaService } from '../schema/schemaService.ts';

/** What the tools are given to work with. */
export interface AgentWorld {
  readonly estate: Pick<EstateService, 'load'>;
  readonly schemas: Pick<SchemaService, 'forScope' | 'ofWorkspaces'>;
  /** Opened by the first call that needs them. */
  readonly runs: () => Promise<
    Pick<RunService, 'start' | 'explain' | 'cancel' | 'ended' | 'rows' | 'changed' | 'discard'>
  >;
  readonly readQuery: ReadQuery;
  /** Whether runs stay for the person to look at; else their rows go with the answer. */
  readonly keepsRuns: boolean;
}

/** Who asks, and how far they may go. */
export interface AgentCall {
  /** What the person gave: nothing outside of it is asked or told. */
  readonly scope: Scope;
  /** What the person wants workspaces to learn by a query; where they want to be asked of it, nothing is sent. */
  readonly confidentiality?: Confidentiality;
  readonly signal: CancelSignal;
  /** Hears of a call before anybody is asked; rejects where the person does not want it. */
  readonly allow?: (call: AgentIntent) => Promise<void>;
  /** Hears how many of how many workspaces are done. */
  readonly progress?: (done: number, total: number) => void;
}

/** What a call is about to do: `query` and the time it looks at, where one is sent. */
export interface AgentIntent extends AgentAudience {
  readonly tool: AgentToolName;
  readonly query?: string;
  readonly timeRange?: TimeRange;
}
