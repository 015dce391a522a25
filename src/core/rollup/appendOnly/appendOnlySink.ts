import { NEVER } from '../../../base/cancel.ts';
import type { CancelSignal } from '../../../base/cancel.ts';
import type { Clock } from '../../../base/clock.ts';
import { AppError, cancelled } from '../../../base/errors.ts';
import type { CustomerKey } from '../../../model/ids.ts';
import { KeyChecksum } from '../../../model/keyChecksum.ts';
import { ROLLUP_COLUMNS } from '../../../model/rollup.ts';
import type { RollupTable, SchemaDiff, StoredWindow, WindowKey } from '../../../model/rollup.ts';
import type { AppendTarget, WindowRecord } from '../../../ports/appendTarget.ts';
import type { RollupBatch, SinkPort } from '../../../ports/rollups.ts';
import { piecesOf } from './pieces.ts';
import { untilVisible, withRetries } from './untilVisible.ts';
import type { Waiting } from './untilVisible.ts';
import { LAST_FENCE, nextOrder } from './windowOrder.ts';

/** What a sink over a service that only appends is given besides it. */
export interface AppendOnlyTools {
  readonly clock: Clock;
  /** An id unlike any other's: a guid. */
  readonly newId: () => string;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * A sink over a service that can only append, at least once, and shows later what it accepted. Each attempt at a window
 * has an id of its own, which its rows carry. Once the service itself counts all of them a record says that this
 * attempt is the window; of several records the highest counts: a window is replaced in one step, and what broke off
 * was never there. A row that came twice is one row: within an attempt each key is taken once.
 */
export class AppendOnlySink implements SinkPort {
  readonly name: string;
  /** What was sent is waited for, for minutes, and takes no memory meanwhile. */
  readonly atOnce = 200;
  private readonly target: AppendTarget;
  private readonly tools: AppendOnlyTools;

  constructor(target: AppendTarget, tools: AppendOnlyTools) {
    this.name = target.name;
    this.target = target;
    this.tools = tools;
  }

  prepare(table: RollupTable): Promise<SchemaDiff> {
    return this.target.prepare(table);
  }

  async write(batch: RollupBatch, signal: CancelSignal): Promise<StoredWindow> {
    const { table, key, customer, mayCommit, keepAway, fence = 0 } = batch;
    const { target, tools } = this;
    const waiting = { ...this.waiting(signal), keepAway };
    const write = tools.newId();
    const meant = new KeyChecksum();
    let bytes = 0;
    for await (const piece of piecesOf(batch.pages, target.pieceBytes)) {
      for (const row of piece.rows) meant.add(String(row[ROLLUP_COLUMNS.length - 1]));
      bytes += piece.bytes;
      await withRetries(() => target.appendRows(table, { write, customer }, piece.rows, signal), waiting);
    }
    if (meant.rows > 0) await this.untilArrived(table, write, meant, waiting);
    // Seen before it is asked whether this runner may still store: whoever takes over afterwards has a higher fence.
    const before = await withRetries(() => target.newest(key, signal), waiting);
    await mayCommit();
    const stored: StoredWindow = { rows: meant.rows, bytes, checksum: meant.text };
    // A window that never had rows needs no record, and need not be waited for.
    if (meant.rows === 0 && (before?.rows ?? 0) === 0) return stored;
    if (signal.aborted) throw cancelled();
    const order = nextOrder(before?.order ?? 0, fence, tools.random());
    const record: WindowRecord = { ...key, customer, write, order, ...stored };
    await withRetries(() => target.appendRecords(table.id, [record], signal), waiting);
    await this.untilRecorded(record, waiting);
    return stored;
  }

  async verify({ id }: RollupTable, key: WindowKey): Promise<StoredWindow | undefined> {
    const waiting = this.waiting(NEVER);
    const record = await withRetries(() => this.target.newest(key, NEVER), waiting);
    if (!record || record.write === '') return undefined;
    const { rows, bytes, checksum } = record;
    if (rows === 0) return { rows, bytes, checksum };
    return { bytes, ...(await withRetries(() => this.target.arrived(id, record.write, NEVER), waiting)) };
  }

