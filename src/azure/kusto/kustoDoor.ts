import { Readable } from 'node:stream';
import type { TokenCredential } from '@azure/core-auth';
import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import {
  Client,
  ClientRequestProperties,
  CloudSettings,
  KustoConnectionStringBuilder,
  MatchRule,
  kustoTrustedEndpoints,
} from 'azure-kusto-data';
import {
  BlobDescriptor,
  DataFormat,
  IngestClient,
  IngestionMappingKind,
  ReportLevel,
  StreamingIngestClient,
} from 'azure-kusto-ingest';
import { AppError } from '../../base/errors.ts';
import type { DataTable } from '../../model/kqlType.ts';
import { uploadLent } from '../blobs/blobDoor.ts';
import type { ClientSettings } from '../clientOptions.ts';
import { toAzureError } from '../errors.ts';
import { fromHttp } from '../errors/http.ts';
import type { ErrorSubject } from '../errors/subject.ts';
import { readKustoAnswer } from './kustoAnswer.ts';
import { isLentStorage } from './kustoService.ts';
import type { KustoService } from './kustoService.ts';
import { KustoTransport } from './kustoTransport.ts';

/** Queues that are tried for one message. */
const MOST_QUEUES = 3;

/** Rows as JSON, an object a line, for a table and one of its mappings; `id` (a guid) names the blob of queued ones. */
export interface RowsToIngest {
  readonly database: string;
  readonly table: string;
  readonly mapping: string;
  readonly id: string;
  readonly body: Buffer;
}

/**
 * A cluster with one token: the door of azure-kusto-data and azure-kusto-ingest, both as they are published. What goes
 * over the wire goes through our transport (`KustoTransport`), so that our proxies and a custom cloud's authority hold,
 * and nothing of the process has to be set for it. Failures are AppErrors.
 *
 * What the SDK does and is kept from here: a report by table loops for ever where the service says 204 (reports go to
 * the queue); a stream of strings ends the process (streams are of bytes); managed streaming repeats permanent refusals
 * (plain streaming is used); the OS user and the script's path are sent (both are set).
 */
export class KustoDoor {
  private readonly service: KustoService;
  private readonly settings: ClientSettings;
  private readonly subject: ErrorSubject;
  private readonly transport: KustoTransport;
  private readonly queries: Client;
  private readonly management: Client;
  private readonly queued: IngestClient;
  private readonly streamed: StreamingIngestClient;

  /** `settings.httpClient` is one that sends tokens to the service's two origins. */
  constructor(credential: TokenCredential, service: KustoService, settings: ClientSettings, tenant: string) {
    this.service = service;
    this.settings = settings;
    this.subject = { tenant, what: `cluster ${new URL(service.cluster).hostname}` };
    const { cluster, ingest, audience } = service;
    const origins = [...new Set([cluster, ingest])];
    this.transport = new KustoTransport(credential, {
      http: settings.httpClient,
      origins,
      audience,
      version: settings.version,
    });
    for (const origin of origins) trust(origin, service);
    this.queries = new Client(this.connection(cluster));
    this.management = new Client(this.connection(ingest));
    this.queued = new IngestClient(this.connection(ingest), undefined, false);
    this.streamed = new StreamingIngestClient(this.connection(cluster), undefined, false);
    this.transport.under(this.queries.axiosInstance, { asText: true });
    this.transport.under(this.management.axiosInstance, { asText: true });
    this.transport.under(this.queued.resourceManager.kustoClient.axiosInstance);
    this.transport.under(axiosOf(this.streamed));
    replaceQueuePost(this.queued, (message) => this.post(message));
  }

  /** Whether the service purges. */
  get purges(): boolean {
    return this.service.purges;
  }

  /** The first table of the answer to a query or a command (which begins with a dot). */
  ask(database: string, text: string, abortSignal: AbortSignal): Promise<DataTable> {
    return this.askAt(this.queries, database, text, abortSignal);
  }

  /** The same of the ingestion service, which alone knows purges. */
  manage(database: string, command: string, abortSignal: AbortSignal): Promise<DataTable> {
    return this.askAt(this.management, database, command, abortSignal);
  }

  /** Streams at most 4 MB: when it resolves the rows are accepted, all of them. */
  async stream({ database, table, mapping, body }: RowsToIngest, abortSignal: AbortSignal): Promise<void> {
    await this.transport.run(this.subject, abortSignal, () =>
      this.streamed.ingestFromStream(Readable.from([body], { objectMode: false }), {
        database,
        table,
        format: DataFormat.MULTIJSON,
        ingestionMappingReference: mapping,
        ingestionMappingKind: IngestionMappingKind.JSON,
      }),
    );
  }

