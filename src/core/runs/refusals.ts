import type { AppErrorData } from '../../base/errors.ts';
import type { Target } from '../../model/run.ts';

/** Where every target that was asked refuses the query for the same reason, that is the answer of the run. */
export function commonRefusal(targets: readonly Target[]): AppErrorData | undefined {
  const asked = targets.filter((target) => target.state !== 'skipped' && !isBodiless(target));
  const first = asked[0]?.error;
  // By code and place: a message may name its workspace.
  const kind = (error: AppErrorData | undefined): string =>
    JSON.stringify([error?.code, error?.data?.['kqlCode'], error?.data?.['line'], error?.data?.['pos']]);
  return first?.code.startsWith('query.') &&
    asked.every((target) => target.state === 'failed' && kind(target.error) === kind(first))
    ? first
    : undefined;
}

/** Whether an error is about the text that was sent, and no matter of who was asked. */
export function ofTheText({ code }: AppErrorData): boolean {
  return code === 'query.syntax' || code === 'query.semantic' || code === 'query.refused';
}

/**
 * A workspace that never had data answers anything with nothing: it says neither that a table is there nor that the
 * query is sound.
 */
export function isBodiless(target: Target): boolean {
  return target.state === 'empty' && target.bytes === 0;
}
