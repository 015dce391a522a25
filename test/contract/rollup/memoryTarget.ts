import { AppError } from '../../../src/base/errors.ts';
import type { CustomerKey } from '../../../src/model/ids.ts';
import { KeyChecksum } from '../../../src/model/keyChecksum.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import type { RollupTable, SchemaDiff, WindowKey } from '../../../src/model/rollup.ts';
import type { AppendTarget, ArrivedRows, WindowRecord, WriteStamp } from '../../../src/ports/appendTarget.ts';
import { schemaDiff } from '../../../src/engine/lake/schemaDiff.ts';
import type { SeededRandom } from '../../harness/seededRandom.ts';

/** What a service that appends at least once does to what it is sent. */
export type AppendFault = 'none' | 'twice' | 'storedButFailed' | 'half' | 'refused' | 'lostInSilence';

const FAULTS: readonly AppendFault[] = ['twice', 'storedButFailed', 'half', 'refused', 'lostInSilence'];

/** Faults by a seed, each append with this probability. */
export function seededFaults(random: SeededRandom, rate: number): () => AppendFault {
  return () => (random.chance(rate) ? random.pick(FAULTS) : 'none');
}

/** How a target in memory behaves; `now` is the service's time in epoch milliseconds. */
export interface MemoryTargetOptions {
  readonly now: () => number;
  readonly faults?: (what: 'rows' | 'records') => AppendFault;
  /** Milliseconds until something that was accepted now can be seen. */
  readonly delayMs?: (what: 'rows' | 'records') => number;
  readonly pieceBytes?: number;
}

interface Row extends WriteStamp {
  readonly rollup: string;
  readonly seen: number;
  readonly cells: readonly Cell[];
}

const KEY = ROLLUP_COLUMNS.length - 1;

/**
 * The smallest service there is that can only append: it doubles what it is sent, stores what it says it did not, loses
 * what it says it stored, and shows everything later, in any order.
 */
export class MemoryTarget implements AppendTarget {
  readonly name: string = 'lake';
  readonly visibleWithinMs = 15 * 60_000;
  readonly pieceBytes: number;
  readonly rows: Row[] = [];
  readonly records: (WindowRecord & { readonly seen: number })[] = [];
  private readonly tables = new Map<string, RollupTable>();
  private readonly options: MemoryTargetOptions;

  constructor(options: MemoryTargetOptions) {
    this.options = options;
    this.pieceBytes = options.pieceBytes ?? 1_000;
  }

  async prepare(table: RollupTable): Promise<SchemaDiff> {
    const diff = schemaDiff(this.tables.get(table.id), table);
    this.tables.set(table.id, table);
    return Promise.resolve(diff);
  }
  async appendRows({ id }: RollupTable, stamp: WriteStamp, rows: readonly (readonly Cell[])[]): Promise<void> {
    await this.append('rows', rows, (cells, seen) => this.rows.push({ rollup: id, ...stamp, seen, cells }));
  }
  async appendRecords(_rollup: string, records: readonly WindowRecord[]): Promise<void> {
    await this.append('records', records, (record, seen) => this.records.push({ ...record, seen }));
  }
  async arrived(rollup: string, write: string): Promise<ArrivedRows> {
    const checksum = new KeyChecksum();
    const own = this.rows.filter((row) => row.rollup === rollup && row.write === write && this.isSeen(row));
    for (const key of new Set(own.map(({ cells }) => String(cells[KEY])))) checksum.add(key);
    return Promise.resolve({ rows: checksum.rows, checksum: checksum.text });
  }
  async newest(key: WindowKey): Promise<WindowRecord | undefined> {
    return Promise.resolve(this.newestOf(key.rollup).find((record) => placeOf(record) === placeOf(key)));
  }
  async rollups(): Promise<readonly string[]> {
    return Promise.resolve([...this.tables.keys()]);
  }
  async windowsOf(rollup: string, customer: CustomerKey): Promise<readonly WindowRecord[]> {
    const there = this.newestOf(rollup).filter((record) => record.customer === customer && record.write !== '');
    return Promise.resolve(there);
  }
  async remove(rollup: string, customer: CustomerKey): Promise<readonly string[]> {
    const kept = this.rows.filter((row) => row.rollup !== rollup || row.customer !== customer);
    this.rows.splice(0, this.rows.length, ...kept);
    return Promise.resolve([]);
  }
  rowsOnce({ name }: Pick<RollupTable, 'name'>): string {
    return name;
  }

  /** What the function of the centre gives, when `at` has come: each row of the newest records once. */
  rowsOf({ id }: Pick<RollupTable, 'id'>, customer?: string, at = this.options.now()): (readonly Cell[])[] {
    const writes = new Set(this.newestOf(id, at).map(({ write }) => write));
    const own = this.rows.filter(
      (row) =>
        row.rollup === id && writes.has(row.write) && row.seen <= at && (customer ?? row.customer) === row.customer,
    );
    return [...new Map(own.map((row) => [`${row.write} ${String(row.cells[KEY])}`, row.cells])).values()];
  }

  private async append<T>(
    what: 'rows' | 'records',
    items: readonly T[],
    add: (item: T, seen: number) => void,
  ): Promise<void> {
    const { now, faults = () => 'none', delayMs = () => 0 } = this.options;
    const store = (some: readonly T[]): void => {
      const seen = now() + delayMs(what);
      for (const item of some) add(item, seen);
    };
    await Promise.resolve();
    const failed = new AppError('service.unavailable', 'Try again.', { retryable: true });
    switch (faults(what)) {
      case 'lostInSilence':
        return;
      case 'refused':
        throw failed;
      case 'half':
        store(items.slice(0, Math.ceil(items.length / 2)));
        throw failed;
      case 'storedButFailed':
        store(items);
        throw failed;
      case 'twice':
        store(items);
        store(items);
        return;
      case 'none':
        store(items);
    }
  }

  private isSeen({ seen }: { readonly seen: number }, at = this.options.now()): boolean {
    return seen <= at;
  }

  private newestOf(rollup: string, at?: number): readonly WindowRecord[] {
    const newest = new Map<string, WindowRecord>();
    for (const { seen, ...record } of this.records) {
      if (record.rollup !== rollup || !this.isSeen({ seen }, at)) continue;
      const there = newest.get(placeOf(record));
      if (!there || record.order > there.order) newest.set(placeOf(record), record);
    }
    return [...newest.values()];
  }
}

function placeOf({ rollup, workspace, from, to }: WindowKey): string {
  return [rollup, workspace, from, to].join(' ');
}
