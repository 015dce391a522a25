import { counted } from '../../base/counted.ts';
import { AppError, cancelled } from '../../base/errors.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import type { AgentAnswer } from '../../model/agentTool.ts';
import type { RunId } from '../../model/ids.ts';
import type { RowCell, RowWindow } from '../../model/rows.ts';
import { isUnanswered, targetName } from '../../model/run.ts';
import type { Run } from '../../model/run.ts';
import { effectiveTimeRange } from '../../model/timeRange.ts';
import { timeRangeLabel } from '../../model/timeRangeText.ts';
import { totalNote } from '../../model/totalNote.ts';
import type { AgentCall, AgentWorld } from './agentWorld.ts';
import { checkNames } from './checkNames.ts';
import { checkReach } from './checkReach.ts';
import { groupedReasons, nobodyAnswered } from './groupedReasons.ts';
import type { Missing } from './groupedReasons.ts';
import { knownFunctions } from './knownFunctions.ts';
import { audienceOf, narrowScope } from './narrowScope.ts';
import type { AgentInput } from './readInput.ts';
import { LONGEST, shortened } from './writeAnswer.ts';

/** Columns told; an answer of thousands would leave no room for rows. */
const MOST_COLUMNS = 100;

/** Rows of one query, with everything that is missing from them. */
export async function runQuery(
  { estate, schemas, runs: open, readQuery, keepsRuns }: AgentWorld,
  { query, scope, timeRange, limit, answer }: AgentInput,
  { scope: given, confidentiality, signal, allow, progress }: AgentCall,
): Promise<AgentAnswer> {
  const facts = await checkReach(query, readQuery);
  const whole = await estate.load({ signal });
  const narrowed = narrowScope(given, scope, whole);
  if (answer === 'perWorkspace') checkNames(query, facts, narrowed, whole);
  const range = effectiveTimeRange(timeRange, query);
  await allow?.({ tool: 'runQuery', query, timeRange: range, ...audienceOf(narrowed) });
  const { scope: known, unknown } = await knownFunctions(narrowed, facts, { schemas, readQuery }, signal);
  if (signal.aborted) throw cancelled();
  const runs = await open();
  let started: RunId | undefined;
  let told = 0;
  const listening = runs.changed(({ id, targets }) => {
    const done = targets.filter(({ state }) => state !== 'waiting' && state !== 'running').length;
    if (id !== started || done <= told) return;
    told = done;
    progress?.(done, targets.length);
  });
  try {
    // Said here, so that no line of the query says otherwise.
    const source = 'workspaces';
    const request = { query, scope: known, source, timeRange: range, answer, ...confidentiality } as const;
    const { id } = await runs.start(request, signal);
    started = id;
    const run = await endOf(id, runs, signal);
    const window = await runs.rows(id).window({
      first: 0,
      count: limit,
      columns: run.columns.slice(0, MOST_COLUMNS).map(({ name }) => name),
    });
    return toAnswer(run, window, { timeRange: timeRangeLabel(range), unknown, partly: narrowed.partly });
  } finally {
    listening.dispose();
    if (started !== undefined && !keepsRuns) await runs.discard(started);
  }
}

/** The ended run. Rejects where nobody answered, and when cancelled: the run is then cancelled, too. */
async function endOf(id: RunId, runs: Awaited<ReturnType<AgentWorld['runs']>>, signal: CancelSignal): Promise<Run> {
  const cancel = (): void => {
    runs.cancel(id);
  };
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  const run = await runs.ended(id);
  signal.removeEventListener('abort', cancel);
  if (signal.aborted || run.state === 'cancelled') throw cancelled();
  if (run.error) throw AppError.fromData(run.error);
  if (isUnanswered(run)) throw nobodyAnswered(run.targets.find(({ error }) => error)?.error, missingOf(run));
  return run;
}

function toAnswer(
  run: Run,
  window: RowWindow,
  {
    timeRange,
    unknown,
    partly,
  }: { readonly timeRange: string; readonly unknown: readonly Missing[]; readonly partly: number },
): AgentAnswer {
  const types = new Map(run.columns.map(({ name, type }) => [name, type]));
  const missing = groupedReasons([...missingOf(run), ...unknown]);
  const notes = [
    run.perWorkspaceNote?.sentence,
    totalNote(run),
    run.plan?.promise?.kind === 'approximate' ? `Approximate: ${run.plan.promise.error}` : undefined,
    run.unfinished ? 'The rows are made of all workspaces together, and some are missing from them.' : undefined,
    partly > 0
      ? `Not asked: ${counted(partly, 'workspace')} of several customers, where a tool cannot be kept to the rows of this scope. Rows of it may be missing.`
      : undefined,
    run.columns.length > MOST_COLUMNS
      ? `The first ${MOST_COLUMNS} of ${run.columns.length.toLocaleString('en-US')} columns are told. Use project to choose others.`
      : undefined,
  ].filter((note) => note !== undefined);
  return {
    facts: {
      completeness: `${run.completeness.sentence}${unknown.length > 0 ? `, ${unknown.length} not asked` : ''}`,
      complete: run.completeness.complete && unknown.length === 0,
      answer: run.answer,
      timeRange,
      rowCount: run.rowCount,
      ...(notes.length > 0 ? { notes } : {}),
      ...(missing.length > 0 ? { missing } : {}),
      columns: window.columns.map((name) => ({ name: shortened(name, LONGEST.name), type: types.get(name) })),
    },
    list: {
      name: 'rows',
      items: window.rows.map((row) => row.map(toCell)),
      total: window.total,
      more: 'Aggregate, filter or project in the query, or raise "limit".',
    },
  };
}

function missingOf({ targets }: Run): readonly Missing[] {
  return targets.flatMap((target) =>
    target.error && target.state !== 'answered' && target.state !== 'empty'
      ? [{ who: `${target.customerName}/${targetName(target)}`, why: target.error.message }]
      : [],
  );
}

function toCell(cell: RowCell): RowCell {
  return typeof cell === 'string' ? shortened(cell, LONGEST.cell) : cell;
}
