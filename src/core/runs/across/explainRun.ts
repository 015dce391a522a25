import { toAppError } from '../../../base/errors.ts';
import type { CancelSignal } from '../../../base/cancel.ts';
import type { SourceSchema } from '../../../kql/scopeSchema.ts';
import { targetName } from '../../../model/run.ts';
import type { RunExplanation, Target } from '../../../model/run.ts';
import { ticksOfMs } from '../../../model/values/ticks.ts';
import { namesCustomer } from '../namesCustomer.ts';
import { noteOf } from '../perWorkspaceNote.ts';
import type { RunPlan } from '../planRun.ts';
import type { AcrossWorld } from './acrossWorld.ts';
import { whoseOf } from './answerAcross.ts';
import { PartTexts } from './partTexts.ts';

/** What is explained: the query as written, what is planned of it without a schema, and when it would begin. */
export interface Explained {
  readonly query: string;
  readonly plan: RunPlan;
  readonly now: number;
}

/**
 * What a run would send to whom, and what would be done with what comes. Nothing is sent but the question for the
 * tables of the targets, where the plan depends on them. Rejects when cancelled.
 */
export async function explainRun(
  { query, plan, now }: Explained,
  across: AcrossWorld | undefined,
  signal: CancelSignal,
): Promise<RunExplanation> {
  const asked = plan.targets.filter(({ way }) => way).map(({ target }) => target);
  const problems = plan.targets.flatMap(({ target, way }) => (way ? [] : [problemOf(target, target.error?.message)]));
  const alike = (more: Partial<RunExplanation> = {}): RunExplanation => ({
    answer: plan.answer,
    ...(plan.perWorkspaceNote ? { perWorkspaceNote: plan.perWorkspaceNote } : {}),
    ...(plan.answer === 'across' ? { promise: { kind: 'exact' } } : {}),
    parts: [{ name: 'query', texts: [{ text: plan.query, targets: asked.map(whole) }], lacking: [] }],
    problems,
    ...more,
  });
  if (!across || !plan.needsStages) return alike();
  const told = await across.schemas.ofWorkspaces(
    asked.flatMap((target) => (target.kind === 'workspace' ? [target.workspace] : [])),
    { signal },
  );
  const schemas = new Map<Target, SourceSchema>();
  for (const target of asked) {
    const outcome = target.kind === 'workspace' ? told.get(target.workspace) : undefined;
    if (outcome?.ok === true) schemas.set(target, outcome.value);
    else problems.push(problemOf(target, outcome?.error.message));
  }
  if (schemas.size === 0) return alike({ parts: [] });
  try {
    const planAcross = await across.planner();
    const { isConfidential, tables, unnamedTables } = plan;
    const written = planAcross(query, [...schemas.values()], {
      now: ticksOfMs(now),
      ...(isConfidential ? { isConfidential } : {}),
      ...(tables && !unnamedTables ? { tables } : {}),
    });
    const { parts, local, promise } = written.plan;
    return {
      answer: 'across',
      promise,
      parts: parts.map((part) => {
        const texts = new PartTexts(part, written);
        const groups = new Map<string | undefined, string[]>();
        const leftOut: string[] = [];
        for (const [target, schema] of schemas) {
          if (!written.asks(part, whoseOf(target))) {
            leftOut.push(whole(target));
            continue;
          }
          const text = texts.of(schema);
          groups.set(text, [...(groups.get(text) ?? []), whole(target)]);
        }
        return {
          name: part.name,
          columns: part.columns,
          texts: [...groups].flatMap(([text, targets]) => (text === undefined ? [] : [{ text, targets }])),
          lacking: groups.get(undefined) ?? [],
          ...(leftOut.length > 0 ? { leftOut } : {}),
        };
      }),
      ...(local === undefined ? {} : { local }),
      problems,
    };
  } catch (thrown) {
    if (plan.namesCustomerAt !== undefined) throw namesCustomer(query, plan.namesCustomerAt, toAppError(thrown));
    const { promise: _none, ...rest } = alike({ answer: 'perWorkspace' });
    return { ...rest, perWorkspaceNote: noteOf(toAppError(thrown), plan.constructs) };
  }
}

function whole(target: Target): string {
  return `${target.customerName}/${targetName(target)}`;
}

function problemOf(target: Target, message = 'It cannot be asked.'): RunExplanation['problems'][number] {
  return { target: whole(target), message };
}
