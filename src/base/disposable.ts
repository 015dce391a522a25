/** Something that is let go of once it is done with. */
export interface Disposable {
  dispose(): void;
}

/** Disposes what it holds in reverse order; disposing twice is harmless. */
export class DisposableStore implements Disposable {
  private items: Disposable[] = [];
  private disposed = false;

  /** Keeps `item` until this store is disposed; an item added after that is disposed at once. */
  add<T extends Disposable>(item: T): T {
    if (this.disposed) item.dispose();
    else this.items.push(item);
    return item;
  }

  dispose(): void {
    this.disposed = true;
    const items = this.items.reverse();
    this.items = [];
    for (const item of items) item.dispose();
  }
}
