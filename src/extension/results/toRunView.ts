import { counted } from '../../base/counted.ts';
import type { AppErrorData } from '../../base/errors.ts';
import { familyOf } from '../../base/errors.ts';
import { PATH_NAMES } from '../../core/estate/path.ts';
import type { ColumnLayout } from '../../model/columnLayout.ts';
import { mayAnswerAgain, targetKey, targetName } from '../../model/run.ts';
import { NOT_ATTRIBUTED } from '../../model/sharedWorkspace.ts';
import type { Run, Target } from '../../model/run.ts';
import type { FaultView, RunView, TargetView } from '../../protocol/results.ts';
import type { Fault } from '../session/fault.ts';
import { layoutName } from '../session/layoutBook.ts';
import type { LayoutBook } from '../session/layoutBook.ts';
import { titleOfRun } from '../session/queryTitle.ts';
import type { RunBook } from '../session/runBook.ts';

/** What a run's snapshot does not say of it: where its query is at fault, and that it was never sent. */
export interface RunSurroundings {
  readonly fault?: Fault | undefined;
  /** It stands for a query that was refused; `before` is the run shown until then. */
  readonly refused?: { readonly before: Run | undefined } | undefined;
  /** What is kept of its columns. */
  readonly layout?: ColumnLayout | undefined;
}

/** A run of the book as the Results page shows it. */
export function toShownView(
  run: Run,
  {
    runs,
    layouts,
  }: {
    readonly runs: Pick<RunBook, 'faultOf' | 'isRefused' | 'beforeRefusal'>;
    readonly layouts: Pick<LayoutBook, 'find'>;
  },
  now: number,
): RunView {
  const refused = runs.isRefused(run.id) ? { before: runs.beforeRefusal } : undefined;
  return toRunView(run, now, { fault: runs.faultOf(run), refused, layout: layouts.find(layoutName(run)) });
}

/** A run as the Results page shows it. `now` (milliseconds) measures a run that is still going. */
export function toRunView(run: Run, now: number, { fault, refused, layout }: RunSurroundings = {}): RunView {
  return {
    run: run.id,
    ...(run.of === undefined ? {} : { of: run.of }),
    ...(run.made ? { made: run.made } : {}),
    ...(run.source ? { source: run.source } : {}),
    title: titleOfRun(run),
    state: run.state,
    startedAt: run.startedAt,
    elapsedMs: Math.max(
      0,
      (run.finishedAt === undefined ? now : Date.parse(run.finishedAt)) - Date.parse(run.startedAt),
    ),
    scopeLabel: `${run.source === 'lake' ? 'the lake: ' : run.of === undefined ? '' : run.made ? 'two results of ' : 'a result of '}${labelOfTargets(run.targets)}`,
    completeness: run.completeness,
    targets: run.targets.map((target) =>
      toTargetView(target, run.of === undefined && !run.made && run.source !== 'lake'),
    ),
    columns: run.columns,
    rowCount: run.rowCount,
    answer: run.answer,
    ...(run.plan ? { plan: run.plan } : {}),
    ...(run.unfinished ? { unfinished: run.unfinished } : {}),
    ...(run.perWorkspaceNote ? { perWorkspaceNote: run.perWorkspaceNote } : {}),
    ...(run.render ? { render: run.render } : {}),
    ...(layout ? { layout } : {}),
    ...(run.sorted ? { sorted: true } : {}),
    ...(run.error ? { error: saidOf(run.error, fault) } : {}),
    ...(fault ? { fault: toFaultView(fault) } : {}),
    ...(refused ? { refused: refused.before ? { before: titleOfRun(refused.before) } : {} } : {}),
  };
}

/** The message; without the place within the query where the place in the document stands beside it. */
function saidOf({ message, data }: AppErrorData, fault: Fault | undefined): string {
  const said = data?.['said'];
  return fault && typeof said === 'string' ? said : message;
}

function toFaultView({ origin, line, column, code }: Fault): FaultView {
  return { where: `${origin.name}, line ${line}, column ${column}`, line, code };
}

/**
 * `12 workspaces, 8 customers`: whom this run asked, whatever the scope would mean today. A tenant that stayed shut is
 * no workspace.
 */
export function labelOfTargets(all: readonly Target[]): string {
  const graph = all.filter((target) => target.kind === 'subscriptions');
  if (graph.length > 0) {
    const subscriptions = graph.reduce((sum, { subscriptions: list }) => sum + list.length, 0);
    const whose = new Set(graph.map(({ customer }) => customer)).size;
    return `Resource Graph: ${counted(subscriptions, 'subscription')}, ${counted(whose, 'customer')}`;
  }
  const targets = all.filter((target) => target.kind === 'workspace');
  const [first, second] = targets;
  if (!first) return 'no workspaces';
  if (!second) return `${first.workspaceName} (${first.customerName})`;
  const customers = new Set(targets.map((target) => target.customer));
  customers.delete(NOT_ATTRIBUTED);
  const workspaces = new Set(targets.map(({ workspace }) => workspace)).size;
  return `${counted(workspaces, 'workspace')}, ${counted(customers.size, 'customer')}`;
}

/** `asked`: it was asked for this run itself, and may be asked again. */
function toTargetView(target: Target, asked: boolean): TargetView {
  return {
    workspace: targetKey(target),
    workspaceName: targetName(target),
    customerName: target.customerName,
    tenantName: target.tenantName,
    tenant: target.tenant,
    ...(target.kind === 'tenant' ? {} : { path: PATH_NAMES[target.path] }),
    state: target.state,
    rows: target.rows,
    attempts: target.attempts,
    ...(target.tookMs === undefined ? {} : { tookMs: target.tookMs }),
    ...(target.waitedMs === undefined ? {} : { waitedMs: target.waitedMs }),
    ...(reasonOf(target) === undefined ? {} : { reason: reasonOf(target)! }),
    ...(asked && mayAnswerAgain(target) ? { mayAnswerAgain: true } : {}),
    ...(asked && target.error && needsSignIn(target.error) ? { canSignIn: true } : {}),
  };
}

/** What holds it up now says more than what made it wait before. */
function reasonOf({ waits, error, state, slices }: Target): string | undefined {
  return waits ?? error?.message ?? (slices && slicesText(state, slices));
}

function slicesText(state: Target['state'], { number, count }: NonNullable<Target['slices']>): string | undefined {
  if (state === 'running') return `Slice ${number} of ${count}: more rows than the service gives at once.`;
  return state === 'answered' ? `In ${count} slices of time: more rows than the service gives at once.` : undefined;
}

function needsSignIn(error: AppErrorData): boolean {
  return familyOf(error.code) === 'auth';
}
