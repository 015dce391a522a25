import { KeyChecksum } from '../../model/keyChecksum.ts';
import type { SchemaDiff, StoredWindow, WindowKey } from '../../model/rollup.ts';
import { ROLLUP_COLUMNS } from '../../model/rollup.ts';
import type { RollupBatch, RollupStatePort, SinkPort, Versioned } from '../../ports/rollups.ts';

/** A sink that keeps of each window what it would hold: rows, and their size as JSON in bytes or a little less. */
export class DrySink implements SinkPort {
  readonly name: string;
  private readonly windows = new Map<string, StoredWindow>();

  constructor(name: string) {
    this.name = name;
  }
  prepare(): Promise<SchemaDiff> {
    return Promise.resolve({ isNew: true, added: [], changed: [] });
  }
  async write({ key, pages }: RollupBatch): Promise<StoredWindow> {
    const checksum = new KeyChecksum();
    let bytes = 0;
    for await (const page of pages)
      for (const row of page) {
        checksum.add(String(row[ROLLUP_COLUMNS.length - 1]));
        // A comma or bracket for each cell, and quotation marks around what is text.
        for (const cell of row) bytes += String(cell).length + (typeof cell === 'string' ? 3 : 1);
      }
    const stored: StoredWindow = { rows: checksum.rows, bytes, checksum: checksum.text };
    this.windows.set(nameOf(key), stored);
    return stored;
  }
  verify(_table: unknown, key: WindowKey): Promise<StoredWindow | undefined> {
    return Promise.resolve(this.windows.get(nameOf(key)));
  }
  erase(): ReturnType<SinkPort['erase']> {
    return Promise.resolve({ sink: this.name, tables: [], remains: [] });
  }
  rowsOnce(): string {
    return '';
  }
}

function nameOf({ rollup, workspace, from, to }: WindowKey): string {
  return [rollup, workspace, from, to].join(' ');
}

/** State that is gone with the process. */
export class DryState implements RollupStatePort {
  private readonly documents = new Map<string, Versioned<unknown>>();

  load<T>(name: string): Promise<Versioned<T>> {
    return Promise.resolve((this.documents.get(name) as Versioned<T> | undefined) ?? { value: undefined, version: 0 });
  }
  save<T>(name: string, value: T, version: number): Promise<boolean> {
    const current = this.documents.get(name)?.version ?? 0;
    if (current === version) this.documents.set(name, { value, version: version + 1 });
    return Promise.resolve(current === version);
  }
  list(folder: string): Promise<readonly string[]> {
    return Promise.resolve([...this.documents.keys()].filter((name) => name.startsWith(`${folder}/`)).sort());
  }
}