  async erase(customer: CustomerKey): ReturnType<SinkPort['erase']> {
    const waiting = this.waiting(NEVER);
    const tables: { rollup: string; windows: number; rows: number }[] = [];
    const remains = new Set<string>();
    for (const rollup of await withRetries(() => this.target.rollups(NEVER), waiting)) {
      const gone = await this.hide(rollup, customer, waiting);
      if (gone.windows > 0) tables.push({ rollup, ...gone });
      for (const what of await withRetries(() => this.target.remove(rollup, customer, NEVER), waiting))
        remains.add(what);
    }
    const minutes = Math.ceil(this.target.visibleWithinMs / 60_000);
    remains.add(
      `What a runner had sent less than ${minutes} minutes before could not be seen yet. Erase again after that time.`,
    );
    return { sink: this.name, tables, remains: [...remains] };
  }

  rowsOnce(table: RollupTable): string {
    return this.target.rowsOnce(table);
  }

  /** Takes every window of a customer out of the view before anything is deleted, which may take weeks. */
  private async hide(
    rollup: string,
    customer: CustomerKey,
    waiting: Waiting,
  ): Promise<{ readonly windows: number; readonly rows: number }> {
    const { target } = this;
    const counted = { windows: 0, rows: 0 };
    const look = (): Promise<readonly WindowRecord[]> => target.windowsOf(rollup, customer, NEVER);
    for (let there = await withRetries(look, waiting); there.length > 0;) {
      const hidden = there.map((window) => ({
        ...window,
        write: '',
        order: nextOrder(window.order, LAST_FENCE, this.tools.random()),
        rows: 0,
        bytes: 0,
        checksum: new KeyChecksum().text,
      }));
      await withRetries(() => target.appendRecords(rollup, hidden, NEVER), waiting);
      const known = new Set(there.map(placeOf));
      const rest = await untilVisible(
        async () => {
          const left = await look();
          return left.some((window) => known.has(placeOf(window))) ? undefined : left;
        },
        target.visibleWithinMs,
        waiting,
      );
      if (!rest) throw notVisible(this.name, 'that windows are erased');
      counted.windows += there.length;
      for (const { rows } of there) counted.rows += rows;
      there = rest;
    }
    return counted;
  }

  private async untilArrived({ id }: RollupTable, write: string, meant: KeyChecksum, waiting: Waiting): Promise<void> {
    const { target } = this;
    const seen = await untilVisible(
      async () => {
        const there = await target.arrived(id, write, waiting.signal);
        return there.rows === meant.rows && there.checksum === meant.text ? there : undefined;
      },
      target.visibleWithinMs,
      waiting,
    );
    if (!seen) throw notVisible(this.name, `all ${meant.rows} rows of a window`);
  }

  /** Also where somebody else's record is above it: what is there then is for `verify` to say. */
  private async untilRecorded(record: WindowRecord, waiting: Waiting): Promise<void> {
    const { target } = this;
    const seen = await untilVisible(
      async () => {
        const newest = await target.newest(record, waiting.signal);
        return newest && newest.order >= record.order ? newest : undefined;
      },
      target.visibleWithinMs,
      waiting,
    );
    if (!seen) throw notVisible(this.name, 'the record of a window');
  }

  private waiting(signal: CancelSignal): Waiting {
    const { clock, random } = this.tools;
    return { clock, random, signal };
  }
}

function placeOf({ workspace, from, to }: WindowKey): string {
  return `${workspace} ${from} ${to}`;
}

function notVisible(sink: string, what: string): AppError {
  return new AppError(
    'service.notVisible',
    `${sink} has accepted and does not show yet: ${what}. Nothing of it counts; the window is stored again with the next run.`,
    { retryable: true },
  );
}
