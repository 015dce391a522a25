import type { TokenCredential } from '@azure/core-auth';
import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { LogsQueryClient } from '@azure/monitor-query';
import { userAgent } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';
import type { HeardRequest } from '../http/nodeHttpClient.ts';
import { ownOriginPolicy } from '../http/ownOrigin.ts';
import { AS_PIECES, piecesOf, RestClient } from '../http/restClient.ts';
import { IncomingBody } from './incomingBody.ts';

/** `timespan` as the service writes it: an ISO 8601 duration or `from/to`; absent where the query itself rules. */
export interface RawQuery {
  readonly query: string;
  readonly timespan?: string;
  readonly noCache?: boolean;
  /** Ids of further workspaces whose tables are read as one with those of the workspace in the address. */
  readonly others?: readonly string[];
}

/** A question as our own client sends it: without a `timespan` the address or the query rules. */
interface Posted {
  readonly query: string;
  readonly timespan: string | undefined;
  readonly noCache?: boolean;
  readonly others?: readonly string[];
  readonly abortSignal: AbortSignal;
}

/** What the service is asked to spend at most on one query; its own limit. */
const SERVER_TIMEOUT_S = 600;

/** Without it tables that the caller may not read are left out of an answer, and nothing says so. */
const PERMISSIONS = 'include-permissions=true';

/** The version of Resource Manager's door to the query API: the workspace's own `/query` and `/metadata`. */
const THROUGH_ARM = '2017-10-01';

/**
 * The query API with one token, answers as raw bytes, failures as the SDK throws them: the door of
 * @azure/monitor-query. The SDK does the sign-in, the challenge and the request; its parsing (three passes, longs
 * beyond 2^53 and sub-millisecond times lost) is given an empty answer instead.
 */
export class QueryDoor {
  private readonly client: LogsQueryClient;
  private readonly logs: RestClient;
  private readonly arm: RestClient;
  private readonly settings: ClientSettings;
  private readonly bodies = new WeakMap<object, IncomingBody>();

  constructor(credential: TokenCredential, settings: ClientSettings) {
    const { cloud } = settings;
    this.settings = settings;
    this.client = new LogsQueryClient(credential, {
      endpoint: cloud.logAnalytics,
      audience: cloud.logAnalyticsAudience,
      retryOptions: { maxRetries: 0 },
      httpClient: settings.httpClient,
      userAgentOptions: { userAgentPrefix: userAgent(settings.version) },
      additionalPolicies: [
        { policy: ownOriginPolicy(cloud.logAnalytics), position: 'perCall' },
        { policy: this.keepBody(), position: 'perRetry' },
      ],
    });
    this.logs = new RestClient(credential, cloud.logAnalytics, cloud.logAnalyticsAudience, settings);
    this.arm = new RestClient(credential, cloud.resourceManager, cloud.resourceManagerAudience, settings);
  }

  /** The answer's body; empty where the workspace has no data at all (204). */
  async query(workspaceGuid: string, request: RawQuery, abortSignal: AbortSignal): Promise<IncomingBody> {
    let body = this.incoming();
    // The SDK hands a duration through untouched, whatever it says; an empty one is taken out of the request again
    // below.
    await this.client.queryWorkspace(
      workspaceGuid,
      request.query,
      { duration: request.timespan ?? '' },
      {
        serverTimeoutInSeconds: SERVER_TIMEOUT_S,
        includeVisualization: true,
        ...(request.others ? { additionalWorkspaces: [...request.others] } : {}),
        abortSignal,
        requestOptions: { customHeaders: headersOf(request.noCache) },
        onResponse: (raw) => {
          body = this.bodies.get(raw) ?? body;
        },
      },
    );
    return body;
  }

  /** The same through Resource Manager with its token, for sign-ins that may not have one for Log Analytics. */
  queryThroughArm(armId: string, request: RawQuery, abortSignal: AbortSignal): Promise<IncomingBody> {
    const address = `${this.settings.cloud.resourceManager}${armId}/query?api-version=${THROUGH_ARM}`;
    return this.post(this.arm, address, { timespan: undefined, ...request, abortSignal });
  }

