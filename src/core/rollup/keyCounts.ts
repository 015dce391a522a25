/** Parts of the table, by the first bits of a key: each grows by itself, so that no two copies of all are in memory. */
const SEGMENTS = 256;
const FIRST_PLACES = 16;
/** Counts from here on are kept beside: few keys come so often. */
const MANY = 255;

/**
 * How often each key has come, in nine bytes a place: a window may have millions of rows, and a text for each would be
 * ten times as much. Keys are told apart by their first 64 bits.
 */
export class KeyCounts {
  private readonly segments: (Segment | undefined)[] = Array.from({ length: SEGMENTS }, () => undefined);
  private readonly many = new Map<string, number>();

  /** Counts one more; how many there were before. `key` begins with sixteen hexadecimal digits. */
  add(key: string): number {
    const high = Number.parseInt(key.slice(0, 8), 16);
    const low = Number.parseInt(key.slice(8, 16), 16);
    const segment = (this.segments[high >>> 24] ??= new Segment());
    const before = segment.add(high, low);
    if (before < MANY) return before;
    const first = key.slice(0, 16);
    const counted = this.many.get(first) ?? MANY;
    this.many.set(first, counted + 1);
    return counted;
  }
}

class Segment {
  private size = 0;
  /** High and low half of a key behind one another. */
  private keys = new Uint32Array(FIRST_PLACES * 2);
  private counts = new Uint8Array(FIRST_PLACES);

  /** How many there were before, `MANY` at most. */
  add(high: number, low: number): number {
    // At most three places of four are taken, so that one is found in a few steps.
    if (this.size * 4 >= this.counts.length * 3) this.grow();
    const at = this.placeOf(high, low);
    const before = this.counts[at]!;
    if (before === 0) {
      this.size++;
      this.keys[at * 2] = high;
      this.keys[at * 2 + 1] = low;
    }
    if (before < MANY) this.counts[at] = before + 1;
    return before;
  }

  private placeOf(high: number, low: number): number {
    const { keys, counts } = this;
    const last = counts.length - 1;
    let at = low & last;
    while (counts[at]! > 0 && (keys[at * 2] !== high || keys[at * 2 + 1] !== low)) at = (at + 1) & last;
    return at;
  }

  private grow(): void {
    const { keys, counts } = this;
    const places = counts.length * 2;
    this.keys = new Uint32Array(places * 2);
    this.counts = new Uint8Array(places);
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      const at = this.placeOf(keys[i * 2]!, keys[i * 2 + 1]!);
      this.keys[at * 2] = keys[i * 2]!;
      this.keys[at * 2 + 1] = keys[i * 2 + 1]!;
      this.counts[at] = counts[i]!;
    }
  }
}
