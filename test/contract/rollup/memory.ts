import { KeyChecksum } from '../../../src/model/keyChecksum.ts';
import type { Cell } from '../../../src/model/kqlType.ts';
import { ROLLUP_COLUMNS } from '../../../src/model/rollup.ts';
import type { RollupTable, SchemaDiff, StoredWindow, WindowKey } from '../../../src/model/rollup.ts';
import type { CustomerKey } from '../../../src/model/ids.ts';
import type { RollupBatch, RollupStatePort, SinkPort, Versioned } from '../../../src/ports/rollups.ts';
import { schemaDiff } from '../../../src/engine/lake/schemaDiff.ts';

interface Window {
  readonly table: string;
  readonly customer: CustomerKey;
  readonly rows: readonly (readonly Cell[])[];
}

/** The smallest sink there is: it shows what the port asks for, and histories over it are fast and always the same. */
export class MemorySink implements SinkPort {
  readonly name = 'lake';
  readonly windows = new Map<string, Window>();
  private readonly tables = new Map<string, RollupTable>();

  async prepare(table: RollupTable): Promise<SchemaDiff> {
    const diff = schemaDiff(this.tables.get(table.id), table);
    this.tables.set(table.id, table);
    return Promise.resolve(diff);
  }
  async write({ table, key, customer, pages, mayCommit }: RollupBatch): Promise<StoredWindow> {
    const rows: (readonly Cell[])[] = [];
    for await (const page of pages) rows.push(...page);
    await mayCommit();
    this.windows.set(JSON.stringify(key), { table: table.id, customer, rows });
    return (await this.verify(table, key))!;
  }
  verify(_table: RollupTable, key: WindowKey): Promise<StoredWindow | undefined> {
    const window = this.windows.get(JSON.stringify(key));
    const checksum = new KeyChecksum();
    for (const row of window?.rows ?? []) checksum.add(String(row[ROLLUP_COLUMNS.length - 1]));
    return Promise.resolve(window && { rows: checksum.rows, bytes: checksum.rows, checksum: checksum.text });
  }
  erase(customer: CustomerKey): ReturnType<SinkPort['erase']> {
    const found = new Map<string, { rollup: string; windows: number; rows: number }>();
    for (const [key, window] of this.windows) {
      if (window.customer !== customer) continue;
      const { windows = 0, rows = 0 } = found.get(window.table) ?? {};
      const sum = { rollup: window.table, windows: windows + 1, rows: rows + window.rows.length };
      found.set(window.table, sum);
      this.windows.delete(key);
    }
    return Promise.resolve({ sink: this.name, tables: [...found.values()], remains: [] });
  }
  rowsOnce({ name }: RollupTable): string {
    return name;
  }
  rowsOf({ id }: Pick<RollupTable, 'id'>, customer?: string): (readonly Cell[])[] {
    return [...this.windows.values()]
      .filter((window) => window.table === id && (customer === undefined || window.customer === customer))
      .flatMap(({ rows }) => rows);
  }
}

/** State that is gone with the process. */
export class MemoryState implements RollupStatePort {
  private readonly documents = new Map<string, { text: string; version: number }>();

  async load<T>(name: string): Promise<Versioned<T>> {
    const found = this.documents.get(name);
    await Promise.resolve();
    return { value: found && (JSON.parse(found.text) as T), version: found?.version ?? 0 };
  }
  async save<T>(name: string, value: T, version: number): Promise<boolean> {
    await Promise.resolve();
    if ((this.documents.get(name)?.version ?? 0) !== version) return false;
    this.documents.set(name, { text: JSON.stringify(value), version: version + 1 });
    return true;
  }
  list(folder: string): Promise<readonly string[]> {
    return Promise.resolve([...this.documents.keys()].filter((name) => name.startsWith(`${folder}/`)).sort());
  }
}
