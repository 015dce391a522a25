/**
 * How often each key has come, in twelve bytes a place: a window may have millions of rows, and a text for each would
 * be ten times as much. Keys are told apart by their first 64 bits.
 */
export class KeyCounts {
  private size = 0;
  private highs = new Uint32Array(1024);
  private lows = new Uint32Array(1024);
  private counts = new Uint32Array(1024);

  /** Counts one more; how many there were before. `key` begins with sixteen hexadecimal digits. */
  add(key: string): number {
    // At most two places of three are taken, so that one is found in a few steps.
    if (this.size * 3 >= this.counts.length * 2) this.grow();
    const high = Number.parseInt(key.slice(0, 8), 16);
    const low = Number.parseInt(key.slice(8, 16), 16);
    const at = this.placeOf(high, low);
    const before = this.counts[at]!;
    if (before === 0) {
      this.size++;
      this.highs[at] = high;
      this.lows[at] = low;
    }
    this.counts[at] = before + 1;
    return before;
  }

  private placeOf(high: number, low: number): number {
    const last = this.counts.length - 1;
    let at = low & last;
    while (this.counts[at]! > 0 && (this.highs[at] !== high || this.lows[at] !== low)) at = (at + 1) & last;
    return at;
  }

  private grow(): void {
    const { highs, lows, counts } = this;
    const places = counts.length * 2;
    this.highs = new Uint32Array(places);
    this.lows = new Uint32Array(places);
    this.counts = new Uint32Array(places);
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] === 0) continue;
      const at = this.placeOf(highs[i]!, lows[i]!);
      this.highs[at] = highs[i]!;
      this.lows[at] = lows[i]!;
      this.counts[at] = counts[i]!;
    }
  }
}
