import type { TokenCredential } from '@azure/core-auth';
import {
  RestError,
  bearerTokenAuthenticationPolicy,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import type { Pipeline, PipelineResponse } from '@azure/core-rest-pipeline';
import type { HeardRequest } from './nodeHttpClient.ts';
import { ownOriginPolicy } from './ownOrigin.ts';
import { scopeOf, userAgent } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';

/** One request: an absolute URL, and a body of JSON where there is one. */
export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly abortSignal: AbortSignal;
}

/** A body in the pieces it came in. */
export type Body = Uint8Array[];
/**
 * Answers whose body is wanted in pieces, for `streamResponseStatusCodes` of a request: a large one is never made one
 * text.
 */
export const AS_PIECES: Set<number> = new Set([200]);
/** The body of an answer in the pieces it came in; a body that was read as text is one piece. */
export async function piecesOf(response: PipelineResponse): Promise<Body> {
  const pieces: Body = [];
  if (response.readableStreamBody)
    for await (const piece of response.readableStreamBody) pieces.push(piece as unknown as Uint8Array);
  else if (response.bodyAsText) pieces.push(Buffer.from(response.bodyAsText));
  return pieces;
}

/**
 * Calls that no SDK has, through the SDKs' own pipeline: sign-in, challenges, user agent. One attempt; the answer's
 * text, empty for 204. A failed answer is thrown as the SDKs throw it.
 */
export class RestClient {
  private readonly pipeline: Pipeline;
  private readonly settings: ClientSettings;

  /** `endpoint`: the one service that hears the token for `audience`. */
  constructor(credential: TokenCredential, endpoint: string, audience: string, settings: ClientSettings) {
    this.settings = settings;
    this.pipeline = createPipelineFromOptions({
      retryOptions: { maxRetries: 0 },
      userAgentOptions: { userAgentPrefix: userAgent(settings.version) },
    });
    this.pipeline.addPolicy(ownOriginPolicy(endpoint));
    this.pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scopeOf(audience) }));
  }

  async send(request: RestRequest): Promise<string> {
    return (await this.exchange(request)).bodyAsText ?? '';
  }
  /** Status, text and where the answer goes on, for operations that the service finishes later. */
  async sendForAnswer(
    request: RestRequest,
  ): Promise<{ readonly status: number; readonly text: string; readonly location?: string }> {
    const { status, bodyAsText, headers } = await this.exchange(request);
    const location = headers.get('location');
    return { status, text: bodyAsText ?? '', ...(location === undefined ? {} : { location }) };
  }
  /** The body in pieces; `onPiece` hears them as they come in. */
  async sendForBytes(request: RestRequest, onPiece: (piece: Uint8Array) => void): Promise<Body> {
    return piecesOf(await this.exchange(request, { streamResponseStatusCodes: AS_PIECES, onPiece }));
  }

  private async exchange(
    request: RestRequest,
    { onPiece, ...more }: Pick<HeardRequest, 'onPiece' | 'streamResponseStatusCodes'> = {},
  ): Promise<PipelineResponse> {
    const headers = createHttpHeaders({
      accept: 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    });
    const sent: HeardRequest = createPipelineRequest({
      url: request.url,
      method: request.method,
      headers,
      abortSignal: request.abortSignal,
      ...(request.body === undefined ? {} : { body: request.body }),
      ...more,
    });
    if (onPiece) sent.onPiece = onPiece;
    const response = await this.pipeline.sendRequest(this.settings.httpClient, sent);
    if (response.status >= 300)
      throw new RestError(`Status ${response.status}`, { statusCode: response.status, response });
    return response;
  }
}
