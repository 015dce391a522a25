import type { Clock } from '../../base/clock.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { cancelled, familyOf, toAppError } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { toTimespan } from '../../model/timeRange.ts';
import type { LogsAnswer, LogsPort } from '../../ports/logs.ts';
import type { Attribution } from '../../ports/rows.ts';
import { tableMissing } from './activeRun.ts';
import type { ActiveRun } from './activeRun.ts';
import { readAnswer, uniqueColumns } from './answer.ts';
import type { RetryRules } from './limits.ts';
import type { QuotaScheduler } from './quotaScheduler.ts';
import { isRetryable, retryAfter, retryDelay } from './retry.ts';

export interface AskWorld {
  readonly logs: LogsPort;
  readonly scheduler: QuotaScheduler;
  readonly clock: Clock;
  readonly retry: RetryRules;
  readonly random: () => number;
}

/**
 * Asks one target of a run, with retries, and stores its rows. Never rejects: what went wrong becomes the target's
 * state. `changed` follows every change.
 */
export async function askTarget(run: ActiveRun, index: number, world: AskWorld, changed: () => void): Promise<void> {
  const signal = run.signal;
  try {
    const store = await askWithRetries(run, index, world, signal, changed);
    await store();
  } catch (thrown) {
    const error = toAppError(thrown).toData();
    const { attempts, workspaceName } = run.target(index);
    const lacking = tableMissing(error, workspaceName, run.tables);
    if (signal.aborted || familyOf(error.code) === 'cancelled') run.update(index, { state: 'cancelled', attempts });
    else if (lacking) run.update(index, { state: 'empty', rows: 0, error: lacking });
    else run.update(index, { state: 'failed', error: withAttempts(error, attempts) });
  }
  changed();
}

/**
 * Past this an answer keeps its place until its rows are stored, so that no more than the places' worth of them is in
 * memory.
 */
const LARGE_ANSWER_BYTES = 2_000_000;

/**
 * Resolves, with the place already given back, to what still has to be done: storing the rows (nothing, where that is
 * done).
 */
async function askWithRetries(
  run: ActiveRun,
  index: number,
  world: AskWorld,
  signal: CancelSignal,
  changed: () => void,
): Promise<() => Promise<void>> {
  const { scheduler, clock, retry, random } = world;
  const credential = run.planned[index]!.issuer!.account;
  let waited = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await scheduler.take(
        { credential, run: run.id, again: attempt > 1 },
        async (waitedMs) => {
          waited += waitedMs;
          run.update(index, { state: 'running', attempts: attempt, waitedMs: waited });
          changed();
          const sentAt = clock.now();
          try {
            const answer = await untilAborted(ask(run, index, world.logs, signal), signal);
            scheduler.served(credential);
            const store = storeOnce(run, index, answer, clock.now() - sentAt, changed);
            if (answer.bytes > LARGE_ANSWER_BYTES) await store();
            return store;
          } catch (thrown) {
            // Before the place is given back, so that the next in line does not run into the same refusal.
            const error = toAppError(thrown);
            if (error.code === 'service.throttled') scheduler.throttled(credential, retryAfter(error));
            throw error;
          }
        },
        signal,
      );
    } catch (thrown) {
      const error = toAppError(thrown);
      if (signal.aborted || attempt >= retry.attempts || !isRetryable(error)) throw error;
      run.update(index, { state: 'waiting', error: error.toData() });
      changed();
      // A throttled credential is paused as a whole by the scheduler; other troubles wait on their own, without holding
      // a place.
      if (error.code !== 'service.throttled')
        await clock.sleep(Math.max(retryDelay(attempt, retry, random), retryAfter(error) ?? 0), signal);
    }
  }
}

function ask(run: ActiveRun, index: number, logs: LogsPort, signal: CancelSignal): Promise<LogsAnswer> {
  const { issuer, guid, armId } = run.planned[index]!;
  const timespan = toTimespan(run.request.timeRange);
  return logs.query(
    {
      issuer: issuer!,
      workspaceGuid: guid,
      armId,
      query: run.sent,
      ...(timespan === undefined ? {} : { timespan }),
      ...(run.request.noCache ? { noCache: true } : {}),
    },
    signal,
  );
}

function storeOnce(
  run: ActiveRun,
  index: number,
  answer: LogsAnswer,
  tookMs: number,
  changed: () => void,
): () => Promise<void> {
  let stored: Promise<void> | undefined;
  return () =>
    (stored ??= run.signal.aborted ? Promise.reject(cancelled()) : storeAnswer(run, index, answer, tookMs, changed));
}

async function storeAnswer(
  run: ActiveRun,
  index: number,
  answer: LogsAnswer,
  tookMs: number,
  changed: () => void,
): Promise<void> {
  const { table, partial } = readAnswer(answer);
  const rows = table?.rows.length ?? 0;
  await run.rows.append(
    run.target(index).workspace,
    attributionOf(run, index),
    uniqueColumns(table?.columns ?? []),
    table?.rows ?? [],
    (count) => {
      if (count === rows) return;
      run.update(index, { state: 'running', rows: count });
      changed();
    },
  );
  run.setRender(index, answer.render);
  run.update(index, {
    state: partial ? 'partial' : rows > 0 ? 'answered' : 'empty',
    rows,
    tookMs,
    bytes: answer.bytes,
    ...(partial ? { error: partial } : {}),
  });
}

function attributionOf(run: ActiveRun, index: number): Attribution {
  const target = run.target(index);
  const { armId, subscription } = run.planned[index]!;
  return {
    customer: target.customerName,
    tenant: target.tenantName,
    workspace: target.workspaceName,
    subscriptionId: subscription,
    resourceId: armId,
  };
}

/** A port that is slow to hear of a cancellation does not hold up the person. */
function untilAborted<T>(work: Promise<T>, signal: CancelSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(cancelled());
    };
    signal.addEventListener('abort', abort);
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

function withAttempts(error: AppErrorData, attempts: number): AppErrorData {
  return attempts > 1 ? { ...error, message: `${error.message} (${attempts} attempts)` } : error;
}
