import type { AppErrorData } from '../../base/errors.ts';
import { targetNoun } from '../../model/run.ts';
import type { PerWorkspaceNote, RunSource } from '../../model/run.ts';

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

/** A sentence about workspaces as one about what is asked in their place. */
export function aboutTargets(sentence: string, source: RunSource): string {
  return source === 'workspaces' ? sentence : sentence.replaceAll('workspace', targetNoun(source));
}
