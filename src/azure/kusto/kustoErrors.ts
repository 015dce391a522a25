import { AppError } from '../../base/errors.ts';
import { fromHttp } from '../errors/http.ts';
import type { FailedAnswer } from '../errors/http.ts';
import type { ErrorSubject } from '../errors/subject.ts';

/** The error of a cluster: OneApiErrors (DX kusto/api/rest/response-http.md). */
interface KustoError {
  readonly code?: string;
  readonly message?: string;
  readonly '@message'?: string;
  readonly '@permanent'?: boolean;
}

/**
 * What a failed answer of a cluster means. What the service calls permanent is never tried again; what it does not,
 * is, whatever the status.
 */
export function fromKusto(answer: FailedAnswer, subject: ErrorSubject): AppError {
  const error = errorIn(answer.body);
  const { status } = answer;
  if (!error || status === 401 || status === 429) return fromHttp(answer, subject);
  const data = { status, wireCode: error.code };
  const said = (error['@message'] ?? error.message ?? '').slice(0, 500);
  if (status === 403 || error.code === 'Forbidden')
    return new AppError(
      'access.denied',
      `The account may not do this in ${subject.what}. It needs the database roles Ingestor and Viewer to store, User to make tables, Admin to erase. ${said}`,
      { data },
    );
  if (/NotFound|NotExist/.test(error.code ?? ''))
    return new AppError('access.notFound', `${subject.what} has not what is asked for. ${said}`, { data });
  const retryable = error['@permanent'] === false;
  return new AppError(
    retryable ? 'service.unavailable' : 'service.refused',
    `${subject.what} ${retryable ? 'failed' : 'refused the request'} (${error.code ?? status}). ${said}`,
    { retryable, data },
  );
}

/** A 200 whose answer is not whole: its frames tell of errors. */
export function fromFrames(error: KustoError | undefined, subject: ErrorSubject): AppError {
  const said = (error?.['@message'] ?? error?.message ?? '').slice(0, 500);
  return new AppError('service.partialAnswer', `The answer of ${subject.what} is not whole. ${said}`, {
    retryable: error?.['@permanent'] !== true,
    data: { wireCode: error?.code },
  });
}

function errorIn(body: string): KustoError | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: KustoError | string };
    return typeof error === 'object' ? error : undefined;
  } catch {
    return undefined;
  }
}
