import { setImmediate } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import { kustoErrorBody } from './kusto/kustoError.ts';
import { armError, type Answer, type RequestContext } from './router.ts';
import type { ServiceName } from './serviceName.ts';
import { storageError } from './storage/storageError.ts';

const GATEWAY_PAGE =
  '<html>\r\n<head><title>%s</title></head>\r\n<body>\r\n<center><h1>%s</h1></center>\r\n<hr><center>Microsoft-Azure-Application-Gateway/v2</center>\r\n</body>\r\n</html>\r\n';
const REASONS: Readonly<Record<number, string>> = {
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Time-out',
};

/**
 * The answer a fault gives in place of the service's own; undefined where it gives none (delays, cuts, satisfied
 * challenges).
 */
export function faultAnswer(fault: Fault, service: ServiceName, ctx: RequestContext): Answer | undefined {
  switch (fault.kind) {
    case 'throttle':
      return throttled(service, fault.retryAfterSeconds);
    case 'status': {
      const title = `${fault.status} ${REASONS[fault.status] ?? 'Error'}`;
      return {
        status: fault.status,
        ...(fault.headers ? { headers: fault.headers } : {}),
        body: fault.body ?? GATEWAY_PAGE.replaceAll('%s', title),
        contentType: fault.contentType ?? 'text/html',
      };
    }
    case 'expiredToken':
      return service === 'identity' ? undefined : expired(service, ctx);
    case 'claimsChallenge':
      return service === 'identity' ? undefined : claimsChallenge(service, ctx, fault.acrs);
    case 'accessLag':
      return service === 'identity' ? undefined : forbidden(service, ctx);
    case 'flood':
      return { status: 200, body: blanks(fault.bytes ?? Infinity) };
    case 'oddAnswer':
      return { status: 200, body: oddAnswer(fault.as) };
    default:
      return undefined;
  }
}

/** What a fault makes of the service's own answer. */
export function faultyAnswer(answer: Answer, fault: Fault, ctx: RequestContext, url: string): Answer {
  // What was asked is done: only the answer tells otherwise.
  if (fault.kind === 'failAfter' && answer.status < 300)
    return { status: fault.status, body: GATEWAY_PAGE.replaceAll('%s', `${fault.status}`), contentType: 'text/html' };
  if (fault.kind !== 'sameNextLink' || typeof answer.body !== 'object' || !('value' in answer.body)) return answer;
  return { ...answer, body: { ...answer.body, nextLink: `${ctx.origin}${url}` } };
}

async function* blanks(bytes: number): AsyncGenerator<string> {
  const piece = ' '.repeat(65_536);
  yield '{"tables":[';
  for (let sent = 0; sent < bytes; sent += piece.length) {
    yield piece;
    // Compressing holds the thread: whoever goes away has to be noticed.
    await setImmediate();
  }
  yield ']}';
}

function oddAnswer(as: Extract<Fault, { kind: 'oddAnswer' }>['as']): object {
  if (as === 'noTable') return { tables: [] };
  const error = {
    code: 'LimitsExceeded',
    message: 'Request is invalid and cannot be executed.',
    '@type': 'Kusto.Data.Exceptions.KustoServicePartialQueryFailureLimitsExceededException',
    '@message': 'Query execution has exceeded the allowed limits (80DA0003): .',
    '@permanent': false,
  };
  const row = { nullRow: null, objectRow: { n: 2 }, errorRow: { OneApiErrors: [{ error }] } }[as];
  return { tables: [{ name: 'PrimaryResult', columns: [{ name: 'n', type: 'long' }], rows: [[1], row] }] };
}

/** 429 as each service words it. Without `retryAfterSeconds` the header is missing, as some gateways leave it. */
export function throttled(service: ServiceName, retryAfterSeconds?: number): Answer {
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  if (service === 'identity') {
    return {
      status: 429,
      headers,
      body: {
        error: 'temporarily_unavailable',
        error_description: 'AADSTS90055: The server has terminated the request because there are too many requests.',
        error_codes: [90055],
      },
    };
  }
  if (service === 'storage') return storageError(503, 'ServerBusy', 'The server is busy.', headers).answer;
  if (service === 'dataExplorer') return { status: 429, headers, body: clusterThrottled() };
  const code = {
    arm: 'SubscriptionRequestsThrottled',
    graph: 'RateLimiting',
    microsoftGraph: 'TooManyRequests',
    logs: 'ThrottledError',
    ingestion: 'TooManyRequests',
    admin: 'TooManyRequests',
  }[service];
  const message =
    service === 'arm'
      ? `Number of requests for the subscription exceeded the limit. Please try again after '${retryAfterSeconds ?? 17}' seconds after additional tokens are available.`
      : 'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed.';
  return { status: 429, headers, body: { error: { code, message } } };
}

