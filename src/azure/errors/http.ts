import { AppError } from '../../base/errors.ts';
import { fromEntra } from './entra.ts';
import { fromRedirect } from './foreignOrigin.ts';
import { fromGraphRefusal } from './graphRefusals.ts';
import { fromBadQuery, sentence } from './query.ts';
import { fromResourceManager } from './armRefusals.ts';
import type { WireError } from './query.ts';
import type { ErrorSubject } from './subject.ts';

/** An answer that is no success, reduced to what its meaning depends on. */
export interface FailedAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  readonly body: string;
}

/** What a failed answer of Resource Manager, Resource Graph or the query API means. */
export function fromHttp(answer: FailedAnswer, subject: ErrorSubject, now = Date.now()): AppError {
  const { status } = answer;
  const error = parseWireError(answer.body);
  const code = error?.code ?? '';
  const data = { status, ...(code ? { wireCode: code } : {}) };
  const said = error?.message ? ` ${sentence(error.message)}` : '';
  if (status < 400) return fromRedirect(status, answer.header('location'), subject);
  if (status === 429) return throttled(answer, subject, now);
  if (
    status === 401 ||
    /^(InvalidAuthenticationToken|InvalidToken|ExpiredAuthenticationToken|AuthenticationFailed)/.test(code)
  )
    return fromUnauthorized(answer, code, error?.message ?? '', subject, data);
  if (status === 407)
    return new AppError(
      'network.proxyRefused',
      `The proxy between here and the ${subject.what} asks who you are. Put user and password into the proxy's address (http.proxy, HTTPS_PROXY), or set http.proxyAuthorization.`,
      { data },
    );
  const refused = fromResourceManager(status, error, subject, data);
  if (refused) return refused;
  if (status === 404)
    return new AppError(
      'access.notFound',
      `The service does not find the ${subject.what}: it was deleted, or this account may not see it. Refresh the estate.`,
      { data },
    );
  if (status === 412)
    return new AppError(
      'service.changed',
      `Somebody else changed something of the ${subject.what} at the same time. It was left as it is. Plan again.`,
      { data },
    );
  if (status === 413 || status === 414 || code === 'RequestEntityTooLarge')
    return new AppError(
      'query.tooLong',
      `The service refused the request for ${subject.what}: it is too long. Shorten the query.`,
      { data },
    );
  if (status === 408 || status === 504)
    return new AppError(
      'service.timeout',
      `The service did not finish in time for the ${subject.what}. Narrow the time range, or try again.`,
      { retryable: true, data },
    );
  if (status >= 500)
    return new AppError(
      'service.unavailable',
      `The service failed for the ${subject.what} (${status}${code ? ` ${code}` : ''}). Try again.`,
      { retryable: true, data },
    );
  const ofGraph = error && fromGraphRefusal(error, subject);
  if (ofGraph) return ofGraph;
  if (
    error &&
    (/^(BadArgument|FailedToResolveResource|SyntaxError|SemanticError)/.test(code) ||
      error.innererror?.code === 'SyntaxError')
  )
    return fromBadQuery(error);
  return new AppError(
    'input.refused',
    `The service refused the request for the ${subject.what} (${status}${code ? ` ${code}` : ''}).${said}`,
    { data },
  );
}

type Data = Record<string, unknown>;

function fromUnauthorized(
  answer: FailedAnswer,
  code: string,
  message: string,
  subject: ErrorSubject,
  data: Data,
): AppError {
  const challenge = answer.header('www-authenticate') ?? '';
  const { tenant, what } = subject;
  if (/insufficient_claims|interaction_required/.test(challenge))
    return new AppError(
      'auth.interactionRequired',
      `Tenant ${tenant} asks for another sign-in step before it opens the ${what}. Sign in to this tenant.`,
      { data },
    );
  if (code === 'InvalidAuthenticationTokenTenant')
    return new AppError(
      'auth.wrongTenant',
      `The ${what} belongs to another tenant than ${tenant}, whose token was used. Refresh the estate, or ask for a guest invitation or Azure Lighthouse access.`,
      { data },
    );
  if (code === 'InvalidAuthenticationTokenAudience')
    return new AppError(
      'auth.audienceRefused',
      `The service refused a token of tenant ${tenant} because it was made for another service. Check the cloud's audiences.`,
      { data },
    );
  if (code === 'ExpiredAuthenticationToken' || /expired/i.test(message + challenge))
    return new AppError(
      'auth.tokenExpired',
      `The token of tenant ${tenant} has expired. Try again; if it stays, check this machine's clock and sign in again.`,
      { retryable: true, data },
    );
  return (
    fromEntra(message, undefined, subject) ??
    new AppError(
      'auth.refused',
      `The service refused the sign-in of tenant ${tenant} for the ${what}. Sign in again.`,
      { data },
    )
  );
}

function throttled(answer: FailedAnswer, subject: ErrorSubject, now: number): AppError {
  const retryAfterMs = parseRetryAfter(answer, now);
  const wait = retryAfterMs === undefined ? 'Wait a little and try again.' : `Try again in ${inWords(retryAfterMs)}.`;
  return new AppError('service.throttled', `The service asks to slow down (${subject.what}). ${wait}`, {
    retryable: true,
    data: { status: 429, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  });
}

/** A pause in words: seconds up to two minutes, then minutes, then hours. */
function inWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds <= 120) return `${seconds} s`;
  return seconds <= 7_200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3_600)} h`;
}

/** The longest pause that is believed: what asks for more asks for a day. */
const LONGEST_PAUSE_MS = 24 * 3_600_000;

/**
 * Milliseconds to wait, a day at most: `retry-after-ms`, `x-ms-retry-after-ms`, or `Retry-After` in seconds or as a
 * date, Resource Graph's quota header.
 */
export function parseRetryAfter(answer: Pick<FailedAnswer, 'header'>, now: number): number | undefined {
  const ms = readRetryAfter(answer, now);
  return ms === undefined ? undefined : Math.min(ms, LONGEST_PAUSE_MS);
}

function readRetryAfter(answer: Pick<FailedAnswer, 'header'>, now: number): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const value = Number(answer.header(name) ?? Number.NaN);
    if (Number.isFinite(value) && value >= 0) return value;
  }
  const header = answer.header('retry-after')?.trim();
  // Resource Graph tells the refill of its quota as hh:mm:ss, often without a Retry-After.
  if (!header) return parseSpan(answer.header('x-ms-user-quota-resets-after'));
  if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** `hh:mm:ss` in milliseconds. */
export function parseSpan(text: string | undefined): number | undefined {
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text?.trim() ?? '') ?? [];
  return seconds === undefined ? undefined : ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/**
 * The error object of a body: under `error` (both services), bare, or under OData's `odata.error`. Undefined for HTML,
 * text and cut-off JSON.
 */
function parseWireError(body: string): WireError | undefined {
  try {
    const parsed = JSON.parse(body) as { error?: WireError | string; code?: string; 'odata.error'?: WireError } | null;
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    if (typeof parsed.error === 'string') return { code: parsed.error };
    return (
      parsed.error ?? parsed['odata.error'] ?? (typeof parsed.code === 'string' ? (parsed as WireError) : undefined)
    );
  } catch {
    return undefined;
  }
}
