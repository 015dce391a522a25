import { AppError, cancelled, toAppError } from '../../base/errors.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { Cell } from '../../model/kqlType.ts';
import type { RollupDefinition, StoredWindow, TimeWindow, WindowKey, WindowPart } from '../../model/rollup.ts';
import type { LogsAnswer } from '../../ports/logs.ts';
import { EstateIndex } from '../estate/estateIndex.ts';
import { askOne } from './askOne.ts';
import { checkReadable } from './checkReadable.ts';
import { Leased } from './leased.ts';
import { DOCUMENTS, withGap, withStored } from './progress.ts';
import type { RollupGap, RollupProgress } from './progress.ts';
import { lookAgain } from './recheck.ts';
import type { Shown } from './recheck.ts';
import { readWindow } from './readWindow.ts';
import type { RollupWorld } from './rollupWorld.ts';
import { storeWindow } from './storeWindow.ts';
import type { WorkspaceJob, WorkspaceResult } from './workspaceJob.ts';
import { windowAt, wholeWindows, withRange, withoutRange } from './windows.ts';

const MINUTE_MS = 60_000;

/** A job, what makes sure that its tables can be read, and what they showed as the run began. */
type CheckedJob = WorkspaceJob & { readonly isReadable: () => Promise<void>; readonly shown: Shown };

/** Errors of one window, with which those after it have nothing to do. */
const OF_WINDOW: ReadonlySet<string> = new Set(['query.windowTooLarge', 'query.tooManyRows']);

/**
 * Stores every window that is over and not stored yet, one after the other: first those at the end of the line, then
 * gaps. What fails leaves the line where it is, so that nothing is passed over. Never rejects but when cancelled.
 */
export async function runWorkspace(job: WorkspaceJob, world: RollupWorld): Promise<WorkspaceResult> {
  const { version, workspace, sink, definition } = job;
  const name = DOCUMENTS.progress(version.table.id, workspace.guid, sink.name);
  const holder = { state: world.state, owner: world.owner, clock: world.clock };
  const done = { windows: 0, rows: 0, bytes: 0 };
  // Once a run is enough: rights do not change from window to window.
  let readable: Promise<void> | undefined;
  const isReadable = (): Promise<void> => (readable ??= checkReadable(job, world));
  let open: AppError | undefined;
  let held: Leased<RollupProgress> | undefined;
  const result = (state: WorkspaceResult['state'], error?: AppError): WorkspaceResult => ({
    state,
    ...done,
    ...(held?.value.until === undefined ? {} : { until: held.value.until }),
    gaps: held?.value.gaps ?? [],
    ...(error ? { error: error.toData() } : {}),
  });
  try {
    await job.mayRun();
    held = await Leased.take(holder, name, freshProgress(job));
    if (!held) return result('busy');
    await mayGoOn(job, held.value);
    const now = world.clock.now();
    const { ranAt } = held.value;
    if (job.onlyDue && ranAt !== undefined && isRecent(ranAt, now, definition)) return result('notDue');
    checkHas(job, held.value);
    await held.change(begun(inItsPlace(held.value, world.placeOf?.(sink.name)), job, now));
    // The line begins all the same: what comes once there is a table is read from here on.
    if (columnsThere(job).length === 0) return result('current');
    const shown = await lookAgain(job, held, world);
    for (let next = nextWindow(held.value, job, now, new Set()), tried = new Set<number>(); next;) {
      if (job.signal.aborted) throw cancelled();
      tried.add(next.from);
      const notOver = await storeNext(next, { ...job, isReadable, shown }, held, world, done);
      open ??= notOver;
      next = nextWindow(held.value, job, world.clock.now(), tried);
    }
    return result(done.windows > 0 ? 'stored' : 'current', open);
  } catch (thrown) {
    if (job.signal.aborted) throw cancelled();
    const error = toAppError(thrown);
    if (error.code === 'service.leaseLost') return result('busy', error);
    if (error.code === 'input.switchedOff') return result('off', error);
    if (error.code !== 'query.schemaChanged') return result('failed', error);
    // Best effort: what stops it is found again by the next run.
    await held?.change({ ...held.value, stopped: error.toData() }).catch(() => undefined);
    return result('stopped', error);
  } finally {
    await held?.release().catch(() => undefined);
  }
}

