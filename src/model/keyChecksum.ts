/**
 * A checksum of the keys of rows that does not depend on their order: what was meant and what is there can be compared
 * without holding either.
 */
export class KeyChecksum {
  rows = 0;
  private sum = 0n;

  /** `key` begins with sixteen hexadecimal digits. */
  add(key: string): void {
    this.rows++;
    this.sum = BigInt.asUintN(64, this.sum + BigInt(`0x${key.slice(0, 16)}`));
  }

  /** Sixteen hexadecimal digits. */
  get text(): string {
    return this.sum.toString(16).padStart(16, '0');
  }
}
