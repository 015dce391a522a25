import { EstateIndex } from '../../core/estate/estateIndex.ts';
import { choosePath } from '../../core/estate/path.ts';
import { resolveScope } from '../../core/estate/scope.ts';
import type { Estate } from '../../model/estate.ts';
import { toRunId } from '../../model/ids.ts';
import type { Run, Target } from '../../model/run.ts';
import type { RunRequest } from '../../model/run.ts';

/**
 * What can be said of a run before its first snapshot: whom it will ask, everybody waiting. Without an estate nobody is
 * known yet.
 */
export function previewRun(request: RunRequest, estate: Estate | undefined, startedAt: string): Run {
  const targets = estate ? waitingTargets(request, estate) : [];
  return {
    id: toRunId('starting'),
    query: request.query,
    scope: request.scope,
    timeRange: request.timeRange,
    mode: request.mode,
    state: 'running',
    startedAt,
    targets,
    columns: [],
    rowCount: 0,
    completeness: {
      asked: targets.length,
      answered: 0,
      complete: false,
      missing: [],
      sentence: targets.length ? `0 of ${targets.length} workspaces answered, starting` : 'Starting',
    },
  };
}

function waitingTargets({ scope }: RunRequest, estate: Estate): Target[] {
  const index = EstateIndex.of(estate);
  return resolveScope(scope, estate).workspaces.map((workspace) => ({
    workspace: workspace.key,
    workspaceName: workspace.name,
    customer: workspace.customer,
    customerName: index.customerName(workspace.customer),
    tenant: workspace.tenant,
    tenantName: index.tenantName(workspace.tenant),
    path: choosePath(workspace)?.kind ?? 'home',
    state: 'waiting',
    rows: 0,
    attempts: 0,
  }));
}
