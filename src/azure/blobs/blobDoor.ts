import type { TokenCredential } from '@azure/core-auth';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { AnonymousCredential, BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import type { StoragePipelineOptions } from '@azure/storage-blob';
import { userAgent } from '../clientOptions.ts';
import type { ClientSettings } from '../clientOptions.ts';

/** A blob's text and its ETag. */
export interface BlobText {
  readonly text: string;
  readonly etag: string;
}

/** How the storage SDK is to behave: over our transport, and no more patient than everybody else. */
function pipelineOf({ httpClient, retry, version }: ClientSettings): StoragePipelineOptions {
  return {
    httpClient: asOldClient(httpClient),
    retryOptions: {
      maxTries: retry.maxRetries + 1,
      ...(retry.retryDelayInMs === undefined ? {} : { retryDelayInMs: retry.retryDelayInMs }),
      ...(retry.maxRetryDelayInMs === undefined ? {} : { maxRetryDelayInMs: retry.maxRetryDelayInMs }),
    },
    userAgentOptions: { userAgentPrefix: userAgent(version) },
  };
}

/** A container with a token of its account: the door of @azure/storage-blob. Failures are the SDK's. */
export class BlobDoor {
  private readonly container: ContainerClient;

  /** `url`: of the container; where it may be, the caller has looked. */
  constructor(credential: TokenCredential, url: string, settings: ClientSettings) {
    this.container = new ContainerClient(url, credential, pipelineOf(settings));
  }

  /** Undefined where there is none. */
  async read(name: string, abortSignal: AbortSignal): Promise<BlobText | undefined> {
    const blob = this.container.getBlockBlobClient(name);
    try {
      const answer = await blob.download(0, undefined, { abortSignal });
      const pieces: Uint8Array[] = [];
      for await (const piece of answer.readableStreamBody ?? []) pieces.push(piece as unknown as Uint8Array);
      return { text: Buffer.concat(pieces).toString('utf8'), etag: answer.etag ?? '' };
    } catch (error) {
      if (codeOf(error) === 'BlobNotFound') return undefined;
      throw error;
    }
  }

  /**
   * Puts a text in the place of exactly the blob of this ETag, or of none; undefined where there is another, else its
   * new ETag.
   */
  async replace(
    name: string,
    text: string,
    etag: string | undefined,
    abortSignal: AbortSignal,
  ): Promise<string | undefined> {
    const conditions = etag === undefined ? { ifNoneMatch: '*' } : { ifMatch: etag };
    try {
      const { etag: made } = await this.container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text), {
        abortSignal,
        conditions,
        blobHTTPHeaders: { blobContentType: 'application/json' },
      });
      return made ?? '';
    } catch (error) {
      if (['ConditionNotMet', 'BlobAlreadyExists'].includes(codeOf(error) ?? '')) return undefined;
      throw error;
    }
  }

  /** Names of all blobs that begin so, in order. */
  async names(prefix: string, abortSignal: AbortSignal): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of this.container.listBlobsFlat({ prefix, abortSignal })) names.push(name);
    return names;
  }
}

/** Writes bytes to an address that carries its own permission. */
export async function uploadLent(
  address: string,
  bytes: Buffer,
  settings: ClientSettings,
  abortSignal: AbortSignal,
): Promise<void> {
  await new BlockBlobClient(address, new AnonymousCredential(), pipelineOf(settings)).upload(bytes, bytes.length, {
    abortSignal,
  });
}

function codeOf(error: unknown): string | undefined {
  const { code, details } = error as { code?: string; details?: { errorCode?: string } };
  return details?.errorCode ?? code;
}

type OldClient = NonNullable<StoragePipelineOptions['httpClient']>;
type OldAnswer = Awaited<ReturnType<OldClient['sendRequest']>>;

/** Our transport in the shape that storage's clients still take one in: requests and answers of the SDKs before. */
function asOldClient(http: HttpClient): OldClient {
  return {
    async sendRequest(request) {
      const { url, method, body, abortSignal, timeout, streamResponseStatusCodes } = request;
      const { status, headers, bodyAsText, readableStreamBody } = await http.sendRequest(
        createPipelineRequest({
          url,
          method,
          timeout,
          headers: createHttpHeaders(request.headers.toJson({ preserveCase: true })),
          ...(body === undefined ? {} : { body: body as string }),
          ...(abortSignal ? { abortSignal } : {}),
          ...(streamResponseStatusCodes ? { streamResponseStatusCodes } : {}),
        }),
      );
      // Of the headers the pipeline takes nothing but this.
      const oldHeaders = { toJson: () => headers.toJSON() } as OldAnswer['headers'];
      return {
        status,
        request,
        headers: oldHeaders,
        ...(bodyAsText === undefined ? {} : { bodyAsText }),
        ...(readableStreamBody ? { readableStreamBody } : {}),
      } as OldAnswer;
    },
  };
}
