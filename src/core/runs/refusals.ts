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

/** Whether a target answered what it was asked, be it with no rows. */
export function hasAnswered(target: Target): boolean {
  const { state, error } = target;
  return state === 'answered' || state === 'partial' || (state === 'empty' && !error && !isBodiless(target));
}

/** Whether a target tells by how it stands that the tables of the query are there. */
function knowsTable(target: Target): boolean {
  return (
    target.state === 'answered' ||
    target.state === 'partial' ||
    // There, though not for this account.
    target.error?.code === 'access.tableDenied' ||
    (target.state === 'empty' && !target.error && !isBodiless(target))
  );
}

/** Where every one of these refuses the text it was sent, the refusal of the first. */
export function refusedByAll(asked: readonly Target[]): AppErrorData | undefined {
  return asked.length > 0 && asked.every(({ state, error }) => state === 'failed' && error && ofTheText(error))
    ? asked[0]!.error
    : undefined;
}

/** Who lacks a table that nobody is known to have; nobody where anybody has it. By their indexes. */
export function lackingForAll(states: readonly Target[]): { readonly target: Target; readonly index: number }[] {
  if (states.some(knowsTable)) return [];
  return states.flatMap((target, index) =>
    target.state === 'empty' && target.error?.code === 'query.tableMissing' ? [{ target, index }] : [],
  );
}
