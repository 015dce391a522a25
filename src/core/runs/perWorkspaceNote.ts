import { toAppError } from '../../base/errors.ts';
import type { AppErrorData } from '../../base/errors.ts';
import type { SourceSchema } from '../../kql/scopeSchema.ts';
import { targetNoun } from '../../model/run.ts';
import type { PerWorkspaceNote, RunSource } from '../../model/run.ts';
import type { PlanAcross, PlanQuestion } from './across/acrossWorld.ts';

const WHY: Readonly<Record<string, string>> = {
  summarize:
    'summarize groups the rows of each workspace on its own, so a group that several workspaces have appears once for each',
  distinct: 'distinct removes doubles within each workspace only',
  count: 'count counts each workspace on its own',
  top: 'top picks from each workspace on its own',
  take: 'take picks from each workspace on its own',
  limit: 'limit picks from each workspace on its own',
  sample: 'sample picks from each workspace on its own',
  sort: 'sort orders each workspace on its own',
  order: 'order by orders each workspace on its own',
  join: 'join matches rows within each workspace only',
  lookup: 'lookup finds rows within each workspace only',
  'make-series': 'make-series makes series of each workspace on its own',
  toscalar: 'toscalar reads each workspace on its own',
  expression: 'a value without a table is given once per workspace',
  subquery: 'a query inside the query reads each workspace on its own',
  print: 'print gives its row once per workspace',
  range: 'range gives its rows once per workspace',
  datatable: 'datatable gives its rows once per workspace',
};

const OWN = "Each workspace's own answer, one under the other";
/** What is said while nothing is known of the query but that the answers may differ. */
export const OWN_ANSWERS: PerWorkspaceNote = { sentence: `${OWN}.`, constructs: [] };

/** Says that each workspace answers for itself because an across answer cannot be had, and why. */
export function noteOf(
  why: Pick<AppErrorData, 'message' | 'data'>,
  constructs: readonly string[],
  source?: RunSource,
): PerWorkspaceNote {
  const construct = why.data?.['construct'];
  return {
    sentence: `Each ${targetNoun(source)}'s own answer: ${why.message.replace(/[.\s]+$/, '')}.`,
    constructs: typeof construct === 'string' ? [construct] : constructs,
  };
}

/**
 * Says of answers that somebody chose to have each workspace's own what sets them apart from one over all: the first
 * construct in full, the others by name. The plan over these schemas tells; without one, what it lacks for.
 */
export function noteOfChoice(
  query: string,
  schemas: readonly SourceSchema[],
  planner: PlanAcross,
  question: PlanQuestion,
): PerWorkspaceNote {
  let constructs: readonly string[];
  try {
    constructs = planner(query, schemas, question).plan.apart;
  } catch (thrown) {
    const construct = toAppError(thrown).data?.['construct'];
    return typeof construct === 'string' ? { ...OWN_ANSWERS, constructs: [construct] } : OWN_ANSWERS;
  }
  const [first, ...others] = constructs;
  if (first === undefined) return { sentence: `${OWN}, which here are the rows of the across answer.`, constructs };
  const also = others.length > 0 ? ` (also: ${others.join(', ')})` : '';
  const otherwise = first.endsWith(')')
    ? `${first} may look at more than one row at a time`
    : `${first} looks at the rows of each workspace on their own`;
  return { sentence: `${OWN}: ${WHY[first] ?? otherwise}${also}.`, constructs };
}

/** A note about workspaces as one about what is asked in their place; the very note where that is workspaces. */
export function aboutTargets(note: PerWorkspaceNote, source: RunSource = 'workspaces'): PerWorkspaceNote {
  return source === 'workspaces'
    ? note
    : { ...note, sentence: note.sentence.replaceAll('workspace', targetNoun(source)) };
}
