import type { CancelSignal } from '../../base/cancel.ts';
import { AppError } from '../../base/errors.ts';
import { KeyChecksum } from '../../model/keyChecksum.ts';
import type { CustomerKey } from '../../model/ids.ts';
import type { Cell } from '../../model/kqlType.ts';
import type { RollupTable, StoredWindow, WindowKey } from '../../model/rollup.ts';
import { formatDatetime } from '../../model/values/datetime.ts';
import { ticksOfMs } from '../../model/values/ticks.ts';
import type { SinkPort } from '../../ports/rollups.ts';
import { RowKeys } from './rowKeys.ts';
import type { Digest } from './rowKeys.ts';

/** A window on its way to a sink. */
export interface WindowStoring {
  readonly sink: SinkPort;
  readonly table: RollupTable;
  readonly key: WindowKey;
  readonly customer: CustomerKey;
  /** Customer, tenant and workspace, as people know them. */
  readonly whose: readonly [customer: string, tenant: string, workspace: string];
  readonly keyColumns?: readonly string[];
  readonly digest: Digest;
  /** The rows, without what every stored row has before its own columns. */
  readonly pages: AsyncIterable<readonly (readonly Cell[])[]>;
  readonly mayCommit: () => Promise<void>;
  /** As `RollupBatch.fence`. */
  readonly fence: number;
  /** As `RollupBatch.keepAway`. */
  readonly keepAway: () => Promise<void>;
  readonly signal: CancelSignal;
}

/**
 * Writes a window and reads it back: what the sink has is exactly what came, or it throws (`service.notStored` where
 * it has anything else). The same window may be stored any number of times.
 */
export async function storeWindow(storing: WindowStoring): Promise<StoredWindow> {
  const { sink, table, key, customer, whose, keyColumns, digest, mayCommit, fence, keepAway, signal } = storing;
  const meant = new KeyChecksum();
  const keys = new RowKeys(digest, key, table.columns, keyColumns);
  const [from, to] = [key.from, key.to].map((ms) => formatDatetime(ticksOfMs(ms)));
  async function* pages(): AsyncGenerator<readonly (readonly Cell[])[]> {
    for await (const page of storing.pages)
      yield page.map((row) => {
        const rowKey = keys.next(row);
        meant.add(rowKey);
        return [...whose, table.id, from!, to!, rowKey, ...row.slice(0, table.columns.length)];
      });
  }
  await sink.write({ table, key, customer, pages: pages(), mayCommit, fence, keepAway }, signal);
  // Of a window without rows a sink need not keep anything.
  const there = (await sink.verify(table, key)) ?? { rows: 0, bytes: 0, checksum: new KeyChecksum().text };
  if (there.rows === meant.rows && there.checksum === meant.text) return there;
  throw new AppError(
    'service.notStored',
    `${sink.name} has ${there.rows} rows of a window that has ${meant.rows}. The window is stored again with the next run.`,
    { retryable: true },
  );
}
