import type { CancelSignal } from '../../../base/cancel.ts';
import type { SlicedPart } from '../../../kql/across/remoteQuery.ts';
import type { WorkspaceKey } from '../../../model/ids.ts';
import type { AcrossWorld, PlanQuestion } from '../across/acrossWorld.ts';
import { asAsked } from '../ownRows.ts';
import type { Way } from '../plannedTarget.ts';

/** A query that a workspace was sent as it is, and what it would be planned for. */
export interface WholeQuery {
  readonly query: string;
  readonly question: PlanQuestion;
  readonly workspace: WorkspaceKey;
  readonly way: Way;
  readonly signal: CancelSignal;
}

/**
 * The same query in slices of time: it is planned over the tables of this one workspace. Undefined where slices do not
 * add up to its answer. Rejects with why it cannot be planned.
 */
export async function sliceWhole(
  { query, question, workspace, way, signal }: WholeQuery,
  across: AcrossWorld,
): Promise<SlicedPart | undefined> {
  const told = await across.schemas.ofWorkspaces([workspace], { signal });
  const outcome = told.get(workspace);
  if (outcome?.ok !== true) return undefined;
  const planAcross = await across.planner();
  const written = planAcross(query, [outcome.value], question);
  const [part, ...more] = written.plan.parts;
  // What is worked out here is no row of theirs.
  return part && more.length === 0 && written.plan.local === undefined
    ? written.sliced(part, asAsked(outcome.value, way))
    : undefined;
}
