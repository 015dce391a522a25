import type { AnswerPromise, Completeness, Run, Target } from '../../model/run.ts';
import { targetKey } from '../../model/run.ts';

/** What an answer made of the rows of runs has of them. */
type Inherited = Pick<
  Run,
  'of' | 'alsoOf' | 'scope' | 'timeRange' | 'targets' | 'completeness' | 'answer' | 'unfinished' | 'perWorkspaceNote'
> & { readonly promise?: AnswerPromise };

interface Source {
  readonly name: string;
  readonly run: Run;
}

/**
 * What an answer over the rows of these runs can promise: no more than each of them. Of one run it is all as it is
 * there; of several, a target of more than one stands as it does where it gave least.
 */
export function ofSources([first, ...others]: readonly [Source, ...Source[]]): Inherited {
  const { run } = first;
  const all = [first, ...others];
  const note = all.find((one) => one.run.perWorkspaceNote)?.run.perWorkspaceNote;
  const promise = promiseOf(all.map((one) => one.run.plan?.promise));
  return {
    of: run.id,
    ...(others.length > 0 ? { alsoOf: others.map((one) => one.run.id) } : {}),
    scope: run.scope,
    timeRange: run.timeRange,
    targets: others.length > 0 ? worstOfEach(all.map((one) => one.run.targets)) : run.targets,
    completeness: others.length > 0 ? ofAll(all) : run.completeness,
    answer: all.some((one) => one.run.answer === 'perWorkspace') ? 'perWorkspace' : 'across',
    ...(promise ? { promise } : {}),
    ...(all.some((one) => one.run.unfinished) ? { unfinished: true } : {}),
    ...(note ? { perWorkspaceNote: note } : {}),
  };
}

/** One sentence for each run, by its name; who is missing in any of them is missing. */
function ofAll(sources: readonly Source[]): Completeness {
  const said = sources.map(({ name, run }) => ({ name, ...run.completeness }));
  return {
    asked: said.reduce((sum, { asked }) => sum + asked, 0),
    answered: said.reduce((sum, { answered }) => sum + answered, 0),
    complete: said.every(({ complete }) => complete),
    missing: said.flatMap(({ missing }) => missing),
    sentence: said.map(({ name, sentence }) => `${name}: ${sentence}`).join('; '),
  };
}

/** From what says least to what says most. */
const WORST_FIRST: readonly Target['state'][] = ['failed', 'skipped', 'cancelled', 'partial', 'empty', 'answered'];

function worstOfEach(lists: readonly (readonly Target[])[]): readonly Target[] {
  const found = new Map<string, Target>();
  for (const target of lists.flat()) {
    const before = found.get(targetKey(target));
    if (!before || WORST_FIRST.indexOf(target.state) < WORST_FIRST.indexOf(before.state))
      found.set(targetKey(target), target);
  }
  return [...found.values()];
}

function promiseOf(promises: readonly (AnswerPromise | undefined)[]): AnswerPromise | undefined {
  const errors = new Set(promises.flatMap((one) => (one?.kind === 'approximate' ? [one.error] : [])));
  if (promises.some((one) => one === undefined)) return undefined;
  return errors.size > 0 ? { kind: 'approximate', error: [...errors].join(' ') } : { kind: 'exact' };
}
