import { AsyncLocalStorage } from 'node:async_hooks';
import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
} from '@azure/core-rest-pipeline';
import type { HttpClient, Pipeline } from '@azure/core-rest-pipeline';
import { AppError } from '../../base/errors.ts';
import { scopeOf, userAgent } from '../clientOptions.ts';
import { toAzureError } from '../errors.ts';
import type { ErrorSubject } from '../errors/subject.ts';
import { ownOriginPolicy } from '../http/ownOrigin.ts';
import { fromKusto } from './kustoErrors.ts';

/** What goes with one call through the SDK, which has no place for either. */
interface Underway {
  readonly abortSignal: AbortSignal;
  readonly subject: ErrorSubject;
  /** What failed, as the SDK would wrap it into a text. */
  failure?: unknown;
}

/** A request of axios, as far as the SDK makes them. */
interface AxiosRequest {
  readonly url?: string;
  readonly headers: { toJSON(): unknown };
  readonly data?: unknown;
}

/**
 * The transport below the SDK of Data Explorer, in place of axios' own: that one knows neither our proxies nor an
 * authority but those of the process, and the SDK would keep the token in its errors. So the SDK gets no credential;
 * requests go through the pipeline of all clients: sign-in, challenges, this cluster's origin alone. One attempt.
 */
export class KustoTransport {
  private readonly underway = new AsyncLocalStorage<Underway>();
  private readonly http: HttpClient;
  private readonly pipelines: ReadonlyMap<string, Pipeline>;

  /** `origins`: the only ones that are spoken to, and that hear the token for `audience`. */
  constructor(
    credential: TokenCredential,
    options: {
      readonly http: HttpClient;
      readonly origins: readonly string[];
      readonly audience: string;
      readonly version: string;
    },
  ) {
    this.http = options.http;
    this.pipelines = new Map(
      options.origins.map((origin) => {
        const pipeline = createPipelineFromOptions({
          retryOptions: { maxRetries: 0 },
          userAgentOptions: { userAgentPrefix: userAgent(options.version) },
        });
        pipeline.addPolicy(ownOriginPolicy(origin));
        pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scopeOf(options.audience) }));
        return [origin, pipeline];
      }),
    );
  }

  /** Runs a call of the SDK; what failed below it comes out as it was, not as the SDK words it. */
  async run<T>(subject: ErrorSubject, abortSignal: AbortSignal, call: () => Promise<T>): Promise<T> {
    const underway: Underway = { abortSignal, subject };
    try {
      return await this.underway.run(underway, call);
    } catch (error) {
      // An error of ours came from beside the SDK, and after whatever it may have got over by itself.
      throw error instanceof AppError ? error : (underway.failure ?? error);
    }
  }

  /** Fires where the call that is under way is to stop. */
  get abortSignal(): AbortSignal | undefined {
    return this.underway.getStore()?.abortSignal;
  }

  /** Puts itself below a client of the SDK. `asText`: answers are left as text, for those who read them exactly. */
  under(
    axios: { readonly defaults: { adapter?: unknown; transformResponse?: unknown } },
    { asText = false }: { readonly asText?: boolean } = {},
  ): void {
    axios.defaults.adapter = (config: AxiosRequest) => this.send(config);
    if (asText) axios.defaults.transformResponse = [(data: unknown) => data];
  }

  private async send(config: AxiosRequest): Promise<object> {
    const underway = this.underway.getStore();
    if (!underway) throw new Error('A call of the SDK outside of run().');
    try {
      const url = config.url ?? '';
      const pipeline = this.pipelines.get(new URL(url).origin);
      if (!pipeline) throw new Error('The SDK asks another service.');
      const headers = Object.entries(config.headers.toJSON() as Record<string, unknown>).flatMap(([name, value]) =>
        // Both are the transport's own matter; an answer is unpacked by it.
        /^(?:connection|content-length)$/i.test(name) || typeof value !== 'string' ? [] : [[name, value] as const],
      );
      const response = await pipeline.sendRequest(
        this.http,
        createPipelineRequest({
          url,
          method: 'POST',
          headers: createHttpHeaders(Object.fromEntries(headers)),
          body: await bodyOf(config.data),
          abortSignal: underway.abortSignal,
        }),
      );
      const { status, bodyAsText } = response;
      if (status === 200)
        return { data: bodyAsText ?? '', status, statusText: '', headers: response.headers.toJSON(), config };
      const answer = { status, header: (name: string) => response.headers.get(name), body: bodyAsText ?? '' };
      throw fromKusto(answer, underway.subject);
    } catch (error) {
      underway.failure = toAzureError(error, underway.subject);
      throw underway.failure;
    }
  }
}

/** A text, or the whole of a stream of bytes: 4 MB of rows at most, packed. */
async function bodyOf(data: unknown): Promise<string | Buffer> {
  if (typeof data === 'string') return data;
  const pieces: Uint8Array[] = [];
  for await (const piece of data as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}
