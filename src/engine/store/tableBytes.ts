import type { Session } from '../database/session.ts';
import { BLOCK_BYTES } from './storeFile.ts';

/** What a table takes in the file of the database, in whole blocks; of small tables several share one. */
export async function tableBytes(read: Session, table: string): Promise<number> {
  const [[blocks] = []] = await read.all(
    `SELECT count(DISTINCT b) FROM (SELECT unnest(list_append(additional_block_ids, block_id)) b FROM pragma_storage_info('${table}') WHERE persistent)`,
  );
  return Number(blocks ?? 0) * BLOCK_BYTES;
}
