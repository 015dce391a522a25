import type { Clock } from '../../base/clock.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { familyOf } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { targetName } from '../../model/run.ts';
import { toTimespan } from '../../model/timeRange.ts';
import type { LogsAnswer, LogsPort } from '../../ports/logs.ts';
import type { Attribution } from '../../ports/rows.ts';
import { fanOut } from '../fanOut/fanOut.ts';
import type { QuotaScheduler } from '../fanOut/quotaScheduler.ts';
import type { RetryRules } from '../fanOut/retry.ts';
import type { ActiveRun } from './activeRun.ts';
import { readAnswer, uniqueColumns } from './answer.ts';
import { tableMissing } from './tableMissing.ts';

/** What asking needs of the world around a run. */
export interface AskWorld {
  readonly logs: Pick<LogsPort, 'query'>;
  readonly scheduler: QuotaScheduler;
  readonly clock: Clock;
  readonly retry: RetryRules;
  readonly random: () => number;
}

/**
 * Past this an answer keeps its place until its rows are stored, so that no more than the places' worth of them is in
 * memory.
 */
const LARGE_ANSWER_BYTES = 2_000_000;

/**
 * Asks the targets of a run that wait, and stores their rows. What went wrong becomes the target's state. `changed`
 * follows every change.
 */
export async function askTargets(run: ActiveRun, world: AskWorld, changed: () => void): Promise<void> {
  const { logs, clock } = world;
  await fanOut({
    name: run.id,
    targets: run.waiting(),
    credentialOf: (index) => run.way(index).issuer.account,
    quota: world.scheduler,
    retry: world.retry,
    random: world.random,
    signal: run.signal,
    work: async (index, { number, waitedMs, signal }) => {
      run.update(index, { state: 'running', attempts: number, waitedMs });
      changed();
      const sentAt = clock.now();
      const answer = await ask(run, index, logs, signal);
      return { answer, tookMs: clock.now() - sentAt };
    },
    keepsPlace: ({ answer }) => answer.bytes > LARGE_ANSWER_BYTES,
    finish: ({ answer, tookMs }, index) => storeAnswer(run, index, answer, tookMs, changed),
    retrying: (index, error) => {
      run.update(index, { state: 'waiting', error });
      changed();
    },
    settled: ({ target: index, outcome, attempts }) => {
      if (!outcome.ok) failTarget(run, index, outcome.error, attempts);
      changed();
    },
  });
}

function failTarget(run: ActiveRun, index: number, error: AppErrorData, attempts: number): void {
  const lacking = tableMissing(error, targetName(run.target(index)), run.tables);
  if (familyOf(error.code) === 'cancelled') run.update(index, { state: 'cancelled' });
  else if (lacking) run.update(index, { state: 'empty', rows: 0, error: lacking });
  else run.update(index, { state: 'failed', error: withAttempts(error, attempts) });
}

function ask(run: ActiveRun, index: number, logs: Pick<LogsPort, 'query'>, signal: CancelSignal): Promise<LogsAnswer> {
  const { issuer, guid, armId } = run.way(index);
  const timespan = toTimespan(run.request.timeRange);
  return logs.query(
    {
      issuer,
      workspaceGuid: guid,
      armId,
      query: run.sent,
      ...(timespan === undefined ? {} : { timespan }),
      ...(run.request.noCache ? { noCache: true } : {}),
    },
    signal,
  );
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
    run.key(index),
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
  return { customer: target.customerName, tenant: target.tenantName, workspace: targetName(target) };
}

function withAttempts(error: AppErrorData, attempts: number): AppErrorData {
  return attempts > 1 ? { ...error, message: `${error.message} (${attempts} attempts)` } : error;
}
