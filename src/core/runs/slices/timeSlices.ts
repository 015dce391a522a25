import type { TimeSlice } from '../../../kql/across/slicing.ts';
import type { Cell } from '../../../model/kqlType.ts';
import type { LogsAnswer } from '../../../ports/logs.ts';

/** How rows lie in time: ticks. `cuts` part them into portions of about as many rows each, in order. */
export interface RowTimes {
  readonly rows: number;
  readonly first: bigint;
  readonly last: bigint;
  readonly cuts: readonly bigint[];
}

/** What a workspace says of how its rows lie (`SlicedPart.times`); undefined where none of them has a time. */
export function readTimes({ tables: [table] }: LogsAnswer): RowTimes | undefined {
  if (!table || 'pages' in table.rows) return undefined;
  const [row] = table.rows;
  const of = (name: string): Cell => row?.[table.columns.findIndex((column) => column.name === name)] ?? null;
  const [rows, first, last, cuts] = ['Rows', 'First', 'Last', 'Cuts'].map(of);
  if (typeof rows !== 'number' || !isWhole(first) || !isWhole(last)) return undefined;
  const listed: unknown = typeof cuts === 'string' ? JSON.parse(cuts) : [];
  // Sketched numbers: where between two rows a cut is does not matter, so it may be a time that people can read.
  const numbers = Array.isArray(listed) ? listed.filter((cut): cut is number => Number.isFinite(cut)) : [];
  return { rows, first: BigInt(first), last: BigInt(last), cuts: numbers.map(toWholeMs) };
}
function toWholeMs(ticks: number): bigint {
  return BigInt(Math.round(ticks / 10_000)) * 10_000n;
}
function isWhole(cell: Cell | undefined): cell is number | bigint {
  return typeof cell === 'bigint' || Number.isInteger(cell);
}

/**
 * Slices of all time that meet and have every row once, the newest first. A slice that is still too large is cut
 * again.
 */
export class TimeSlices {
  private readonly times: RowTimes;
  /** The next one is the last. */
  private readonly open: TimeSlice[] = [];
  private taken = 0;

  /** `count`: into how many slices of about as many rows; it is one where all rows are of one moment. */
  constructor(times: RowTimes, count: number) {
    this.times = times;
    const wanted = Array.from({ length: count - 1 }, (_, i) =>
      times.cuts.at(Math.round(((i + 1) * (times.cuts.length + 1)) / count) - 1),
    );
    let from: bigint | undefined;
    for (const cut of wanted) {
      if (cut === undefined || !isWithin(cut, this.boundsOf(from === undefined ? {} : { from }))) continue;
      this.open.push({ ...(from === undefined ? {} : { from }), to: cut });
      from = cut;
    }
    // All time is what was asked before.
    if (from !== undefined || !this.cut({})) this.open.push(from === undefined ? {} : { from });
  }

  /** The number of the slice that `next` gave last, from 1, and how many there are, as far as it is known. */
  get number(): number {
    return this.taken;
  }
  get count(): number {
    return this.taken + this.open.length;
  }

  next(): TimeSlice | undefined {
    const slice = this.open.pop();
    if (slice) this.taken++;
    return slice;
  }

  /** Puts halves in place of the slice that `next` gave last; false where its rows are all of one moment. */
  again(slice: TimeSlice): boolean {
    if (!this.cut(slice)) return false;
    this.taken--;
    return true;
  }

  private cut(slice: TimeSlice): boolean {
    const bounds = this.boundsOf(slice);
    const inside = this.times.cuts.filter((cut) => isWithin(cut, bounds));
    const at = inside[inside.length >> 1] ?? (bounds.from + bounds.to) / 2n;
    if (!isWithin(at, bounds)) return false;
    this.open.push({ ...slice, to: at }, { ...slice, from: at });
    return true;
  }

  private boundsOf({ from, to }: TimeSlice): { readonly from: bigint; readonly to: bigint } {
    return { from: from ?? this.times.first, to: to ?? this.times.last + 1n };
  }
}

/** Whether a cut there leaves two slices, both of which may have rows. */
function isWithin(cut: bigint, { from, to }: { readonly from: bigint; readonly to: bigint }): boolean {
  return cut > from && cut < to;
}
