import { ServiceError } from '../router.ts';

/** The error inside an error, as the query service nests them. */
export interface InnerError {
  readonly code: string;
  readonly message?: string;
  readonly innererror?: object;
  readonly [more: string]: unknown;
}

/** A failure of the query API in its own envelope. */
export function logsError(
  status: number,
  code: string,
  message: string,
  more: {
    readonly innererror?: InnerError;
    readonly details?: readonly object[];
    readonly correlationId?: string;
    readonly headers?: Record<string, string>;
  } = {},
): ServiceError {
  const { headers, innererror, details, correlationId } = more;
  const error = {
    message,
    code,
    ...(correlationId ? { correlationId } : {}),
    ...(innererror ? { innererror } : {}),
    ...(details ? { details } : {}),
  };
  return new ServiceError({ status, ...(headers ? { headers } : {}), body: { error } }, `${code}: ${message}`);
}

/** 400 BadArgumentError around the reason. */
export function badArgument(innererror: InnerError, correlationId?: string): ServiceError {
  return logsError(400, 'BadArgumentError', 'The request had some invalid properties', {
    innererror,
    ...(correlationId ? { correlationId } : {}),
  });
}

/** 404 of an address the query service does not have. */
export function pathNotFound(): ServiceError {
  return logsError(404, 'PathNotFoundError', 'The requested path does not exist');
}

/** 404 of a workspace or resource that does not exist for this caller. */
export function resourceNotFound(id: string): ServiceError {
  return logsError(404, 'ResourceNotFoundError', `The resource '${id}' could not be found.`);
}

/** A name in `workspaces` or `workspace()` that means nothing, or nothing this caller may know of. */
export function unresolved(name: string, correlationId?: string): ServiceError {
  return badArgument(
    {
      code: 'FailedToResolveResource',
      message: `The following resources could not be resolved: '${name}'. Check that the workspace or resource exists and that you have access to it.`,
    },
    correlationId,
  );
}

/** 504 as the gateway in front of the query service words it. */
export function gatewayTimeout(correlationId: string): ServiceError {
  return logsError(504, 'GatewayTimeout', 'The gateway did not receive a response from an upstream server in time.', {
    correlationId,
    innererror: { code: 'GatewayTimeout', message: 'Connection error', statusDetails: { code: 'ESOCKETTIMEDOUT' } },
  });
}

/** 429 with a Retry-After of whole seconds, at least one. */
export function throttled(reason: string, retryAfterSeconds: number): ServiceError {
  return logsError(429, 'ThrottledError', reason, {
    headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) },
  });
}
