import { bearerTokenAuthenticationPolicyName } from '@azure/core-rest-pipeline';
import type { HttpClient, Pipeline, PipelinePolicy } from '@azure/core-rest-pipeline';
import type { Cloud } from '../model/cloud.ts';
import { toAzureError, unreadable } from './errors.ts';
import { fromHttp, parseRetryAfter } from './errors/http.ts';
import { subjectOf } from './errors/subject.ts';
import { ownOriginPolicy } from './http/ownOrigin.ts';
import type { Issuer } from '../ports/issuer.ts';

/**
 * How often Resource Manager calls are repeated by the SDK; the query API's never are, the runs have a schedule of
 * their own.
 */
export interface RetryPolicy {
  readonly maxRetries: number;
  readonly retryDelayInMs?: number;
  readonly maxRetryDelayInMs?: number;
}

/** What every client of Azure shares. */
export interface ClientSettings {
  readonly cloud: Cloud;
  readonly version: string;
  readonly httpClient: HttpClient;
  readonly retry: RetryPolicy;
  /** Called as an answer turns out to be large: what was let go so far the collector would not notice in time. */
  readonly freeMemory?: () => void;
}

/**
 * Options of every Resource Manager client. The scope is said outright: the SDKs ask for the public cloud's whatever
 * the endpoint is. The transport brings the CA, so that all clients share one pool of connections.
 */
export function armClientOptions(settings: ClientSettings) {
  const { cloud } = settings;
  return {
    endpoint: cloud.resourceManager,
    credentials: { scopes: [scopeOf(cloud.resourceManagerAudience)] },
    httpClient: settings.httpClient,
    retryOptions: settings.retry,
    userAgentOptions: { userAgentPrefix: userAgent(settings.version) },
    additionalPolicies: [{ policy: ownOriginPolicy(cloud.resourceManager), position: 'perCall' as const }],
  };
}

/** What every request begins its User-Agent header with. */
export function userAgent(version: string): string {
  return `tenantscope/${version}`;
}

/** The OAuth scope of all permissions for an audience. */
export function scopeOf(audience: string): string {
  return `${audience.replace(/\/$/, '')}/.default`;
}

/**
 * Makes every failure of a client one of ours before the SDK looks at it: the generated code loses the error's details,
 * and trips over bodies that are not JSON. Outermost, so that retries and challenges have had their turn.
 */
export function mapErrors(pipeline: Pipeline, issuer: Issuer): void {
  pipeline.addPolicy(errorPolicy(issuer), { beforePolicies: [bearerTokenAuthenticationPolicyName] });
  pipeline.addPolicy(patiencePolicy(issuer), { afterPhase: 'Retry' });
}

/** The longest pause between two attempts, or two looks at an operation, that the SDKs keep by themselves. */
const LONGEST_PAUSE_MS = 30_000;

/**
 * Keeps the SDKs from a Retry-After that is longer than anybody waits, or than a timer can: a refusal that asks for
 * more fails at once and says until when; an operation is looked at again after the longest pause.
 */
function patiencePolicy(issuer: Issuer): PipelinePolicy {
  return {
    name: 'tenantscopePatience',
    async sendRequest(request, next) {
      const response = await next(request);
      const { status, headers } = response;
      const answer = { status, header: (name: string) => headers.get(name), body: response.bodyAsText ?? '' };
      const pause = parseRetryAfter(answer, Date.now()) ?? 0;
      if (pause <= LONGEST_PAUSE_MS) return response;
      if (status === 429 || status === 503) throw fromHttp(answer, subjectOf(request.url, issuer.tenant));
      headers.delete('retry-after-ms');
      headers.delete('x-ms-retry-after-ms');
      headers.set('retry-after', String(LONGEST_PAUSE_MS / 1000));
      return response;
    },
  };
}

function errorPolicy(issuer: Issuer): PipelinePolicy {
  return {
    name: 'tenantscopeErrors',
    async sendRequest(request, next) {
      const subject = subjectOf(request.url, issuer.tenant);
      let response;
      try {
        response = await next(request);
      } catch (error) {
        throw toAzureError(error, subject);
      }
      // The SDKs take a page in HTML (a captive portal, a proxy) for an answer without anything in it.
      if (response.status < 300 && /^\s*[^\s{["\dntf-]/.test(response.bodyAsText ?? '')) throw unreadable(subject);
      if (response.status < 300) return response;
      throw fromHttp(
        { status: response.status, header: (name) => response.headers.get(name), body: response.bodyAsText ?? '' },
        subject,
      );
    },
  };
}