/** A customer that is called otherwise now, or whose workspace is another's, is as switched off as it was. */
async function mayGoOn(
  { mayRun, workspace }: WorkspaceJob,
  { customer, formerly = [] }: RollupProgress,
): Promise<void> {
  for (const one of new Set([customer, ...formerly])) if (one !== workspace.customer) await mayRun(one);
}

/** A centre's name that stands for another centre by now: that one has nothing yet, so all of it is stored again. */
function inItsPlace(progress: RollupProgress, place: string | undefined): RollupProgress {
  if (place === undefined || progress.place === place) return progress;
  if (progress.place === undefined) return { ...progress, place };
  const reason = 'The centre of this name is another one now, which has nothing of it yet.';
  const gaps = progress.stored.map((range) => ({ ...range, reason }));
  return { ...progress, place, stored: [], gaps: [...progress.gaps, ...gaps].sort((a, b) => a.from - b.from) };
}

/** A run in the future was one by a clock that was ahead. */
function isRecent(ranAt: number, now: number, { everyMinutes }: RollupDefinition): boolean {
  return ranAt <= now && now - ranAt < everyMinutes * MINUTE_MS;
}

function freshProgress({ version, workspace, sink, estate }: WorkspaceJob): RollupProgress {
  return {
    rollup: version.table.id,
    sink: sink.name,
    workspace: workspace.guid,
    workspaceName: workspace.name,
    customer: workspace.customer,
    customerName: EstateIndex.of(estate).customerName(workspace.customer),
    stored: [],
    gaps: [],
  };
}

/** The progress as a run begins: where the line begins, whose it is now, and what is asked for again. */
function begun(progress: RollupProgress, job: WorkspaceJob, now: number): RollupProgress {
  const { windowMinutes, latenessMinutes, since } = job.definition;
  const { stopped: _mended, ...rest } = progress;
  const from = windowAt(since ?? now - (latenessMinutes + windowMinutes) * MINUTE_MS, windowMinutes).from;
  const { until = from } = progress;
  const fresh = freshProgress(job);
  let next: RollupProgress = {
    ...rest,
    customer: fresh.customer,
    customerName: fresh.customerName,
    workspaceName: fresh.workspaceName,
    ...formerOf(progress, fresh.customer),
    since: progress.since ?? from,
    until,
    has: columnsThere(job),
    ranAt: now,
  };
  if (job.backfill) {
    // What lies at the end of the line and after it comes by itself.
    const [wanted] = withoutRange([wholeWindows(job.backfill, windowMinutes)], { from: until, to: Infinity });
    if (wanted) next = { ...next, gaps: withBackfill(next.gaps, wanted) };
  }
  return next;
}

function formerOf(
  { customer, formerly = [], stored }: RollupProgress,
  now: CustomerKey,
): Pick<RollupProgress, 'formerly'> {
  if (stored.length === 0 || customer === now) return {};
  return { formerly: [...new Set([...formerly, customer])].filter((key) => key !== now) };
}

function withBackfill(gaps: readonly RollupGap[], wanted: TimeWindow): RollupGap[] {
  const others = withoutRange(gaps, wanted);
  return [...others, ...withRange([], wanted).map((range) => ({ ...range, reason: 'Asked for (backfill).' }))].sort(
    (a, b) => a.from - b.from,
  );
}

/** The next window that is over: at the end of the line, else of a gap; none twice in a run. */
function nextWindow(
  progress: RollupProgress,
  { definition }: WorkspaceJob,
  now: number,
  tried: ReadonlySet<number>,
): TimeWindow | undefined {
  const { windowMinutes, latenessMinutes } = definition;
  const line = windowAt(progress.until!, windowMinutes);
  if (line.to + latenessMinutes * MINUTE_MS <= now && !tried.has(line.from)) return line;
  for (const { from, to } of progress.gaps)
    for (let window = windowAt(from, windowMinutes); window.from < to; window = windowAt(window.to, windowMinutes))
      if (!tried.has(window.from)) return window;
  return undefined;
}

