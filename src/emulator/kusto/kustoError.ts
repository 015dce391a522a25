import { ServiceError } from '../router.ts';
import type { RequestContext } from '../router.ts';

/** What a failure of a cluster says: OneApiErrors of the service (DX kusto/api/rest/response-http.md). */
export interface KustoFailure {
  readonly status: number;
  /** e.g. `BadRequest_EntityNotFound`. */
  readonly code: string;
  /** The exception's name without its namespace. */
  readonly type: string;
  readonly message: string;
  /** Whether a repetition is useless; true unless given. */
  readonly permanent?: boolean;
  readonly innererror?: object;
}

/** `{error: ...}` in the shape of the service. */
export function kustoErrorBody(failure: KustoFailure, ctx: Pick<RequestContext, 'header' | 'requestId'>): object {
  const { code, type, message, permanent = true, innererror } = failure;
  return {
    error: {
      code,
      message: permanent ? 'Request is invalid and cannot be executed.' : 'Request aborted due to an internal error.',
      '@type': `Kusto.Data.Exceptions.${type}`,
      '@message': message,
      '@context': {
        serviceAlias: 'EMULATOR',
        clientRequestId: ctx.header('x-ms-client-request-id') ?? '',
        activityId: ctx.requestId,
      },
      '@permanent': permanent,
      ...(innererror ? { innererror } : {}),
    },
  };
}

/** The same, to be thrown. */
export function kustoError(ctx: Pick<RequestContext, 'header' | 'requestId'>, failure: KustoFailure): ServiceError {
  return new ServiceError({ status: failure.status, body: kustoErrorBody(failure, ctx) }, failure.message);
}

/** 400 for something that is not there. */
export function entityNotFound(ctx: RequestContext, kind: string, name: string): ServiceError {
  return kustoError(ctx, {
    status: 400,
    code: 'BadRequest_EntityNotFound',
    type: 'EntityNotFoundException',
    message: `Entity ID '${name}' of kind '${kind}' was not found.`,
  });
}

/** 400 for what this emulator has not, though the service may: said so that nobody takes it for the service's word. */
export function unsupported(ctx: RequestContext, what: string): ServiceError {
  return kustoError(ctx, {
    status: 400,
    code: 'UnsupportedByEmulator',
    type: 'KustoBadRequestException',
    message: `Tenantscope's emulator does not serve this (Azure may well): ${what}`,
  });
}
