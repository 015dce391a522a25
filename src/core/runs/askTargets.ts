import type { CancelSignal } from '../../base/cancel.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { AppError, familyOf, toAppError } from '../../base/errors.ts';
import { targetName } from '../../model/run.ts';
import type { LogsAnswer } from '../../ports/logs.ts';
import { fanOut, untilAborted } from '../fanOut/fanOut.ts';
import { accountHeldUntil, heldUntil } from '../fanOut/held.ts';
import { questionTo, workspaceWay } from './asking.ts';
import type { Asking } from './asking.ts';
import type { AskWorld } from './askWorld.ts';
import { onlyColumns, withSubscription } from './graph/withSubscription.ts';
import { readAnswer } from './answer.ts';
import { scanNeeded } from './scan.ts';
import { askSlices } from './slices/askSlices.ts';
import type { CutAnswer } from './slices/askSlices.ts';
import { answered, LARGE_ANSWER_BYTES, storeAnswer } from './storedAnswer.ts';
import type { StoredAnswer } from './storedAnswer.ts';
import { tableDenied, tableUnknown } from './tableDenied.ts';
import { AskClock } from './askClock.ts';
import { tableMissing } from './tableMissing.ts';
import { findUnread } from './unreadTables.ts';
import type { AskedTables } from './unreadTables.ts';

/** What a workspace said: an answer, or that it does not resolve a table's name. */
type Got =
  | { readonly answer: LogsAnswer; readonly tookMs: number }
  | { readonly lacking: AppErrorData }
  | { readonly needsScan: AppErrorData };

/**
 * Asks the targets of a run that wait, and stores their rows. What went wrong becomes the target's state. `changed`
 * follows every change; `among`: of the others somebody else takes care.
 */
export async function askTargets(
  run: Asking,
  world: AskWorld,
  changed: () => void,
  among: (index: number) => boolean = () => true,
): Promise<void> {
  await run.prepare?.(world.across);
  await askOnce(run, world, run.waiting().filter(among), false, changed);
  // Only what the person agreed to waits still: what the service wants searched.
  if (run.scan) await askOnce(run, world, run.waiting().filter(among), true, changed);
}

async function askOnce(
  run: Asking,
  world: AskWorld,
  targets: readonly number[],
  scan: boolean,
  changed: () => void,
): Promise<void> {
  const { clock } = world;
  const quota = scan ? world.scans : world.scheduler;
  const credentialOf = (index: number): string => run.way(index).issuer.account;
  /** Says of all that wait for an account why they do. */
  const tellPaused = (credential: string): void => {
    const hold = quota.holdOf(credential, run.id);
    if (hold?.kind !== 'paused') return;
    const { until } = hold;
    const account = run.accountNames.get(credential) ?? credential;
    const names = run.namesOf(hold.by);
    for (const index of targets)
      if (
        run.target(index).state === 'waiting' &&
        credentialOf(index) === credential &&
        !isHeldLonger(run, index, until)
      )
        run.update(index, { state: 'waiting', error: accountHeldUntil(until, account, names) });
  };
  const credentials = new Set(targets.map(credentialOf));
  for (const credential of credentials) tellPaused(credential);
  // This run, or another on the same account, ran into a pause.
  const hearing = quota.onDidPause((credential) => {
    if (!credentials.has(credential)) return;
    tellPaused(credential);
    changed();
  });
  const clockOf = new AskClock(clock);
  const slicing: Promise<void>[] = [];
  const asking = fanOut({
    name: run.id,
    targets,
    credentialOf,
    placeOf: (index) => run.key(index),
    quota,
    retry: world.retry,
    random: world.random,
    signal: run.signal,
    work: async (index, { number, waitedMs, signal }): Promise<Got> => {
      run.update(index, { state: 'running', attempts: number, waitedMs });
      changed();
      clockOf.start(index);
      try {
        const answer = await ask(run, index, scan, world, signal);
        return { answer, tookMs: clockOf.stop(index) ?? 0 };
      } catch (thrown) {
        clockOf.stop(index);
        // Whether the table is missing or closed is looked into beside the quota of queries.
        const error = run.asWritten(toAppError(thrown));
        const lacking =
          'armId' in run.way(index)
            ? tableMissing(error.toData(), targetName(run.target(index)), run.tables)
            : undefined;
        if (lacking) return { lacking };
        if (error.code === 'query.needsScan' && !scan) return { needsScan: error.toData() };
        throw error;
      }
    },
    keepsPlace: (got) => 'answer' in got && got.answer.bytes > LARGE_ANSWER_BYTES,
    finish: async (got, index) => {
      if ('lacking' in got) await explainLacking(run, index, got.lacking, world);
      else if ('needsScan' in got) await explainScan(run, index, got.needsScan, world);
      else {
        // Each search is charged by all of its time range: it is asked once.
        const cut = await finishAnswer(run, index, got, scan ? { ...world, across: undefined } : world, changed);
        // Without waiting: the answer that is here is let go, and its place given back.
        if (cut) slicing.push(askSlices(run, index, cut, world, changed));
      }
    },
    retrying: (index, error, until) => {
      run.update(index, { state: 'waiting', error: heldUntil(error, until) });
      changed();
    },
    settled: ({ target: index, outcome, attempts }) => {
      if (!outcome.ok) failTarget(run, index, outcome.error, attempts, clockOf.stop(index));
      changed();
    },
  });
  // All wait by now, and can say what for.
  changed();
  await asking.finally(() => {
    hearing.dispose();
  });
  await Promise.all(slicing);
}