  /** Uploads and queues: that it became rows, or did not, only a count tells. */
  async queue({ database, table, mapping, id, body }: RowsToIngest, abortSignal: AbortSignal): Promise<void> {
    await this.transport.run(this.subject, abortSignal, async () => {
      const [container] = (await this.queued.resourceManager.getContainers()) ?? [];
      if (!container) throw this.nothingLent('container');
      const address = new URL(this.lent(container.uri));
      address.pathname += `/${encodeURIComponent(`${database}__${table}__${id}.multijson`)}`;
      await uploadLent(address.href, body, this.settings, abortSignal);
      await this.queued.ingestFromBlob(new BlobDescriptor(address.href, body.length, id), {
        database,
        table,
        format: DataFormat.MULTIJSON,
        ingestionMappingReference: mapping,
        ingestionMappingKind: IngestionMappingKind.JSON,
        reportLevel: ReportLevel.DoNotReport,
      });
    });
  }

  private async askAt(client: Client, database: string, text: string, abortSignal: AbortSignal): Promise<DataTable> {
    const properties = new ClientRequestProperties();
    (properties as { raw?: boolean }).raw = true;
    const answer = await this.transport.run(this.subject, abortSignal, () =>
      client.execute(database, text, properties),
    );
    return readKustoAnswer(String(answer), this.subject);
  }

  /** Puts a message into the first queue that takes it. */
  private async post(message: object): Promise<void> {
    const { abortSignal } = this.transport;
    const queues = (await this.queued.resourceManager.getIngestionQueues()) ?? [];
    const text = Buffer.from(JSON.stringify(message)).toString('base64');
    let failure: unknown = this.nothingLent('queue');
    for (const { uri } of queues.slice(0, MOST_QUEUES)) {
      const url = new URL(this.lent(uri));
      url.pathname += '/messages';
      const request = createPipelineRequest({
        url: url.href,
        method: 'POST',
        headers: createHttpHeaders({ 'content-type': 'application/xml', 'x-ms-version': '2021-12-02' }),
        body: `<?xml version="1.0" encoding="UTF-8"?><QueueMessage><MessageText>${text}</MessageText></QueueMessage>`,
        ...(abortSignal ? { abortSignal } : {}),
      });
      try {
        const { status, headers, bodyAsText } = await this.settings.httpClient.sendRequest(request);
        if (status === 201) return;
        failure = fromHttp({ status, header: (name) => headers.get(name), body: bodyAsText ?? '' }, this.subject);
      } catch (error) {
        failure = toAzureError(error, this.subject);
        if (abortSignal?.aborted) break;
      }
    }
    throw failure;
  }

  private lent(address: string): string {
    if (isLentStorage(this.settings.cloud, address)) return address;
    throw new AppError(
      'network.foreignOrigin',
      `${this.subject.what} names storage that is not of the ${this.settings.cloud.name} cloud. Nothing was sent there.`,
    );
  }

  private nothingLent(what: string): AppError {
    return new AppError('service.unexpectedAnswer', `${this.subject.what} lends no ${what} for ingestion.`, {
      retryable: true,
    });
  }

  private connection(origin: string): KustoConnectionStringBuilder {
    const connection = new KustoConnectionStringBuilder(origin);
    // Null would have the SDK send the script's path and the name of the person at this machine.
    connection.applicationNameForTracing = `tenantscope/${this.settings.version}`;
    connection.userNameForTracing = '[none]';
    return connection;
  }
}

/** The SDK asks nobody who signs in there, and takes the host, which was looked at already. */
function trust(origin: string, { authority, audience }: KustoService): void {
  CloudSettings.writeToCache(origin, {
    ...CloudSettings.defaultCloudInfo,
    LoginEndpoint: authority,
    KustoServiceResourceId: audience,
  });
  kustoTrustedEndpoints.addTrustedHosts([new MatchRule(new URL(origin).hostname, true)], false);
}

/** The client below the streaming one, which its types keep to themselves. */
function axiosOf(client: StreamingIngestClient): Client['axiosInstance'] {
  const { kustoClient } = client as unknown as { readonly kustoClient?: Client };
  if (!kustoClient) throw new AppError('bug.kustoSdk', 'azure-kusto-ingest has another inside than it had.');
  return kustoClient.axiosInstance;
}

/**
 * The SDK makes a client of its own for the queue, over the process' transport: this step of it is ours, the message
 * stays its.
 */
function replaceQueuePost(client: IngestClient, post: (message: object) => Promise<void>): void {
  if (!('sendQueueMessage' in client))
    throw new AppError('bug.kustoSdk', 'azure-kusto-ingest has another inside than it had.');
  Object.defineProperty(client, 'sendQueueMessage', {
    value: (_retries: number, message: object) => post(message),
  });
}
