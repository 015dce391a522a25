/** The packages of Data Explorer as they are published, nothing of ours between: CLUSTER and TOKEN in the environment. */
import { Readable } from 'node:stream';
import { Client, KustoConnectionStringBuilder } from 'azure-kusto-data';
import {
  DataFormat,
  IngestClient,
  IngestionMappingKind,
  ReportLevel,
  StreamDescriptor,
  StreamingIngestClient,
} from 'azure-kusto-ingest';

const connection = (): KustoConnectionStringBuilder =>
  KustoConnectionStringBuilder.withAccessToken(process.env['CLUSTER']!, process.env['TOKEN']!);
const client = new Client(connection());
for (const command of [
  '.create-merge table Plain (N:long, Text:string)',
  `.create-or-alter table Plain ingestion json mapping "m" '[{"column":"N","Properties":{"Path":"$.N"}},{"column":"Text","Properties":{"Path":"$.Text"}}]'`,
  '.alter table Plain policy streamingingestion enable',
])
  await client.execute('central', command);
const properties = {
  database: 'central',
  table: 'Plain',
  format: DataFormat.MULTIJSON,
  ingestionMappingReference: 'm',
  ingestionMappingKind: IngestionMappingKind.JSON,
};
const bytes = (text: string): StreamDescriptor =>
  new StreamDescriptor(Readable.from([Buffer.from(text)], { objectMode: false }));
const queued = new IngestClient(connection());
await queued.ingestFromStream(bytes('{"N":1,"Text":"queued"}\n{"N":2,"Text":"queued"}'), {
  ...properties,
  dropByTags: ['c1'],
  ingestByTags: ['w1'],
  ingestIfNotExists: '["w1"]',
  reportLevel: ReportLevel.FailuresAndSuccesses,
});
await new StreamingIngestClient(connection()).ingestFromStream(bytes('[{"N":3,"Text":"streamed"}]'), properties);
const answer = await client.execute('central', 'Plain | sort by N asc');
const [failing] = await Promise.allSettled([client.execute('central', 'Plain | where Nothing == 1')]);
process.stdout.write(
  JSON.stringify({
    rows: [...answer.primaryResults[0]!.rows()].map((row) => row.toJSON() as object),
    failing:
      failing.status === 'rejected' ? (failing.reason as { response?: { data?: object } }).response?.data : 'none',
  }),
);
process.exit(0);
