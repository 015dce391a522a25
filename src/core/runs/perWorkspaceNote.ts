import type { AppErrorData } from '../../base/errors.ts';
import type { PerWorkspaceNote } from '../../model/run.ts';

/** Says that each workspace answers for itself because an across answer cannot be had, and why. */
export function noteOf(why: Pick<AppErrorData, 'message' | 'data'>, constructs: readonly string[]): PerWorkspaceNote {
  const construct = why.data?.['construct'];
  return {
    sentence: `Each workspace's own answer: ${why.message.replace(/[.\s]+$/, '')}.`,
    constructs: typeof construct === 'string' ? [construct] : constructs,
  };
}
