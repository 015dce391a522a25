import { BodyScan } from './bodyScan.ts';

/** Bytes from which an answer is read page by page, and collecting garbage first costs less than it saves. */
const LARGE_BYTES = 20_000_000;
const PAGE_ROWS = 2_048;
/** Once a body turns out to be large, what lies unscanned is caught up with in steps of this size. */
const CATCH_UP_BYTES = 400_000;

/**
 * An answer's body as it comes in. One that turns out to be large is scanned for its rows while the rest of it is still
 * in the network; what it has no time for then is done when it is read.
 */
export class IncomingBody {
  readonly scan: BodyScan;
  readonly pageRows: number;
  /** Emptied as they are read. */
  pieces: (Uint8Array | undefined)[] = [];
  bytes = 0;
  private readonly freeMemory: (() => void) | undefined;
  private readonly largeBytes: number;
  private scanned = 0;

  /** `freeMemory` is called as the body turns out to be large. */
  constructor(freeMemory?: () => void, { largeBytes = LARGE_BYTES, pageRows = PAGE_ROWS } = {}) {
    this.freeMemory = freeMemory;
    this.largeBytes = largeBytes;
    this.pageRows = pageRows;
    this.scan = new BodyScan(pageRows);
  }

  get large(): boolean {
    return this.bytes >= this.largeBytes;
  }

  /** A piece as it comes in. */
  readonly hear = (piece: Uint8Array): void => {
    const before = this.large;
    this.pieces.push(piece);
    this.bytes += piece.length;
    if (!this.large) return;
    if (!before) this.freeMemory?.();
    this.scanSome(CATCH_UP_BYTES);
  };

  /** All of its pieces, heard or not, once the answer is whole. */
  complete(pieces: readonly Uint8Array[]): this {
    for (const piece of pieces.slice(this.pieces.length)) this.hear(piece);
    return this;
  }

  /** Scans some bytes more; false where nothing was left to scan. */
  scanSome(bytes: number): boolean {
    const from = this.scanned;
    for (let done = 0; done < bytes && this.scanned < this.pieces.length; done += this.pieces[this.scanned++]!.length)
      this.scan.push(this.pieces[this.scanned]!);
    return this.scanned > from;
  }
}
