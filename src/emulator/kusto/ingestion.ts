import { gunzipSync } from 'node:zlib';
import type { TokenClaims } from '../identity/bearer.ts';
import { freshGuid } from '../ids.ts';
import type { World } from '../state.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { Queues } from '../storage/queues.ts';
import { lentSignature } from '../storage/sharedKey.ts';
import { ACCOUNT_PREFIX, findDatabase } from '../populateStores.ts';
import type { KustoDatabase, KustoTable } from '../stores.ts';
import { BadRows, jsonRows } from './jsonRows.ts';
import { mayUse } from './kustoGate.ts';
import { addExtent } from './tableRows.ts';

const CONTAINER = { account: `${ACCOUNT_PREFIX}ingest`, name: 'temp' };
const QUEUES = {
  SecuredReadyForAggregationQueue: 'ready',
  FailedIngestionsQueue: 'failed',
  SuccessfulIngestionsQueue: 'successful',
} as const;

/** What a message of the queue says (DX kusto/api/netfx/kusto-ingest-client-rest.md). */
interface IngestionMessage {
  readonly Id: string;
  readonly BlobPath: string;
  readonly DatabaseName: string;
  readonly TableName: string;
  readonly ReportLevel?: number;
  readonly AdditionalProperties: {
    readonly authorizationContext?: string;
    readonly format?: string;
    readonly ingestionMappingReference?: string;
    readonly tags?: string;
    readonly ingestIfNotExists?: string | readonly string[];
  };
}

/** Queued ingestion: what was put into the queue becomes rows a while later, or a failure that is told. */
export class Ingestion {
  private readonly world: World;
  private readonly blobs: Blobs;
  private readonly queues: Queues;
  private readonly delayMs: number;
  private readonly waiting: { readonly due: number; readonly text: string }[] = [];
  private readonly contexts = new Map<string, TokenClaims>();

  constructor(world: World, blobs: Blobs, queues: Queues, delayMs: number) {
    this.world = world;
    this.blobs = blobs;
    this.queues = queues;
    this.delayMs = delayMs;
    blobs.lend(CONTAINER.account, CONTAINER.name);
    queues.lend(QUEUES.FailedIngestionsQueue);
    queues.lend(QUEUES.SuccessfulIngestionsQueue);
    queues.lend(QUEUES.SecuredReadyForAggregationQueue, (text) => {
      this.waiting.push({ due: world.clock.elapsed() + delayMs, text });
    });
  }

  /** Names and addresses that `.get ingestion resources` gives. */
  resources(origin: string): readonly (readonly [string, string])[] {
    const signature = lentSignature(this.world);
    return [
      ...Object.entries(QUEUES).map(
        ([type, name]) => [type, `${origin}/${ACCOUNT_PREFIX}queue/${name}?${signature}`] as const,
      ),
      ['TempStorage', `${origin}/${CONTAINER.account}/${CONTAINER.name}?${signature}`],
      ['IngestionsStatusTable', `${origin}/${ACCOUNT_PREFIX}table/ingestionstatus?${signature}`],
    ];
  }

  /** What `.get kusto identity token` gives: in whose name a message is carried out. */
  context(claims: TokenClaims): string {
    const context = `emulated:${freshGuid()}`;
    this.contexts.set(context, claims);
    return context;
  }

  /** Makes rows of what is due: whoever looks at a database sees them then. */
  deliver(): void {
    while (this.waiting.length > 0 && this.waiting[0]!.due <= this.world.clock.elapsed())
      this.ingest(JSON.parse(Buffer.from(this.waiting.shift()!.text, 'base64').toString()) as IngestionMessage);
  }

  private ingest(message: IngestionMessage): void {
    const database = findDatabase(this.world, message.DatabaseName);
    if (!database) return;
    try {
      this.append(database, message);
      if (message.ReportLevel === 2) this.report(QUEUES.SuccessfulIngestionsQueue, message, {});
    } catch (error) {
      if (!(error instanceof BadRows)) throw error;
      const { code: errorCode, message: details } = error;
      database.failures.push({
        operationId: freshGuid(),
        table: message.TableName,
        failedOn: this.world.clock.iso(),
        source: message.BlobPath.split('?')[0]!,
        sourceId: message.Id,
        details,
        errorCode,
        permanent: true,
      });
      if (message.ReportLevel !== 1)
        this.report(QUEUES.FailedIngestionsQueue, message, {
          Details: details,
          ErrorCode: errorCode,
          FailureStatus: 'Permanent',
          ShouldRetry: false,
        });
    }
    this.world.touch();
  }

  private append(database: KustoDatabase, message: IngestionMessage): void {
    const { AdditionalProperties: asked, TableName } = message;
    const claims = this.contexts.get(asked.authorizationContext ?? '');
    if (!claims || !mayUse(database, claims, 'ingest'))
      throw new BadRows('Forbidden', `The principal is not authorized to ingest into ${database.name}.`);
    const table = database.tables.get(TableName);
    if (!table) throw new BadRows('BadRequest_TableNotExist', `Table '${TableName}' was not found.`);
    const tags = JSON.parse(asked.tags ?? '[]') as string[];
    const unless =
      typeof asked.ingestIfNotExists === 'string' ? JSON.parse(asked.ingestIfNotExists) : asked.ingestIfNotExists;
    const there = new Set(table.extents.flatMap((extent) => extent.tags));
    if (((unless ?? []) as string[]).some((tag) => there.has(`ingest-by:${tag}`))) return;
    const { pathname } = new URL(message.BlobPath);
    const content = this.blobs.lentContent(decodeURIComponent(pathname));
    if (!content)
      throw new BadRows('Download_SourceNotFound', 'Failed to download source from Azure storage - source not found.');
    const text = (/\.gz$/i.test(pathname) ? gunzipSync(content as unknown as Uint8Array) : content).toString();
    this.add(table, text, asked.format ?? 'csv', asked.ingestionMappingReference, tags);
  }

  /** Rows of a text at once. Throws BadRows, and then there are none of them. */
  add(table: KustoTable, text: string, format: string, mapping: string | undefined, tags: readonly string[]): void {
    addExtent(table, jsonRows(table, text, format, mapping), tags, this.world.clock.iso());
    this.world.touch();
  }

  private report(queue: string, message: IngestionMessage, more: object): void {
    const told = {
      OperationId: freshGuid(),
      Database: message.DatabaseName,
      Table: message.TableName,
      IngestionSourceId: message.Id,
      IngestionSourcePath: message.BlobPath.split('?')[0],
      ...more,
    };
    this.queues.put(queue, Buffer.from(JSON.stringify(told)).toString('base64'));
  }
}