/** Whether a target has a reason of its own to wait, at least as long. */
function isHeldLonger(run: Asking, index: number, until: number): boolean {
  const retryAt = run.target(index).error?.data?.['retryAt'];
  return typeof retryAt === 'string' && Date.parse(retryAt) >= until;
}

/** The state of a target whose question failed or was cancelled. */
export function failTarget(
  run: Asking,
  index: number,
  error: AppErrorData,
  attempts: number,
  tookMs: number | undefined,
): void {
  const took = tookMs === undefined ? {} : { tookMs };
  if (familyOf(error.code) === 'cancelled') run.update(index, { state: 'cancelled', ...took });
  else run.update(index, { state: 'failed', ...took, error: withAttempts(error, attempts) });
}

/**
 * A name that the service does not resolve: missing only where Resource Manager does not list it either. Tables kept
 * from the caller by name look just the same.
 */
async function explainLacking(run: Asking, index: number, lacking: AppErrorData, world: AskWorld): Promise<void> {
  const { issuer, armId } = workspaceWay(run, index);
  const name = targetName(run.target(index));
  const { table, service } = lacking.data as { readonly table: string; readonly service: AppErrorData };
  try {
    const tables = await untilAborted(world.catalog.tablesOf(issuer, armId), run.signal);
    if (!tables.has(table)) run.update(index, { state: 'empty', rows: 0, error: lacking });
    else throw AppError.fromData(tableDenied(name, [table], 'hidden', isDelegated(run, index)));
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'access.tableDenied' || error.family === 'cancelled') throw error;
    throw AppError.fromData(tableUnknown(name, table, error.toData(), service));
  }
}

/** Waits for its search where the person agreed to that, else fails with what it would take. */
async function explainScan(run: Asking, index: number, refusal: AppErrorData, world: AskWorld): Promise<void> {
  if (run.scan) {
    run.update(index, { state: 'waiting', error: refusal });
    return;
  }
  const { issuer, armId } = workspaceWay(run, index);
  const list = await untilAborted(world.catalog.tablesOf(issuer, armId), run.signal).catch((thrown: unknown) => {
    if (run.signal.aborted) throw thrown;
    // The names are a help, no more.
    return undefined;
  });
  throw AppError.fromData(scanNeeded(refusal, targetName(run.target(index)), run.tables, list));
}

function isDelegated(run: Asking, index: number): boolean {
  return run.target(index).path === 'lighthouse';
}

/**
 * Stores an answer once it is known what was kept from the caller; where that is all of it, there is no answer. One
 * that the service cut, and that may be asked for in slices, is returned: it is the first of what is to come.
 */
async function finishAnswer(
  run: Asking,
  index: number,
  { answer, tookMs }: { readonly answer: LogsAnswer; readonly tookMs: number },
  world: AskWorld,
  changed: () => void,
): Promise<CutAnswer | undefined> {
  const judged = await judgeAnswer(run, index, answer, tookMs, world);
  const rows = await storeAnswer(run, index, judged.table, (count) => {
    run.update(index, { state: 'running', rows: count });
    changed();
  });
  const { partial: cut } = readAnswer(answer);
  const sliceable = run.target(index).kind === 'workspace' && world.across !== undefined;
  if (cut?.code === 'query.truncated' && run.maxRows > rows && sliceable) {
    const came = { rows, tookMs, bytes: answer.bytes };
    run.setRender(index, answer.render);
    run.update(index, { state: 'running', ...came });
    return { ...came, cut, unread: judged.partial === cut ? undefined : judged.partial };
  }
  answered(run, index, judged, rows);
  return undefined;
}

/** What of an answer is stored, once it is known what was kept from the caller; rejects where that is all of it. */
export async function judgeAnswer(
  run: Asking,
  index: number,
  answer: LogsAnswer,
  tookMs: number,
  world: AskWorld,
): Promise<StoredAnswer> {
  const way = run.way(index);
  if ('subscriptions' in way) {
    const { table, partial } = readAnswer(answer);
    const named = table && withSubscription(onlyColumns(table, run.keeps), way.subscriptions);
    return { answer, table: named, partial, tookMs };
  }
  const asked: AskedTables = {
    name: targetName(run.target(index)),
    way,
    lighthouse: isDelegated(run, index),
    tables: run.tables,
    unnamedTables: run.unnamedTables,
  };
  const { table, partial } = readAnswer(answer);
  const unread = await findUnread(answer, table, asked, world, run.signal);
  if (unread?.whole) throw AppError.fromData(unread.error);
  return { answer, table, partial: unread?.error ?? partial, tookMs };
}

function ask(
  run: Asking,
  index: number,
  scan: boolean,
  { logs, graph }: AskWorld,
  signal: CancelSignal,
): Promise<LogsAnswer> {
  const way = run.way(index);
  const query = run.text(index);
  if (!('subscriptions' in way))
    return logs.query({ ...questionTo(run, index, query), ...(scan ? { scan: true } : {}) }, signal);
  if (!graph) throw new AppError('bug.noGraph', 'There is nobody here who asks Resource Graph.');
  return graph.query({ issuer: way.issuer, subscriptions: [...way.subscriptions.keys()], query }, signal);
}

function withAttempts(error: AppErrorData, attempts: number): AppErrorData {
  return attempts > 1 ? { ...error, message: `${error.message} (${attempts} attempts)` } : error;
}
