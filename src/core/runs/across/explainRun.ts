import { toAppError } from '../../../base/errors.ts';
import type { CancelSignal } from '../../../base/cancel.ts';
import type { SourceSchema } from '../../../kql/scopeSchema.ts';
import type { RunExplanation, SharedRequests, Target } from '../../../model/run.ts';
import { ticksOfMs } from '../../../model/values/ticks.ts';
import { namesCustomer } from '../namesCustomer.ts';
import { noteOf, noteOfChoice, OWN_ANSWERS } from '../perWorkspaceNote.ts';
import type { RunPlan } from '../planRun.ts';
import type { AcrossWorld } from './acrossWorld.ts';
import { sentTexts, whole } from './sentTexts.ts';

/** What is explained: the query as written, what is planned of it without a schema, and when it would begin. */
export interface Explained {
  readonly query: string;
  readonly plan: RunPlan;
  readonly now: number;
  readonly sharing: SharedRequests;
}

/**
 * What a run would send to whom, and what would be done with what comes. Nothing is sent but the question for the
 * tables of the targets, where the plan depends on them. Rejects when cancelled.
 */
export async function explainRun(
  { query, plan, now, sharing }: Explained,
  across: AcrossWorld | undefined,
  signal: CancelSignal,
): Promise<RunExplanation> {
  const ways = new Map(plan.targets.flatMap(({ target, way }) => (way ? [[target, way] as const] : [])));
  const asked = plan.targets.filter(({ way }) => way).map(({ target }) => target);
  const problems = plan.targets.flatMap(({ target, way }) => (way ? [] : [problemOf(target, target.error?.message)]));
  const alike = (more: Partial<RunExplanation> = {}): RunExplanation => ({
    answer: plan.answer,
    ...(plan.answer === 'across' ? { promise: { kind: 'exact' } } : { perWorkspaceNote: OWN_ANSWERS }),
    parts: [{ name: 'query', texts: [{ text: plan.query, targets: asked.map(whole) }], lacking: [] }],
    problems,
    ...more,
  });
  if (!across || (plan.answer === 'across' && !plan.needsStages)) return alike();
  const told = await across.schemas.ofWorkspaces(
    asked.flatMap((target) => (target.kind === 'workspace' ? [target.workspace] : [])),
    { signal },
  );
  const schemas = new Map<Target, SourceSchema>();
  for (const target of asked) {
    const outcome = target.kind === 'workspace' ? told.get(target.workspace) : undefined;
    if (outcome?.ok === true) schemas.set(target, outcome.value);
    else if (plan.answer === 'across') problems.push(problemOf(target, outcome?.error.message));
  }
  if (schemas.size === 0) return alike(plan.answer === 'across' ? { parts: [] } : {});
  const { isConfidential, tables, unnamedTables } = plan;
  const question = { now: ticksOfMs(now), ...(tables && !unnamedTables ? { tables } : {}) };
  const planAcross = await across.planner();
  if (plan.answer === 'perWorkspace')
    return alike({ perWorkspaceNote: noteOfChoice(query, [...schemas.values()], planAcross, question) });
  try {
    const written = planAcross(query, [...schemas.values()], {
      ...question,
      ...(isConfidential ? { isConfidential } : {}),
    });
    const { parts, local, promise } = written.plan;
    return {
      answer: 'across',
      promise,
      parts: parts.map((part) => {
        const { texts, lacking, leftOut } = sentTexts(part, written, schemas, ways, sharing);
        return {
          name: part.name,
          columns: part.columns,
          texts,
          lacking,
          ...(leftOut.length > 0 ? { leftOut } : {}),
        };
      }),
      ...(local === undefined ? {} : { local }),
      problems,
    };
  } catch (thrown) {
    if (plan.stagesToShare) return alike();
    if (plan.namesCustomerAt !== undefined) throw namesCustomer(query, plan.namesCustomerAt, toAppError(thrown));
    const { promise: _none, ...rest } = alike({ answer: 'perWorkspace' });
    return { ...rest, perWorkspaceNote: noteOf(toAppError(thrown), []) };
  }
}

function problemOf(target: Target, message = 'It cannot be asked.'): RunExplanation['problems'][number] {
  return { target: whole(target), message };
}
