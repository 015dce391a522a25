import type { CancelSignal } from '../../base/cancel.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { RunId } from '../../model/ids.ts';
import { isUnanswered } from '../../model/run.ts';
import type { NamedResult, Run } from '../../model/run.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';
import type { RowStoreRun } from '../../ports/rows.ts';
import type { RunFacts } from './runFacts.ts';
import { ofSources } from './ofSources.ts';

/** A question about the rows of ended runs, each of them a table: `Results | where ...`. At least one. */
export interface ResultQuestion {
  readonly results: readonly NamedResult[];
  readonly query: string;
}

/** A run that is asked, its rows, and the table they are. */
export interface ResultSource {
  readonly name: string;
  readonly run: Run;
  readonly rows: RowStoreRun;
}

/** Refuses with `input.noResult` or `input.sameName` what names no result, or two alike. */
export function checkNames(results: readonly NamedResult[]): void {
  if (results.length === 0)
    throw new AppError('input.noResult', 'No result was named to ask. Choose "Ask This Result Again" on a run.');
  const twice = results.find(({ name }, i) => results.slice(0, i).some((before) => before.name === name));
  if (twice) throw new AppError('input.sameName', `Two results are called ${twice.name}. Give each its own name.`);
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

/** What the retry of a run is refused with that is not asked here any more, or asked nobody. */
export function noRetry({ of, made, source }: Run): AppError {
  if (of !== undefined || made)
    return new AppError(
      'input.ofResult',
      'This asks the rows of another run, and nobody else. Run the first query again, then ask its result.',
    );
  return source === 'lake'
    ? new AppError('input.ofLake', 'What is missing here is missing in the lake. Run the roll-up, then ask again.')
    : new AppError('input.runEnded', 'This run is from an earlier session. Run it again.');
}

/** What the new run is called and made of, and who stops it. */
export interface AskingResult {
  readonly id: RunId;
  readonly query: string;
  readonly facts: RunFacts;
  readonly sources: readonly [ResultSource, ...ResultSource[]];
  /** Where the answer goes. */
  readonly rows: RowStoreRun;
  readonly clock: Clock;
  readonly signal: CancelSignal;
}

/**
 * Answers a query over the rows of runs; resolves to the ended run of its own. What its sources lack, its answer lacks:
 * the targets and their states, the completeness and the promise go with the rows. Rejects as `RowStoreRun.combine`
 * does.
 */
export async function askResult(asking: AskingResult): Promise<Run> {
  const { id, query, facts, sources, rows, clock, signal } = asking;
  const began = clock.now();
  const { render } = await rows.combine(
    query,
    sources.map(({ name, rows: of }) => ({ name, rows: of })),
    { now: ticksOfMs(began), signal },
  );
  const ended = clock.now();
  const { promise, ...inherited } = ofSources(sources);
  const { answered } = inherited.completeness;
  return {
    id,
    query,
    state: 'finished',
    startedAt: new Date(began).toISOString(),
    finishedAt: new Date(ended).toISOString(),
    columns: rows.columns().map((column) => ({ ...column, presentIn: answered })),
    rowCount: rows.rowCount(),
    ...inherited,
    plan: { parts: [], local: query, ...(promise ? { promise } : {}), tookMs: ended - began },
    ...(render ? { render } : {}),
    ...(facts.sorted ? { sorted: true } : {}),
  };
}
