import { AppError } from '../../base/errors.ts';
import { placeBefore } from '../../kql/textEdits.ts';
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
