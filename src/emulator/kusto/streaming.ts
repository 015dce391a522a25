import { gunzipSync } from 'node:zlib';
import type { Answer, RequestContext } from '../router.ts';
import type { KustoDatabase } from '../stores.ts';
import { commandAnswer } from './frames.ts';
import type { Ingestion } from './ingestion.ts';
import { BadRows } from './jsonRows.ts';
import { entityNotFound, kustoError } from './kustoError.ts';

/** The most that one request streams, unpacked (DX ingest-data-streaming.md). */
const MOST_BYTES = 4 * 1024 * 1024;

/** Streaming ingestion: rows are there with the answer. No tags, no conditions: the wire has no place for them. */
export function streamRows(
  ctx: RequestContext,
  database: KustoDatabase,
  tableName: string,
  ingestion: Ingestion,
): Answer {
  const table = database.tables.get(tableName);
  if (!table) throw entityNotFound(ctx, 'Table', tableName);
  const refuse = (code: string, message: string) =>
    kustoError(ctx, { status: 400, code, type: 'KustoBadRequestException', message });
  if (!/"IsEnabled"\s*:\s*true/i.test(table.policies.get('streamingingestion') ?? ''))
    throw refuse(
      'BadRequest_StreamingIngestionPolicyNotEnabled',
      `Streaming ingestion policy is not enabled for table '${tableName}'.`,
    );
  const packed = /gzip/i.test(ctx.header('content-encoding') ?? '');
  let body;
  try {
    body = packed ? gunzipSync(ctx.body as unknown as Uint8Array) : ctx.body;
  } catch {
    throw refuse('BadRequest_InvalidStream', 'The stream is not readable.');
  }
  if (body.length > MOST_BYTES)
    throw refuse('Stream_InputStreamTooLarge', `The stream has ${body.length} bytes, more than ${MOST_BYTES}.`);
  const [format, mapping] = [ctx.query('streamformat') ?? '', ctx.query('mappingname')];
  if (/json$/i.test(format) && mapping === undefined)
    throw refuse('BadRequest_MissingMapping', `The format ${format} wants the name of a mapping.`);
  const before = table.extents.length;
  try {
    ingestion.add(table, body.toString(), format, mapping, []);
  } catch (error) {
    if (error instanceof BadRows) throw refuse(error.code, error.message);
    throw error;
  }
  const added = table.extents.slice(before).reduce((sum, { rows }) => sum + rows.length, 0);
  return {
    status: 200,
    body: commandAnswer(
      [
        { name: 'ConsumedRecordsCount', type: 'long' },
        { name: 'UpdatePolicyStatus', type: 'string' },
      ],
      [[added, 'Inactive']],
    ),
  };
}
