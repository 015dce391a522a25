import { AppError, cancelled, toAppError } from '../base/errors.ts';
import { BadAnswer } from './errors/badAnswer.ts';
import { findEntraCode, fromEntra } from './errors/entra.ts';
import { fromHttp } from './errors/http.ts';
import { fromNetwork } from './errors/network.ts';
import type { ErrorSubject } from './errors/subject.ts';

/**
 * The fields by which errors of the Azure SDKs are told apart; read by shape, because every SDK brings its own class.
 */
interface ForeignError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  readonly response?: {
    readonly status: number;
    readonly headers: { get(name: string): string | undefined };
    readonly bodyAsText?: string | null;
  };
  readonly request?: { readonly url: string };
  /** `host:port` of the proxy that the connection went through, as our transport notes it. */
  readonly proxy?: string;
  /** Why the system's proxy auto-configuration file did not count, as our transport notes it. */
  readonly scriptProblem?: string;
  /** @azure/identity's AuthenticationError, and what MSAL keeps. */
  readonly errorResponse?: { readonly error?: string; readonly errorDescription?: string };
  readonly errorCode?: string;
}

/** Everything an Azure call can throw, as one of ours: the door every adapter of this layer closes behind it. */
export function toAzureError(thrown: unknown, subject: ErrorSubject): AppError {
  if (thrown instanceof AppError) return thrown;
  if (!(thrown instanceof Error)) return toAppError(thrown);
  const error = thrown as ForeignError;
  if (error instanceof BadAnswer) return error.about(subject);
  const inner = findAppError(error);
  if (inner) return inner;
  if (error.name === 'AbortError') return cancelled();
  const { response } = error;
  if (response && response.status >= 300)
    return fromHttp(
      {
        status: response.status,
        header: (name) => response.headers.get(name) ?? undefined,
        body: response.bodyAsText ?? '',
      },
      subject,
    );
  if (isAuthenticationError(error)) return fromAuthentication(error, subject);
  // The SDK puts the whole body into this error's message: it must not travel on as a cause.
  if (error instanceof SyntaxError || error.code === 'PARSE_ERROR') return unreadable(subject);
  const network = fromNetwork(error, hostOf(error.request?.url) ?? subject.what, error);
  if (network) return network;
  if (error.code === 'REQUEST_SEND_ERROR')
    return new AppError(
      'network.failed',
      `The request for the ${subject.what} could not be sent. Check the network and try again.`,
      { retryable: true, cause: thrown },
    );
  return toAppError(thrown);
}

/** A success whose body is no JSON, or only its beginning. */
export function unreadable(subject: ErrorSubject): AppError {
  return new AppError(
    'service.unavailable',
    `The answer for the ${subject.what} is not readable: it is cut off, or something between here and the service answered. Try again.`,
    { retryable: true },
  );
}

function isAuthenticationError(error: ForeignError): boolean {
  return /^(AuthenticationError|AuthenticationRequiredError|AggregateAuthenticationError|CredentialUnavailableError|InteractionRequiredAuthError|ServerError|ClientAuthError|ClientConfigurationError)$/.test(
    error.name,
  );
}

function fromAuthentication(error: ForeignError, subject: ErrorSubject): AppError {
  const network = fromNetwork(error, subject.what);
  if (network) return network;
  const text = `${error.message} ${error.errorResponse?.errorDescription ?? ''}`;
  const oauth =
    error.errorResponse?.error ??
    (error.name === 'AuthenticationRequiredError' || error.name === 'InteractionRequiredAuthError'
      ? 'interaction_required'
      : undefined);
  // No answer of Entra at all, whatever MSAL makes of it: a proxy's page, a line that was cut.
  if (
    findEntraCode(text) === undefined &&
    /endpoints_resolution|openid_config|network_error/i.test(`${text} ${error.errorCode ?? ''}`)
  )
    return new AppError(
      'network.authority',
      `The sign-in service of tenant ${subject.tenant} cannot be reached, or something between here and it answers in its place. Check the network, the proxy and the cloud's authority.`,
      { retryable: true, cause: error },
    );
  const entra = fromEntra(text, oauth, subject, error);
  if (entra) return entra;
  if (/Azure CLI (?:could not be found|not found)|is not recognized|ENOENT/i.test(text))
    return new AppError(
      'auth.cliMissing',
      'The Azure CLI (az) is not installed or not on the path. Install it, or choose another way of signing in.',
      { cause: error },
    );
  if (/az login|not logged in|Please run 'az/i.test(text))
    return new AppError('auth.signInRequired', 'The Azure CLI is not signed in. Run "az login", then refresh.', {
      cause: error,
    });
  return new AppError(
    'auth.refused',
    `Signing in to tenant ${subject.tenant} failed. Sign in again, or use another account.`,
    { data: { tenant: subject.tenant }, cause: error },
  );
}

function findAppError(error: Error): AppError | undefined {
  for (
    let current: unknown = error.cause, depth = 0;
    current instanceof Error && depth < 5;
    current = current.cause, depth++
  )
    if (current instanceof AppError) return current;
  return undefined;
}

function hostOf(url: string | undefined): string | undefined {
  try {
    return url === undefined ? undefined : new URL(url).host;
  } catch {
    return undefined;
  }
}