  /**
   * Basic and Auxiliary tables, which `/query` refuses: the time range stands in the address, as the service wants it.
   */
  search(workspaceGuid: string, request: RawQuery, abortSignal: AbortSignal): Promise<IncomingBody> {
    const workspace = `${this.settings.cloud.logAnalytics}/v1/workspaces/${encodeURIComponent(workspaceGuid)}`;
    return this.post(this.logs, `${workspace}/search?timespan=${encodeURIComponent(request.timespan ?? '')}`, {
      ...request,
      timespan: undefined,
      abortSignal,
    });
  }

  /** The same through Resource Manager. */
  searchThroughArm(armId: string, request: RawQuery, abortSignal: AbortSignal): Promise<IncomingBody> {
    const address = `${this.settings.cloud.resourceManager}${armId}/search?api-version=${THROUGH_ARM}`;
    return this.post(this.arm, `${address}&timespan=${encodeURIComponent(request.timespan ?? '')}`, {
      ...request,
      timespan: undefined,
      abortSignal,
    });
  }

  metadata(workspaceGuid: string, abortSignal: AbortSignal): Promise<string> {
    return this.logs.send({
      method: 'GET',
      url: `${this.settings.cloud.logAnalytics}/v1/workspaces/${encodeURIComponent(workspaceGuid)}/metadata`,
      abortSignal,
    });
  }

  /** The same through Resource Manager. */
  metadataThroughArm(armId: string, abortSignal: AbortSignal): Promise<string> {
    return this.arm.send({
      method: 'GET',
      url: `${this.settings.cloud.resourceManager}${armId}/metadata?api-version=${THROUGH_ARM}`,
      abortSignal,
    });
  }

  /** A question through our own client, for the ways that the SDK does not know. */
  private async post(
    client: RestClient,
    url: string,
    { query, timespan, noCache, others, abortSignal }: Posted,
  ): Promise<IncomingBody> {
    const body = this.incoming();
    const pieces = await client.sendForBytes(
      {
        method: 'POST',
        url,
        abortSignal,
        headers: {
          ...headersOf(noCache),
          prefer: `wait=${SERVER_TIMEOUT_S},include-render=true,${PERMISSIONS}`,
        },
        body: JSON.stringify({
          query,
          ...(timespan === undefined ? {} : { timespan }),
          ...(others ? { workspaces: others } : {}),
        }),
      },
      body.hear,
    );
    return body.complete(pieces);
  }

  private incoming(): IncomingBody {
    return new IncomingBody(this.settings.freeMemory);
  }

  /**
   * Innermost but for the transport: sees every answer first, keeps a success's body and gives the SDK nothing to
   * parse.
   */
  private keepBody(): PipelinePolicy {
    return {
      name: 'tenantscopeBody',
      sendRequest: async (request, next): Promise<PipelineResponse> => {
        if (typeof request.body === 'string' && request.body.includes('"timespan":""')) {
          const { timespan, ...rest } = JSON.parse(request.body) as Record<string, unknown>;
          request.body = JSON.stringify(timespan === '' ? rest : { ...rest, timespan });
        }
        request.headers.set('prefer', [request.headers.get('prefer'), PERMISSIONS].filter(Boolean).join(','));
        request.streamResponseStatusCodes = AS_PIECES;
        const body = this.incoming();
        (request as HeardRequest).onPiece = body.hear;
        const response = await next(request);
        // What stands around this policy sees an answer like any other.
        delete request.streamResponseStatusCodes;
        if (response.status < 300) {
          this.bodies.set(response, body.complete(await piecesOf(response)));
          delete response.readableStreamBody;
          response.bodyAsText = '{"tables":[]}';
          response.headers.set('content-type', 'application/json');
          response.status = 200;
        }
        return response;
      },
    };
  }
}

function headersOf(noCache: boolean | undefined): Record<string, string> {
  // x-ms-app names the product in the customer's audit table (LAQueryLogs.RequestClientApp).
  return { 'x-ms-app': 'tenantscope', ...(noCache ? { 'cache-control': 'no-cache' } : {}) };
}
