/** A map that forgets what was not used for longest once it holds more than `limit` entries. */
export class Recent<K, V> {
  private readonly entries = new Map<K, V>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get(key: K): V | undefined {
    const value = this.entries.get(key);
    if (value !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, value);
    }
    return value;
  }

  /** What is kept under `key`, made first where there is nothing. */
  take(key: K, make: () => V): V {
    const known = this.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.set(key, made);
    return made;
  }

  set(key: K, value: V): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size > this.limit)
      for (const oldest of this.entries.keys()) {
        this.entries.delete(oldest);
        break;
      }
  }

  clear(): void {
    this.entries.clear();
  }
}
