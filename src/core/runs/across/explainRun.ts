import { toAppError } from '../../../base/errors.ts';
import type { CancelSignal } from '../../../base/cancel.ts';
import { GRAPH_LANGUAGE } from '../../../kql/graph/graphLanguage.ts';
import { graphSchema } from '../../../kql/graph/graphTables.ts';
import type { SourceSchema } from '../../../kql/scopeSchema.ts';
import type { RunExplanation, RunSource, SharedRequests, Target } from '../../../model/run.ts';
import { ticksOfMs } from '../../../model/values/ticks.ts';
import { namesCustomer } from '../namesCustomer.ts';
import { asAsked } from '../ownRows.ts';
import { aboutTargets, noteOf, noteOfChoice, OWN_ANSWERS } from '../perWorkspaceNote.ts';
import type { RunPlan } from '../planRun.ts';
import type { AcrossWorld } from './acrossWorld.ts';
import { countPart } from './countRows.ts';
import type { CountRows } from './countRows.ts';
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
 * tables of the targets, where the plan depends on them, and with `count` the parts for the numbers of their rows.
 * Rejects when cancelled.
 */
export async function explainRun(
  { query, plan, now, sharing }: Explained,
  across: AcrossWorld | undefined,
  signal: CancelSignal,
  count?: CountRows,
): Promise<RunExplanation> {
  const ways = new Map(plan.targets.flatMap(({ target, way }) => (way ? [[target, way] as const] : [])));
  const asked = plan.targets.filter(({ way }) => way).map(({ target }) => target);
  const graph = asked.some(({ kind }) => kind === 'subscriptions');
  const source: { readonly source?: RunSource } = graph ? { source: 'resourceGraph' } : {};
  const problems = plan.targets.flatMap(({ target, way }) => (way ? [] : [problemOf(target, target.error?.message)]));
  const alike = (more: Partial<Part> = {}, note = aboutTargets(OWN_ANSWERS, source.source)): RunExplanation => ({
    answer: plan.answer,
    ...source,
    ...(plan.answer === 'across' ? { promise: { kind: 'exact' } } : { perWorkspaceNote: note }),
    parts: [{ name: 'query', texts: [{ text: plan.query, targets: asked.map(whole) }], lacking: [], ...more }],
    problems,
  });
  const uncounted = (reason: string): RunExplanation => alike(count ? { uncounted: reason } : {});
  if (!across || (plan.answer === 'across' && !plan.needsStages && !count)) return uncounted(OWN_ANSWER);
  const silent: RunExplanation['problems'][number][] = [];
  const told = await across.schemas.ofWorkspaces(
    asked.flatMap((target) => (target.kind === 'workspace' ? [target.workspace] : [])),
    { signal },
  );
  const schemas = new Map<Target, SourceSchema>();
  for (const target of asked) {
    if (target.kind === 'subscriptions') {
      schemas.set(target, graphSchema(plan.tables));
      continue;
    }
    const outcome = target.kind === 'workspace' ? told.get(target.workspace) : undefined;
    if (outcome?.ok === true) schemas.set(target, asAsked(outcome.value, ways.get(target)!));
    else silent.push(problemOf(target, outcome?.error.message));
  }
  // Who tells no tables is asked all the same where the query goes as it is.
  if (plan.needsStages) problems.push(...silent);
  if (schemas.size === 0)
    return plan.needsStages ? { ...alike(), parts: [] } : uncounted('no workspace told its tables');
  const { isConfidential, tables, unnamedTables } = plan;
  const question = {
    now: ticksOfMs(now),
    ...(graph ? { language: GRAPH_LANGUAGE } : {}),
    ...(tables && !unnamedTables ? { tables } : {}),
  };
  const planAcross = await across.planner();
  if (plan.answer === 'perWorkspace') {
    const note = noteOfChoice(query, [...schemas.values()], planAcross, question);
    return alike(count ? { uncounted: OWN_ANSWER } : {}, aboutTargets(note, source.source));
  }
  try {
    const written = planAcross(query, [...schemas.values()], {
      ...question,
      ...(isConfidential ? { isConfidential } : {}),
    });
    const { parts, local, promise } = written.plan;
    // What is sent is the query as it is; the plan of it is there to be counted.
    if (!plan.needsStages) {
      const [part, ...more] = parts;
      if (count && graph) return uncounted(GRAPH_UNCOUNTED);
      if (!count || !part || more.length > 0 || local !== undefined) return uncounted(OWN_ANSWER);
      const counted = await countPart(part, written, schemas, ways, count);
      const [first] = silent;
      const failed = silent.length + (counted.failed ?? 0);
      const reason = counted.reason ?? first?.message;
      return alike({ counted: reason === undefined ? counted : { ...counted, failed, reason } });
    }
    const explained = parts.map(async (part): Promise<Part> => {
      const { texts, lacking, leftOut } = sentTexts(part, written, schemas, ways, sharing);
      return {
        name: part.name,
        columns: part.columns,
        texts,
        lacking,
        ...(part.most === undefined ? {} : { most: part.most }),
        // Where the plan itself says how many come, nobody is asked.
        ...(count && graph ? { uncounted: GRAPH_UNCOUNTED } : {}),
        ...(count && !graph && part.most === undefined
          ? { counted: await countPart(part, written, schemas, ways, count) }
          : {}),
        ...(leftOut.length > 0 ? { leftOut } : {}),
      };
    });
    return {
      answer: 'across',
      ...source,
      promise,
      parts: await Promise.all(explained),
      ...(local === undefined ? {} : { local }),
      problems,
    };
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const error = toAppError(thrown);
    if (plan.stagesToShare || !plan.needsStages) return uncounted(error.message);
    if (plan.namesCustomerAt !== undefined) throw namesCustomer(query, plan.namesCustomerAt, error);
    if (plan.rowsAreAnswer) return uncounted(error.message);
    const { promise: _none, ...rest } = uncounted(OWN_ANSWER);
    return { ...rest, answer: 'perWorkspace', perWorkspaceNote: noteOf(error, [], source.source) };
  }
}
type Part = RunExplanation['parts'][number];
const GRAPH_UNCOUNTED = 'Resource Graph is not asked beforehand';
const OWN_ANSWER = 'each workspace makes its own answer of them';

function problemOf(target: Target, message = 'It cannot be asked.'): RunExplanation['problems'][number] {
  return { target: whole(target), message };
}
