import { AppError } from '../../base/errors.ts';
import { placeAt, placeBefore } from '../../kql/textEdits.ts';
import type { Edit } from '../../kql/textEdits.ts';

/** A service's refusal with its place in the query as written, where `edits` made another of it that was sent. */
export function errorAsWritten(error: AppError, query: string, edits: readonly Edit[]): AppError {
  const { line, pos } = error.data ?? {};
  if (typeof line !== 'number' || typeof pos !== 'number' || edits.length === 0) return error;
  const place = placeBefore(query, edits, { line, column: pos });
  return new AppError(error.code, error.message, {
    retryable: error.retryable,
    data: { ...error.data, line: place.line, pos: place.column },
    cause: error,
  });
}

/**
 * A failure of the local part of a plan with its place in the query as written, as `writtenAt` finds it; without a
 * place where it stands in a text that nobody wrote.
 */
export function localErrorAsWritten(
  error: AppError,
  query: string,
  writtenAt: (offset: number) => number | undefined = () => undefined,
): AppError {
  const { line, column: _column, start, length, ...rest } = error.data ?? {};
  if (line === undefined && start === undefined) return error;
  const at = typeof start === 'number' ? writtenAt(start) : undefined;
  const place = at === undefined ? {} : { ...placeAt(query, at), start: at, length };
  return new AppError(error.code, error.message, {
    retryable: error.retryable,
    data: { ...rest, ...place },
    cause: error,
  });
}