function clusterThrottled(): object {
  const failure = {
    status: 429,
    code: 'TooManyRequests',
    type: 'ControlCommandThrottledException',
    message: 'The control command was aborted due to throttling. Retrying after some backoff might help.',
    permanent: false,
  };
  return kustoErrorBody(failure, { header: () => undefined, requestId: '' });
}

function expired(service: ServiceName, ctx: RequestContext): Answer {
  const headers = {
    'www-authenticate': `Bearer authorization_uri="${ctx.origin}/common", error="invalid_token", error_description="The access token has expired."`,
  };
  const error =
    service === 'logs'
      ? {
          code: 'InvalidTokenError',
          message: 'The provided authentication is not valid for this resource',
          innererror: { code: 'TokenExpired', message: 'The access token has expired.' },
        }
      : {
          code: 'ExpiredAuthenticationToken',
          message: 'The access token expiry UTC time is earlier than the current UTC time.',
        };
  return { status: 401, headers, body: { error } };
}

/**
 * 401 with a claims challenge (continuous access evaluation), until the caller brings a token that was asked for with
 * these claims.
 */
function claimsChallenge(service: ServiceName, ctx: RequestContext, acrs?: string): Answer | undefined {
  const claims = ctx.bearer.ok ? ctx.bearer.claims : undefined;
  if (claims && (acrs === undefined ? (claims.xms_challenge ?? []).length > 0 : (claims.acrs ?? []).includes(acrs)))
    return undefined;
  const wanted =
    acrs === undefined
      ? { nbf: { essential: true, value: String(claims?.iat ?? 0) } }
      : { acrs: { essential: true, value: acrs } };
  const encoded = Buffer.from(JSON.stringify({ access_token: wanted })).toString('base64');
  const header = `Bearer realm="", authorization_uri="${ctx.origin}/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims="${encoded}"`;
  const code = service === 'logs' ? 'InvalidTokenError' : 'TokenCreatedWithOutdatedPolicies';
  return {
    status: 401,
    headers: { 'www-authenticate': header },
    body: {
      error: {
        code,
        message: 'User was granted a token which is no longer valid; sign in again with the claims of the challenge.',
      },
    },
  };
}

function forbidden(service: ServiceName, ctx: RequestContext): Answer {
  const oid = ctx.bearer.claims?.oid ?? '';
  if (service === 'logs') {
    return {
      status: 403,
      body: {
        error: {
          code: 'InsufficientAccessError',
          message: 'The provided credentials have insufficient access to perform the requested operation',
          correlationId: ctx.correlationId,
          innererror: { code: 'AuthorizationFailedError', message: 'User does not have access to read this resource' },
        },
      },
    };
  }
  return armError(
    403,
    'AuthorizationFailed',
    `The client '${oid}' with object id '${oid}' does not have authorization to perform action over scope '${ctx.path}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  ).answer;
}

/** The answer with everything in it that leads on leading to the origin a fault names; a list goes on there, too. */
export function leadElsewhere(answer: Answer, faults: readonly Fault[]): Answer {
  const fault = faults.find((one) => one.kind === 'foreignLinks');
  if (!fault) return answer;
  const elsewhere = (url: string): string => `${fault.origin}${new URL(url).pathname}${new URL(url).search}`;
  const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => [
    name,
    name === 'location' || name === 'azure-asyncoperation' ? elsewhere(value) : value,
  ]);
  const { body } = answer;
  const json =
    typeof body === 'object' ? (body as { readonly value?: unknown; readonly token_endpoint?: unknown }) : {};
  return {
    ...answer,
    headers: Object.fromEntries(headers) as Record<string, string>,
    ...(Array.isArray(json.value) ? { body: { ...json, nextLink: `${fault.origin}/more?page=2` } } : {}),
    ...(typeof json.token_endpoint === 'string'
      ? { body: { ...json, token_endpoint: elsewhere(json.token_endpoint) } }
      : {}),
  };
}