/** Resolves to the error of a window that is not over by the workspace's own clock. */
async function storeNext(
  window: TimeWindow,
  job: CheckedJob,
  held: Leased<RollupProgress>,
  world: RollupWorld,
  done: { windows: number; rows: number; bytes: number },
): Promise<AppError | undefined> {
  try {
    const there = await storeOne(window, job, held, world);
    const last = { ...window, rows: there.rows, bytes: there.bytes, at: world.clock.now() };
    await held.change({ ...withStored(held.value, window), ...job.shown.seen(held.value, window), last });
    done.windows++;
    done.rows += there.rows;
    done.bytes += there.bytes;
    job.stored?.(window, there);
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.code === 'service.windowOpen') return error;
    if (!OF_WINDOW.has(error.code)) throw error;
    await held.change(withGap(held.value, { ...window, reason: error.message }));
  }
  return undefined;
}

function storeOne(
  window: TimeWindow,
  job: CheckedJob,
  held: Leased<RollupProgress>,
  world: RollupWorld,
): Promise<StoredWindow> {
  const { version, workspace, sink, definition, estate, signal } = job;
  const { table, plan, planner } = version;
  const index = EstateIndex.of(estate);
  const key: WindowKey = { rollup: table.id, workspace: workspace.guid, from: window.from, to: window.to };
  const ask = (part: WindowPart): Promise<LogsAnswer> => {
    const query = planner.windowQuery(plan, job.schema, part, window.to);
    if (query === undefined)
      throw new AppError(
        'query.schemaChanged',
        `${workspace.name} has no table any more that ${definition.name} reads.`,
      );
    return askOne(query, job, world);
  };
  return storeWindow({
    sink,
    table,
    key,
    customer: workspace.customer,
    whose: [index.customerName(workspace.customer), index.tenantName(workspace.tenant), workspace.name],
    ...(definition.key ? { keyColumns: definition.key } : {}),
    digest: world.digest,
    pages: inTurn(
      readSurely(
        readWindow({
          window,
          ask,
          columns: table.columns,
          notBefore: window.to + definition.latenessMinutes * MINUTE_MS,
          maxRows: definition.limits.rows,
        }),
        job,
      ),
      job,
    ),
    mayCommit: async () => {
      await job.mayRun();
      await held.check();
    },
    fence: held.fence,
    keepAway: () => held.change(held.value),
    signal,
  });
}

/** The pages, the first of them when this window's turn has come, and until they have been taken. */
async function* inTurn<T>(pages: AsyncIterable<T>, { reading, signal }: WorkspaceJob): AsyncGenerator<T> {
  let end: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  await new Promise<void>((resolve, reject) => {
    const taken = reading.run(() => {
      resolve();
      return ended;
    }, signal);
    taken.catch(reject);
  });
  try {
    yield* pages;
  } finally {
    end?.();
  }
}

/** The pages; where there are no rows, or rows of one table that say nothing of another, it is made sure why. */
async function* readSurely(
  pages: AsyncIterable<readonly (readonly Cell[])[]>,
  { version, isReadable }: CheckedJob,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  let silent = true;
  for await (const page of pages) {
    silent &&= page.length === 0;
    yield page;
  }
  if (silent || version.plan.part.tables.length > 1) await isReadable();
}

/** Columns that the roll-up reads and the workspace has, as `Table.Column`. */
function columnsThere({ version, schema }: WorkspaceJob): string[] {
  const tables = new Map(schema.tables.map((table) => [table.name, new Set(table.columns.map(({ name }) => name))]));
  return [...version.planner.columnsRead(version.plan)].flatMap(([table, columns]) =>
    columns.filter(({ name }) => tables.get(table)?.has(name)).map(({ name }) => `${table}.${name}`),
  );
}

/** A column that was there would be empty from now on without anybody noticing. */
function checkHas(job: WorkspaceJob, { has = [] }: RollupProgress): void {
  const there = new Set(columnsThere(job));
  const gone = has.find((name) => !there.has(name));
  if (gone === undefined) return;
  throw new AppError(
    'query.schemaChanged',
    `${job.workspace.name} has no column ${gone} any more, which ${job.definition.name} reads. Change the query, or leave the workspace out.`,
  );
}
