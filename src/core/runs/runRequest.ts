import type { AnswerMode } from '../../model/run.ts';
import type { Scope } from '../../model/scope.ts';
import type { TimeRange } from '../../model/timeRange.ts';

/** One question to one scope. `noCache` asks the service not to answer from its short-lived cache. */
export interface RunRequest {
  readonly query: string;
  readonly scope: Scope;
  readonly timeRange: TimeRange;
  readonly mode: AnswerMode;
  readonly noCache?: boolean;
}
