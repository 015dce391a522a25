import type { AppErrorData } from '../../base/errors.ts';
import { familyOf } from '../../base/errors.ts';
import { PATH_NAMES } from '../../core/estate/path.ts';
import type { ColumnLayout } from '../../model/columnLayout.ts';
import { mayAnswerAgain, targetKey, targetName } from '../../model/run.ts';
import type { Run, Target } from '../../model/run.ts';
import type { RunView, TargetView } from '../../protocol/results.ts';
import { titleOfQuery } from '../session/queryTitle.ts';

/**
 * A run as the Results page shows it. `now` (milliseconds) measures a run that is still going; `layout` is what is kept
 * of its columns.
 */
export function toRunView(run: Run, now: number, layout?: ColumnLayout): RunView {
  return {
    run: run.id,
    title: titleOfQuery(run.query),
    state: run.state,
    startedAt: run.startedAt,
    elapsedMs: Math.max(
      0,
      (run.finishedAt === undefined ? now : Date.parse(run.finishedAt)) - Date.parse(run.startedAt),
    ),
    scopeLabel: labelOfTargets(run.targets),
    completeness: run.completeness,
    targets: run.targets.map(toTargetView),
    columns: run.columns,
    rowCount: run.rowCount,
    ...(run.perWorkspaceNote ? { perWorkspaceNote: run.perWorkspaceNote } : {}),
    ...(run.render ? { render: run.render } : {}),
    ...(layout ? { layout } : {}),
    ...(run.sorted ? { sorted: true } : {}),
    ...(run.error ? { error: run.error.message } : {}),
  };
}

/**
 * `12 workspaces, 8 customers`: whom this run asked, whatever the scope would mean today. A tenant that stayed shut is
 * no workspace.
 */
export function labelOfTargets(all: readonly Target[]): string {
  const targets = all.filter((target) => target.kind === 'workspace');
  const [first, second] = targets;
  if (!first) return 'no workspaces';
  if (!second) return `${first.workspaceName} (${first.customerName})`;
  const customers = new Set(targets.map((target) => target.customer)).size;
  return `${targets.length} workspaces, ${customers} ${customers === 1 ? 'customer' : 'customers'}`;
}

function toTargetView(target: Target): TargetView {
  return {
    workspace: targetKey(target),
    workspaceName: targetName(target),
    customerName: target.customerName,
    tenantName: target.tenantName,
    path: PATH_NAMES[target.path],
    state: target.state,
    rows: target.rows,
    attempts: target.attempts,
    ...(target.tookMs === undefined ? {} : { tookMs: target.tookMs }),
    ...(target.waitedMs === undefined ? {} : { waitedMs: target.waitedMs }),
    ...(target.error ? { reason: target.error.message } : {}),
    ...(mayAnswerAgain(target) ? { mayAnswerAgain: true } : {}),
    ...(target.error && needsSignIn(target.error) ? { canSignIn: true } : {}),
  };
}

function needsSignIn(error: AppErrorData): boolean {
  return familyOf(error.code) === 'auth';
}
