import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { RunId } from '../../model/ids.ts';
import { isUnanswered } from '../../model/run.ts';
import type { Run } from '../../model/run.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';
import type { RowStoreRun } from '../../ports/rows.ts';
import type { RunFacts } from './runFacts.ts';
import { uniteSources } from './uniteSources.ts';

/** A question about the rows of an ended run, which are its one table: `Results | where ...`. */
export interface ResultQuestion {
  readonly of: RunId;
  readonly query: string;
}

/** Refuses with `input.*` a run that cannot be asked again: it goes on, or nobody answered. */
export function checkSource(source: Run): void {
  if (source.state === 'running')
    throw new AppError(
      'input.runBusy',
      'The run whose result this asks is still going on. Cancel it, or wait for its end.',
    );
  if (isUnanswered(source))
    throw new AppError(
      'input.noAnswer',
      'Nobody answered the run whose result this asks, so there is nothing to ask. Run its query again.',
    );
}

/** What a retry of such a run is refused with. */
export function noRetryOfResult(): AppError {
  return new AppError(
    'input.ofResult',
    'This asks the rows of another run, and nobody else. Run the first query again, then ask its result.',
  );
}

/** The rows of an ended run, as a table of a question. */
export interface SourceRows {
  readonly name: string;
  readonly run: Run;
  readonly rows: RowStoreRun;
}

/** What the new run is called and made of, and who stops it. */
export interface AskingResult {
  readonly id: RunId;
  readonly query: string;
  readonly facts: RunFacts;
  /** At least one, each the table of its name. */
  readonly sources: readonly SourceRows[];
  /** Where the answer goes. */
  readonly rows: RowStoreRun;
  readonly clock: Clock;
  readonly signal: CancelSignal;
}

/**
 * Answers a query over the rows of runs; resolves to the ended run of its own. What a source lacks, its answer lacks:
 * the targets and their states, the completeness and the promise go with the rows. Rejects as `RowStoreRun.combine`
 * does.
 */
export async function askResult(asking: AskingResult): Promise<Run> {
  const { id, query, facts, sources, rows, clock, signal } = asking;
  const run = uniteSources(sources.map((source) => source.run));
  const began = clock.now();
  const { render } = await rows.combine(query, sources, {
    now: ticksOfMs(began),
    signal,
  });
  const ended = clock.now();
  const { answered } = run.completeness;
  return {
    id,
    of: run.id,
    query,
    scope: run.scope,
    timeRange: run.timeRange,
    state: 'finished',
    startedAt: new Date(began).toISOString(),
    finishedAt: new Date(ended).toISOString(),
    targets: run.targets,
    columns: rows.columns().map((column) => ({ ...column, presentIn: answered })),
    rowCount: rows.rowCount(),
    completeness: run.completeness,
    answer: run.answer,
    plan: {
      parts: [],
      local: query,
      ...(run.plan?.promise ? { promise: run.plan.promise } : {}),
      tookMs: ended - began,
    },
    ...(run.unfinished ? { unfinished: run.unfinished } : {}),
    ...(run.perWorkspaceNote ? { perWorkspaceNote: run.perWorkspaceNote } : {}),
    ...(render ? { render } : {}),
    ...(facts.sorted ? { sorted: true } : {}),
  };
}
