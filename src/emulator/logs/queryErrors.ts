import { AppError, toAppError } from '../../base/errors.ts';
import { logsError, badArgument, type InnerError } from './failures.ts';
import type { ServiceError } from '../router.ts';

/** The code nobody can take for the service's own: our engine, not Azure's, does not know this construct. */
const UNSUPPORTED = 'UnsupportedByEmulator';

/** An engine's failure as the service words it. What is not about the query stays as it is. */
export function toQueryFailure(thrown: unknown, text: string, correlationId: string): ServiceError {
  const error = thrown instanceof AppError ? thrown : toAppError(thrown);
  const { data } = error;
  // The local binder takes an unknown operator for a matter of meaning; the service's parser stops at it.
  switch (data?.['kqlCode'] === 'KS176' ? 'query.syntax' : error.code) {
    case 'query.syntax':
      return badArgument(
        {
          code: 'SyntaxError',
          message: 'A recognition error occurred in the query.',
          innererror: syntaxError(error, text),
        },
        correlationId,
      );
    case 'query.semantic':
      return badArgument(
        { code: 'SemanticError', message: 'A semantic error occurred.', innererror: semanticError(error, text) },
        correlationId,
      );
    case 'query.unsupported':
      return logsError(
        400,
        UNSUPPORTED,
        `Tenantscope's emulator cannot run this query (Azure may well): ${error.message}`,
        { correlationId, innererror: { code: UNSUPPORTED, message: error.message, ...(data ? { ...data } : {}) } },
      );
    default:
      return error.family === 'query'
        ? badArgument(
            {
              code: 'SemanticError',
              message: 'A semantic error occurred.',
              innererror: { code: 'SEM0001', message: error.message },
            },
            correlationId,
          )
        : logsError(500, 'InternalServerError', `The emulator's engine failed: ${error.message}`, { correlationId });
  }
}

function syntaxError(error: AppError, text: string): InnerError {
  const { line = 1, column = 1 } = error.data as { line?: number; column?: number };
  const token =
    (error.data as { token?: string }).token ?? tokenAt(text, (error.data as { start?: number }).start ?? 0);
  return {
    code: 'SYN0002',
    message: `Query could not be parsed at '${token}' on line [${line},${column}]`,
    line,
    pos: column,
    token,
  };
}

function tokenAt(text: string, start: number): string {
  return /^[A-Za-z0-9_]+|^\S/.exec(text.slice(start).trimStart())?.[0] ?? '';
}

/** Microsoft's local diagnostics name what is unknown; the service says in which operator. */
function semanticError(error: AppError, text: string): InnerError {
  const unknown = /name '([^']+)' does not refer to any known (.+?)\.?$/i.exec(error.message);
  if (!unknown) return { code: 'SEM0100', message: error.message };
  const [, name, kinds] = unknown;
  const start = (error.data as { start?: number } | undefined)?.start ?? 0;
  const tabular = !/column/i.test(kinds!);
  const operator = operatorAt(text, start);
  return {
    code: 'SEM0100',
    message: `${operator ? `'${operator}' operator: ` : ''}Failed to resolve ${tabular ? 'table or column expression' : 'column or scalar expression'} named '${name!}'`,
  };
}

/** The operator a place of the text is in, or the first one where the place is before it. */
function operatorAt(text: string, start: number): string {
  const bar = text.lastIndexOf('|', start);
  const from = bar >= 0 ? bar : text.indexOf('|', start);
  return from < 0 ? '' : (/[a-z][a-z-]*/i.exec(text.slice(from + 1))?.[0] ?? '');
}

/** `error` of an answer that was cut: the rows so far came with it. */
export function partialError(kind: 'rows' | 'bytes', rows: number, correlationId: string): object {
  const limit =
    kind === 'rows'
      ? `${rows} records, so not all records were returned`
      : '64000000 bytes, so not all records were returned';
  return {
    code: 'PartialError',
    message: 'There were some errors when processing your query.',
    correlationId,
    details: [
      {
        code: 'EngineError',
        message: 'Something went wrong processing your query on the server.',
        innererror: {
          code: '-2133196797',
          message: `The results of this query exceed the set limit of ${limit} (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003).`,
          severity: 2,
          severityName: 'Error',
        },
      },
    ],
  };
}
